"""The closed-form linear ranker: from profile and platforms in use to every platform at once."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from scipy import linalg, sparse

from recommender.rankers.base import Columns, Contributions, Floats, RankerBase
from recommender.rankers.sums import DAMPINGS, Sums


@dataclass(frozen=True)
class Regime:
    """How the weights for histories of some length are found.

    Attributes:
        profile_penalty: Ridge penalty of profile columns, above 0; the intercept has none.
        history_penalty: Ridge penalty of platforms in use, above 0.
        keep: Probability, above 0, at most 1, with which a platform in use is kept in the
            expected dropout; lower for shorter histories.
        rank: Rank of the weights, from 1; None for full rank.
        damping: One of `DAMPINGS`; above 0, those with many platforms do not outweigh the others.
    """

    profile_penalty: float = 30.0
    history_penalty: float = 30.0
    keep: float = 1.0
    rank: int | None = None
    damping: float = 0.0

    def check(self) -> None:
        """Raise ValueError if a value is out of its bounds."""
        if self.profile_penalty <= 0 or self.history_penalty <= 0:
            raise ValueError("expected penalties above 0")
        if not 0 < self.keep <= 1:
            raise ValueError("expected a keep probability above 0 and at most 1")
        if self.rank is not None and self.rank < 1:
            raise ValueError("expected a rank of at least 1")
        if self.damping not in DAMPINGS:
            raise ValueError(f"expected a damping of {DAMPINGS}, found {self.damping}")


NONE, FEW, MANY = (Regime(),), (Regime(100.0, keep=0.4),), (Regime(100.0, keep=0.9),)
"""Used where nothing better was chosen on data."""


class WeightSet(NamedTuple):
    """One linear map: `intercept + profile @ profiles + history @ platforms`."""

    intercept: Floats
    profile: Floats
    history: Floats


class LinearRanker(RankerBase):
    """Ridge regression of every platform on profile and history, own platform excluded.

    Three weight sets come from the same sums, one for each length of history. Without history:
    ridge from the profile. With up to `few_up_to` platforms, and with more: EASE (Steck, WWW 2019)
    with profile columns, where each platform in use is kept with probability `keep`, as in
    dropout; its expectation is exact, as it only scales the Gram matrix (Steck, NeurIPS 2020), so
    that one inverse gives all platforms. Each set may be reduced to a lower rank: projected on the
    leading principal directions of what it predicts (Izenman, J. Multivariate Anal. 1975). Where
    several regimes are given, their weights are averaged: still one linear map, and a steadier one.

    Args:
        none: How to find the weights for businesses without history.
        few: The same for up to `few_up_to` platforms in use.
        many: The same for more.
        few_up_to: The longest history that is called short.
    """

    def __init__(
        self,
        none: tuple[Regime, ...] = NONE,
        few: tuple[Regime, ...] = FEW,
        many: tuple[Regime, ...] = MANY,
        few_up_to: int = 3,
    ) -> None:
        self.none = none
        self.few = few
        self.many = many
        self.few_up_to = few_up_to

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
    ) -> Self:
        """Sum up the businesses and solve."""
        weights = self._start_fit(profiles, interactions, weights)
        return self.solve(Sums(*self.shape_).update(profiles, interactions, weights))

    def solve(self, sums: Sums) -> Self:
        """Learn from sums alone, however they were put together.

        Raises:
            ValueError: If no business is in them, or a parameter is out of its bounds.
        """
        if not sums.weight > 0:
            raise ValueError("expected at least one business")
        if not (self.none and self.few and self.many):
            raise ValueError("expected at least one regime for each length of history")
        for regime in (*self.none, *self.few, *self.many):
            regime.check()
        self.shape_ = (sums.n_features, sums.n_platforms)
        self.means_ = sums.means[1:]
        self.sets_ = (
            _average(_solve_without_history(sums, regime) for regime in self.none),
            _average(_solve_with_history(sums, regime) for regime in self.few),
            _average(_solve_with_history(sums, regime) for regime in self.many),
        )
        return self

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return `intercept + profile + history` of the set for each history's length.

        A platform in use does not count in the length by which its own score is found: that there
        is one more would be evidence for it.
        """
        scores = np.empty((profiles.shape[0], self.shape_[1]))
        lengths = np.asarray(history.sum(axis=1))
        which, without_itself = self._which(lengths), self._which(lengths - 1)
        for number in (2, 1, 0):
            for rows in (which == number, (without_itself == number) & (which > number)):
                if rows.any():
                    found = _apply(self.sets_[number], profiles[rows], history[rows])
                    kept = (which[rows] > number)[:, None] & (history[rows].toarray() == 0)
                    scores[rows] = np.where(kept, scores[rows], found)
        return scores

    def score_one(self, profile: Columns, history: Columns) -> Floats:
        """Return the sum of the rows of the weights that are set."""
        which, without_itself = self._which(len(history) - np.arange(2)).tolist()
        score = _apply_one(self.sets_[which], profile, history)
        if without_itself != which:
            score[history] = _apply_one(self.sets_[without_itself], profile, history)[history]
        return score

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Return what each column adds compared with the average business."""
        others = len(history) - int(platform in history)
        weights = self.sets_[int(self._which(np.array(others)))]
        n_features = self.shape_[0]
        values = -self.means_
        values[profile] += 1
        values[n_features + history] += 1
        of_profile, of_history = weights.profile[:, platform], weights.history[:, platform]
        base = weights.intercept[platform] + self.means_ @ np.concatenate([of_profile, of_history])
        return Contributions(
            float(base), values[:n_features] * of_profile, values[n_features:] * of_history
        )

    @property
    def n_parameters_(self) -> int:
        """How many weights were learned."""
        return sum(part.size for weights in self.sets_ for part in weights)

    def _which(self, lengths: Floats | Columns) -> Columns:
        return np.where(lengths < 1, 0, np.where(lengths <= self.few_up_to, 1, 2))


def _apply(weights: WeightSet, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
    scores: Floats = profiles @ weights.profile + weights.intercept
    scores += history @ weights.history
    return scores


def _apply_one(weights: WeightSet, profile: Columns, history: Columns) -> Floats:
    scores: Floats = weights.intercept + weights.profile[profile].sum(axis=0)
    scores += weights.history[history].sum(axis=0)
    return scores


def _solve_without_history(sums: Sums, regime: Regime) -> WeightSet:
    known = 1 + sums.n_features
    penalty = np.r_[0.0, np.full(sums.n_features, regime.profile_penalty)]
    gram = sums.gram[regime.damping]
    known_gram = gram[:known, :known]
    weights = linalg.solve(known_gram + np.diag(penalty), gram[:known, known:], assume_a="pos")
    weights = _reduce_rank(weights, known_gram, regime.rank)
    return WeightSet(weights[0], weights[1:], np.zeros((sums.n_platforms, sums.n_platforms)))


def _solve_with_history(sums: Sums, regime: Regime) -> WeightSet:
    """Solve E[z z'] b = E[z y] for every platform, z with its history dropped at random.

    With P the inverse of the penalised expected Gram matrix, the weights for platform j are
    -P[:, j] / P[j, j], divided by `keep` as the target itself is never dropped.
    """
    known = 1 + sums.n_features
    scale = np.r_[np.ones(known), np.full(sums.n_platforms, regime.keep)]
    full = sums.gram[regime.damping]
    gram = full * np.outer(scale, scale)
    platforms = np.arange(known, len(gram))
    gram[platforms, platforms] = np.diag(full)[known:] * regime.keep
    penalty = np.r_[
        0.0,
        np.full(sums.n_features, regime.profile_penalty),
        np.full(sums.n_platforms, regime.history_penalty),
    ]
    inverse = linalg.inv(gram + np.diag(penalty))
    weights = -inverse[:, known:] / (np.diag(inverse)[known:] * regime.keep)
    np.fill_diagonal(weights[known:], 0.0)
    weights = _reduce_rank(weights, full, regime.rank)
    np.fill_diagonal(weights[known:], 0.0)
    return WeightSet(weights[0], weights[1:known], weights[known:])


def _average(sets: Iterable[WeightSet]) -> WeightSet:
    intercepts, profiles, histories = zip(*sets, strict=True)
    return WeightSet(np.mean(intercepts, 0), np.mean(profiles, 0), np.mean(histories, 0))


def _reduce_rank(weights: Floats, gram: Floats, rank: int | None) -> Floats:
    """Project the predictions on their leading principal directions."""
    if rank is None or rank >= weights.shape[1]:
        return weights
    _, directions = linalg.eigh(weights.T @ gram @ weights)
    leading = directions[:, -rank:]
    reduced: Floats = weights @ (leading @ leading.T)
    return reduced
