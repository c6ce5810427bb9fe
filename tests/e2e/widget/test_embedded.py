"""The widget on a page of another origin: on a phone and on a desk, read, heard, and by keys."""

import re

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

FITS = "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
FOCUSED = """() => {
  const inside = document.activeElement.shadowRoot?.activeElement ?? document.activeElement;
  return inside.innerText.replace(/\\s+/g, " ").trim();
}"""
SMALL = """element => [...element.shadowRoot.querySelectorAll("button, a")]
  .filter(each => each.getBoundingClientRect().height < 44).map(each => each.outerHTML)"""

WORDS = {
    "vi": {
        "title": "Nền tảng hợp với bạn",
        "visit": "Xem trang web",
        "save": "Hữu ích",
        "dismiss": "Không hợp",
        "adopt": "Tôi đang dùng",
        "count": "3 nền tảng hợp với bạn",
        "chance": r"Trong 100 nơi giống bạn có xem qua, khoảng \d+ nơi chọn dùng\.",
        "fair": "Không ai có thể trả tiền",
        "simulated": "dữ liệu mô phỏng",
        "gone": "Đã bỏ",
    },
    "en": {
        "title": "Platforms that suit you",
        "visit": "Visit website",
        "save": "Useful",
        "dismiss": "Not for us",
        "adopt": "We use it",
        "count": "3 platforms suit you",
        "chance": r"Of 100 businesses like yours that look at it, about \d+ choose it\.",
        "fair": "Nobody can pay",
        "simulated": "simulated data",
        "gone": "is no longer on your list",
    },
}


def names(widget) -> list[str]:
    return widget.locator("li > .name").all_inner_texts()


@pytest.mark.parametrize(("width", "scheme"), [(360, "light"), (360, "dark"), (1280, "light")])
@pytest.mark.parametrize("locale", ["vi", "en"])
def test_it_shows_ranked_platforms_with_reasons_and_breaks_nothing(
    open_widget, locale, width, scheme
):
    widget, words = open_widget(width, locale, scheme=scheme), WORDS[locale]
    page = widget.page
    assert [name[:3] for name in names(widget)] == ["1. ", "2. ", "3. "]
    for card in widget.locator("ol > li").all():
        assert card.locator("ul > li").count() > 0
        expect(card.locator(".chance")).to_have_text(re.compile(words["chance"]))
    expect(widget.locator(".fine").last).to_contain_text(words["simulated"])
    expect(widget.locator(".fine").last).to_contain_text(words["fair"])
    assert page.evaluate(FITS)
    assert widget.evaluate(SMALL) == []
    assert page.complaints == [], "the policy of the page forbids all but the widget"
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_a_screen_reader_hears_what_is_what(open_widget, locale):
    widget, words = open_widget(360, locale), WORDS[locale]
    region = widget.get_by_role("region", name=words["title"])
    expect(region).to_have_attribute("lang", locale)
    expect(region.get_by_role("heading", level=2)).to_have_text(words["title"])
    expect(region.get_by_role("status")).to_have_text(words["count"])
    expect(region.get_by_role("list").first.get_by_role("heading", level=3)).to_have_count(3)
    for name in names(widget):
        platform = name.partition(" ")[2]
        for kind in ("save", "dismiss", "adopt"):
            button = region.get_by_role("button", name=re.compile(rf"{words[kind]} ?: "))
            assert button.filter(has_text=platform).count() == 1
        link = region.get_by_role("link", name=re.compile(re.escape(platform)))
        expect(link).to_contain_text(words["visit"])
    pressed = region.get_by_role("button", name=words["save"], pressed=False)
    expect(pressed).to_have_count(3)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_everything_is_done_by_keyboard_and_counts_once(open_widget, website, locale):
    widget, words = open_widget(1280, locale), WORDS[locale]
    page, before = widget.page, names(widget)
    status = widget.get_by_role("status")
    page.locator("header a").focus()
    order = []
    for _ in range(8):
        page.keyboard.press("Tab")
        order.append(page.evaluate(FOCUSED))
    kinds = [words[kind] for kind in ("visit", "save", "dismiss", "adopt")]
    assert [each.partition(" :")[0].partition(":")[0].strip() for each in order] == kinds * 2
    assert all(before[0].partition(" ")[2] in each for each in order[:4])

    page.keyboard.press("Shift+Tab")
    page.keyboard.press("Shift+Tab")  # useful, of the second
    page.keyboard.press("Space")
    second = before[1].partition(" ")[2]
    expect(status).to_contain_text(second)
    useful = widget.get_by_role("button", name=words["save"], pressed=True)
    expect(useful).to_have_count(1)
    page.keyboard.press("Space")  # again, which says nothing new
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # not for us
    expect(status).to_contain_text(words["gone"])
    assert page.evaluate(FOCUSED) == before[2], "the focus goes on to what comes next"
    assert names(widget) == [before[0], before[2]]
    for _ in range(4):
        page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # we use it, of the last one
    assert page.evaluate(FOCUSED) == before[0], "and back where nothing comes next"
    found = website.wait_for_events(3, page)
    assert [kind for kind, _, _ in found] == ["save", "dismiss", "adopt"]
    assert len({recommendation for _, _, recommendation in found}) == 1
    assert [found[0][1]] == [found[1][1]]
    assert found[2][1] != found[1][1]


