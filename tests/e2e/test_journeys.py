"""Each of five businesses from the first page to its list, on a phone and on a desk."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.owner import fill_in, in_every_way, say
from tests.owners import (
    CLINIC,
    GARMENT_EXPORTER,
    ONLINE_SHOP,
    RESTAURANT,
    RICE_COOPERATIVE,
    Answers,
)

LEVEL = {
    "vi": r"(Hộ kinh doanh|Doanh nghiệp|Hợp tác xã) của bạn đang ở mức \d trên 5: .+, \d+ trên 100",
    "en": r"Your (household business|business|co-operative) is at level \d of 5: .+, \d+ of 100",
}
ABSURD = {"vi": "Quản lý khách sạn", "en": "Hotel"}
BUSINESSES: dict[str, tuple[Answers, dict[str, str]]] = {
    "restaurant in Hue": (RESTAURANT, {"vi": "Bán hàng tại quầy", "en": "Point of sale"}),
    "garment exporter": (GARMENT_EXPORTER, {"vi": "Chữ ký số", "en": "Digital signature"}),
    "rice co-operative": (RICE_COOPERATIVE, {"vi": "Truy xuất nguồn gốc", "en": "raceab"}),
    "online shop": (ONLINE_SHOP, {"vi": "Thanh toán", "en": "Payment"}),
    "clinic": (CLINIC, {"vi": "Nhân sự", "en": "Human resources"}),
}
SHARED = "navigator.share = async told => { window.shared = told }"
"""A phone that can send a link by other apps: what a browser without a screen cannot."""


@in_every_way
@pytest.mark.parametrize("name", BUSINESSES)
def test_it_gets_from_the_first_page_to_a_list_that_makes_sense(
    address, phone, name, locale, width, scripts
):
    answers, wanted = BUSINESSES[name]
    page: Page = phone(width, scripts=scripts)
    page.add_init_script(SHARED)
    fill_in(page, address, answers, locale)
    expect(page.locator("html")).to_have_attribute("lang", locale)
    expect(page.locator("h1")).to_have_text(re.compile(LEVEL[locale]))
    kinds = page.locator(".card h3 + p").all_text_contents()
    assert any(wanted[locale] in kind for kind in kinds[:5]), kinds
    assert not any(ABSURD[locale] in kind for kind in kinds), kinds
    reasons = page.locator(".card .why").all_text_contents()
    assert len(reasons) == len(kinds)
    assert all(text.strip() for text in reasons)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    send = page.get_by_role("button", name=say(locale, "Send by Zalo or another app"))
    expect(send).to_be_visible(visible=scripts)
    if scripts:
        send.click()
        assert page.evaluate("window.shared")["url"] == page.url
