"""Each page fits a narrow phone, is light, breaks no policy, and is built in order."""

import itertools

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.e2e.owner import agree, answer, begin, confirm, press, step_of
from tests.owners import GARMENT_EXPORTER, RESTAURANT

MAX_BYTES = 100_000
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LEVELS = "[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))"
UNLABELLED = """
[...document.querySelectorAll('input:not([type=hidden]), select, button, summary, a')]
  .filter(each => !(each.labels?.length || each.textContent.trim() || each.ariaLabel))
  .map(each => each.outerHTML)
"""
SMALL = """
[...document.querySelectorAll('main button, main label.choice, main summary, main select')]
  .filter(each => each.offsetHeight && each.offsetHeight < 24).map(each => each.outerHTML)
"""
REPEATED_IDS = """
[...document.querySelectorAll('[id]')].map(each => each.id)
  .filter((id, place, all) => all.indexOf(id) !== place)
"""


class Inspector:
    """Looks at a page, and at what the browser complained of while it loaded."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.complaints: list[str] = []
        self.bytes = 0
        page.on("console", self._listen)
        page.on("response", self._weigh)

    def _listen(self, message) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(message.text)

    def _weigh(self, response) -> None:
        if response.request.method == "GET" and response.status not in (301, 302, 303):
            self.bytes += len(response.body())

    def look(self, path: str) -> None:
        page = self.page
        page.wait_for_load_state("load")
        assert page.evaluate(FITS), f"{path} is wider than the screen"
        levels = page.evaluate(LEVELS)
        assert levels.count(1) == 1, path
        steps = itertools.pairwise(levels)
        assert all(after <= before + 1 for before, after in steps), f"{path}: {levels}"
        assert page.evaluate(UNLABELLED) == [], path
        assert page.evaluate(SMALL) == [], path
        assert page.evaluate(REPEATED_IDS) == [], path
        assert [c for c in self.complaints if "status of 4" not in c] == [], path
        found = Axe().run(page)
        assert found.violations_count == 0, f"{path}: {found.generate_report()}"
        assert self.bytes < MAX_BYTES, f"{path} weighs {self.bytes} bytes"
        self.bytes = 0


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_page_is_sound(address, phone, locale, width, scheme):
    page = phone(width, scripts=True, color_scheme=scheme)
    inspector = Inspector(page)
    for path in (
        "/",
        "/about",
        "/privacy",
        "/platforms",
        "/platforms?q=zzz",
        "/platforms/misa-cukcuk",
        "/no",
    ):
        page.goto(f"{address}/{locale}{path}")
        inspector.look(path)

    begin(page, address, locale)
    press(page)
    inspector.look("nothing chosen")
    answers = {**RESTAURANT, "revenue": "500"}
    while (step := step_of(page)) != "check":
        for summary in page.locator("main summary:visible").all():
            summary.click()
        inspector.look(step)
        answer(page, answers)
        press(page)
        if step == "revenue" and answers is not RESTAURANT:
            inspector.look("an unclear amount")
            answers = RESTAURANT
    inspector.look("check")
    confirm(page)
    for _ in range(2):  # as it opens, and with both answers missing
        inspector.look("consent")
        page.locator("main form button").click()
    agree(page, service="no")
    inspector.look("result")
    for summary in page.locator("main summary").all():
        summary.click()
    inspector.look("result, unfolded")
    page.goto(f"{page.url}/delete")
    inspector.look("delete")
    page.locator("main form button").click()
    inspector.look("deleted")


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_page_of_another_path_and_of_a_volunteer_is_sound(
    address, phone, locale, width, scheme
):
    page = phone(width, scripts=True, color_scheme=scheme)
    inspector = Inspector(page)
    page.goto(f"{address}/{locale}/help")
    inspector.look("help")
    confirm(page)
    inspector.look("a new round")
    confirm(page)
    while (step := step_of(page)) != "check":
        if step not in RESTAURANT:
            inspector.look(step)
        answer(page, GARMENT_EXPORTER)
        press(page)
    page.locator("aside.lent a").click()
    inspector.look("hand over")
    closed = page.url
    confirm(page)
    inspector.look("handed over")
    page.goto(closed)
    inspector.look("closed")
    begin(page, address, locale)
    press(page, "later")
    inspector.look("later")


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_without_the_style_sheet_nothing_is_lost(address, phone, locale):
    page = phone(360)
    page.route("**/static/**", lambda route: route.abort())
    page.goto(f"{address}/{locale}/")
    page.locator("form.start button").click()
    assert page.locator("input[type=radio]").count() == 3
