"""Which platforms are alike for businesses, and in what."""

from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.domain import Locale, Reference
from recommender.domain.recommendation import SimilarPlatform, SimilarPlatforms
from recommender.model import Model
from recommender.policy.explanation import inner
from recommender.policy.views import platform_view

Floats = NDArray[np.float64]

LEAST = 0.1
"""Likeness from which on a platform of another category is worth a look."""

FLAT = 1e-9
"""Effects shorter than this tell nothing: the score of the platform is the same for everyone."""

TOLD = ("needs", "sector", "size", "legal_form")
"""Fields of a business that reasons name."""


class Likeness:
    """Compares platforms by what each answer of a business adds to their scores.

    What an answer adds to all platforms alike is taken off first, so that two are alike where
    they suit the same businesses better than others do. Where a ranker scores everyone the same,
    as popularity does, only categories tell what is alike.
    """

    def __init__(self, model: Model, reference: Reference) -> None:
        self.model = model
        self.reference = reference

    def similar(
        self, platform_id: str, n: int, locale: Locale, model_version: str
    ) -> SimilarPlatforms:
        """Return up to `n` platforms of the catalogue that are most like one of them.

        Those of its category come first; others only where their likeness is at least `LEAST`.
        Where likeness is not known, what is chosen most comes first.
        """
        reference = self.reference
        own = reference.platforms[platform_id].category
        ranked: list[tuple[bool, float, float, str]] = []
        for id_, other in reference.platforms.items():
            found = self.between(platform_id, id_)
            same = other.category == own
            if id_ != platform_id and (same or (found or 0.0) >= LEAST):
                order = -np.inf if found is None else found
                ranked.append((not same, -order, -self._popularity(id_), id_))
        items = tuple(
            SimilarPlatform(
                platform_view(reference.platforms[id_], reference, locale),
                not elsewhere,
                self.between(platform_id, id_),
                self._reasons(platform_id, id_, locale),
            )
            for elsewhere, _, _, id_ in sorted(ranked)[:n]
        )
        return SimilarPlatforms(platform_id, locale, model_version, items)

    def between(self, one: str, other: str) -> float | None:
        """Return the likeness of two platforms, from -1 to 1; None where it is not known."""
        parts = self.parts(one, other)
        return None if parts is None else round(float(parts.sum()), 4)

    def parts(self, one: str, other: str) -> Floats | None:
        """Return what each column of features adds to the likeness, shape (n_features,).

        None where the model does not know one of the two, or scores it the same for everyone.
        """
        numbers = [self.model.column_of.get(id_) for id_ in (one, other)]
        if None in numbers:
            return None
        first, second = (self._effects[:, number] for number in numbers)
        known = first.any() and second.any()
        return np.asarray(first * second) if known else None

    @cached_property
    def _scores(self) -> Floats:
        """The scores for businesses that gave one answer alone, shape (n_features, n_platforms)."""
        n_features = len(self.model.encoder.columns)
        nothing = sparse.csr_array((n_features, len(self.model.platforms)))
        return self.model.ranker.score(sparse.eye_array(n_features, format="csr"), nothing)

    @cached_property
    def _effects(self) -> Floats:
        """What each answer does to each platform, as columns of length 1, or 0 if flat."""
        scores = self._scores
        effects = scores - scores.mean(axis=0) - scores.mean(axis=1, keepdims=True) + scores.mean()
        lengths = np.linalg.norm(effects, axis=0)
        scale = np.divide(1.0, lengths, out=np.zeros_like(lengths), where=lengths > FLAT)
        return np.asarray(effects * scale)

    def _popularity(self, platform_id: str) -> float:
        column = self.model.column_of.get(platform_id)
        return -np.inf if column is None else float(self._scores[:, column].mean())

    def _reasons(self, one: str, other: str, locale: Locale) -> tuple[str, ...]:
        reference, reasons = self.reference, self.reference.messages.reasons
        own = reference.platforms[one].category
        told = []
        if reference.platforms[other].category == own:
            name = inner(reference.categories[own].say("name", locale))
            told.append(reasons["same_category"].say(locale, value=name))
        best = self._best_column(one, other)
        if best is not None:
            field, value = self.model.encoder.columns[best]
            message = reasons["both_help" if field == "needs" else "both_suit"]
            told.append(message.say(locale, value=inner(self._name(field, value, locale))))
        return tuple(told) or (reasons["alike"].say(locale),)

    def _best_column(self, one: str, other: str) -> int | None:
        """Return the column of an answer that suits both most, if there is one."""
        parts = self.parts(one, other)
        if parts is None:
            return None
        suits = self._effects[:, self.model.column_of[one]] > 0
        named = [field in TOLD for field, _ in self.model.encoder.columns]
        parts = np.where(suits & named, parts, 0.0)
        return int(np.argmax(parts)) if parts.max() > 0 else None

    def _name(self, field: str, value: str, locale: Locale) -> str:
        reference = self.reference
        if field == "needs":
            return reference.needs[value].say("name", locale)
        if field == "sector":
            rows = (row for (_, code), row in reference.sectors.items() if code == value)
            return next(rows).say("name", locale)
        return reference.choices[field][value].say("name", locale)
