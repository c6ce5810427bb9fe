"""Whoever opens a private link that is no more is told so kindly, and what to do next."""

import datetime as dt
import re
import time

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import Engine, create_engine, func, select, update

from service.settings import Settings
from service.store.records import LENT_FOR, now
from service.store.tables import consents, drafts, events, exposures, lendings, profiles
from tests.e2e.conftest import Installation
from tests.e2e.owner import agree, answer_all, begin, confirm, fill_in, in_every_way
from tests.owners import FARM, RESTAURANT

GONE = {
    "vi": "Liên kết riêng này không mở được nữa",
    "en": "This private link no longer opens anything",
}
NOT_ON_THIS_PHONE = {
    "vi": "Điện thoại này không còn mở được cơ sở đó",
    "en": "This business is no longer open on this phone",
}
AGAIN = {"vi": "Làm lại từ đầu", "en": "Start again"}
NOT_SAVED = {"vi": "chưa được lưu", "en": "was not saved"}
TAKE = {"vi": "Nhận về điện thoại này", "en": "Take it over on this phone"}
GO_ON = {"vi": "Tiếp tục", "en": "Continue"}
HELP = {"vi": "Giúp người khác điền", "en": "Help others to fill it in"}

TOUCHED = (
    (drafts.c.updated_at, drafts.c.id),
    (profiles.c.updated_at, profiles.c.id),
    (consents.c.at, consents.c.profile_id),
    (exposures.c.at, exposures.c.profile_id),
    (events.c.received_at, events.c.profile_id),
    (lendings.c.lent_at, lendings.c.draft_id),
)
"""When something of a business was last touched, and whose it is."""

STORED_WITHIN_SECONDS = 20

both_languages = pytest.mark.parametrize("locale", ["vi", "en"])


def age(installation: Installation, owner: str, passed: dt.timedelta, visits: int = 1) -> None:
    """Make it so long ago that anything of a business was last touched.

    Args:
        installation: Where it is stored.
        owner: Its id.
        passed: How long ago.
        visits: How often its result was opened, if it has one: each makes a list.
    """
    engine = create_engine(installation.environment["DATABASE_URL"])
    _wait_for_lists(engine, owner, visits)
    with engine.begin() as connection:
        for at, whose in TOUCHED:
            then = update(at.table).where(whose == owner).values({at.name: now() - passed})
            connection.execute(then)
    engine.dispose()


def _wait_for_lists(engine: Engine, owner: str, visits: int) -> None:
    """Lists are stored a moment after they are shown: wait for those of a finished business."""
    finished = select(profiles.c.id).where(profiles.c.id == owner)
    listed = select(func.count()).where(exposures.c.profile_id == owner)
    until = time.monotonic() + STORED_WITHIN_SECONDS
    while time.monotonic() < until:
        with engine.connect() as connection:
            is_finished = connection.execute(finished).first() is not None
            if not is_finished or connection.execute(listed).scalar_one() >= visits:
                return
        time.sleep(0.05)
    raise AssertionError("the list is not stored")


def days(count: int) -> dt.timedelta:
    return dt.timedelta(days=count)


def lent_by(installation: Installation, lent: str) -> str:
    """Return the token of the owner, which no page of a volunteer tells."""
    engine = create_engine(installation.environment["DATABASE_URL"])
    with engine.connect() as connection:
        owner = connection.scalar(select(lendings.c.draft_id).where(lendings.c.id == lent))
    engine.dispose()
    assert owner is not None
    return owner


def owner_of(page: Page) -> str:
    """Return the token in the address of an owner's page."""
    return page.url.split("?")[0].split("/")[5]


def expect_gone(page: Page, address: str, path: str, locale: str) -> None:
    """Open a private link that is no more; the page says what is the matter, and begins anew."""
    answer = page.goto(f"{address}/{locale}{path}")
    assert answer is not None
    assert answer.status == 404
    expect_told(page, locale)
    page.get_by_role("button", name=AGAIN[locale]).click()
    expect(page).to_have_url(re.compile(f"/{locale}/form/[\\w-]{{22}}/legal-form$"))


def expect_told(page: Page, locale: str) -> None:
    assert page.locator("html").get_attribute("lang") == locale
    expect(page.locator("h1")).to_have_text(GONE[locale])


