"""Numbers below a thousand that are spelled out: "hai trăm năm mươi", "mười lăm", "twenty-five"."""

import re

_DIGITS = {
    "khong": 0,
    "mot": 1,
    "hai": 2,
    "ba": 3,
    "bon": 4,
    "tu": 4,
    "nam": 5,
    "lam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    **{str(digit): digit for digit in range(1, 10)},
}
_SCALES = {"tram": 100, "muoi": 10, "chuc": 10}
_BETWEEN = ("linh", "le")
_HALF = "ruoi"
_WORDS = frozenset({*_DIGITS, *_SCALES, *_BETWEEN})

_SPELLED = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen"
    " sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety"
)
_ONES, _TENS = _SPELLED.split()[:20], _SPELLED.split()[20:]


def with_digits(plain: str) -> str:
    """Return a text with digits in place of the numbers that are spelled out in it.

    "hai tram nam muoi trieu" becomes "250 trieu", "nua ty" becomes "0.5 ty", "two and a half
    billion" becomes "2.5 billion". Words that make no number stay as they are.

    Args:
        plain: Lower case, without diacritics.
    """
    plain = re.sub(r"(?<=[a-z])-(?=[a-z])", " ", plain)
    plain = re.sub(r"\bhalf an?\b", "nua", plain)
    plain = re.sub(r"\ban? (?=hundred|thousand|million|billion)", "one ", plain)
    out: list[str] = []
    run: list[str] = []
    for word in [*plain.split(), ""]:
        if word in _WORDS or word in _ENGLISH_WORDS or _goes_on(run, word):
            run.append(word)
            continue
        value = _value(run)
        out += run if value is None else [str(value)]
        run = []
        out.append("0.5" if word == "nua" else word)
    return re.sub(r"\b(\d+) and a half\b", r"\1.5", " ".join(out).strip())


def _goes_on(run: list[str], word: str) -> bool:
    """Tell whether a word that is no number by itself is part of one: "trăm rưỡi"."""
    return (word, run[-1:]) in ((_HALF, ["tram"]), ("and", ["hundred"]))


def _value(words: list[str]) -> int | None:
    if words and words[0] in _ENGLISH_WORDS:
        return _ENGLISH.get(" ".join(word for word in words if word != "and"))
    for name, scale in _SCALES.items():
        if name not in words:
            continue
        at = words.index(name)
        count = _value(words[:at]) if at else 1
        rest = _rest(words[at + 1 :], scale)
        if count is None or rest is None or not 0 <= count < 10 or rest >= scale:
            return None
        return count * scale + rest
    return _DIGITS.get(words[0]) if len(words) == 1 else None


def _rest(words: list[str], scale: int) -> int | None:
    """Read what follows hundreds or tens: nothing, "linh năm", "rưỡi", "lăm".

    A digit straight after hundreds counts tens, as people say it: "một trăm tám" are 180,
    "một trăm linh tám" are 108.
    """
    if not words:
        return 0
    if scale == 100 and words == [_HALF]:
        return 50
    if scale == 100 and len(words) == 1 and words[0] in _DIGITS:
        return _DIGITS[words[0]] * 10
    return _value(words[1:] if words[0] in _BETWEEN else words)


def _in_english(number: int) -> str:
    if number < 20:
        return _ONES[number]
    over, rest = divmod(number, 100 if number >= 100 else 10)
    words = f"{_ONES[over]} hundred" if number >= 100 else _TENS[over - 2]
    return f"{words} {_in_english(rest)}" if rest else words


_ENGLISH = {_in_english(number): number for number in range(1000)} | {"hundred": 100}
_ENGLISH_WORDS = frozenset(word for words in _ENGLISH for word in words.split())
