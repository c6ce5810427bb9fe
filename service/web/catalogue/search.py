"""Find entries by what people type: in any order, without diacritics, with small mistakes."""

import math
import re
from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from service.web.spelling import SHORTEST_MISSPELT, Misspellings, marked_words, plain_words

Split = Callable[[str], list[str]]
"""Takes a text apart into words, spelt in one way."""

NOISE = (
    "phần mềm|ứng dụng|nền tảng|công cụ|giải pháp|quản lý|cho|và|app|apps|software|tool|tools"
    "|platform|platforms|management|for|and|of|need|want|how"
)
"""What tells nothing of what is looked for: it need not be found."""

MOST_WORDS = 12
"""What is typed behind them is not looked at."""

SHORTEST_BEGINNING = 4
"""Letters from which on a word stands for those that it begins, too; fewer begin too many."""

BEGUN = 0.5
"""What a word counts that is only the beginning of one, as a share."""

TOGETHER = 2.0
"""What two words count that stand beside one another, too: Vietnamese writes by syllable."""

APART = 0.6
"""Share of the best score that something must have which has all the words, by chance or not."""

NEAR = 0.5
"""Share of what was typed that must be found where nothing has it all."""

SIGNS = ".,:;()/"
"""Cut off the ends of words that are shown."""


class Field(NamedTuple):
    """Texts by which an entry is found, and how much it counts to find a word in any of them."""

    weight: float
    texts: Iterable[str]


class Ranked(NamedTuple):
    """An entry, how well it fits, and the share of the words that it has."""

    key: str
    score: float
    share: float


@dataclass(frozen=True)
class Found:
    """What was found.

    Attributes:
        keys: The entries, the best first.
        instead: What was looked for in place of what was typed, as it is spelt right; or None.
        nearly: Whether no entry has all the words, and these have most.
    """

    keys: tuple[str, ...]
    instead: str | None = None
    nearly: bool = False


class Terms:
    """The words of entries in one way of spelling them; never changes once it is made.

    Words, and each two that stand beside one another, written as one, lead to the entries that
    have them: so `hoadon`, `hoá đơn` and `Kiot Viet` are found however they are typed.

    Args:
        entries: The fields of each entry, by its key.
        split: Takes a text apart into its words, spelt in this way.
    """

    def __init__(self, entries: Mapping[str, Sequence[Field]], split: Split) -> None:
        self._split = split
        self._order = {key: number for number, key in enumerate(entries)}
        self.weights: dict[str, dict[str, float]] = {}
        self._phrases: dict[str, dict[str, float]] = defaultdict(dict)
        written: set[str] = set()
        for key, fields in entries.items():
            for weight, texts in fields:
                split_texts = [split(text) for text in texts]
                words = {word for text in split_texts for word in text}
                written |= words
                for term in words | {a + b for text in split_texts for a, b in pairwise(text)}:
                    found = self.weights.setdefault(term, {})
                    found[key] = found.get(key, 0.0) + weight
                for text in split_texts:
                    self._phrases["".join(text)][key] = weight
        self._written = sorted(written)
        noise = sorted(NOISE.split("|"), key=len, reverse=True)
        spelt = "|".join(" ".join(split(words)) for words in noise)
        self._noise = re.compile(rf"(?<!\S)(?:{spelt})(?!\S)")

    def telling(self, typed: str) -> tuple[list[str], str]:
        """Return the words that tell what is looked for, and all that was typed as one word."""
        told = self._split(typed)[:MOST_WORDS]
        return self._noise.sub("", " ".join(told)).split() or told, "".join(told)

    def having(self, words: Sequence[str]) -> tuple[str, ...]:
        """Return the entries that have each of the words as a whole, in their order."""
        found = [self.weights.get(word, {}).keys() for word in words]
        return tuple(key for key in self._order if found and all(key in each for each in found))

    def ranked(self, words: Sequence[str], phrase: str) -> list[Ranked]:
        """Return the entries that have any of the words, the best first.

        Args:
            words: What is looked for.
            phrase: All that was typed, as one word: it counts more where it is a text of its own.
        """
        scores: dict[str, float] = defaultdict(float)
        has: dict[str, set[int]] = defaultdict(set)
        for place, word in enumerate(words):
            letters = sum(map(str.isalnum, word))  # a tone mark is none
            found = self.beginning(word) if letters >= SHORTEST_BEGINNING else {}
            for key, weight in self.weights.get(word, {}).items():
                found[key] = max(found.get(key, 0.0), weight)
            rarity = self._rarity(len(found))
            for key, weight in found.items():
                scores[key] += rarity * weight
                has[key].add(place)
        for place, (one, other) in enumerate(pairwise(words)):
            together = self.weights.get(one + other, {})
            for key, weight in together.items():
                scores[key] += TOGETHER * self._rarity(len(together)) * weight
                has[key] |= {place, place + 1}
        whole = self._phrases.get(phrase, {})
        for key, weight in whole.items():
            scores[key] += TOGETHER * self._rarity(len(whole)) * weight
        best = sorted(scores, key=lambda key: (-scores[key], self._order[key]))
        return [Ranked(key, scores[key], len(has[key]) / len(words)) for key in best]

    def beginning(self, word: str) -> dict[str, float]:
        """Return the entries with a term that begins with the word, and what it counts there."""
        found: dict[str, float] = {}
        for number in range(bisect_left(self._written, word), len(self._written)):
            term = self._written[number]
            if not term.startswith(word):
                break
            for key, weight in self.weights[term].items():
                found[key] = max(found.get(key, 0.0), BEGUN * weight)
        return found

    def _rarity(self, entries: int) -> float:
        return math.log(1 + len(self._order) / max(entries, 1))


