"""A province is found as its name is typed; a wrong one is never chosen in silence."""

from playwright.sync_api import Page, expect

from tests.e2e.owner import answer_all, begin, press, step_of
from tests.owners import RESTAURANT

FOUND = {
    "Hồ Chí Minh": ("TP.HCM", "TP. Hồ Chí Minh", "hcm", "sai gon", "Ba Ria Vung Tau", "vũng tàu"),
    "Hà Nội": ("Hanoi", "ha noi", "thành phố Hà Nội", "Hà Nộ"),
    "Huế": ("tp hue", "Thừa Thiên - Huế", "Huế"),
    "Đà Nẵng": ("TP Đà Nẵng", "quang nam", "Hội An"),
    "Nghệ An": ("tỉnh Nghệ An", "nghe"),
    "Đắk Lắk": ("daklak", "Phu Yen", "buon ma thuot"),
    "Khánh Hòa": ("nha trang",),
    "Lâm Đồng": ("da lat", "ĐÀ LẠT"),
    "Ninh Bình": ("Hà Nam",),
    "Thanh Hóa": ("Thanh",),
}
SEVERAL = {"An": 5, "Ha": 6, "Hà": 6, "H": 8, "Tha": 4, "Bình": 8, "Phu": 4, "Quảng": 5}
"""What fits several provinces, and how many of these the list shows at least."""

UNKNOWN = ("xyz", "Paris", "an giang an giang")


def chosen(page: Page) -> str:
    """Return the label of what is chosen."""
    return str(page.evaluate("document.querySelector('select').selectedOptions[0].label"))


def test_the_only_province_that_fits_what_is_typed_is_chosen(address, phone):
    page = phone(360, scripts=True)
    begin(page, address)
    answer_all(page, RESTAURANT, until="province")
    find, said = page.locator("#find"), page.get_by_role("status")
    options = page.locator("select option")
    everything = options.count()
    find.fill("Quảng")
    assert chosen(page) == "Chọn trong danh sách"
    for name, typed in FOUND.items():
        for text in typed:
            find.fill("")
            page.locator("select").select_option(index=0)
            find.fill(text)
            assert name in chosen(page).partition(" (")[0], text
            expect(said).to_have_text(chosen(page))

    find.fill("cà mau")
    kept = chosen(page)
    for text, number in SEVERAL.items():
        find.fill(text)
        expect(said).to_contain_text("Có nhiều nơi")
        assert number <= options.count() - 2 < everything - 2, text
        assert chosen(page) == kept
    for text in UNKNOWN:
        find.fill(text)
        expect(said).to_have_text("Không tìm thấy, hãy chọn trong danh sách.")
        assert (options.count(), chosen(page)) == (everything, kept)
    find.press("Enter")
    assert step_of(page) == "province"
    find.fill("")
    expect(said).to_have_text("")
    press(page)
    press(page, "back")
    assert chosen(page) == kept