@in_every_way
def test_a_result_whose_time_has_passed_leads_to_a_new_start(
    installation, phone, locale, width, scripts
):
    page = phone(width, scripts=scripts)
    fill_in(page, installation.address, RESTAURANT, locale)
    owner = owner_of(page)
    age(installation, owner, days(Settings().retention_days - 1))
    installation.smedx("retention", "run")
    assert phone(360).goto(page.url).status == 200  # which is a visit: its time begins anew
    age(installation, owner, days(Settings().retention_days + 1), visits=2)
    installation.smedx("retention", "run")
    for path in ("", "/compare?platform=sapo&platform=kiotviet", "/sheet.pdf", "/consent"):
        expect_gone(page, installation.address, f"/result/{owner}{path}", locale)


@both_languages
def test_a_result_that_was_not_to_be_kept_is_gone_after_its_day(installation, phone, locale):
    page = phone(360)
    begin(page, installation.address, locale)
    answer_all(page, RESTAURANT)
    confirm(page)
    agree(page, service="no", improve="no")
    expect(page.locator(".card").first).to_be_visible()
    age(installation, owner_of(page), days(Settings().retention_days_refused + 1))
    installation.smedx("retention", "run")
    expect_gone(page, installation.address, f"/result/{owner_of(page)}", locale)


@in_every_way
def test_a_questionnaire_that_was_not_finished_in_time_begins_anew(
    installation, phone, locale, width, scripts
):
    page = phone(width, scripts=scripts)
    begin(page, installation.address, locale)
    answer_all(page, RESTAURANT, until="people")
    owner = owner_of(page)
    age(installation, owner, days(Settings().retention_days_drafts + 1))
    installation.smedx("retention", "run")
    page.locator("#people").fill("7")
    page.locator('button[value="next"]').click()  # the page was left open all that time
    expect_told(page, locale)
    expect(page.locator(".note")).to_contain_text(NOT_SAVED[locale])
    for path in ("", "/people", "/later", "/check"):
        expect_gone(phone(360), installation.address, f"/form/{owner}{path}", locale)


@in_every_way
def test_what_its_owner_deleted_stays_deleted_on_every_phone(
    installation, phone, locale, width, scripts
):
    page = phone(width, scripts=scripts)
    fill_in(page, installation.address, RESTAURANT, locale)
    other = phone(width, scripts=scripts)
    other.goto(page.url)
    owner = owner_of(page)
    page.goto(f"{page.url}/delete")
    page.locator("main form button").click()
    expect(page).to_have_url(re.compile(f"/{locale}/deleted$"))
    other.locator(".card").first.locator('button[value="save"]').click()
    expect_told(other, locale)
    expect(other.locator(".note")).to_contain_text(NOT_SAVED[locale])
    for path in (f"/result/{owner}", f"/form/{owner}", f"/hand-over/{owner}"):
        expect_gone(page, installation.address, path, locale)


@both_languages
def test_what_a_volunteer_did_not_hand_over_in_time_is_closed(installation, phone, locale):
    page = phone(360)
    page.goto(f"{installation.address}/{locale}/help")
    page.locator("main form button").click()
    round_ = page.url
    page.locator("main form button").click()
    answer_all(page, FARM, until="sales")
    lent = owner_of(page)
    page.goto(f"{installation.address}/{locale}/hand-over/{lent}")
    link = page.locator("[data-link]").inner_text()
    age(installation, lent_by(installation, lent), LENT_FOR)

    for path in (f"/form/{lent}", f"/form/{lent}/sales", f"/hand-over/{lent}", f"/result/{lent}"):
        answer = page.goto(f"{installation.address}/{locale}{path}")
        assert answer is not None
        assert answer.status == 404
        assert page.locator("html").get_attribute("lang") == locale
        expect(page.locator("h1")).to_have_text(NOT_ON_THIS_PHONE[locale])
        expect(page.locator("aside.lent")).to_have_count(0)
    page.get_by_role("link", name=HELP[locale]).click()
    expect(page).to_have_url(re.compile(f"/{locale}/help$"))
    page.goto(round_)
    expect(page.locator(".businesses a")).to_have_count(0)

    owner = phone(360)
    owner.goto(link)
    owner.get_by_role("button", name=TAKE[locale]).click()
    owner.get_by_role("link", name=GO_ON[locale]).click()
    expect(owner).to_have_url(re.compile("/sales$"))


@both_languages
def test_a_link_that_was_copied_only_in_part_says_so(address, phone, locale):
    page = phone(360)
    expect_gone(page, address, "/result/abc", locale)
    expect_gone(page, address, f"/form/{'A' * 21}", locale)
