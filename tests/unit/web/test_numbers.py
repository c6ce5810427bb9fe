"""Numbers are read as people write them; what could mean two things is asked again."""

import contextlib
import unicodedata
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
        ("1 mình", 1),
        ("chỉ có tôi", 1),
        ("ba người", 3),
        ("5 nv", 5),
        ("4.", 4),
        ("gia đình 4 người", 4),
        ("one hundred and twenty-one people", 121),
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
        ("hai đến ba người", "several"),
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
        ("một trăm tám triệu", 0.18),
        ("một trăm linh tám triệu", 0.108),
        ("hai trăm năm triệu", 0.25),
        ("một tỷ hai trăm năm mươi triệu", 1.25),
        ("một tỷ không trăm năm mươi triệu", 1.05),
        ("một tỷ hai", 1.2),
        ("hai triệu rưỡi", 0.0025),
        ("triệu rưỡi", 0.0015),
        ("tỷ rưỡi", 1.5),
        ("hơn tỷ hai", 1.2),
        ("1,5 tỷ. ", 1.5),
        ("1 nghìn tỷ", 1000),
        ("1 tỷ và 200 triệu", 1.2),
        ("1 tỷ, 200 triệu", 1.2),
        ("cỡ 300 triệu", 0.3),
        ("mỗi tháng 50 triệu", 0.6),
        ("một tháng được 50 triệu", 0.6),
        ("25tr 1 tháng", 0.3),
        ("tháng 25 triệu", 0.3),
        ("một năm 5 tỷ", 5),
        ("năm tỷ", 5),
        ("1,5 tỷ năm ngoái", 1.5),
        ("VND 200,000,000", 0.2),
        ("50 million VND a month", 0.6),
        ("one billion", 1),
        ("half a billion", 0.5),
        ("two and a half billion", 2.5),
        ("one hundred and eighty million", 0.18),
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
        ("2 tỷ - 3 tỷ", "several"),
        ("2 tỷ đến 3 tỷ", "several"),
        ("dưới 1 tỷ", "several"),
        ("$4 million", "currency"),
        ("4000 USD", "currency"),
        ("20tr/tuần", "per_day"),
        ("tỷ", "not_a_number"),
        ("1 tỷ lẻ năm", "not_a_number"),
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


DIGITS = ("một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
ONES = ("", *DIGITS)
TENS = ("", "mười", *(f"{digit} mươi" for digit in DIGITS[1:]))


def spelled(number: int, *, short: bool) -> str:
    """Spell a number below a thousand in Vietnamese; `short` leaves the last "mươi" unsaid."""
    hundreds, below = divmod(number, 100)
    tens, ones = divmod(below, 10)
    if short and hundreds and tens and not ones:
        return f"{ONES[hundreds]} trăm {ONES[tens]}"
    last = "lăm" if ones == 5 and tens else "mốt" if ones == 1 and tens > 1 else ONES[ones]
    words = [f"{ONES[hundreds]} trăm"] if hundreds else []
    words += ["linh"] if hundreds and not tens and ones else []
    return " ".join(word for word in (*words, TENS[tens], last) if word)


@patiently
@given(
    number=st.integers(1, 999),
    short=st.booleans(),
    unit=st.sampled_from([("triệu", 0.001), ("tỷ", 1), ("tỉ đồng", 1)]),
    rough=st.sampled_from(["", "khoảng ", "cỡ ", "gần ", "độ "]),
    period=st.sampled_from(
        [("{}", 1), ("mỗi tháng {}", 12), ("{} 1 tháng", 12), ("{} một năm", 1), ("{}/tháng", 12)]
    ),
    marks=st.booleans(),
    end=st.sampled_from(["", ".", " ", ". "]),
)
def test_spelled_amounts_are_read_with_and_without_diacritics(
    number, short, unit, rough, period, marks, end
):
    text = period[0].format(f"{rough}{spelled(number, short=short)} {unit[0]}") + end
    told = text if marks else without_marks(text)
    assert parse_billions(told, bare_limit=20) == pytest.approx(number * unit[1] * period[1])


def without_marks(text: str) -> str:
    decomposed = unicodedata.normalize("NFD", text.replace("đ", "d"))
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


@patiently
@given(st.text(max_size=60))
def test_any_text_is_read_or_refused(text):
    for read in (parse_count, partial(parse_billions, bare_limit=20)):
        with contextlib.suppress(NumberError):
            assert read(text) >= 0
