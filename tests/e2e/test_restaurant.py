"""A family restaurant in Huế, on a small phone, in Vietnamese, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import agree, answer_all, begin, confirm
from tests.owners import RESTAURANT


@pytest.fixture
def result(request, address, phone) -> Page:
    page = phone(360, scripts=getattr(request, "param", False))
    begin(page, address)
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    answer_all(page, RESTAURANT, until="sales")
    expect(page.get_by_text("Câu 7 trên 14")).to_be_visible()
    expect(page.locator("h1")).to_contain_text("bàn, món")
    answer_all(page, RESTAURANT)
    confirm(page)
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    agree(page)
    return page


def names(page: Page) -> list[str]:
    return [card.strip() for card in page.locator(".card h3").all_text_contents()]


def test_the_restaurant_learns_where_it_stands_and_what_it_needs_and_acts_on_it(result):
    expect(result.locator("h1")).to_contain_text("Hộ kinh doanh của bạn đang ở mức 1 trên 5")
    first = result.locator(".first")
    expect(first).to_contain_text("Xuất hoá đơn điện tử")
    expect(first).to_contain_text("01/06/2025")
    expect(result.get_by_text("Kết quả này dựa trên dữ liệu mô phỏng")).to_be_visible()
    rows = result.locator(".picture tbody").first.locator("tr")
    expect(rows).to_have_count(8)

    kinds = result.locator(".card h3 + p").all_inner_texts()
    for kind in ("Bán hàng tại quầy (ăn uống)", "Hoá đơn điện tử", "Thanh toán"):
        assert any(kind in text for text in kinds[:6]), kinds
    expect(result.locator(".chance").first).to_contain_text(re.compile(r"Trong 100 nơi giống bạn"))

    page = result
    ours = page.url
    page.locator(".card").first.locator("summary", has_text="Xem thêm").click()
    page.locator(".card").first.get_by_role("button", name="Xem trang web").click()
    page.wait_for_url(re.compile(r"^https://"))
    page.goto(ours)

    before = names(page)
    card = page.locator(".card").nth(1)
    card.locator("summary", has_text="Không hợp").click()
    card.get_by_label("Vì sao không hợp?").select_option("Giá cao quá")
    card.get_by_role("button", name="Bỏ khỏi danh sách").click()
    expect(page.get_by_role("status")).to_contain_text("Đã bỏ")
    gone = before[1].split(maxsplit=1)[1]
    after = names(page)
    assert len(after) == len(before)
    assert not any(gone in name for name in after)

    used = after[0].split(maxsplit=1)[1]
    page.locator(".card").first.get_by_role("button", name="Đang dùng").click()
    expect(page.get_by_role("status")).to_contain_text(f"bạn dùng {used}")
    assert not any(used in name for name in names(page))

    page.reload()
    assert not any(gone in name or used in name for name in names(page))


@pytest.mark.parametrize("result", [False, True], ids=["no scripts", "scripts"], indirect=True)
def test_the_restaurant_deletes_its_data(result):
    page = result
    ours = page.url
    page.get_by_role("link", name="Xoá dữ liệu của tôi").click()
    page.get_by_role("button", name="Có, xoá tất cả").click()
    expect(page.locator("h1")).to_have_text("Đã xoá dữ liệu của bạn")
    answer = page.goto(ours)
    assert answer is not None
    assert answer.status == 404
    expect(page.locator("h1")).to_have_text("Liên kết riêng này không mở được nữa")
