"""Numbers below a thousand that are spelled out in Vietnamese: "hai trăm năm mươi", "mười lăm"."""

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


def with_digits(plain: str) -> str:
    """Return a text with digits in place of the numbers that are spelled out in it.

    "hai tram nam muoi trieu" becomes "250 trieu", "nua ty" becomes "0.5 ty". Words that make no
    number stay as they are.

    Args:
        plain: Lower case, without diacritics.
    """
    out: list[str] = []
    run: list[str] = []
    for word in [*plain.split(), ""]:
        if word in _WORDS or (word == _HALF and run[-1:] == ["tram"]):
            run.append(word)
            continue
        value = _value(run)
        out += run if value is None else [str(value)]
        run = []
        out.append("0.5" if word == "nua" else word)
    return " ".join(out).strip()


def _value(words: list[str]) -> int | None:
    for name, scale in _SCALES.items():
        if name not in words:
            continue
        at = words.index(name)
        count = _value(words[:at]) if at else 1
        rest = _rest(words[at + 1 :], scale)
        if count is None or rest is None or not 0 < count < 10 or rest >= scale:
            return None
        return count * scale + rest
    return _DIGITS.get(words[0]) if len(words) == 1 else None


def _rest(words: list[str], scale: int) -> int | None:
    """Read what follows hundreds or tens: nothing, "linh năm", "rưỡi", "lăm"."""
    if not words:
        return 0
    if scale == 100 and words == [_HALF]:
        return 50
    return _value(words[1:] if words[0] in _BETWEEN else words)
