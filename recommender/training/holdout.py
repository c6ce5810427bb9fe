"""Businesses that a ranker was not fitted on, and how it ranks for them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.engagement import Engagement
from recommender.evaluation import metrics
from recommender.rankers import Ranker, Sums
from recommender.rankers.sums import Groups


@dataclass(frozen=True)
class Part:
    """Some of the businesses: their profiles, what they did, and how much each counts."""

    profiles: sparse.csr_array
    declared: sparse.csr_array
    taken_up: sparse.csr_array
    chosen: sparse.csr_array
    weights: NDArray[np.float64]

    @classmethod
    def of(cls, profiles: sparse.csr_array, engagement: Engagement) -> Self:
        """Return all of the businesses of which something is known; each counts 1."""
        matrices = engagement.declared, engagement.taken_up, engagement.chosen
        everybody = cls(profiles, *matrices, np.ones(profiles.shape[0]))
        return everybody[engagement.known]

    def __getitem__(self, rows: NDArray[np.bool_]) -> Self:
        """Return the rows where `rows` is set."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))

    def __len__(self) -> int:
        """Return the number of businesses."""
        return len(self.weights)

    def weighted(self, weight: float) -> Self:
        """Return the same businesses, each counting so much more or less."""
        return replace(self, weights=self.weights * weight)

    @classmethod
    def stack(cls, parts: Sequence[Self]) -> Self:
        """Return the businesses of all parts as one."""

        def all_of(name: str) -> sparse.csr_array:
            return sparse.vstack([getattr(part, name) for part in parts], format="csr")

        return cls(
            all_of("profiles"),
            all_of("declared"),
            all_of("taken_up"),
            all_of("chosen"),
            np.concatenate([part.weights for part in parts]),
        )

    def sums(self, groups: Groups) -> Sums:
        """Return what rankers learn of these businesses."""
        found = Sums(self.profiles.shape[1], self.declared.shape[1], groups)
        return found.update(self.profiles, self.declared, self.weights, self.taken_up)


def measure(ranker: Ranker, part: Part) -> dict[str, float]:
    """Rank for what businesses chose, cold for those that use nothing yet, warm for the others."""
    found: dict[str, float] = {}
    for kind in ("cold", "warm"):
        asked = askable(part, with_history=kind == "warm")
        ranking = metrics.rank(ranker.score(asked.profiles, asked.history), asked.declared)
        for k in (5, 10):
            by_business = metrics.ndcg(ranking, asked.chosen, k)
            found[f"{kind}_ndcg{k}"] = _mean(by_business, asked.weights)
        found[f"{kind}_recall5"] = _mean(metrics.recall(ranking, asked.chosen, 5), asked.weights)
    return found


class Askable(NamedTuple):
    """Businesses of which it is known what they chose after they had told what they use.

    `open` tells which platforms could be suggested: those not in use and made for the business.
    """

    profiles: sparse.csr_array
    history: sparse.csr_array
    declared: sparse.csr_array
    chosen: sparse.csr_array
    weights: NDArray[np.float64]
    open: NDArray[np.bool_]


MadeFor = Callable[[sparse.csr_array], NDArray[np.bool_]]
"""From profiles to which platforms are made for each, shape (n_businesses, n_platforms)."""


def everything(profiles: sparse.csr_array) -> NDArray[np.bool_]:
    """Say that every platform is made for every business."""
    return np.ones((profiles.shape[0], 1), dtype=bool)


def askable(part: Part, with_history: bool, made_for: MadeFor = everything) -> Askable:
    """Return the businesses with or without platforms in use, as they are told apart in service.

    Where all use some, those are asked as if they had told none.
    """
    used = np.diff(part.declared.indptr)
    rows = np.flatnonzero((used > 0) == with_history)
    if not len(rows) and not with_history:
        rows = np.arange(len(used))
    declared = part.declared[rows]
    history = declared if with_history else sparse.csr_array(declared.shape)
    profiles = part.profiles[rows]
    open_ = (declared.toarray() == 0) & made_for(profiles)
    return Askable(profiles, history, declared, part.chosen[rows], part.weights[rows], open_)


def flat_pairs(
    ranker: Ranker, asked: Askable
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Return score, outcome and weight of every pair that could be suggested.

    The outcome is whether the business chose the platform.
    """
    weights = np.broadcast_to(asked.weights[:, None], asked.open.shape)
    scores = ranker.score(asked.profiles, asked.history)
    return scores[asked.open], asked.chosen.toarray()[asked.open], weights[asked.open]


def _mean(values: NDArray[np.float64], weights: NDArray[np.float64]) -> float:
    known = ~np.isnan(values)
    if not known.any():
        return 0.0
    return round(float(np.average(values[known], weights=weights[known])), 4)
