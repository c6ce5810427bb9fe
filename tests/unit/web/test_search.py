"""The search finds what people mean: without diacritics, with mistakes, in their own words."""

import csv
from pathlib import Path

import pytest

from service.web.catalogue.finder import Finder
from service.web.catalogue.search import Field, Index
from service.web.spelling import Misspellings, plain, plain_words

QUERIES = Path(__file__).with_name("search_queries.csv")


@pytest.fixture(scope="module")
def finder(reference):
    return Finder(reference)


def queries():
    with QUERIES.open(encoding="utf-8", newline="") as file:
        return [(row["query"], set(row["first"].split("|"))) for row in csv.DictReader(file)]


@pytest.mark.parametrize(("typed", "expected"), queries())
def test_what_people_type_finds_what_they_mean_first(finder, reference, typed, expected):
    found = finder.platforms(typed)
    assert found.keys, typed
    first = reference.platforms[found.keys[0]]
    assert expected & {first.id, first.category}, found.keys[:3]
    assert not found.nearly


def test_the_file_of_queries_names_what_is_there(reference):
    named = set().union(*(expected for _, expected in queries()))
    assert named <= {*reference.platforms, *reference.categories}


@pytest.mark.parametrize(
    ("typed", "as_well"),
    [("quán cà phê", "QUAN CA PHE"), ("chữ ký số", "chu ky so"), ("hóa đơn", "HOÁ ĐƠN")],
)
def test_without_diacritics_and_in_capitals_the_same_is_found(finder, typed, as_well):
    assert set(finder.platforms(typed).keys) == set(finder.platforms(as_well).keys)


def test_diacritics_that_are_typed_count(finder):
    taxes, rents = set(finder.platforms("thuế").keys), set(finder.platforms("thuê").keys)
    assert taxes != rents
    assert taxes | rents <= set(finder.platforms("thue").keys)
    assert finder.hints("thuế") == (("invoices-tax",), ())
    assert "invoices-tax" not in finder.hints("thuê")[0]


def test_a_mark_that_was_typed_wrong_hides_nothing(finder):
    assert finder.platforms("hoá đon").keys == finder.platforms("hoa don").keys


def test_a_short_word_is_not_found_inside_longer_ones(finder, reference):
    for typed in ("phở", "pho"):
        found = [reference.platforms[key].category for key in finder.platforms(typed).keys]
        assert "hotel-tourism" not in found  # not "phòng"
        assert found[0] == "pos-fnb"
    assert finder.hints("phở") == ((), ())
    assert finder.hints("quản lý kho")[0] == ()  # not "không"
    assert "Q" not in finder.hints("lương")[1]


def test_signs_alone_find_nothing(finder):
    assert finder.platforms("😀").keys == ()
    assert finder.hints("😀") == ((), ())


def test_every_platform_is_found_by_its_name(finder, reference):
    for platform in reference.platforms.values():
        assert platform.id in finder.platforms(platform.name).keys[:3], platform.name


def test_without_words_everything_is_found_by_name(finder, reference):
    names = [plain(reference.platforms[key].name) for key in finder.platforms("  ").keys]
    assert len(names) == len(reference.platforms)
    assert names == sorted(names)


def test_a_mistake_is_mended_and_told(finder):
    assert finder.platforms("hao don").instead == "hoá đơn"
    assert finder.platforms("hoa don").instead is None


@pytest.mark.parametrize("typed", ["phong kham", "clinic", "xay dung"])
def test_a_line_of_business_is_not_taken_for_a_mistake(finder, typed):
    found = finder.platforms(typed)
    assert found.instead is None
    assert found.nearly
    assert finder.hints(typed)[1]


def test_nothing_is_made_up_where_nothing_fits(finder):
    assert finder.platforms("xyzzy qwrt").keys == ()


def test_words_hint_at_needs_and_sectors(finder):
    assert finder.hints("hoa don") == (("invoices-tax",), ())
    assert finder.hints("phong kham") == ((), ("Q",))


@pytest.mark.parametrize("typed", ["\x00", "()[]*", "a" * 5000, "đ" * 200, "🙂 hoá đơn", "1 2 3"])
def test_anything_can_be_typed(finder, typed):
    finder.platforms(typed)
    finder.hints(typed)


def test_what_weighs_more_comes_first_then_what_stands_first():
    index = Index(
        {
            "summary": [Field(1, ["rice"])],
            "name": [Field(9, ["rice"])],
            "other": [Field(1, ["rice"])],
        }
    )
    assert index.find("rice").keys == ("name", "summary", "other")


def test_a_text_as_it_stands_comes_before_its_words_elsewhere():
    index = Index(
        {
            "far": [Field(3, ["stock of a shop", "count the stock"])],
            "same": [Field(3, ["count shop stock", "a stock of other things in a shop"])],
        }
    )
    assert index.find("count shop stock").keys[0] == "same"


def test_an_unfinished_word_is_enough():
    index = Index({"a": [Field(1, ["accounting"])], "b": [Field(1, ["cloud"])]})
    assert index.find("acco").keys == ("a",)
    assert index.find("clou").keys == ("b",)
    assert index.find("acc").keys == ()


@pytest.mark.parametrize("typed", ["hoadn", "hoaddon", "hosdon", "hoadno"])
def test_one_sign_may_be_wrong(typed):
    assert Misspellings(["hoadon", "khachsan"]).like(typed) == ["hoadon"]


@pytest.mark.parametrize("typed", ["hdon", "don", "khach", "haodno"])
def test_two_signs_may_not(typed):
    assert Misspellings(["hoadon", "khachsan", "dan"]).like(typed) == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("KiotViet", ["kiot", "viet"]),
        ("MISA eShop", ["misa", "e", "shop"]),
        ("Hoá đơn Đỏ", ["hoa", "don", "do"]),
        ("GHTK 24/7", ["ghtk", "24", "7"]),
    ],
)
def test_words_are_plain_and_names_taken_apart(text, words):
    assert plain_words(text) == words
