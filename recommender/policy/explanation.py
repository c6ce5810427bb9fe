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
        own = np.array([self._own_function(id_) for id_ in model.platforms])
        everywhere = np.ones(len(own), dtype=bool)
        self._take_apart = take_apart(
            model,
            np.array([own == f if f in _FUNCTION_OF else everywhere for f in self._fields[:-1]]),
        )
        self._known = np.zeros(len(own)) if model.use is None else model.use
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
        parts = self._take_apart(scored, platforms)
        order = (-parts.sums).argsort(axis=1, kind="stable")
        told = (part.tolist() for part in (scored.scores[platforms], *parts, order))
        columns = platforms.tolist()
        return [
            self._explanation(*each, locale) for each in zip(columns, boosts, *told, strict=True)
        ]

    def _explanation(
        self,
        platform: int,
        boosts: Sequence[Reason],
        score: float,
        base: float,
        sums: Sequence[float],
        columns: Sequence[int],
        order: Sequence[int],
        locale: Locale,
    ) -> Explanation:
        least = max(SMALLEST, SMALLEST_SHARE * abs(score))
        needs_told = any(boost.feature == "need_boost" for boost in boosts)
        reasons: list[Reason] = []
        for number in order:
            if sums[number] <= least or len(reasons) == MOST_REASONS:
                break
            field = self._fields[number]
            text = self._texts[locale][field].get(columns[number])
            if text is not None and not (field == "needs" and needs_told):
                reasons.append(Reason(field, sums[number], text))
        other = score - base - sum(reason.contribution for reason in reasons)
        if not reasons and not boosts:
            feature = "popular" if self._known[platform] >= POPULAR else "listed"
            text = self.reference.messages.reasons[feature].say(locale)
            return Explanation(0.0, (Reason(feature, base, text),), other)
        return Explanation(base, (*boosts, *reasons), other)

    def _own_function(self, platform: str) -> str | None:
        """Return the feature field of the function that a platform serves."""
        known = self.reference.platforms.get(platform)
        return known and FUNCTION_COLUMNS[self.reference.categories[known.category].function]

    def _all_texts(self, locale: Locale) -> dict[str, dict[int, str]]:
        """Return what each answer is told as, by field and column, and each platform in use."""
        texts: dict[str, dict[int, str]] = {field: {} for field in self._fields}
        for column, (field, _) in enumerate(self.model.encoder.columns):
            if field in texts:
                texts[field][column] = self._say(field, column, locale)
        for column, id_ in enumerate(self.model.platforms):
            if used := self.reference.platforms.get(id_):
                history = self.reference.messages.reasons["history"]
                texts["history"][column] = history.say(locale, value=used.name)
        return texts

    def _say(self, field: str, column: int, locale: Locale) -> str:
        value = self.model.encoder.columns[column][1]
        reference, reasons = self.reference, self.reference.messages.reasons
        if field in _FUNCTION_OF:
            function = reference.functions[_FUNCTION_OF[field]].say("name", locale)
            state = reference.choices["function_state"][value].say("name", locale)
            return reasons["function"].say(locale, function=function, value=inner(state))
        if field == "sells_to_consumers":
            note = "sells_to_consumers_yes" if value == "True" else "sells_to_consumers_no"
            return reasons[field].say(locale, value=reference.messages.notes[note].say(locale))
        if field == "sector":
            sector = next(row for (_, code), row in reference.sectors.items() if code == value)
            name = sector.say("name", locale)
        elif field == "province":
            name = reference.current_provinces[value].say("new_name", locale)
            return reasons[field].say(locale, value=name)
        elif field == "needs":
            name = reference.needs[value].say("name", locale)
        elif field == "maturity_level":
            level = next(level for level in reference.levels if str(level.level) == value)
            return reasons["maturity"].say(locale, value=level.say("name", locale))
        else:
            name = reference.choices[field][value].say("name", locale)
        return reasons[field].say(locale, value=inner(name))


def inner(name: str) -> str:
    """Return a name as it stands inside a sentence: without its capital."""
    return name[:1].lower() + name[1:]
