"""Why a platform is suggested: the largest parts of its score, in the reader's language."""

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from recommender.domain import Locale, Reference
from recommender.domain.recommendation import Reason
from recommender.model import Model, Scored
from recommender.profiles import FUNCTION_COLUMNS

MOST_REASONS = 3
"""Reasons told for each platform, the boosts besides."""

SMALLEST, SMALLEST_SHARE = 0.001, 0.05
"""A contribution below this, or below this share of the score, is not worth a sentence."""

POPULAR = 0.1
"""The share of businesses from which on a platform is said to be used by many."""

_FUNCTION_OF = {column: code for code, column in FUNCTION_COLUMNS.items()}


class Explainer:
    """Turns contributions of columns into reasons about the fields that they stand for."""

    def __init__(self, model: Model, reference: Reference) -> None:
        self.model = model
        self.reference = reference

    def explain(
        self, scored: Scored, platform: str, boosts: Sequence[Reason], locale: Locale
    ) -> tuple[float, tuple[Reason, ...], float]:
        """Return `(base, reasons, other)`, which with the boosts add up to the ranking score.

        Args:
            scored: The business's scores.
            platform: Which platform.
            boosts: Reasons that policy added; they come first.
            locale: The reader's language.
        """
        parts = self.model.explain(scored, platform)
        sums, largest = self._by_field(scored, parts.profile)
        has_boost = any(boost.feature == "need_boost" for boost in boosts)
        if "needs" in largest and (has_boost or parts.profile[largest["needs"]] <= 0):
            del largest["needs"]
        for field in _FUNCTION_OF.keys() - {self._own_function(platform)}:
            largest.pop(field, None)
        reasons = [
            Reason(field, sums[field], self._say(field, column, locale))
            for field, column in largest.items()
        ]
        if len(scored.history):
            best = scored.history[np.argmax(parts.history[scored.history])]
            used = self.reference.platforms.get(self.model.platforms[best])
            if used is not None and parts.history[best] > 0:
                text = self.reference.messages.reasons["history"].say(locale, value=used.name)
                reasons.append(Reason("history", float(parts.history.sum()), text))
        least = max(SMALLEST, SMALLEST_SHARE * abs(parts.total))
        told = sorted(
            (reason for reason in reasons if reason.contribution > least),
            key=lambda reason: -reason.contribution,
        )[:MOST_REASONS]
        other = parts.total - parts.base - sum(reason.contribution for reason in told)
        if not told and not boosts:
            use = self.model.use
            known = use is not None and use[self.model.column_of[platform]] >= POPULAR
            feature = "popular" if known else "listed"
            text = self.reference.messages.reasons[feature].say(locale)
            return 0.0, (Reason(feature, parts.base, text),), other
        return parts.base, (*boosts, *told), other

    def _own_function(self, platform: str) -> str:
        """Return the feature field of the function that a platform serves."""
        category = self.reference.platforms[platform].category
        return FUNCTION_COLUMNS[self.reference.categories[category].function]

    def _by_field(
        self, scored: Scored, contributions: NDArray[np.float64]
    ) -> tuple[dict[str, float], dict[str, int]]:
        """Return each field's sum, and the column that the business set with most effect."""
        columns = self.model.encoder.columns
        sums: dict[str, float] = defaultdict(float)
        for column, amount in enumerate(contributions.tolist()):
            sums[columns[column][0]] += amount
        largest: dict[str, int] = {}
        for column in scored.profile.tolist():
            field = columns[column][0]
            if field not in self.model.encoder.vocabulary:
                continue
            if field not in largest or contributions[column] > contributions[largest[field]]:
                largest[field] = column
        return sums, largest

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


def inner(name: str) -> str:
    """Return a name as it stands inside a sentence: without its capital."""
    return name[:1].lower() + name[1:]
