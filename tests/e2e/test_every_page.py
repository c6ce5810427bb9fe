"""Each page in each state is sound for everybody, in both languages, on any screen."""

import itertools

import pytest
from playwright.sync_api import Page

from tests.e2e.accessibility import violations
from tests.e2e.pages import STATES

MAX_BYTES = 100_000
FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
LEVELS = "[...document.querySelectorAll('h1,h2,h3,h4')].map(each => Number(each.tagName[1]))"
UNLABELLED = """
[...document.querySelectorAll('input:not([type=hidden]), select, button, summary, a')]
  .filter(each => !(each.labels?.length || each.textContent.trim() || each.ariaLabel))
  .map(each => each.outerHTML)
"""
REPEATED_IDS = """
[...document.querySelectorAll('[id]')].map(each => each.id)
  .filter((id, place, all) => all.indexOf(id) !== place)
"""
TWICE_AS_LARGE = """
document.documentElement.style.fontSize =
  2 * parseFloat(getComputedStyle(document.documentElement).fontSize) + 'px'
"""
CUT_OFF = """
[...document.querySelectorAll('main :is(h1,h2,h3,p,li,dd,td,button,.button,label,legend)')]
  .filter(each => each.scrollWidth > each.clientWidth + 1 && each.clientWidth > 1
    && getComputedStyle(each).display !== 'inline'
    && getComputedStyle(each).overflowX !== 'visible' && !each.closest('.scroll'))
  .map(each => each.outerHTML.slice(0, 200))
"""
SKIP_LINK_IS_AWAY = """
document.activeElement.matches('.skip')
  || document.querySelector('.skip').getBoundingClientRect().bottom <= 0
"""
MOVES = """
document.getAnimations().length > 0
  || getComputedStyle(document.documentElement).scrollBehavior !== 'auto'
"""
REACHABLE = """
[...document.querySelectorAll('a[href], button, input, select, summary, textarea, [tabindex="0"]')]
  .filter(each => each.checkVisibility() && each.type !== 'hidden'
    && !(each.type === 'radio' && each.name && document.querySelector(
      `input[name="${each.name}"]:checked`) && !each.checked))
"""
FOCUS = """
() => {
  const all = REACHABLE, each = document.activeElement
  const isShown = [each, each.closest('label')].some(
    part => part && parseFloat(getComputedStyle(part).outlineWidth) >= 2
      && getComputedStyle(part).outlineStyle !== 'none')
  return [each.type === 'radio' ? 'radio ' + each.name : all.indexOf(each), isShown,
    each.outerHTML.slice(0, 120)]
}
""".replace("REACHABLE", REACHABLE)
STOPS = """
new Set(REACHABLE.map((each, place) => each.type === 'radio' ? 'radio ' + each.name : place)).size
""".replace("REACHABLE", REACHABLE)


class Complaints:
    """What the browser complained of, and how much it loaded."""

    def __init__(self, page: Page) -> None:
        self.told: list[str] = []
        self.bytes = 0
        page.on("console", lambda message: self.told.append(message.text))
        page.on("pageerror", lambda error: self.told.append(str(error)))
        page.on("response", self._weigh)

    def _weigh(self, response) -> None:
        if response.status not in (301, 302, 303) and "127.0.0.1" in response.url:
            self.bytes += len(response.body())


@pytest.mark.parametrize(
    ("locale", "width", "scheme"),
    [("vi", 320, "light"), ("en", 320, "dark"), ("vi", 1280, "dark")],
)
@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_every_page_is_sound(address, phone, links, state, locale, width, scheme):
    page = phone(width, scripts=True, color_scheme=scheme, reduced_motion="reduce")
    complaints = Complaints(page)
    state.open(page, address, locale, links)
    assert page.locator("html").get_attribute("lang") == locale
    assert violations(page) == []
    assert page.evaluate(FITS), "wider than the screen"
    assert page.evaluate(CUT_OFF) == []
    levels = page.evaluate(LEVELS)
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels)), levels
    assert page.evaluate(UNLABELLED) == []
    assert page.evaluate(REPEATED_IDS) == []
    assert not page.evaluate(MOVES)
    assert [told for told in complaints.told if "status of" not in told] == []
    assert complaints.bytes < MAX_BYTES
    page.evaluate(TWICE_AS_LARGE)
    for narrow in (320, 360) if width < 640 else (640,):
        page.set_viewport_size({"width": narrow, "height": 780})
        assert page.evaluate(FITS), f"wider than {narrow} px at twice the size"
        assert page.evaluate(CUT_OFF) == []
        assert page.evaluate(SKIP_LINK_IS_AWAY), "the link past the head shows without focus"


@pytest.mark.parametrize("state", STATES, ids=lambda state: state.name)
def test_everything_is_reached_by_keyboard_and_seen_there(address, phone, links, state):
    page = phone(360, scripts=True)
    state.open(page, address, "vi", links)
    stops = page.evaluate(STOPS)
    seen, unseen = set(), []
    for _ in range(stops + 1):  # from where the page puts the focus, by way of the browser
        page.keyboard.press("Tab")
        place, is_shown, what = page.evaluate(FOCUS)
        if not what.startswith("<body"):
            seen.add(place)
            unseen += [] if is_shown else [what]
    assert unseen == []
    assert len(seen) == stops


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_without_the_style_sheet_nothing_is_lost(address, phone, locale):
    page = phone(360)
    page.route("**/static/**", lambda route: route.abort())
    page.goto(f"{address}/{locale}/")
    page.locator("form.start button").click()
    assert page.locator("input[type=radio]").count() == 3
