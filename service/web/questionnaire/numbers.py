"""Numbers as people write them: "1,5 tỷ", "1 tỷ 2", "hai trăm triệu", "50 triệu một tháng"."""

import re
import unicodedata
from decimal import Decimal
from typing import Literal

from service.web.i18n import Language
from service.web.questionnaire.number_words import with_digits

Trouble = Literal[
    "not_a_number",
    "not_whole",
    "several",
    "per_day",
    "two_readings",
    "which_unit",
    "currency",
    "too_large",
]

MILLION, BILLION = Decimal(10) ** 6, Decimal(10) ** 9
MAX_PEOPLE = 500_000
MAX_BILLIONS = Decimal(1_000_000)

_UNITS = {
    **dict.fromkeys(("nghinty", "trillion"), 1000 * BILLION),
    **dict.fromkeys(("ty", "ti", "billion", "bn", "b"), BILLION),
    **dict.fromkeys(("trieu", "tr", "million", "mn", "m", "mil", "cu"), MILLION),
    **dict.fromkeys(("nghin", "ngan", "thousand", "k"), Decimal(1000)),
    **dict.fromkeys(("dong", "vnd", "d"), Decimal(1)),
}
_THOUSAND_BILLIONS = re.compile(r"(?:\b|(?<=\d))(?:nghin|ngan) ?t[yi]\b")
_ONE_LEFT_OUT = re.compile(r"^(?=(?:ty|ti|trieu|nghin|ngan) (?:\d|ruoi\b))")
_BEFORE = re.compile(
    r"^(?:(?:~|khoang|tam(?= ?\d)|chung|co|do|uoc|uoc tinh|xap xi|dung|gan|hon|tren|tong|tong cong"
    r"|ca nha|gia dinh|about|around|roughly|nearly|over|vnd|dong)(?![a-z])\s*)+"
)
_OF_A_YEAR = re.compile(r"\s*\b(?:nam (?:ngoai|truoc|qua|20\d\d)|last year)$")
_EACH = r"(?:mot|moi|hang|an?|per|each|every|1)"
_LENGTH = (
    r"(?:(?P<year>nam|year)|(?P<month>thang|month)"
    r"|(?P<other>ngay|day|tuan|week|quy|quarter))"
)
_PERIOD = re.compile(rf"\s*(?:/\s*1?|\b{_EACH}\b)\s*{_LENGTH}$")
_PERIOD_FIRST = re.compile(rf"^(?:{_EACH}\s+{_LENGTH}|(?P<alone>thang))\b[\s:]*(?:duoc\s+)?")
_CURRENCY = re.compile(r"\s*(?:dong|vnd|d)$")
_FOREIGN = re.compile(r"[$€£¥]|\b(?:usd|eur|do la|dollars?|euros?)\b")
_AFTER_PEOPLE = re.compile(
    r"\s*(?:nguoi|nguoi lon|nhan vien|nhan cong|nv|ng|lao dong|cong nhan|tho|thanh vien|vo chong|vc"
    r"|anh em|chi em|me con|people|persons?|staff|employees|workers?)(?: (?:lam|nha))?$"
)
_SEVERAL = re.compile(
    r"\d[a-z ]*(?:-|–|\b(?:den|toi|to|hoac|or)\b)\s*\d|^(?:<|duoi\b|under\b|it hon\b|less than\b)"
)
_ALONE = re.compile(
    r"(?:chi )?(?:co )?(?:(?:mot |1 )?minh(?: toi| minh)?|(?:mot |1 )?minh|toi)"
    r"|(?:only |just )me|me|myself|alone"
)
_PART = re.compile(r"(\d[\d.,]*|[.,]\d+)\s*([a-z]*)")
_GROUPS = re.compile(r"\d+|\d{1,3}(?:\.\d{3}){2,}|\d{1,3}(?:,\d{3}){2,}")
_GROUPS_AND_FRACTION = re.compile(
    r"(?P<whole>\d{1,3}(?:\.\d{3})+(?=,)|\d{1,3}(?:,\d{3})+(?=\.))[.,](?P<fraction>\d+)"
)
_ONE_MARK = re.compile(r"(?P<whole>\d*)[.,](?P<tail>\d+)")


