"""Words as people type them: with or without diacritics and capitals, and with small mistakes."""

import re
import unicodedata
from collections.abc import Iterable

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[0-9]+")
_MARKS = "[\u0300-\u036f]*"
_MARKED_WORD = re.compile(
    f"(?:[A-Z]{_MARKS})+(?![a-z])|(?:[A-Z]{_MARKS})?(?:[a-z]{_MARKS})+|[0-9]+"
)
_TONE = re.compile("[\u0300\u0301\u0303\u0309\u0323]")
_STROKE = str.maketrans({"đ": "d\u0335", "Đ": "D\u0335"})

SHORTEST_MISSPELT = 4
"""Shorter words are too much like one another to guess which one was meant."""


def plain(text: str) -> str:
    """Return text without diacritics and capitals, for ordering and searching."""
    return _without_diacritics(text).lower()


def plain_words(text: str) -> list[str]:
    """Return the plain words of a text; names are taken apart: KiotViet is kiot, viet."""
    return [word.lower() for word in _WORD.findall(_without_diacritics(text))]


def marked_words(text: str) -> list[str]:
    """Return the words of a text, taken apart as `plain_words` does, each with its diacritics.

    The tone stands before each: people differ on its place (hoá is hóa), and thuê does not begin
    thuế.
    """
    found = _MARKED_WORD.findall(unicodedata.normalize("NFD", text.translate(_STROKE)))
    return ["".join(_TONE.findall(word)) + _without_tone(word.lower()) for word in found]


class Misspellings:
    """Finds the known words that differ from what was typed by one sign.

    One sign is missing, is too much, is another one, or has changed places with the next. Words
    that differ so have a text in common that lacks one sign of each (the idea of SymSpell).
    """

    def __init__(self, known: Iterable[str]) -> None:
        self._by_rest: dict[str, set[str]] = {}
        for word in known:
            if len(word) >= SHORTEST_MISSPELT:
                for rest in _rests(word):
                    self._by_rest.setdefault(rest, set()).add(word)

    def like(self, typed: str) -> list[str]:
        """Return the known words that may have been meant, in order of the alphabet."""
        if len(typed) < SHORTEST_MISSPELT:
            return []
        near = set().union(*(self._by_rest.get(rest, ()) for rest in _rests(typed)))
        return sorted(word for word in near if abs(len(word) - len(typed)) <= 1)


def _without_diacritics(text: str) -> str:
    latin = text.replace("đ", "d").replace("Đ", "D")
    decomposed = unicodedata.normalize("NFKD", latin)
    return "".join(sign for sign in decomposed if not unicodedata.combining(sign))


def _without_tone(decomposed: str) -> str:
    return unicodedata.normalize("NFC", _TONE.sub("", decomposed))


def _rests(word: str) -> set[str]:
    """Return a word, and what is left of it without each of its signs."""
    return {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}
