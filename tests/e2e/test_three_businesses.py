"""Three different businesses get three different lists, each of them sensible."""

from itertools import combinations

import pytest

from tests.e2e.owner import fill_in
from tests.owners import GARMENT_EXPORTER, ONLINE_SHOP, RICE_COOPERATIVE

EXPECTED = {
    "rice co-operative": (
        RICE_COOPERATIVE,
        {"Truy xuất nguồn gốc", "Giao vận và hậu cần"},
        {"Quản lý khách sạn và du lịch", "Bán hàng tại quầy (ăn uống)"},
    ),
    "garment exporter": (
        GARMENT_EXPORTER,
        {"Chữ ký số", "Quản trị tổng thể (ERP)"},
        {"Quản lý khách sạn và du lịch", "Bán hàng tại quầy (ăn uống)"},
    ),
    "online shop": (
        ONLINE_SHOP,
        {"Thanh toán", "Tiếp thị và nhắn tin"},
        {"Quản lý khách sạn và du lịch", "Quản trị tổng thể (ERP)"},
    ),
}


@pytest.fixture(scope="module")
def lists(address, browser):
    found = {}
    for name, (owner, _, _) in EXPECTED.items():
        context = browser.new_context(java_script_enabled=False)
        page = context.new_page()
        fill_in(page, address, owner)
        found[name] = [
            (
                card.locator("h3").text_content().split(maxsplit=1)[1].strip(),
                card.locator("h3 + p").text_content().split(" · ")[0],
            )
            for card in page.locator(".card").all()
        ]
        context.close()
    return found


@pytest.mark.parametrize("name", EXPECTED)
def test_each_list_begins_with_what_the_business_needs(lists, name):
    _, wanted, absurd = EXPECTED[name]
    kinds = {kind for _, kind in lists[name][:5]}
    assert wanted <= kinds
    assert not absurd & {kind for _, kind in lists[name]}


def test_no_two_lists_are_alike(lists):
    for one, other in combinations(lists, 2):
        shared = {name for name, _ in lists[one][:5]} & {name for name, _ in lists[other][:5]}
        assert len(shared) <= 2, (one, other, shared)
