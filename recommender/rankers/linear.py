"""What businesses use: from profile and the other platforms in use to each platform, at once."""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

import numpy as np
from scipy import linalg, sparse

from recommender.rankers.base import Floats, Responses
from recommender.rankers.sums import DAMPINGS, Sums
from recommender.rankers.weights import LinearScores, WeightSet, without_own


@dataclass(frozen=True)
class Regime:
    """How the weights for histories of some length are found.

    Attributes:
        profile_penalty: Ridge penalty of profile columns, above 0; the intercept has none.
        history_penalty: Ridge penalty of platforms in use, above 0.
        keep: Probability from 0 to 1 with which a platform in use is kept in the expected dropout;
            lower for shorter histories. At 0, only the profile counts.
        rank: Rank of the weights, from 1; None for full rank.
        damping: One of `DAMPINGS`; above 0, those with many platforms do not outweigh the others.
        told: Probability, above 0, at most 1, with which an answer is kept in the expected dropout:
            below 1, the ranking suffers less from questions that are left out.
    """

    profile_penalty: float = 30.0
    history_penalty: float = 30.0
    keep: float = 1.0
    rank: int | None = None
    damping: float = 0.0
    told: float = 0.8

    def check(self) -> None:
        """Raise ValueError if a value is out of its bounds."""
        if not (0 < self.profile_penalty < np.inf and 0 < self.history_penalty < np.inf):
            raise ValueError("expected finite penalties above 0")
        if not 0 <= self.keep <= 1:
            raise ValueError("expected a keep probability from 0 to 1")
        if not 0 < self.told <= 1:
            raise ValueError("expected a probability of told answers above 0 and at most 1")
        if self.rank is not None and self.rank < 1:
            raise ValueError("expected a rank of at least 1")
        if self.damping not in DAMPINGS:
            raise ValueError(f"expected a damping of {DAMPINGS}, found {self.damping}")


PAIR_PENALTY = 20.0
"""Ridge penalty of columns that stand for pairs of answers: as many businesses as popularity by
segment is shrunk by. It does not grow with the other penalties, so that the more these weigh, the
closer the scores come to popularity by segment, not to popularity among all.
"""

NONE, FEW, MANY = (Regime(keep=0.0),), (Regime(100.0, keep=0.4),), (Regime(100.0, keep=0.9),)
"""Used where nothing better was chosen on data."""


class LinearRanker(LinearScores):
    """Ridge regression of what is in use on profile and platforms in use, its own excluded.

    It learns from use alone: what businesses did with what they were shown is `ResponseRanker`'s.

    Three weight sets come from the same sums, one for each length of history. Each platform in use
    is kept with probability `keep`, as in dropout; its expectation is exact, as it only scales the
    Gram matrix (Steck, NeurIPS 2020). That is EASE (Steck, WWW 2019) with profile columns, where
    one inverse gives all platforms. Each set may be reduced to a lower rank: projected on the
    leading principal directions of what it predicts (Izenman, J. Multivariate Anal. 1975). Where
    several regimes are given, their weights are averaged: still one linear map, and a steadier one.

    Args:
        none: How to find the weights for businesses without history.
        few: The same for up to `few_up_to` platforms in use.
        many: The same for more.
        few_up_to: The longest history that is called short.
        pairs: How many of the feature columns, the last ones, stand for pairs of answers.
    """

    def __init__(
        self,
        none: tuple[Regime, ...] = NONE,
        few: tuple[Regime, ...] = FEW,
        many: tuple[Regime, ...] = MANY,
        few_up_to: int = 3,
        pairs: int = 0,
    ) -> None:
        self.none = none
        self.few = few
        self.many = many
        self.few_up_to = few_up_to
        self.pairs = pairs

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
        responses: Responses | None = None,
    ) -> Self:
        """Sum up the businesses and solve."""
        weights = self._start_fit(profiles, interactions, weights, responses)
        return self.solve(Sums(*self.shape_).update(profiles, interactions, weights))

    def solve(self, sums: Sums) -> Self:
        """Learn from sums alone, however they were put together.

        Raises:
            ValueError: If no business is in them, or a parameter is out of its bounds.
        """
        if not (self.none and self.few and self.many):
            raise ValueError("expected at least one regime for each length of history")
        for regime in (*self.none, *self.few, *self.many):
            regime.check()
        self.shape_ = (sums.n_features, sums.n_platforms)
        self.means_ = sums.means[1 : sums.used.stop]
        lengths = self.none, self.few, self.many
        solved = {regime: _solve(sums, regime, self.pairs) for regime in itertools.chain(*lengths)}
        self.sets_ = tuple(_average([solved[regime] for regime in regimes]) for regimes in lengths)
        return self


def _solve(sums: Sums, regime: Regime, pairs: int) -> WeightSet:
    """Solve E[z z'] b = E[z y] for every platform, z with its history dropped at random.

    With P the inverse of the penalised expected Gram matrix, the weights by which the others tell
    the use of platform j are -P[:, j] / P[j, j], divided by `keep` as the target is never dropped.
    """
    full, first, end = sums.gram[regime.damping], sums.used.start, sums.used.stop
    known = end if regime.keep else first
    kept = (1.0, np.full(sums.n_features, regime.told), np.full(known - first, regime.keep))
    scale = np.r_[kept][:, None]
    gram = full[:known, :known] * scale * scale.T
    np.fill_diagonal(gram, np.diag(full)[:known] * scale.ravel())
    penalty = np.r_[
        0.0,
        np.full(sums.n_features - pairs, regime.profile_penalty),
        np.full(pairs, min(PAIR_PENALTY, regime.profile_penalty)),
        np.full(known - first, regime.history_penalty),
    ]
    inverse = linalg.inv(gram + np.diag(penalty))
    if regime.keep:
        own_inverse = np.diag(inverse)[first:]
        weights = without_own(-inverse[:, first:] / (own_inverse * regime.keep), first)
    else:
        weights = inverse @ (full[:known, sums.used] * scale)
    weights = without_own(_reduce_rank(weights, full[:known, :known], regime.rank), first)
    history = weights[first:] if regime.keep else np.zeros((sums.n_platforms, sums.n_platforms))
    return WeightSet(weights[0], weights[1:first], history)


def _average(sets: Sequence[WeightSet]) -> WeightSet:
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
