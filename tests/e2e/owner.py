"""How an owner walks through the pages: what is answered is told by `tests.owners`."""

import re

import pytest
from playwright.sync_api import Page, expect

from service.web.i18n import LANGUAGES
from tests.owners import AGREED, Answers

WAYS = (("vi", 360, False), ("vi", 1280, True), ("en", 360, True), ("en", 1280, False))
"""Language, width, and whether scripts run: an orthogonal array, every pair of two occurs."""

in_every_way = pytest.mark.parametrize(("locale", "width", "scripts"), WAYS)
LEVEL = {"vi": "của bạn đang ở mức", "en": " is at level "}
"""What the first sentence of every result says."""


def say(locale: str, text: str) -> str:
    """Return a text of the pages as the reader's language has it."""
    return LANGUAGES[locale].gettext(text)  # type: ignore[index]


def tick(page: Page, name: str, value: str) -> None:
    """Tick an answer by its label, as a finger does; unfold it first where that is needed."""
    label = page.locator(f'label:has(input[name="{name}"][value="{value}"])')
    label.wait_for(state="attached")
    if not label.is_visible():
        page.locator(f'details:has(input[name="{name}"][value="{value}"]) > summary').click()
    label.click()
    expect(page.locator(f'input[name="{name}"][value="{value}"]')).to_be_checked()


def step_of(page: Page) -> str:
    """Return which step a page asks for, by its address."""
    return page.url.split("?")[0].rsplit("/", 1)[1]


def press(page: Page, going: str = "next") -> None:
    """Press a button of a step, and wait for the page that follows."""
    before = page.url
    page.locator(f'button[name="go"][value="{going}"]').click()
    expect(page).not_to_have_url(before)
    page.wait_for_load_state()


def begin(page: Page, address: str, locale: str = "vi") -> None:
    """Open the start page and press its button."""
    page.goto(f"{address}/{locale}/")
    page.locator("form.start button").click()
    page.wait_for_url("**/legal-form")


def answer(page: Page, answers: Answers) -> None:
    """Give the answer to what the page asks for, if there is one."""
    page.wait_for_load_state()  # the address is there before what the page asks for
    for field in page.locator("form[data-keep] [name]").all():
        name = field.get_attribute("name") or ""
        if name not in answers:
            continue
        told = answers[name]
        kind = field.evaluate("each => each.type")
        if kind == "select-one":
            field.select_option(str(told))
        elif kind == "text":
            field.fill(str(told))
        else:
            for value in (told,) if isinstance(told, str) else told:
                tick(page, name, value)
            return


def answer_all(page: Page, answers: Answers, until: str = "check") -> None:
    """Answer one page after another, from the one that is open up to a step."""
    while step_of(page) != until:
        answer(page, answers)
        press(page)


def agree(page: Page, **answers: str) -> None:
    """Say what may be done with the answers, and open the result."""
    for purpose, value in {**AGREED, **answers}.items():
        tick(page, purpose, value)
    page.locator("main form button").click()
    page.wait_for_url(re.compile(r"/result/[\w-]+$"))


def confirm(page: Page) -> None:
    """Press the button below the answers that were checked."""
    page.locator("main form button").click()


def fill_in(page: Page, address: str, answers: Answers, locale: str = "vi") -> None:
    """Answer the questionnaire and open the result."""
    begin(page, address, locale)
    answer_all(page, answers)
    confirm(page)
    agree(page)
    expect(page.locator(".card").first).to_be_visible()
