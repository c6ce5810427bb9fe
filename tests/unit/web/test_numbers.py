"""Numbers are read as people write them; what could mean two things is asked again."""

import contextlib
from functools import partial

import pytest
from babel.numbers import format_decimal
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.web.questionnaire.numbers import NumberError, parse_billions, parse_count

patiently = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


@pytest.mark.parametrize(
    ("text", "people"),
    [
        ("6", 6),
        ("0", 0),
        (" 12 ", 12),
        ("1.200", 1200),
        ("1,200", 1200),
        ("1 200", 1200),
        ("khoảng 10 người", 10),
        ("about 10 people", 10),
        ("3,0", 3),
        ("２０", 20),
        ("một", 1),
        ("hai vợ chồng", 2),
        ("mười lăm", 15),
        ("hai mươi người làm", 20),
        ("tám người", 8),
        ("tầm 8 người", 8),
        ("chỉ mình tôi", 1),
        ("một mình", 1),
    ],
)
def test_people_are_counted(text, people):
    assert parse_count(text) == people


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "not_a_number"),
        ("vài", "not_a_number"),
        ("-3", "not_a_number"),
        ("5-10", "several"),
        ("5 đến 10 người", "several"),
        ("dưới 10", "several"),
        ("1e5", "not_a_number"),
        ("1.2.3", "not_a_number"),
        ("1,5", "not_whole"),
        ("500001", "too_large"),
        ("9" * 150, "too_large"),
    ],
)
def test_what_is_no_number_of_people_is_refused(text, trouble):
    with pytest.raises(NumberError) as caught:
        parse_count(text)
    assert caught.value.trouble == trouble


@pytest.mark.parametrize(
    ("text", "billions"),
    [
        ("1,5", 1.5),
        ("1.5", 1.5),
        ("1,5 tỷ", 1.5),
        ("1.5 ty", 1.5),
        ("2 tỉ đồng", 2),
        ("200 triệu", 0.2),
        ("200tr", 0.2),
        ("1.200 triệu", 1.2),
        ("1,200 million", 1.2),
        ("1.234,5 triệu", 1.2345),
        ("1 tỷ 500 triệu", 1.5),
        ("1tỷ500tr", 1.5),
        ("1 tỷ rưỡi", 1.5),
        ("1.500.000.000", 1.5),
        ("1 500 000 000 đ", 1.5),
        ("800000000", 0.8),
        ("khoảng 500 triệu đồng một năm", 0.5),
        ("about 3 billion VND", 3),
        ("0,500", 0.5),
        ("1 tỷ 2", 1.2),
        ("1 tỷ 250", 1.25),
        ("1 tỷ 500", 1.5),
        ("2tr5", 0.0025),
        ("hai trăm năm mươi triệu", 0.25),
        ("hai trăm rưỡi triệu", 0.25),
        ("nửa tỷ", 0.5),
        ("mười tỷ", 10),
        ("50 triệu một tháng", 0.6),
        ("50tr/tháng", 0.6),
        ("600 triệu mỗi năm", 0.6),
        ("tầm 500 triệu", 0.5),
        ("trên 1 tỷ", 1),
        ("0", 0),
    ],
)
def test_money_is_read_in_billions(text, billions):
    assert parse_billions(text, bare_limit=20) == pytest.approx(billions)


@pytest.mark.parametrize(
    ("text", "trouble"),
    [
        ("", "not_a_number"),
        ("nhiều", "not_a_number"),
        ("rưỡi", "not_a_number"),
        ("-1 tỷ", "not_a_number"),
        ("1-2 tỷ", "several"),
        ("dưới 1 tỷ", "several"),
        ("5 triệu 1 tỷ", "not_a_number"),
        ("1 tỷ 5000", "not_a_number"),
        ("1 tỷ 25", "two_readings"),
        ("2 triệu một ngày", "per_day"),
        ("500", "which_unit"),
        ("21", "which_unit"),
        ("1.500", "two_readings"),
        ("1,250 tỷ", "two_readings"),
        ("2000000 tỷ", "too_large"),
        ("9" * 150, "too_large"),
    ],
)
def test_unclear_money_is_asked_again(text, trouble):
    with pytest.raises(NumberError) as caught:
        parse_billions(text, bare_limit=20)
    assert caught.value.trouble == trouble


def test_a_larger_business_may_write_more_billions_without_the_word():
    assert parse_billions("150", bare_limit=300) == 150


@patiently
@given(st.integers(0, 500_000), st.sampled_from(["vi", "en"]))
def test_a_formatted_count_reads_back(people, locale):
    assert parse_count(format_decimal(people, locale=locale)) == people


@patiently
@given(
    st.decimals(0, 999, places=2, allow_nan=False, allow_infinity=False),
    st.sampled_from([("vi", "tỷ"), ("en", "billion")]),
)
def test_a_formatted_amount_in_billions_reads_back(amount, words):
    locale, unit = words
    text = f"{format_decimal(amount, '#,##0.##', locale=locale)} {unit}"
    assert parse_billions(text, bare_limit=20) == pytest.approx(float(amount))


@patiently
@given(st.integers(0, 999_999), st.sampled_from([("vi", "triệu"), ("en", "million")]))
def test_a_formatted_amount_in_millions_reads_back(amount, words):
    locale, unit = words
    text = f"{format_decimal(amount, locale=locale)} {unit}"
    assert parse_billions(text, bare_limit=20) == pytest.approx(amount / 1000)


@patiently
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (parse_count, partial(parse_billions, bare_limit=20)):
        with contextlib.suppress(NumberError):
            assert read(text) >= 0
