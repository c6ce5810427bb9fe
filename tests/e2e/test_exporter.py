"""A garment exporter of 120 in what was Binh Duong, in English, on a desk, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

STATES = {
    "functions-market": ("sales", "finance", "customers", "supply-chain"),
    "functions-inside": ("people", "operations", "documents", "infrastructure"),
}


def choose(page: Page, name: str, value: str) -> None:
    """Reach an answer and press the space bar."""
    page.locator(f'input[name="{name}"][value="{value}"]').focus()
    page.keyboard.press("Space")
    expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")


@pytest.fixture
def result(address, phone) -> Page:
    page = phone(1280, scripts=True, locale="en-GB")
    page.goto(address)
    expect(page).to_have_url(f"{address}/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, "Start")
    choose(page, "legal-form", "enterprise")
    choose(page, "sector", "C")
    press(page, "Save and continue")
    page.get_by_label("Which province or city").select_option(
        label="Ho Chi Minh City (with Ba Ria - Vung Tau, Binh Duong)"
    )
    page.get_by_label("How many people").fill("120")
    choose(page, "consumers", "no")
    press(page, "Save and continue")
    page.get_by_label("revenue last year").fill("150")
    page.get_by_label("total capital").fill("40 billion")
    press(page, "Save and continue")
    for question, functions in STATES.items():
        for function in functions:
            choose(page, f"{question}-{function}", "separate_tool")
        press(page, "Save and continue")
    for _ in range(3):
        press(page, "Save and continue")
    choose(page, "service", "yes")
    choose(page, "improve", "no")
    press(page, "See my result")
    expect(page.locator("h1")).to_contain_text("Your business is at level")
    return page


def test_the_exporter_reads_its_result_in_english(result):
    expect(result.locator("html")).to_have_attribute("lang", "en")
    expect(result.locator("h1")).to_have_text(
        re.compile(r"Your business is at level \d of 5: [A-Z][a-z ]+, \d+ of 100 points")
    )
    expect(result.locator(".picture-area .fine")).to_contain_text("Size: Medium")
    terms = result.locator("#support-decree-80-solution-medium")
    expect(terms).to_contain_text("at most 100 million VND a year, at most 50% of the cost")
    expect(terms).to_contain_text("In force from 15 October 2021")


def test_nothing_absurd_is_suggested_to_an_exporter(result):
    kinds = " ".join(result.locator(".card h3 + p").all_inner_texts())
    assert "Hotel" not in kinds
    assert "food and drink" not in kinds


def test_the_same_page_can_be_read_in_vietnamese(result):
    result.get_by_role("link", name="Tiếng Việt").click()
    expect(result.locator("html")).to_have_attribute("lang", "vi")
    expect(result.locator("h1")).to_contain_text("Doanh nghiệp của bạn đang ở mức")


def test_one_answer_is_changed_without_going_through_all_steps(result):
    result.get_by_role("link", name="Change my answers").click()
    result.locator("summary", has_text="All steps").click()
    result.get_by_role("link", name="Revenue and capital").click()
    result.get_by_label("revenue last year").fill("900 billion")
    result.get_by_label("total capital").fill("500 billion")
    press(result, "Save and see my result")
    expect(result.locator("h1")).to_contain_text("Your business is at level")
    expect(result.locator(".picture-area .fine")).to_contain_text("Size: Large")
