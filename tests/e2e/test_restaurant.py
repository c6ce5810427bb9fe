"""A family restaurant in Da Nang, on a small phone, in Vietnamese, without scripts."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import RESTAURANT_WORK, agree, describe_work, go_on, tick


@pytest.fixture
def result(request, address, phone) -> Page:
    page = phone(360, scripts=getattr(request, "param", False))
    page.goto(f"{address}/vi/")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    page.get_by_role("button", name="Bắt đầu").click()

    expect(page.get_by_text("Bước 1 trên 8")).to_be_visible()
    tick(page, "legal-form", "household")
    tick(page, "sector", "I56")
    go_on(page)
    page.get_by_label("tỉnh, thành phố nào").select_option("Thành phố Đà Nẵng (gồm Quảng Nam)")
    page.get_by_label("Có bao nhiêu người làm việc?").fill("6 người")
    tick(page, "consumers", "yes")
    go_on(page)
    expect(page.get_by_label("Tổng nguồn vốn")).to_have_count(0)
    page.get_by_label("Doanh thu năm gần nhất").fill("1 tỷ 500 triệu")
    go_on(page)
    describe_work(page, RESTAURANT_WORK)
    tick(page, "security", "passwords")
    go_on(page)
    tick(page, "needs", "invoices-tax")
    tick(page, "needs", "shop-floor")
    tick(page, "budget", "under_200k")
    go_on(page)
    go_on(page)
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)
    agree(page)
    return page


def names(page: Page) -> list[str]:
    return [card.strip() for card in page.locator(".card h3").all_text_contents()]


def test_the_result_says_where_the_restaurant_stands_and_what_to_do_first(result):
    expect(result.locator("h1")).to_contain_text("Hộ kinh doanh của bạn đang ở mức 1 trên 5")
    first = result.locator(".first")
    expect(first).to_contain_text("Hoá đơn điện tử")
    expect(first).to_contain_text("01/06/2025")
    expect(result.get_by_text("Kết quả này dựa trên dữ liệu mô phỏng")).to_be_visible()
    rows = result.locator(".picture tbody").first.locator("tr")
    expect(rows).to_have_count(8)


def test_what_a_restaurant_needs_stands_early(result):
    kinds = result.locator(".card h3 + p").all_inner_texts()
    for kind in ("Bán hàng tại quầy (ăn uống)", "Hoá đơn điện tử", "Thanh toán"):
        assert any(kind in text for text in kinds[:6]), kinds
    expect(result.locator(".chance").first).to_contain_text(re.compile(r"Trong 100 nơi giống bạn"))


def test_the_restaurant_visits_one_dismisses_one_and_adopts_one(result):
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
    expect(page.locator("h1")).to_have_text("Không tìm thấy trang này")
