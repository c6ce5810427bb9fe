"""The catalogue can be browsed and searched without diacritics, and says where it comes from."""

import pytest

from service.web.catalogue.platforms import find_platforms


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("nha hang quan ca phe", "misa-cukcuk"),
        ("NHÀ HÀNG", "misa-cukcuk"),
        ("restaurant misa", "misa-cukcuk"),
        ("hoa don dien tu viettel", "viettel-sinvoice"),
        ("vo so", "voso"),
        ("Giao hàng tiết kiệm", "ghtk"),
    ],
)
def test_search_ignores_diacritics_and_capitals(reference, words, found):
    assert found in {platform.id for platform in find_platforms(reference, "", words)}


def test_no_words_find_everything(reference):
    assert len(find_platforms(reference, "", "  ")) == len(reference.platforms)


def test_a_category_limits_the_list(reference):
    found = find_platforms(reference, "pos-fnb", "")
    assert {platform.category for platform in found} == {"pos-fnb"}


def test_the_page_shows_what_was_looked_for(visitor):
    page = visitor.get("/platforms?q=nha+hang&category=pos-fnb").text
    assert 'value="nha hang"' in page
    assert 'value="pos-fnb" selected' in page
    assert "/vi/platforms/misa-cukcuk" in page
    assert "/vi/platforms/misa-amis" not in page


def test_nothing_found_says_what_to_do(visitor):
    assert "Không tìm thấy" in visitor.get("/platforms?q=xyzzy").text


@pytest.mark.parametrize("query", ["q=%FF%FE", "q=" + "a" * 5000, "category=no-such", "q=%00"])
def test_any_query_is_answered(visitor, query):
    assert visitor.get(f"/platforms?{query}").status_code in (200, 400)


def test_every_platform_has_a_page_in_both_languages(visitor, reference):
    for locale in ("vi", "en"):
        visitor.language = locale
        for platform in reference.platforms.values():
            page = visitor.get(f"/platforms/{platform.id}")
            assert page.status_code == 200, platform.id


def test_a_platform_without_a_source_says_so(visitor):
    assert "chưa có nguồn công khai" in visitor.get("/platforms/tendoo").text
    assert "chưa có nguồn công khai" not in visitor.get("/platforms/misa-cukcuk").text


def test_the_way_of_ranking_and_its_sources_are_open(visitor, reference):
    page = visitor.get("/about").text
    assert "Không ai có thể trả tiền để được xếp cao hơn" in page
    for source in reference.sources.values():
        assert source.title_vi in page


@pytest.mark.parametrize("path", ["/", "/about", "/platforms?q=pos", "/platforms/misa-cukcuk"])
def test_every_page_leads_to_itself_in_the_other_language(visitor, path):
    assert f'href="/en{path}"' in visitor.get(path).text