def test_a_visit_is_told_and_opens_beside_the_page(open_widget, website):
    widget = open_widget(360, "en")
    with widget.page.expect_popup() as opened:
        widget.get_by_role("link").first.click()
    assert opened.value.url.startswith("https://")
    assert [kind for kind, _, _ in website.wait_for_events(1, widget.page)] == ["click"]


def test_when_nothing_is_left_it_says_so(open_widget, website):
    widget = open_widget(360, "en", n="1")
    widget.get_by_role("button", name="We use it").click()
    expect(widget.get_by_role("status")).to_have_text("You use or set aside everything that fits.")
    assert widget.page.evaluate(FOCUSED) == "Platforms that suit you"
    website.wait_for_events(1, widget.page)


@pytest.mark.parametrize(("told", "agreed"), [({}, False), ({"consent": "improve"}, True)])
def test_a_list_is_learned_from_only_if_the_page_says_that_it_may(
    open_widget, website, told, agreed
):
    widget = open_widget(360, "en", n="1", **told)
    widget.get_by_role("button", name="Useful").click()
    ((_, _, shown),) = website.wait_for_events(1, widget.page)
    assert website.last_list() == (shown, agreed)


def test_a_page_may_change_what_it_shows_and_hears_of_it(open_widget):
    widget = open_widget(360, "vi")
    page = widget.page
    page.evaluate("""() => {
      window.heard = [];
      for (const name of ["loaded", "feedback", "failed"]) {
        addEventListener(`smedx-${name}`, (event) => heard.push([name, event.detail]));
      }
      const widget = document.querySelector("smedx-recommendations");
      widget.setAttribute("n", "1");
      widget.setAttribute("locale", "en");
      widget.setAttribute("heading", "3");
    }""")
    expect(widget.get_by_role("heading", level=3)).to_have_text("Platforms that suit you")
    expect(widget.get_by_role("heading", level=4)).to_have_count(1)
    widget.get_by_role("button", name="Useful").click()
    expect(widget.get_by_role("button", pressed=True)).to_have_count(1)
    heard = page.evaluate("heard")
    assert [name for name, _ in heard] == ["loaded", "feedback"]
    assert heard[1][1]["kind"] == "save"
    assert heard[1][1]["recommendation_id"] == heard[0][1]["recommendation_id"]


def test_a_page_may_choose_the_colours(open_widget):
    widget = open_widget(360, "en")
    widget.evaluate("each => each.style.setProperty('--smedx-brand', 'rgb(120, 0, 90)')")
    link = widget.get_by_role("link").first
    assert link.evaluate("each => getComputedStyle(each).backgroundColor") == "rgb(120, 0, 90)"


def test_where_colours_are_forced_buttons_keep_their_edge(open_widget):
    widget = open_widget(360, "en")
    widget.page.emulate_media(forced_colors="active")
    button = widget.get_by_role("button").first
    assert button.evaluate("each => getComputedStyle(each).borderTopWidth") == "2px"
