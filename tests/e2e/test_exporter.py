"""A garment exporter of 120 in what was Binh Duong, in English, on a desk, by keyboard alone."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import step_of
from tests.owners import MORE_WORK, WORK


def choose(page: Page, name: str, value: str) -> None:
    """Reach an answer and press the space bar."""
    page.locator(f'input[name="{name}"][value="{value}"]').focus()
    page.keyboard.press("Space")
    expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()


def press(page: Page, name: str) -> None:
    before = page.url
    page.get_by_role("button", name=name, exact=True).focus()
    page.keyboard.press("Enter")
    expect(page).not_to_have_url(before)


@pytest.fixture
def result(address, phone) -> Page:
    page = phone(1280, scripts=True, locale="en-GB")
    page.goto(address)
    expect(page).to_have_url(f"{address}/en/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    press(page, "Start")
    choose(page, "legal-form", "enterprise")
    press(page, "Continue")
    choose(page, "sector", "C")
    press(page, "Continue")
    page.get_by_label("Which province or city").select_option(
        label="Ho Chi Minh City (with Ba Ria - Vung Tau, Binh Duong)"
    )
    press(page, "Continue")
    page.get_by_label("How many people").fill("120")
    press(page, "Continue")
    choose(page, "consumers", "no")
    press(page, "Continue")
    page.get_by_label("revenue last year").fill("150")
    press(page, "Continue")
    for name in (*WORK, *MORE_WORK):
        choose(page, name, "separate_tool")
        press(page, "Continue")
    while step_of(page) != "check":
        press(page, "Continue")
    press(page, "All correct, continue")
    choose(page, "service", "yes")
    choose(page, "improve", "no")
    press(page, "See my result")
    expect(page.locator("h1")).to_contain_text("Your business is at level")
    return page


def test_the_exporter_reads_its_result_in_english_then_in_vietnamese(result):
    expect(result.locator("html")).to_have_attribute("lang", "en")
    expect(result.locator("h1")).to_have_text(
        re.compile(r"Your business is at level \d of 5: [A-Z][a-z ]+, \d+ of 100 points")
    )
    expect(result.locator(".picture-area .fine")).to_contain_text("Size: Medium")
    terms = result.locator("#support-decree-80-solution-medium")
    expect(terms).to_contain_text("at most 100 million VND a year, at most 50% of the cost")
    expect(terms).to_contain_text("In force from 15 October 2021")
    kinds = " ".join(result.locator(".card h3 + p").all_text_contents())
    assert "Hotel" not in kinds
    assert "food and drink" not in kinds

    result.get_by_role("link", name="Tiếng Việt").click()
    expect(result.locator("html")).to_have_attribute("lang", "vi")
    expect(result.locator("h1")).to_contain_text("Doanh nghiệp của bạn đang ở mức")


def test_one_answer_is_changed_without_going_through_all_steps(result):
    result.get_by_role("link", name="Change my answers").click()
    result.get_by_role("link", name="Change Revenue").click()
    result.get_by_label("revenue last year").fill("900 billion")
    press(result, "Continue")  # now the size depends on the capital
    result.get_by_label("total capital").fill("500 billion")
    press(result, "Continue")
    press(result, "All correct, continue")
    expect(result.locator("h1")).to_contain_text("Your business is at level")
    expect(result.locator(".picture-area .fine")).to_contain_text("Size: Large")
