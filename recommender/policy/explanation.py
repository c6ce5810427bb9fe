"""Why a platform is suggested: the largest parts of its score, in the reader's language."""

from collections.abc import Sequence
from typing import NamedTuple, get_args

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Locale, Reference
from recommender.domain.recommendation import Reason
from recommender.model import Model, Scored
from recommender.policy.field_sums import take_apart
from recommender.profiles import FUNCTION_COLUMNS

MOST_REASONS = 3
"""Reasons told for each platform, the boosts besides."""

SMALLEST, SMALLEST_SHARE = 0.001, 0.05
"""A contribution below this, or below this share of the score, is not worth a sentence."""

POPULAR = 0.1
"""The share of businesses from which on a platform is said to be used by many."""

_FUNCTION_OF = {column: code for code, column in FUNCTION_COLUMNS.items()}


class Explanation(NamedTuple):
    """Base, reasons and the rest; they add up to the ranking score."""

    base: float
    reasons: tuple[Reason, ...]
    other: float


class Explainer:
    """Turns contributions of columns into reasons about the fields that they stand for."""

    def __init__(self, model: Model, reference: Reference) -> None:
        self.model = model
        self.reference = reference
        self._fields = (*model.encoder.vocabulary, "history")
        self._needs = self._fields.index("needs") if "needs" in self._fields else -1
        own = np.array([self._own_function(id_) for id_ in model.platforms])
        everywhere = np.ones(len(own), dtype=bool)
        self._take_apart = take_apart(
            model,
            np.array([own == f if f in _FUNCTION_OF else everywhere for f in self._fields[:-1]]),
        )
        use = np.zeros(len(own)) if model.use is None else model.use
        self._is_popular = (use >= POPULAR).tolist()
        self._texts = {locale: self._all_texts(locale) for locale in get_args(Locale)}

    def explain(
        self,
        scored: Scored,
        platforms: NDArray[np.intp],
        boosts: Sequence[Sequence[Reason]],
        locale: Locale,
    ) -> list[Explanation]:
        """Explain the scores of some platforms.

        Args:
            scored: The business's scores.
            platforms: Which platforms, by their columns, shape (n,).
            boosts: Reasons that policy added to each; they come first.
            locale: The reader's language.
        """
        parts, texts = self._take_apart(scored, platforms), self._texts[locale]
        largest_first = (-parts.sums).argsort(axis=1, kind="stable").tolist()
        sums, bases = parts.sums.tolist(), parts.base.tolist()
        scores, columns = scored.scores[platforms].tolist(), platforms.tolist()
        explained = []
        for row, boost in enumerate(boosts):
            score, base, amounts = scores[row], bases[row], sums[row]
            least = max(SMALLEST, SMALLEST_SHARE * abs(score))
            told: list[Reason] = []
            for number in largest_first[row]:
                if amounts[number] <= least or len(told) == MOST_REASONS:
                    break
                name = parts.names[number]
                text = texts[number].get(name[row] if isinstance(name, list) else name)
                if text and not (number == self._needs and _tells_of_a_need(boost)):
                    told.append(Reason(self._fields[number], amounts[number], text))
            other = score - base - sum([reason.contribution for reason in told])
            reasons = (*boost, *told)
            if not reasons:
                feature = "popular" if self._is_popular[columns[row]] else "listed"
                text = self.reference.messages.reasons[feature].say(locale)
                base, reasons = 0.0, (Reason(feature, base, text),)
            explained.append(Explanation(base, reasons, other))
        return explained

    def _own_function(self, platform: str) -> str | None:
        """Return the feature field of the function that a platform serves."""
        known = self.reference.platforms.get(platform)
        return (
            FUNCTION_COLUMNS[self.reference.categories[known.category].function] if known else None
        )

    def _all_texts(self, locale: Locale) -> list[dict[int, str]]:
        """Return what each field and, last, the history is told as, by column."""
        texts: dict[str, dict[int, str]] = {field: {} for field in self._fields}
        for column, (field, _) in enumerate(self.model.encoder.columns):
            if field in texts:
                texts[field][column] = self._say(field, column, locale)
        for column, id_ in enumerate(self.model.platforms):
            if used := self.reference.platforms.get(id_):
                message = self.reference.messages.reasons["history"]
                texts["history"][column] = message.say(locale, value=used.name)
        return list(texts.values())

    def _say(self, field: str, column: int, locale: Locale) -> str:
        reasons = self.reference.messages.reasons
        name = name_of(field, self.model.encoder.columns[column][1], self.reference, locale)
        if field in _FUNCTION_OF:
            function = self.reference.functions[_FUNCTION_OF[field]].say("name", locale)
            return reasons["function"].say(locale, function=function, value=inner(name))
        if field == "maturity_level":
            return reasons["maturity"].say(locale, value=name)
        proper = field in ("province", "sells_to_consumers")
        return reasons[field].say(locale, value=name if proper else inner(name))


def name_of(field: str, value: str, reference: Reference, locale: Locale) -> str:
    """Return what an answer is called.

    Args:
        field: A field of the feature columns.
        value: Its value there.
        reference: Names.
        locale: The reader's language.
    """
    if field in _FUNCTION_OF:
        return reference.choices["function_state"][value].say("name", locale)
    if field == "sells_to_consumers":
        note = "sells_to_consumers_yes" if value == "True" else "sells_to_consumers_no"
        return reference.messages.notes[note].say(locale)
    if field == "sector":
        sector = next(row for (_, code), row in reference.sectors.items() if code == value)
        return sector.say("name", locale)
    if field == "province":
        return reference.current_provinces[value].say("new_name", locale)
    if field == "needs":
        return reference.needs[value].say("name", locale)
    if field == "maturity_level":
        level = next(level for level in reference.levels if str(level.level) == value)
        return level.say("name", locale)
    return reference.choices[field][value].say("name", locale)


def field_name(field: str, reference: Reference) -> str:
    """Return what a field of the feature columns is called, in English."""
    if field in _FUNCTION_OF:
        return reference.functions[_FUNCTION_OF[field]].say("name", "en")
    return field.replace("_", " ").capitalize()


def _tells_of_a_need(boosts: Sequence[Reason]) -> bool:
    return any(boost.feature == "need_boost" for boost in boosts)


def inner(name: str) -> str:
    """Return a name as it stands inside a sentence: without its capital."""
    return name[:1].lower() + name[1:]
