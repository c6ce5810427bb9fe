"""A volunteer helps three farms one after another, and sees nothing of them afterwards."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import LEVEL, agree, answer_all, confirm, in_every_way, press, say, tick
from tests.owners import FARM


def begin_round(page: Page, address: str, locale: str = "vi") -> None:
    page.goto(f"{address}/{locale}/")
    page.get_by_role("link", name=say(locale, "Help others to fill it in")).click()
    page.get_by_role("button", name=say(locale, "Begin helping")).click()


def hand_over(page: Page, locale: str = "vi") -> str:
    """Hand over from any page, and return the owner's link."""
    page.get_by_role("link", name=say(locale, "Hand over to the owner")).click()
    link = page.locator("[data-link]").inner_text()
    page.get_by_role("button", name=say(locale, "The owner has it, close it")).click()
    done = "Handed over. Nothing of that business can be seen on this phone any more."
    expect(page.get_by_role("status")).to_contain_text(say(locale, done))
    return link


@in_every_way
def test_three_farms_are_filled_in_and_handed_over(address, phone, locale, width, scripts):
    page = phone(width, scripts=scripts)
    begin_round(page, address, locale)
    links = []
    for number, employees in enumerate(("một mình", "2", "3"), start=1):
        page.locator("main form button").click()
        answer_all(page, {**FARM, "people": employees, "staff": "paper"})
        confirm(page)
        agree(page)
        expect(page.locator("h1")).to_contain_text(LEVEL[locale])
        result = page.url
        links.append(hand_over(page, locale))
        expect(page.locator(".businesses li")).to_have_count(number)
        expect(page.locator(".businesses a")).to_have_count(0)

        owner = phone(360)
        owner.goto(links[-1])
        expect(owner).to_have_url(re.compile(r"/result/[\w-]{22}$"))
        expect(owner.locator("aside.lent")).to_have_count(0)
    assert len(set(links)) == 3

    page.goto(result)
    closed = say(locale, "This business is no longer open on this phone")
    expect(page.locator("h1")).to_have_text(closed)


@pytest.mark.parametrize("scripts", [True, False])
def test_the_back_button_shows_nothing_of_what_was_handed_over(address, phone, scripts):
    page = phone(360, scripts=scripts)
    begin_round(page, address)
    page.locator("main form button").click()
    answer_all(page, FARM, until="sales")
    hand_over(page)
    for _ in range(4):
        page.go_back()
        if "/lent-" in page.url:
            expect(page.locator("h1")).to_have_text("Điện thoại này không còn mở được cơ sở đó")
    assert page.evaluate("sessionStorage.length") == 0 if scripts else True


def test_an_unfinished_business_goes_on_on_the_phone_of_its_owner(address, phone):
    page = phone(360)
    begin_round(page, address)
    page.locator("main form button").click()
    answer_all(page, FARM, until="sales")
    owner = phone(360)
    owner.goto(hand_over(page))
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


def test_what_is_typed_survives_a_lost_connection_and_is_sent_once_it_is_back(address, phone):
    page = phone(360, scripts=True)
    begin_round(page, address)
    page.locator("main form button").click()
    answer_all(page, FARM, until="people")
    page.locator("#people").fill("7")
    page.context.set_offline(True)
    page.locator('button[value="next"]').click()
    expect(page.get_by_role("status")).to_contain_text("vẫn còn trên điện thoại này")
    page.context.set_offline(False)
    expect(page).to_have_url(re.compile("/consumers$"), timeout=15_000)

    tick(page, "consumers", "yes")
    page.reload()
    expect(page.locator('input[name="consumers"][value="yes"]')).to_be_checked()
    tick(page, "consumers", "no")
    press(page)
    press(page, "back")
    expect(page.locator('input[name="consumers"][value="no"]')).to_be_checked()
