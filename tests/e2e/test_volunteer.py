"""A volunteer helps three farms one after another, and sees nothing of them afterwards."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import LEVEL, agree, answer_all, confirm, in_every_way, press, say, tick
from tests.owners import FARM

NOT_YET = (
    "The owner has not taken it over yet. If you close it now, this phone cannot show the code"
    " again; the owner can still take it over until %(until)s, by your message or from paper."
)


def begin_round(page: Page, address: str, locale: str = "vi") -> None:
    page.goto(f"{address}/{locale}/")
    page.get_by_role("link", name=say(locale, "Help others to fill it in")).click()
    page.get_by_role("button", name=say(locale, "Begin helping")).click()
    page.wait_for_url(re.compile(r"/help/[\w-]{22}$"))


def begin_next(page: Page) -> None:
    page.locator("main form button").click()
    page.wait_for_url("**/legal-form")


def hand_over(page: Page, owner: Page | None = None, locale: str = "vi") -> str:
    """Hand over from any page, and return the link; without an owner, it is not taken before."""
    page.get_by_role("link", name=say(locale, "Hand over to the owner")).click()
    link = page.locator("[data-link]").inner_text()
    if owner:
        owner.goto(link)
        owner.get_by_role("button", name=say(locale, "Take it over on this phone")).click()
        expect(owner.locator("h1")).to_have_text(say(locale, "You have taken it over"))
    page.get_by_role("button", name=say(locale, "The owner has it, close it")).click()
    if not owner:
        not_yet = say(locale, NOT_YET).partition(".")[0]
        expect(page.get_by_role("alert")).to_contain_text(not_yet)
        page.get_by_role("button", name=say(locale, "Close it all the same")).click()
    done = "Handed over. Nothing of that business can be seen on this phone any more."
    expect(page.get_by_role("status")).to_contain_text(say(locale, done))
    return link


@in_every_way
def test_three_farms_are_filled_in_and_handed_over(address, phone, locale, width, scripts):
    page = phone(width, scripts=scripts)
    begin_round(page, address, locale)
    links = []
    for number, employees in enumerate(("một mình", "2", "3"), start=1):
        begin_next(page)
        answer_all(page, {**FARM, "people": employees, "staff": "paper"})
        confirm(page)
        agree(page)
        expect(page.locator("h1")).to_contain_text(LEVEL[locale])
        result = page.url
        owner = phone(360, scripts=scripts)
        links.append(hand_over(page, owner, locale))
        expect(page.locator(".businesses li")).to_have_count(number)
        expect(page.locator(".businesses a")).to_have_count(0)

        owner.get_by_role("link", name=say(locale, "Continue")).click()
        expect(owner).to_have_url(re.compile(r"/result/[\w-]{22}$"))
        expect(owner.locator("aside.lent")).to_have_count(0)
    assert len(set(links)) == 3

    page.goto(result)
    closed = say(locale, "This business is no longer open on this phone")
    expect(page.locator("h1")).to_have_text(closed)
    page.goto(links[-1])
    used = say(locale, "This link was used already, or its time is over")
    expect(page.locator("h1")).to_have_text(used)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_back_button_shows_nothing_of_what_was_handed_over(address, phone, scripts):
    page = phone(360, scripts=scripts)
    begin_round(page, address)
    begin_next(page)
    answer_all(page, FARM, until="sales")
    hand_over(page)
    for _ in range(4):
        page.go_back()
        if "/lent-" in page.url:
            expect(page.locator("h1")).to_have_text("Điện thoại này không còn mở được cơ sở đó")
    assert page.evaluate("localStorage.length") == 0 if scripts else True


def test_an_unfinished_business_goes_on_on_the_phone_of_its_owner(address, phone):
    page = phone(360)
    begin_round(page, address)
    begin_next(page)
    answer_all(page, FARM, until="sales")
    owner = phone(360)
    owner.goto(hand_over(page))
    owner.get_by_role("button", name="Nhận về điện thoại này").click()
    owner.get_by_role("link", name="Tiếp tục").click()
    expect(owner).to_have_url(re.compile("/sales$"))
    answer_all(owner, FARM)
    expect(owner.locator(".answers")).to_contain_text("An Giang")


def test_a_business_that_is_begun_twice_counts_once(address, phone):
    page = phone(360)
    begin_round(page, address)
    round_url = page.url
    page.locator("main form button").dblclick()
    expect(page).to_have_url(re.compile("/legal-form$"))
    page.goto(round_url)
    expect(page.locator(".businesses a")).to_have_count(1)


def offline(page: Page, press_button: str, told: str) -> None:
    """Lose the connection, press a button, and be told that the page goes on by itself."""
    page.context.set_offline(True)
    page.locator(press_button).click()
    expect(page.get_by_role("status")).to_contain_text(told)


def test_what_is_typed_survives_a_lost_connection_and_is_sent_once_it_is_back(address, phone):
    page = phone(360, scripts=True)
    begin_round(page, address)
    offline(page, "main form button", "trang sẽ tự đi tiếp")
    page.context.set_offline(False)
    page.wait_for_url("**/legal-form")
    answer_all(page, FARM, until="people")
    people = page.url
    page.locator("#people").fill("3")
    offline(page, 'button[value="next"]', "vẫn còn trên điện thoại này")

    page.close()  # while it waits
    page = page.context.new_page()
    page.context.set_offline(False)
    page.goto(people)
    expect(page.locator("#people")).to_have_value("3")
    offline(page, 'button[value="next"]', "vẫn còn trên điện thoại này")
    page.locator("#people").fill("12")  # it is put right while it waits
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/consumers$"), timeout=15_000)
    page.goto(people)
    expect(page.locator("#people")).to_have_value("12")
    press(page)

    tick(page, "consumers", "yes")
    page.reload()
    expect(page.locator('input[name="consumers"][value="yes"]')).to_be_checked()
    tick(page, "consumers", "no")
    press(page)
    press(page, "back")
    expect(page.locator('input[name="consumers"][value="no"]')).to_be_checked()

    press(page)
    answer_all(page, FARM)
    offline(page, "main form button", "trang sẽ tự đi tiếp")
    page.context.set_offline(False)
    page.wait_for_url("**/consent")
    tick(page, "service", "yes")
    tick(page, "improve", "no")
    offline(page, "main form button", "vẫn còn trên điện thoại này")
    page.context.set_offline(False)
    page.wait_for_url(re.compile("/result/lent-[^/]+$"))
    expect(page.locator("h1")).to_contain_text("Hộ kinh doanh của bạn đang ở mức")
    assert page.evaluate("localStorage.length") == 0
