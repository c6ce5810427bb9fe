"""The closed-form linear ranker: from profile and platforms in use to every platform at once."""

from typing import NamedTuple, Self

import numpy as np
from scipy import linalg, sparse

from recommender.rankers.base import Columns, Contributions, Floats, RankerBase
from recommender.rankers.sums import Sums


class WeightSet(NamedTuple):
    """One linear map: `intercept + profile @ profiles + history @ platforms`."""

    intercept: Floats
    profile: Floats
    history: Floats


class LinearRanker(RankerBase):
    """Ridge regression of every platform on profile and history, own platform excluded.

    Three weight sets come from the same sums. Without history: ridge from the profile. With up to
    `few` platforms, and with more: EASE (Steck, WWW 2019) with profile columns, where each
    platform in use is kept with probability `keep` as in dropout; its expectation is exact, as it
    only scales the Gram matrix (Steck, NeurIPS 2020), so that one inverse gives all platforms.

    Args:
        profile_penalty: Ridge penalty of profile columns; the intercept has none.
        history_penalty: Ridge penalty of platforms in use.
        keep_few: Keep probability of the set for short histories, above 0 and at most 1.
        keep_many: The same of the set for longer ones.
        few: The longest history that is called short.
    """

    def __init__(
        self,
        profile_penalty: float = 30.0,
        history_penalty: float = 30.0,
        keep_few: float = 0.4,
        keep_many: float = 0.9,
        few: int = 3,
    ) -> None:
        self.profile_penalty = profile_penalty
        self.history_penalty = history_penalty
        self.keep_few = keep_few
        self.keep_many = keep_many
        self.few = few

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
        if self.profile_penalty <= 0 or self.history_penalty <= 0:
            raise ValueError("expected penalties above 0")
        if not (0 < self.keep_few <= 1 and 0 < self.keep_many <= 1):
            raise ValueError("expected keep probabilities above 0 and at most 1")
        self.shape_ = (sums.n_features, sums.n_platforms)
        self.means_ = sums.means[1:]
        self.sets_ = (
            self._solve_without_history(sums),
            self._solve_with_history(sums, self.keep_few),
            self._solve_with_history(sums, self.keep_many),
        )
        return self

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return `intercept + profile + history` of the set for each history's length."""
        scores = np.empty((profiles.shape[0], self.shape_[1]))
        which = self._which(np.asarray(history.sum(axis=1)))
        for number, weights in enumerate(self.sets_):
            rows = np.flatnonzero(which == number)
            if len(rows):
                scores[rows] = profiles[rows] @ weights.profile + weights.intercept
                scores[rows] += history[rows] @ weights.history
        return scores

    def score_one(self, profile: Columns, history: Columns) -> Floats:
        """Return the sum of the rows of the weights that are set."""
        weights = self.sets_[int(self._which(np.array(len(history))))]
        score: Floats = weights.intercept + weights.profile[profile].sum(axis=0)
        score += weights.history[history].sum(axis=0)
        return score

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Return what each column adds compared with the average business."""
        weights = self.sets_[int(self._which(np.array(len(history))))]
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
        return np.where(lengths == 0, 0, np.where(lengths <= self.few, 1, 2))

    def _solve_without_history(self, sums: Sums) -> WeightSet:
        known = 1 + sums.n_features
        penalty = np.r_[0.0, np.full(sums.n_features, self.profile_penalty)]
        gram = sums.gram[:known, :known] + np.diag(penalty)
        weights = linalg.solve(gram, sums.gram[:known, known:], assume_a="pos")
        return WeightSet(weights[0], weights[1:], np.zeros((sums.n_platforms, sums.n_platforms)))

    def _solve_with_history(self, sums: Sums, keep: float) -> WeightSet:
        """Solve E[z z'] b = E[z y] for every platform, z with its history dropped at random.

        With P the inverse of the penalised expected Gram matrix, the weights for platform j are
        -P[:, j] / P[j, j], divided by `keep` as the target itself is never dropped.
        """
        known = 1 + sums.n_features
        scale = np.r_[np.ones(known), np.full(sums.n_platforms, keep)]
        gram = sums.gram * np.outer(scale, scale)
        diagonal = np.diag(sums.gram)[known:] * keep
        gram[range(known, len(gram)), range(known, len(gram))] = diagonal
        penalty = np.r_[
            0.0,
            np.full(sums.n_features, self.profile_penalty),
            np.full(sums.n_platforms, self.history_penalty),
        ]
        inverse = linalg.inv(gram + np.diag(penalty))
        weights = -inverse[:, known:] / (np.diag(inverse)[known:] * keep)
        np.fill_diagonal(weights[known:], 0.0)
        return WeightSet(weights[0], weights[1:known], weights[known:])
