"""Wrong and missing answers, going back, and going on with it on another phone."""

import re

from playwright.sync_api import expect

from tests.e2e.owner import (
    LEVEL,
    agree,
    answer,
    answer_all,
    begin,
    confirm,
    in_every_way,
    press,
    tick,
)
from tests.owners import GARMENT_EXPORTER, RESTAURANT, RICE_COOPERATIVE

PEOPLE = {
    "vi": "Doanh nghiệp có bao nhiêu lao động?",
    "en": "How many people does the enterprise employ?",
}
REVENUE = {"vi": "Doanh thu năm gần nhất", "en": "your revenue last year"}
READINGS = {"vi": ("1.500", "1,5"), "en": ("1,500", "1.5")}


@in_every_way
def test_wrong_and_missing_answers_are_mended_where_they_stand(
    address, phone, locale, width, scripts
):
    page = phone(width, scripts=scripts)
    begin(page, address, locale)
    page.locator('button[value="next"]').click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    expect(summary.get_by_role("link")).to_have_count(1)
    answer_all(page, GARMENT_EXPORTER, until="people")

    page.locator("#employees").fill("chừng 2,5")
    page.locator('button[value="next"]').click()
    link = page.get_by_role("alert").get_by_role("link", name=PEOPLE[locale])
    link.focus()
    page.keyboard.press("Enter")
    field = page.get_by_label(PEOPLE[locale])
    expect(field).to_be_focused()
    expect(field).to_have_value("chừng 2,5")
    field.fill("120")
    field.press("Enter")
    expect(page).to_have_url(re.compile("/consumers$"))

    answer_all(page, {**GARMENT_EXPORTER, "revenue": ""}, until="revenue")
    page.get_by_label(REVENUE[locale]).fill("1.500")
    page.locator('button[value="next"]').click()
    for reading in READINGS[locale]:
        expect(page.get_by_role("alert")).to_contain_text(reading)
    page.get_by_label(REVENUE[locale]).fill("150 tỷ")
    press(page)
    expect(page).to_have_url(re.compile("/sales$"))


@in_every_way
def test_going_back_loses_nothing_and_the_link_goes_on_elsewhere(
    address, phone, locale, width, scripts
):
    page = phone(width, scripts=scripts)
    begin(page, address, locale)
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

    other = phone(width, scripts=scripts)
    other.goto(link)
    expect(other).to_have_url(re.compile("/revenue$"))
    answer_all(other, RICE_COOPERATIVE)
    expect(other.locator(".answers")).to_contain_text("35")
    confirm(other)
    agree(other)
    expect(other.locator("h1")).to_contain_text(LEVEL[locale])


@in_every_way
def test_a_page_sent_twice_does_no_harm(address, phone, locale, width, scripts):
    page = phone(width, scripts=scripts)
    begin(page, address, locale)
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
    expect(page.get_by_text("Không tìm thấy, hãy chọn trong danh sách.")).to_be_visible()
    expect(page.locator("#province")).to_have_value("46")  # what was chosen is not taken away
