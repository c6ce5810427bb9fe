"""The catalogue can be searched and filtered, and says of each platform where it comes from."""

import re

import pytest

from service.web.catalogue.platform_view import similar, view_platform
from service.web.i18n import LANGUAGES

ROW = re.compile(r'<li>\s*<a href="/\w\w/platforms/([\w-]+)">')


def listed(visitor, query=""):
    """Return the ids of the platforms on the page, in order."""
    answer = visitor.get(f"/platforms{query}")
    assert answer.status_code == 200
    return ROW.findall(answer.text)


def test_without_a_question_every_platform_stands_there_once(visitor, reference):
    found = listed(visitor)
    assert sorted(found) == sorted(reference.platforms)


def test_words_without_diacritics_find_the_best_first(visitor, reference):
    first = listed(visitor, "?q=hoa+don+dien+tu")[0]
    assert reference.platforms[first].category == "e-invoice"


def test_what_was_typed_and_chosen_stays_in_the_form(visitor):
    page = visitor.get("/platforms?q=nha+hang&need=shop-floor&sector=I56").text
    assert 'value="nha hang"' in page
    assert 'value="shop-floor" selected' in page
    assert 'value="I56" selected' in page


def test_each_filter_keeps_what_fits(visitor, reference):
    platforms = reference.platforms
    for code in listed(visitor, "?need=get-paid"):
        assert platforms[code].category in reference.needs["get-paid"].categories
    for code in listed(visitor, "?sector=A"):
        assert not platforms[code].sectors or "A" in platforms[code].sectors
    for code in listed(visitor, "?size=household"):
        assert not platforms[code].sizes or "household" in platforms[code].sizes
    both = listed(visitor, "?sector=I56&size=household&category=pos-fnb")
    assert both
    assert {platforms[code].category for code in both} == {"pos-fnb"}


@pytest.mark.parametrize("query", ["", "?q=hoa+don", "?sector=I56", "?need=get-paid&size=large"])
def test_an_option_tells_how_many_it_would_leave(visitor, query):
    page = visitor.get(f"/platforms{query}").text
    select = re.search(r'<select id="category".*?</select>', page, re.S).group()
    told = {
        code: int(count)
        for code, count in re.findall(r'value="([\w-]+)"[^>]*>[^<]*? · (\d+)<', select)
    }
    assert len(told) == 26
    joint = "&" if query else "?"
    for code in ("e-invoice", "payments", "pos-fnb", "cloud"):
        assert len(listed(visitor, f"{query}{joint}category={code}")) == told[code]


def test_what_is_made_for_a_sector_stands_first_on_its_shelf(visitor, reference):
    found = listed(visitor, "?sector=I56&category=pos-retail")
    special = ["I56" in reference.platforms[code].sectors for code in found]
    assert special == sorted(special, reverse=True)


def test_a_filter_is_taken_off_by_its_link(visitor):
    page = visitor.get("/platforms?q=pos&sector=I56&size=household").text
    assert 'href="/vi/platforms?q=pos&amp;size=household"' in page
    assert 'href="/vi/platforms?q=pos&amp;sector=I56"' in page


def test_a_mistake_is_mended_and_the_page_says_so(visitor):
    page = visitor.get("/platforms?q=hao+don").text
    assert "cho “hoá đơn”" in page


def test_words_lead_to_the_line_of_business_that_they_mean(visitor):
    page = visitor.get("/platforms?q=phong+kham").text
    assert "Không có nền tảng nào khớp hết" in page
    assert 'href="/vi/platforms?sector=Q"' in page


def test_nothing_found_says_what_to_do(visitor):
    page = visitor.get("/platforms?q=xyzzy").text
    assert "Không tìm thấy." in page
    assert "Hãy thử ít từ hơn" in page


@pytest.mark.parametrize(
    "query", ["q=%FF%FE", "q=" + "a" * 5000, "category=no-such", "q=%00", "sector=%3Cb%3E&size=x"]
)
def test_any_query_is_answered(visitor, query):
    assert visitor.get(f"/platforms?{query}").status_code in (200, 400)


def test_a_code_that_no_table_knows_is_left_aside(visitor, reference):
    assert len(listed(visitor, "?category=no-such&need=nor-this")) == len(reference.platforms)


def test_every_platform_has_a_page_in_both_languages(visitor, reference):
    for locale in ("vi", "en"):
        visitor.language = locale
        for platform in reference.platforms.values():
            page = visitor.get(f"/platforms/{platform.id}")
            assert page.status_code == 200, platform.id


