"""Every page in every state that a reader can meet, one line each.

The checks of all pages (`test_every_page.py`) and `make bench-pages` go through this list: what is
added here is looked at in both languages, on narrow and wide screens, in light and dark.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from playwright.sync_api import Page

from recommender.domain import load_reference
from service.web.i18n import LANGUAGES
from service.web.pages import Page as Rendered
from tests.e2e.owner import agree, answer_all, begin, confirm, fill_in
from tests.owners import FARM, GARMENT_EXPORTER, RESTAURANT, RICE_COOPERATIVE, Answers

DATA = Path(__file__).parents[2] / "data"
STEPS = [step.id for step in load_reference(DATA).questionnaire.steps if step.id != "capital"]
"""What an enterprise is asked whose people and revenue tell its size."""

BUSINESSES: dict[str, Answers] = {
    "household": RESTAURANT,
    "enterprise": GARMENT_EXPORTER,
    "cooperative": RICE_COOPERATIVE,
    "careless": RESTAURANT,
}
"""Who filled in the questionnaire, by the name in paths; the last one lets nothing be kept."""

Then = Callable[[Page], Any]


class State(NamedTuple):
    """A page, and what is done there before it is looked at.

    Attributes:
        name: What it is called in reports.
        path: Below the language; names of `BUSINESSES` stand for their private links.
        then: What is done on it.
        status: With which it answers.
        error: What an error page is told, where one is shown that cannot be had on demand.
    """

    name: str
    path: str
    then: Then | None = None
    status: int = 200
    error: dict[str, Any] | None = None

    def open(self, page: Page, address: str, locale: str, links: dict[str, str]) -> None:
        """Open it in a browser.

        Args:
            page: An empty page.
            address: Where the service answers.
            locale: The language.
            links: What `private_links` returned.
        """
        page.route(
            lambda url: not url.startswith(address),
            lambda route: route.abort("aborted"),  # a page that leads elsewhere stays
        )
        if self.error is not None:
            self._prepare(page, address, locale)
        answer = page.goto(f"{address}/{locale}{self.path.format(**links)}")
        assert answer is not None
        assert answer.status == self.status, self.name
        if self.then:
            self.then(page)
        page.wait_for_load_state("load")

    def _prepare(self, page: Page, address: str, locale: str) -> None:
        """Answer the next request with an error page as the service renders it."""
        language = LANGUAGES[locale]  # type: ignore[index]
        told = {"private": False, "sent": False, **(self.error or {})}
        made = Rendered(language, f"/{locale}/", "", address).render(
            "error.html", status=self.status, kind=self.status, **told
        )
        page.route(
            f"**{self.path}",
            lambda route: route.fulfill(
                status=self.status,
                headers={**made.headers, "Content-Type": "text/html; charset=utf-8"},
                body=made.content,
            ),
        )


def private_links(page: Page, address: str) -> dict[str, str]:
    """Fill in the questionnaire as each of the businesses; return the tokens of their links."""
    links = {}
    for name, owner in BUSINESSES.items():
        fill_in(page, address, owner)
        links[name] = page.url.rsplit("/", 1)[1]
    page.goto(f"{address}/vi/result/{links['careless']}/consent")
    agree(page, service="no", improve="no")
    begin(page, address)
    links["begun"] = page.url.split("/")[-2]
    page.goto(f"{address}/vi/help")
    confirm(page)
    links["round"] = page.url.rsplit("/", 1)[1].partition("?")[0]
    confirm(page)
    answer_all(page, FARM)
    links["lent"] = page.url.split("/")[-2]
    page.goto(f"{address}/vi/hand-over/{links['lent']}")
    links["receipt"] = page.locator("[data-link]").inner_text().rsplit("/", 1)[1]
    return links


def unfold(page: Page) -> None:
    """Open whatever can be unfolded."""
    page.evaluate("document.querySelectorAll('main details').forEach(each => each.open = true)")


def send_nothing(page: Page) -> None:
    """Take back every answer of a form and send it."""
    page.evaluate("""document.querySelectorAll('main form :is(input, select)').forEach(each => {
        each.checked = false; if (each.type !== 'hidden' && each.type !== 'radio'
        && each.type !== 'checkbox') each.value = '' })""")
    with page.expect_navigation():
        page.locator("main form button").first.click()


def compare(page: Page) -> None:
    """Tick the first two platforms of a list, and put them side by side."""
    for number in range(2):
        page.locator(".card .compare input").nth(number).check()
    page.locator("#compare button").click()
    page.wait_for_url("**/compare?**")


STATES = (
    State("start", "/"),
    State("how it works", "/about", unfold),
    State("privacy", "/privacy"),
    State("catalogue", "/platforms"),
    State("catalogue, words mended", "/platforms?q=hao+don"),
    State("catalogue, some of the words", "/platforms?q=phong+kham"),
    State("catalogue, filtered", "/platforms?need=shop-floor&sector=I56&size=household"),
    State("catalogue, nothing found", "/platforms?q=xyzzy&sector=B", unfold),
    State("platform with duties", "/platforms/misa-meinvoice", unfold),
    State("platform without a source", "/platforms/tendoo"),
    State("platform whose source is no address", "/platforms/viettel-sinvoice"),
    State("on the way to a website", "/visit/misa-cukcuk"),
    *(State(f"step {step}", f"/form/{{enterprise}}/{step}", unfold) for step in STEPS),
    State("step capital", "/form/{begun}/capital"),
    State("people of a household", "/form/{household}/people"),
    State("step legal-form, empty", "/form/{begun}/legal-form", send_nothing),
    *(
        State(f"step {step}, empty", f"/form/{{enterprise}}/{step}", send_nothing)
        for step in ("province", "people", "sales")
    ),
    State("answers to check", "/form/{household}/check"),
    State("for later", "/form/{begun}/later"),
    State("to help others", "/help"),
    State("round of a volunteer", "/help/{round}"),
    State("lent to a volunteer", "/form/{lent}/check"),
    State("to hand over", "/hand-over/{lent}"),
    State("to hand over, not taken yet", "/hand-over/{lent}?unopened=1"),
    State("to take over", "/receive/{receipt}"),
    State("taken over", "/form/{begun}/later?received=1"),
    State("consent", "/result/{household}/consent"),
    State("consent, empty", "/result/{household}/consent", send_nothing),
    State("result of a household", "/result/{household}"),
    State("result of an enterprise, unfolded", "/result/{enterprise}", unfold),
    State("result of a co-operative", "/result/{cooperative}"),
    State("result after a button", "/result/{household}?done=dismiss&platform=misa-cukcuk"),
    State("result of an enterprise, compared", "/result/{enterprise}", compare),
    State("result that is not kept", "/result/{careless}"),
    State("delete?", "/result/{household}/delete"),
    State("deleted", "/deleted"),
    State("no such page", "/no", status=404),
    State("no such private page", f"/result/{'A' * 22}", status=404),
    State("no longer to be taken over", f"/receive/{'A' * 22}", status=404),
    State("no longer lent", f"/form/lent-{'A' * 22}", status=404),
    State("private page gone, sent", "/broken", status=404, error={"private": True, "sent": True}),
    State("form of another website", "/broken", status=403, error={}),
    State("not to be opened so", "/broken", status=405, error={}),
    State("out of date", "/broken", status=409, error={"sent": True}),
    State("too long", "/broken", status=413, error={"sent": True}),
    State("too many", "/broken", status=429, error={}),
    State("unreadable", "/broken", status=400, error={}),
    State("fault", "/broken", status=500, error={}),
    State("database away", "/broken", status=503, error={"private": True}),
    State("database away, not saved", "/broken", status=503, error={"sent": True}),
)
