"""Numbers as people write them: "1,5 tỷ", "200 triệu", "1.200", "about 10 people"."""

import re
import unicodedata
from decimal import Decimal
from typing import Literal

from service.web.i18n import Language

Trouble = Literal["not_a_number", "not_whole", "two_readings", "which_unit", "too_large"]

MILLION, BILLION = Decimal(10) ** 6, Decimal(10) ** 9
MAX_PEOPLE = 500_000
MAX_BILLIONS = Decimal(1_000_000)

_UNITS = {
    **dict.fromkeys(("ty", "ti", "billion", "bn", "b"), BILLION),
    **dict.fromkeys(("trieu", "tr", "million", "mn", "m", "mil", "cu"), MILLION),
    **dict.fromkeys(("nghin", "ngan", "thousand", "k"), Decimal(1000)),
    **dict.fromkeys(("dong", "vnd", "d"), Decimal(1)),
}
_BEFORE = re.compile(r"^(?:~|khoang|tam|chung|gan|hon|about|around|roughly|nearly|over)\s*")
_AFTER_MONEY = re.compile(r"\s*(?:dong|vnd|d)?\s*(?:(?:/|mot|moi|a|per)\s*(?:nam|year))?$")
_AFTER_PEOPLE = re.compile(r"\s*(?:nguoi|nhan vien|lao dong|people|persons?|staff|employees)$")
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
    plain = _AFTER_PEOPLE.sub("", _plain(text))
    if not (part := _PART.fullmatch(plain)) or part[2]:
        raise NumberError("not_a_number")
    value = _readings(part[1])[0]
    if value != value.to_integral_value():
        raise NumberError("not_whole")
    if value > MAX_PEOPLE:
        raise NumberError("too_large")
    return int(value)


def parse_billions(text: str, *, bare_limit: int) -> float:
    """Read an amount of money in billions of VND.

    A number without a unit is billions, as the question says; from a million upwards it can only
    be VND. In between it is asked again, because 500 is more often 500 million than 500 billion.

    Args:
        text: What was typed.
        bare_limit: The largest number that is believed to be billions without being told so.

    Raises:
        NumberError: It is not one amount between 0 and 1,000,000 billion.
    """
    plain = _plain(text)
    parts = _split(plain) or _split(_AFTER_MONEY.sub("", plain))
    if not parts:
        raise NumberError("not_a_number")
    if len(parts) == 1 and not parts[0][1]:
        amount = _bare(_readings(parts[0][0]), bare_limit)
    else:
        amount = _with_units(parts)
    if amount > MAX_BILLIONS * BILLION:
        raise NumberError("too_large")
    return float(amount / BILLION)


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
    """Add up "1 tỷ 500 triệu"; of two readings only billions leave a doubt."""
    amount, last = Decimal(0), MAX_BILLIONS * BILLION
    for digits, unit in parts:
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


def _split(plain: str) -> list[tuple[str, str]]:
    """Split "1 ty 500 trieu" into numbers and units; empty where anything else stands there."""
    half = re.sub(r"\bruoi\b", "0ruoi", plain)
    parts = [(part[1], part[2]) for part in _PART.finditer(half)]
    rest = _PART.sub("", half)
    return [] if rest.strip() or any(not unit for _, unit in parts[1:]) else parts


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
    """Lower the case, drop the diacritics, join the groups of "1 500 000"."""
    decomposed = unicodedata.normalize("NFKD", text.lower().replace("đ", "d").replace("₫", "d"))
    plain = "".join(sign for sign in decomposed if not unicodedata.combining(sign))
    plain = _BEFORE.sub("", " ".join(plain.split()))
    return re.sub(r"(?<![\d.,])(\d{1,3})((?: \d{3})+)(?!\d)", _join, plain)


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
            "Is it %(amount)s million or %(amount)s billion? Write the word million or billion.",
            amount=language.number(float(error.readings[0]), 3),
        )
    if error.trouble == "two_readings":
        first, second = (language.number(float(reading), 3) for reading in error.readings)
        return _(
            "This can be read as %(first)s or as %(second)s. Write it as, for example, 1.5 billion"
            " or 1500 million.",
            first=first,
            second=second,
        )
    if error.trouble == "not_whole":
        return _("Count whole people, for example 3.")
    if error.trouble == "too_large":
        return _("This number is too large. Check it and write it again.")
    if kind == "money":
        return _("Write an amount, for example 1.5 billion or 200 million.")
    return _("Write a number, for example 3.")