class NumberError(ValueError):
    """A text that is no number, or could be several; `readings` are what it could mean."""

    def __init__(self, trouble: Trouble, readings: tuple[Decimal, ...] = ()) -> None:
        super().__init__(trouble)
        self.trouble = trouble
        self.readings = readings


def parse_count(text: str) -> int:
    """Read a number of people.

    Args:
        text: What was typed; a dot or a comma before three digits separates thousands.

    Raises:
        NumberError: It is not one whole number between 0 and 500,000.
    """
    plain = _plain(text)
    if _ALONE.fullmatch(plain):
        return 1
    plain = with_digits(_AFTER_PEOPLE.sub("", plain))
    _refuse_several(plain)
    plain = _BEFORE.sub("", plain)
    if not (part := _PART.fullmatch(plain)) or part[2]:
        raise NumberError("not_a_number")
    value = _readings(part[1])[0]
    if value != value.to_integral_value():
        raise NumberError("not_whole")
    if value > MAX_PEOPLE:
        raise NumberError("too_large")
    return int(value)


def parse_billions(text: str, *, bare_limit: int) -> float:
    """Read an amount of money in billions of VND; what is told of a month counts twelve times.

    A number without a unit is billions, as the question says; from a million upwards it can only
    be VND. In between it is asked again, because 500 is more often 500 million than 500 billion.

    Args:
        text: What was typed.
        bare_limit: The largest number that is believed to be billions without being told so.

    Raises:
        NumberError: It is not one amount between 0 and 1,000,000 billion.
    """
    plain = _OF_A_YEAR.sub("", _plain(text))
    if _FOREIGN.search(plain):
        raise NumberError("currency")
    amount, times = _per_year(_BEFORE.sub("", plain))
    amount = with_digits(amount)
    _refuse_several(amount)
    amount = _ONE_LEFT_OUT.sub("1 ", _BEFORE.sub("", amount))
    amount = _THOUSAND_BILLIONS.sub("nghinty", _joined(amount))
    parts = _split(amount) or _split(_CURRENCY.sub("", amount))
    if not parts:
        raise NumberError("not_a_number")
    if len(parts) == 1 and not parts[0][1]:
        dong = _bare(_readings(parts[0][0]), bare_limit)
    else:
        dong = _with_units(parts)
    dong *= times
    if dong > MAX_BILLIONS * BILLION:
        raise NumberError("too_large")
    return float(dong / BILLION)


def _per_year(plain: str) -> tuple[str, int]:
    """Return the amount without its period, and how often that comes in a year."""
    for pattern in (_PERIOD, _PERIOD_FIRST):
        if not (period := pattern.search(plain)):
            continue
        told = period.groupdict()
        if told["other"]:
            raise NumberError("per_day")
        return pattern.sub("", plain), 12 if told["month"] or told.get("alone") else 1
    return plain, 1


def _joined(amount: str) -> str:
    """Join the parts of an amount: "1 tỷ và 200 triệu", "1 tỷ, 200 triệu"."""
    return re.sub(r"(?<=[a-z])(?:\s*,\s*|\s+(?:va|voi|and|cong)\s+)(?=\d)", " ", amount)


def _bare(readings: tuple[Decimal, ...], bare_limit: int) -> Decimal:
    if len(readings) > 1:
        raise NumberError("two_readings", readings)
    (value,) = readings
    if value >= MILLION:
        return value
    if value > bare_limit:
        raise NumberError("which_unit", readings)
    return value * BILLION


def _with_units(parts: list[tuple[str, str]]) -> Decimal:
    """Add up "1 tỷ 500 triệu"; of two readings only billions leave a doubt.

    A number without a unit at the end goes on with what stands before: "1 tỷ 2" are 1.2 billion,
    "1 tỷ 250" are 1,250 million. "1 tỷ 25" could be either.
    """
    amount, last = Decimal(0), MAX_BILLIONS * BILLION
    for digits, unit in parts:
        if not unit and amount and last and digits.isdigit():
            amount, last = _going_on(amount, digits, last), Decimal(0)
            continue
        if unit == "ruoi" and amount:  # "1 tỷ rưỡi": a billion and a half
            amount, last = amount + last / 2, Decimal(0)
            continue
        if unit not in _UNITS or _UNITS[unit] >= last:
            raise NumberError("not_a_number")
        last = _UNITS[unit]
        readings = _readings(digits)
        if len(readings) > 1 and last == BILLION:
            raise NumberError("two_readings", readings)
        amount += readings[0] * last
    return amount