def test_a_platform_without_a_source_says_so(visitor):
    assert "chưa có nguồn công khai" in visitor.get("/platforms/tendoo").text
    assert "chưa có nguồn công khai" not in visitor.get("/platforms/misa-cukcuk").text


def test_a_source_is_named_with_its_date_and_can_be_followed(visitor):
    page = visitor.get("/platforms/misa-meinvoice").text
    assert "Nguồn: 23/06/2020." in page
    assert '<a href="http://help.esign.vn/' in page
    assert "Danh mục được lập ngày 23/11/2026" in page
    assert "Nguồn không ghi ngày." in visitor.get("/platforms/misa-cukcuk").text


def test_a_duty_that_the_platform_helps_to_meet_is_told_with_its_date(visitor):
    page = visitor.get("/platforms/misa-meinvoice").text
    assert "Quy định mà nền tảng này giúp thực hiện" in page
    assert "Có hiệu lực từ 01/06/2025." in page
    assert "chưa đối chiếu với văn bản pháp luật" in page
    assert "Quy định mà" not in visitor.get("/platforms/fpt-cloud").text


def test_support_says_for_whom_and_the_most_it_pays(visitor):
    visitor.language = "en"
    page = " ".join(visitor.get("/platforms/misa-cukcuk").text.split())
    assert (
        "Enterprise; micro: <strong>at most 20 million VND a year, at most 50% of the cost" in page
    )
    assert "At most 49 people: <strong>at most 100% of the cost, for 3–6 months" in page
    assert "consultancy" not in page


def test_support_for_other_sizes_is_not_told(reference):
    small = reference.platforms["kiotviet-einvoice"]
    assert set(small.sizes) == {"household", "micro", "small"}
    view = view_platform(small, reference, LANGUAGES["en"])
    offers = {chance.offer.scheme_id for chances in view.schemes.values() for chance in chances}
    assert "decree-80-solution-small" in offers
    assert "decree-80-solution-medium" not in offers


def test_others_of_the_kind_are_those_for_the_same_businesses_first(reference):
    told = 0
    for platform in reference.platforms.values():
        others = similar(platform, reference)
        assert {other.category for other in others} <= {platform.category}
        assert platform not in others
        whom = (set(platform.sectors), set(platform.sizes))
        same = [(set(other.sectors), set(other.sizes)) == whom for other in others]
        assert same == sorted(same, reverse=True)
        told += any(same) and not all(same)
    assert told > 5


def test_an_unknown_platform_is_not_found(visitor):
    assert visitor.get("/platforms/no-such").status_code == 404


def test_the_way_of_ranking_its_rules_and_its_sources_are_open(visitor, reference):
    page = visitor.get("/about").text
    assert "Không ai có thể trả tiền để được xếp cao hơn" in page
    for source in reference.sources.values():
        assert source.title_vi in page
        assert source.provenance_vi in page
    rules = reference.rules
    percent = LANGUAGES["vi"].percent
    for share in (*rules.need_boost.values(), max(rules.duty_boost.values())):
        assert f"{percent(share)} điểm cao nhất" in page
    assert f"còn giữ {percent(rules.category_repeat_discount)} số điểm" in page


def test_before_the_first_model_the_page_says_so(visitor):
    page = visitor.get("/about").text
    assert "chưa có mô hình nào được huấn luyện" in page
    assert "Cách xếp hạng" not in page


@pytest.mark.parametrize("path", ["/", "/about", "/platforms?q=pos", "/platforms/misa-cukcuk"])
def test_every_page_leads_to_itself_in_the_other_language(visitor, path):
    assert f'href="/en{path}"' in visitor.get(path).text


def test_a_source_in_words_is_told_in_the_readers_language(visitor):
    for language, told in (("vi", "tài liệu của Odoo"), ("en", "Odoo documentation")):
        visitor.language = language
        assert told in visitor.get("/platforms/viettel-sinvoice").text


JARGON = re.compile(
    r"\b(SDKs?|APIs?|POS|ERP|CRM|CDN|OTP|SaaS|SMEs|TMĐT|PMS|omnichannel|gateway|kit|modules?"
    r"|reconciliation|endpoint|hạ tầng|phân hệ|đối soát|tài khoản ảo|đa kênh|máy trạm|tác vụ)\b",
    re.IGNORECASE,
)


def test_what_a_platform_does_is_told_in_words_of_a_shop_owner(reference):
    told = [f"{p.summary_vi} | {p.summary_en}" for p in reference.platforms.values()]
    assert [text for text in told if JARGON.search(text)] == []
