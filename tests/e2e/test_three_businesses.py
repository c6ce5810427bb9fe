"""Three different businesses get three different lists, each of them sensible."""

from itertools import combinations

import pytest

EXPECTED = {
    "cooperative": (
        {"Truy xuất nguồn gốc", "Giao vận và hậu cần"},
        {"Quản lý khách sạn và du lịch", "Bán hàng tại quầy (ăn uống)"},
    ),
    "enterprise": (
        {"Chữ ký số", "Quản trị tổng thể (ERP)"},
        {"Quản lý khách sạn và du lịch", "Bán hàng tại quầy (ăn uống)"},
    ),
    "household": (
        {"Bán hàng tại quầy (ăn uống)", "Hoá đơn điện tử"},
        {"Quản lý khách sạn và du lịch", "Quản trị tổng thể (ERP)"},
    ),
}


@pytest.fixture(scope="module")
def lists(address, browser, links):
    found = {}
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    for name in EXPECTED:
        page.goto(f"{address}/vi/result/{links[name]}")
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
    wanted, absurd = EXPECTED[name]
    kinds = {kind for _, kind in lists[name][:5]}
    assert wanted <= kinds
    assert not absurd & {kind for _, kind in lists[name]}


def test_no_two_lists_are_alike(lists):
    for one, other in combinations(lists, 2):
        shared = {name for name, _ in lists[one][:5]} & {name for name, _ in lists[other][:5]}
        assert len(shared) <= 2, (one, other, shared)