def _going_on(amount: Decimal, digits: str, unit: Decimal) -> Decimal:
    """Return "1 tỷ 2" as 1.2 billion and "1 tỷ 250" as 1,250 million."""
    if len(digits) == 2:
        tenths, thousandths = (amount + int(digits) * unit / over for over in (100, 1000))
        raise NumberError("two_readings", (tenths / BILLION, thousandths / BILLION))
    if len(digits) > 3:
        raise NumberError("not_a_number")
    return amount + int(digits) * unit / Decimal(10) ** len(digits)


def _split(plain: str) -> list[tuple[str, str]]:
    """Split "1 ty 500 trieu" into numbers and units; empty where anything else stands there."""
    half = re.sub(r"\bruoi\b", "0ruoi", plain)
    parts = [(part[1], part[2]) for part in _PART.finditer(half)]
    rest = _PART.sub("", half)
    return [] if rest.strip() or any(not unit for _, unit in parts[1:-1]) else parts


def _readings(digits: str) -> tuple[Decimal, ...]:
    """Return what a run of digits, dots and commas can mean, groups of thousands first."""
    if _GROUPS.fullmatch(digits):
        return (Decimal(re.sub("[.,]", "", digits)),)
    if match := _GROUPS_AND_FRACTION.fullmatch(digits):
        whole, fraction = match["whole"], match["fraction"]
        return (Decimal(re.sub("[.,]", "", whole) + "." + fraction),)
    if not (match := _ONE_MARK.fullmatch(digits)):
        raise NumberError("not_a_number")
    whole, tail = match["whole"], match["tail"]
    decimal = Decimal(f"{whole or 0}.{tail}")
    if len(tail) == 3 and re.fullmatch(r"[1-9]\d{0,2}", whole):
        return (Decimal(whole + tail), decimal)
    return (decimal,)


def _plain(text: str) -> str:
    """Lower the case, drop diacritics and final punctuation, join the groups of "1 500 000"."""
    text = unicodedata.normalize("NFC", text.lower()).replace("tầm", "khoảng")  # tám is eight
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("₫", "d"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    plain = " ".join(plain.split()).rstrip(" .,;!")
    return re.sub(r"(?<![\d.,])(\d{1,3})((?: \d{3})+)(?!\d)", _join, plain)


def _refuse_several(plain: str) -> None:
    if _SEVERAL.search(plain):
        raise NumberError("several")


def _join(match: re.Match[str]) -> str:
    return match[0].replace(" ", "")


def number_trouble(error: NumberError, kind: str, language: Language) -> str:
    """Say what to write instead of a number that cannot be read.

    Args:
        error: What is wrong with it.
        kind: `"money"` or `"number"`, the kind of the question.
        language: The reader's.
    """
    _ = language.gettext
    if error.trouble == "which_unit":
        return _(
            "Is it %(amount)s million or %(amount)s billion VND? Write the word million or"
            " billion.",
            amount=language.number(float(error.readings[0]), 3),
        )
    if error.trouble == "two_readings":
        first, second = (language.number(float(reading), 3) for reading in error.readings)
        return _(
            "This can be read as %(first)s or as %(second)s. Write it as, for example,"
            " 1.5 billion VND or 1500 million VND.",
            first=first,
            second=second,
        )
    if error.trouble == "several":
        return _("Write one number. A rough figure is enough.")
    if error.trouble == "per_day":
        return _("Write the amount of a month or of a year.")
    if error.trouble == "not_whole":
        return _("Count whole people, for example 3.")
    if error.trouble == "too_large":
        return _("This number is too large. Check it and write it again.")
    if error.trouble == "currency":
        return _(
            "Amounts are in VND. Write it as, for example, 1.5 billion VND or 200 million VND."
        )
    if kind == "money":
        return _("Write an amount, for example 1.5 billion VND or 200 million VND.")
    return _("Write a number, for example 3.")
