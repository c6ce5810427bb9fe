"""Each page fits a narrow phone, is light, breaks no policy, and is built in order."""

import itertools

import pytest
from playwright.sync_api import Page

from tests.e2e.owner import RESTAURANT_WORK, agree, describe_work, go_on, tick

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
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("response", self._weigh)

    def _weigh(self, response) -> None:
        if response.status not in (301, 302, 303):
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

    page.goto(f"{address}/{locale}/")
    page.locator("form.start button").click()
    for _ in range(2):  # as it opens, and with everything missing
        inspector.look("who")
        go_on(page)
    tick(page, "legal-form", "household")
    tick(page, "sector", "I")
    go_on(page)
    go_on(page)
    inspector.look("place-people")
    page.locator("#province").select_option("48")
    page.locator("#employees").fill("4")
    tick(page, "consumers", "yes")
    go_on(page)
    page.locator("#revenue").fill("500")
    go_on(page)
    inspector.look("money")
    page.locator("#revenue").fill("")
    go_on(page)
    inspector.look("work-1")
    describe_work(page, RESTAURANT_WORK)
    inspector.look("plans")
    go_on(page)
    inspector.look("needs-budget")
    go_on(page)
    for summary in page.locator("main summary").all():
        if summary.is_visible():
            summary.click()
    inspector.look("tools")
    go_on(page)
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


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_without_the_style_sheet_nothing_is_lost(address, phone, locale):
    page = phone(360)
    page.route("**/static/**", lambda route: route.abort())
    page.goto(f"{address}/{locale}/")
    page.locator("form.start button").click()
    assert page.locator("input[type=radio]").count() > 10
