"""The result with scripts: nothing loads anew, the reader stays where they are."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import fill_in
from tests.e2e.test_every_page import FITS
from tests.e2e.test_loop import stored_events
from tests.owners import RESTAURANT


@pytest.fixture
def result(address, phone) -> Page:
    page = phone(360, scripts=True)
    fill_in(page, address, RESTAURANT)
    page.evaluate("window.stayed = true")
    return page


def names(page: Page) -> list[str]:
    return [
        name.split(maxsplit=1)[1].strip() for name in page.locator(".card h3").all_text_contents()
    ]


def stayed(page: Page) -> bool:
    return bool(page.evaluate("window.stayed === true"))


def test_a_dismissed_platform_goes_at_once_and_another_takes_its_place(result):
    page, before = result, names(result)
    card = page.locator(".card").nth(2)
    card.locator("summary", has_text="Không hợp").click()
    card.get_by_role("button", name="Bỏ khỏi danh sách").click()
    expect(page.get_by_role("status")).to_contain_text(f"Đã bỏ {before[2]}")
    after = names(page)
    assert stayed(page)
    assert before[2] not in after
    assert len(after) == len(before) == 8
    expect(page.locator(".card").nth(2).locator("h3")).to_be_focused()


def test_useful_is_marked_where_the_reader_is(result):
    page = result
    button = page.locator(".card").nth(1).get_by_role("button", name="Hữu ích")
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Cảm ơn bạn")
    expect(button).to_have_attribute("aria-pressed", "true")
    assert stayed(page)


def test_everything_is_done_by_keyboard(result):
    page, before = result, names(result)
    page.locator(".card").first.get_by_role("button", name="Hữu ích").focus()
    for key in ("Tab", "Tab", "Enter", "Tab", "Tab", "Enter"):  # not for us, why not, take it off
        page.keyboard.press(key)
    expect(page.get_by_role("status")).to_contain_text(f"Đã bỏ {before[0]}")
    assert before[0] not in names(page)


def test_telling_more_is_kept_as_a_view_once(result, installation):
    page = result
    summary = page.locator(".card").first.locator("summary", has_text="Xem thêm")
    with page.expect_request(re.compile("/feedback$")):
        summary.click()
    for _ in range(2):
        summary.click()
    page.locator(".card").first.get_by_role("button", name="Hữu ích").click()
    expect(page.get_by_role("status")).to_contain_text("Cảm ơn bạn")
    kept = stored_events(installation, page.url.rsplit("/", 1)[1])
    assert sorted(kind for kind, _, _ in kept) == ["save", "view"]


def test_without_a_connection_the_page_stays_and_says_so(result):
    page, before = result, names(result)
    button = page.locator(".card").first.get_by_role("button", name="Hữu ích")
    page.context.set_offline(True)
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Không có kết nối")
    assert names(page) == before
    page.context.set_offline(False)
    button.click()
    expect(page.get_by_role("status")).to_contain_text("Cảm ơn bạn")
    assert stayed(page)


def test_two_are_compared(result):
    page, before = result, names(result)
    for number in (0, 2):
        page.locator(".card").nth(number).get_by_label("So sánh").check()
    page.get_by_role("button", name="So sánh mục đã đánh dấu").click()
    expect(page.locator("h1")).to_have_text("So sánh các nền tảng")
    assert page.locator("thead th").all_inner_texts() == [before[0], before[2]]


@pytest.mark.parametrize("width", [320, 360])
def test_of_three_compared_the_third_is_seen_to_be_there_and_reached_by_keyboard(
    address, phone, links, width
):
    page = phone(width)
    page.goto(f"{address}/vi/result/{links['enterprise']}")
    for number in range(3):
        page.locator(".card .compare input").nth(number).check()
    page.locator("#compare button").click()
    region = page.get_by_role("region", name="Đặt cạnh nhau")
    shown, third = region.bounding_box(), page.locator("thead th").nth(2).bounding_box()
    assert third["x"] + 20 < shown["x"] + shown["width"] < third["x"] + third["width"]
    expect(page.get_by_text("Vuốt ngang để xem nền tảng thứ ba")).to_be_visible()
    region.focus()
    for _ in range(8):
        page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    third = page.locator("thead th").nth(2).bounding_box()
    assert third["x"] + third["width"] <= shown["x"] + shown["width"] + 1


@pytest.mark.parametrize("width", [320, 360])
@pytest.mark.parametrize("times", [1, 1.3125, 2])  # large print, and letters twice as large
def test_the_picture_leaves_room_for_the_names(address, phone, links, width, times):
    page = phone(width, scripts=True)
    page.goto(f"{address}/vi/result/{links['household']}")
    page.evaluate(f"document.documentElement.style.fontSize = '{17 * times}px'")
    assert page.evaluate(FITS)
    for part in (".picture tbody th", ".picture caption"):
        box = page.locator(part).first.bounding_box()
        assert box["width"] >= 0.45 * width


def test_the_link_is_copied(result):
    page = result
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Chép liên kết").click()
    expect(page.get_by_role("button", name="Đã chép")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
