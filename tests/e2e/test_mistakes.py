"""Wrong and missing answers, going back, and going on with it on another phone."""

import re

import pytest
from playwright.sync_api import expect

from tests.e2e.owner import agree, answer, answer_all, begin, confirm, press, tick
from tests.owners import GARMENT_EXPORTER, RESTAURANT, RICE_COOPERATIVE


@pytest.mark.parametrize("scripts", [True, False])
def test_wrong_and_missing_answers_are_mended_where_they_stand(address, phone, scripts):
    page = phone(360, scripts=scripts)
    begin(page, address)
    page.locator('button[value="next"]').click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    answer_all(page, GARMENT_EXPORTER, until="people")

    page.locator("#employees").fill("chừng 2,5")
    page.locator('button[value="next"]').click()
    link = page.get_by_role("alert").get_by_role("link", name="Doanh nghiệp có bao nhiêu lao động?")
    link.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label("Doanh nghiệp có bao nhiêu lao động?")
    expect(field).to_be_focused()
    expect(field).to_have_value("chừng 2,5")
    field.fill("120")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/consumers$"))

    answer_all(page, {**GARMENT_EXPORTER, "revenue": ""}, until="revenue")
    page.get_by_label("Doanh thu năm gần nhất").fill("1.500")
    page.locator('button[value="next"]').click()
    expect(page.get_by_role("alert")).to_contain_text("1.500")
    expect(page.get_by_role("alert")).to_contain_text("1,5")
    page.get_by_label("Doanh thu năm gần nhất").fill("150 tỷ")
    press(page)
    expect(page).to_have_url(re.compile("/sales$"))


@pytest.mark.parametrize("scripts", [True, False])
def test_going_back_loses_nothing_and_the_link_goes_on_elsewhere(address, phone, scripts):
    page = phone(360, scripts=scripts)
    begin(page, address)
    answer_all(page, RICE_COOPERATIVE, until="people")
    page.locator("#workers").fill("35")
    press(page, "back")
    expect(page.locator("#province")).to_have_value("91")
    press(page, "back")
    press(page)
    expect(page.locator("#province")).to_have_value("91")
    press(page)
    expect(page.locator("#workers")).to_have_value("35")
    press(page)
    tick(page, "consumers", "no")
    press(page, "later")
    link = page.locator("[data-link]").inner_text()

    other = phone(360, scripts=scripts)
    other.goto(link)
    expect(other).to_have_url(re.compile("/revenue$"))
    answer_all(other, RICE_COOPERATIVE)
    expect(other.locator(".answers")).to_contain_text("35")
    confirm(other)
    agree(other)
    expect(other.locator("h1")).to_contain_text("Hợp tác xã của bạn đang ở mức")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_page_sent_twice_does_no_harm(address, phone, scripts):
    page = phone(360, scripts=scripts)
    begin(page, address)
    answer(page, RESTAURANT)
    page.locator('button[value="next"]').dblclick()
    expect(page).to_have_url(re.compile("/sector$"))
    page.go_back()
    expect(page).to_have_url(re.compile("/legal-form$"))
    expect(page.locator('input[value="household"]')).to_be_checked()
    press(page)
    expect(page).to_have_url(re.compile("/sector$"))


def test_a_province_is_found_by_an_old_name_without_diacritics(address, phone):
    page = phone(360, scripts=True)
    begin(page, address)
    answer_all(page, GARMENT_EXPORTER, until="province")
    for typed, code in (("binh duong", "79"), ("sài gòn", "79"), ("thua thien", "46")):
        page.get_by_label("Gõ tên cũ hoặc mới để tìm").fill(typed)
        expect(page.locator("#province")).to_have_value(code)
    page.get_by_label("Gõ tên cũ hoặc mới để tìm").fill("zzz")
    expect(page.locator("#province")).to_have_value("")