class Index:
    """Texts of entries, ready to be searched; never changes once it is made.

    Diacritics that are typed count: "thuế" is a tax and "thuê" a rent. Only where nothing is
    spelt so, or none are typed, all spellings of the plain words are found.

    Args:
        entries: The fields of each entry, by its key. Where two entries are found as well, the
            one that stands first comes first.
        others: Texts whose words are spelt right, too, though no entry has them.
    """

    def __init__(self, entries: Mapping[str, Iterable[Field]], others: Iterable[str] = ()) -> None:
        kept = {key: [Field(f.weight, tuple(f.texts)) for f in entries[key]] for key in entries}
        self._all = tuple(kept)
        self._plain, self._marked = Terms(kept, plain_words), Terms(kept, marked_words)
        spellings: dict[str, Counter[str]] = defaultdict(Counter)
        for text in (text for fields in kept.values() for _, texts in fields for text in texts):
            for term, spelt in _terms(text):
                spellings[term][spelt] += 1
        self._spelt = {term: counts.most_common(1)[0][0] for term, counts in spellings.items()}
        self._misspellings = Misspellings(self._plain.weights)
        self._others = {word for text in others for word in plain_words(text)}

    def find(self, typed: str) -> Found:
        """Return the entries that have every word; else, of its right spelling; else most."""
        if not typed.strip():
            return Found(self._all)
        words, phrase = self._plain.telling(typed)
        if not words:  # signs alone
            return Found(())
        if _has_marks(typed):
            ranked = self._marked.ranked(*self._marked.telling(typed))
            if whole := _whole(ranked):
                return Found(whole)
        ranked = self._plain.ranked(words, phrase)
        if whole := _whole(ranked):
            return Found(whole)
        right = self._spelt_right(words)
        if right != words:
            ranked = self._plain.ranked(right, "".join(right)) or ranked
            if whole := _whole(ranked):
                return Found(whole, " ".join(self._spelt.get(word, word) for word in right))
        return Found(tuple(each.key for each in ranked if each.share >= NEAR), nearly=True)

    def having(self, typed: str) -> tuple[str, ...]:
        """Return the entries that have every word as it was typed, whole and not begun."""
        terms = self._marked if _has_marks(typed) else self._plain
        return terms.having(terms.telling(typed)[0])

    def _knows(self, word: str) -> bool:
        """Tell whether a word is one, or begins one; two short ones as one may be a mistake."""
        joined = len(word) >= SHORTEST_MISSPELT and word in self._plain.weights
        return joined or word in self._others or bool(self._plain.beginning(word))

    def _spelt_right(self, words: list[str]) -> list[str]:
        """Return the words with those that are not known in their likeliest spelling.

        A short word alone tells too little: with the one before or behind it it is looked for as
        one, as `dno` of `hoa dno`.
        """
        right: list[str] = []
        place = 0
        while place < len(words):
            word = words[place]
            place += 1
            if self._knows(word):
                right.append(word)
                continue
            behind = words[place] if place < len(words) else ""
            guesses = [
                (likely, used, ahead)
                for typed, used, ahead in (
                    (word, 0, 0),
                    (right[-1] + word if right else "", 1, 0),
                    (word + behind if behind else "", 0, 1),
                )
                for likely in self._misspellings.like(typed)
            ]
            if not guesses:
                right.append(word)
                continue
            likely, used, ahead = max(
                guesses, key=lambda guess: (len(guess[0]), len(self._plain.weights[guess[0]]))
            )
            del right[len(right) - used :]
            right.append(likely)
            place += ahead
        return right


def _has_marks(typed: str) -> bool:
    return marked_words(typed) != plain_words(typed)


def _whole(ranked: list[Ranked]) -> tuple[str, ...]:
    """Return what has all the words; nothing where it has them far apart and others say more."""
    whole = [each for each in ranked if each.share == 1]
    if not whole or whole[0].score < APART * ranked[0].score:
        return ()
    return tuple(each.key for each in whole)


def _terms(text: str) -> Iterator[tuple[str, str]]:
    """Yield the plain words of a text, and each two beside one another, with their spelling."""
    words = [(plain, whole) for whole in text.split() for plain in plain_words(whole)]
    for plain, whole in words:
        yield plain, whole.strip(SIGNS).lower()
    for (one, first), (other, second) in pairwise(words):
        both = first if first is second else f"{first} {second}"
        yield one + other, both.strip(SIGNS).lower()
