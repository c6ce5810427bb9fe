"""Platforms side by side, and the result on one sheet of paper."""

import html
import io
import re
import sys
import unicodedata

import pypdf
import pytest

from tests.owners import CLINIC, GARMENT_EXPORTER, RESTAURANT, RICE_COOPERATIVE

OWNERS = (RESTAURANT, GARMENT_EXPORTER, RICE_COOPERATIVE, CLINIC)


@pytest.fixture
def result(visitor, restaurant):
    token, page = visitor.fill(restaurant)
    return token, page.text


def ticked(page, number):
    return re.findall(r'name="platform" value="([\w-]+)"', page)[:number]


@pytest.mark.parametrize("number", [2, 3])
def test_what_is_ticked_stands_side_by_side_in_the_order_of_the_list(visitor, result, number):
    token, page = result
    chosen = ticked(page, number)
    answer = visitor.get(f"/result/{token}/compare", params={"platform": chosen[::-1]})
    assert re.findall(r'scope="col"><a href="[^"]*#platform-([\w-]+)"', answer.text) == chosen
    for row in ("Làm được gì", "Bao nhiêu nơi chọn dùng", "Vì sao hợp với bạn"):
        assert row in answer.text


def test_what_is_unsure_and_what_was_drawn_by_chance_is_told_here_too(visitor, result):
    token, page = result
    chosen = {"platform": ["misa-meinvoice", "misa-amis-accounting"]}
    drawn = "đưa ra để tìm hiểu xem có hợp"
    answer = visitor.get(f"/result/{token}/compare", params=chosen)
    assert drawn not in answer.text
    for part in (
        "dự thảo, chưa thành luật",
        "theo báo chí, chưa xác nhận",
        "chưa đối chiếu với văn bản pháp luật",
    ):
        assert part in answer.text
    assert "Chi phí một tháng" not in answer.text  # no price is known of either
    answer = visitor.get(f"/result/{token}/compare", params={**chosen, "drawn": "misa-meinvoice"})
    assert answer.text.count(drawn) == 1
    assert 'name="drawn"' not in page  # without a model nothing is drawn


@pytest.mark.parametrize("number", [0, 1, 4])
def test_too_few_or_too_many_lead_back_with_what_to_do(visitor, result, number):
    token, page = result
    chosen = ticked(page, number)
    answer = visitor.get(f"/result/{token}/compare", params={"platform": chosen})
    assert answer.url.path == f"/vi/result/{token}"
    at_the_list = answer.text.split('id="list"')[1].split("<h2")[0]
    assert "Hãy đánh dấu hai hoặc ba nền tảng" in at_the_list
    assert "Danh sách đã được cập nhật" not in at_the_list
    assert re.findall(r'value="([\w-]+)" form="compare" checked', answer.text) == chosen
    assert answer.url.fragment == "list"


def test_unknown_platforms_are_not_compared(visitor, result):
    token, _ = result
    answer = visitor.get(f"/result/{token}/compare", params={"platform": ["x", "<script>"]})
    assert answer.url.path == f"/vi/result/{token}"


def test_comparing_is_no_list_to_learn_from(visitor, result):
    token, page = result
    before = visitor.count("exposures")
    answer = visitor.get(f"/result/{token}/compare", params={"platform": ticked(page, 2)})
    assert answer.status_code == 200
    assert visitor.count("exposures") == before


def test_a_questionnaire_without_a_result_has_neither(visitor):
    token = visitor.begin()
    for path in ("compare?platform=sapo&platform=misa-amis-hrm", "sheet.pdf"):
        answer = visitor.get(f"/result/{token}/{path}")
        assert answer.url.path.startswith(f"/vi/form/{token}")
    assert visitor.get("/result/AAAAAAAAAAAAAAAAAAAAAA/sheet.pdf").status_code == 404


def sheet(visitor, token):
    """Return the text of the sheet, and its pages."""
    answer = visitor.get(f"/result/{token}/sheet.pdf")
    assert answer.headers["content-type"] == "application/pdf"
    pages = list(pypdf.PdfReader(io.BytesIO(answer.content)).pages)
    return " ".join(" ".join(page.extract_text() for page in pages).split()), pages


def test_the_sheet_holds_the_link_once_and_every_diacritic(visitor, result):
    token, _ = result
    text, pages = sheet(visitor, token)
    assert unicodedata.is_normalized("NFC", text)
    for part in (
        "Hộ kinh doanh của bạn đang ở mức 1 trên 5: Khởi động",
        "Sổ sách, hoá đơn và thuế",
        "Lộ trình của bạn",
        "Danh mục nền tảng mang tính minh hoạ",
        f"/vi/result/{token}",
    ):
        assert part in text
    assert [len(page.images) for page in pages] == [1, *[0] * (len(pages) - 1)]


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("owner", OWNERS, ids=lambda owner: owner["sector"])
def test_the_sheet_holds_all_steps_duties_support_and_platforms_on_one_page(
    visitor, language, owner
):
    visitor.language = language
    token, result = visitor.fill(owner)
    text, pages = sheet(visitor, token)
    assert len(pages) == 1
    assert missing(result, text) == []
    assert not re.search(r"\)\s*\(|\([^()]*\(", text)


def test_what_would_be_too_small_on_one_page_goes_on_to_the_next(visitor, result, monkeypatch):
    monkeypatch.setattr(sys.modules["service.web.result.sheet"], "SCALES", (1.6, 1.5))
    token, _ = result
    text, pages = sheet(visitor, token)
    assert len(pages) == 2
    assert missing(visitor.get(f"/result/{token}"), text) == []


def missing(result, text):
    """Return what the page of a result tells and the text of its sheet does not."""
    told = [
        *re.findall(r'id="duty-[^"]*">\s*<p>(.*?)</p>', result.text),
        *re.findall(r'id="support-[^"]*">\s*<h3>(.*?)</h3>', result.text),
        *re.findall(r'<p class="support-note">(.*?)</p>', result.text),
        *re.findall(r'<p class="fine since-when">(.*?)</p>', result.text),
        *re.findall(r'<span class="rank">\d</span> (.*?)</h3>', result.text),
        *re.findall(r'<li value="\d+"><strong>(.*?)</strong>', result.text),
    ]
    assert len(told) > 12
    return [part for part in told if html.unescape(part) not in text]


def test_the_font_of_the_sheet_has_every_letter_of_vietnamese(visitor, result):
    from fontTools.ttLib import TTFont

    from service.web.result.sheet import fonts

    letters = "aăâeêioôơuưy"
    tones = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
    needed = {unicodedata.normalize("NFC", each + tone) for each in letters for tone in tones}
    needed |= {each.upper() for each in needed} | {"đ", "Đ", "₫", "·", "–"}
    for name in ("DejaVuSans", "DejaVuSans-Bold"):
        known = TTFont(fonts() / f"{name}.ttf").getBestCmap()
        assert [each for each in needed if ord(each) not in known] == []
