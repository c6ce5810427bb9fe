"""States of businesses that a ranker was not fitted on."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.rankers import Responses, Sums

MadeFor = Callable[[sparse.csr_array], NDArray[np.bool_]]
"""From profiles to which platforms are made for each, shape (n, n_platforms)."""

FEWEST = 5
"""Recorded businesses of which together something may be told; fewer might be told apart."""


@dataclass(frozen=True)
class Part:
    """Some states: whose they are, how they were seen, what was shown and what came of it.

    Attributes:
        businesses: Ids of the businesses, shape (n,).
        states: Ids of the states, shape (n,).
        at: When each was first shown a list in UTC, NaT for never, shape (n,).
        simulated: Which are simulated, shape (n,).
        profiles: One-hot profiles, shape (n, n_features).
        used, examined, inclusion, strength, chosen: As in `Observations`, (n, n_platforms).
        weights: How much each counts, shape (n,).
    """

    businesses: NDArray[np.object_]
    states: NDArray[np.object_]
    at: NDArray[np.datetime64]
    simulated: NDArray[np.bool_]
    profiles: sparse.csr_array
    used: sparse.csr_array
    examined: sparse.csr_array
    inclusion: sparse.csr_array
    strength: sparse.csr_array
    chosen: sparse.csr_array
    weights: NDArray[np.float64]

    def __getitem__(self, rows: NDArray[Any]) -> Self:
        """Return the rows with these numbers, or where `rows` is set."""
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))

    def __len__(self) -> int:
        """Return the number of states."""
        return len(self.weights)

    @property
    def shown(self) -> NDArray[np.bool_]:
        """Which states were shown anything, shape (n,)."""
        return np.asarray(np.diff(self.examined.indptr) > 0)

    def crowd(self, rows: NDArray[np.bool_]) -> NDArray[np.bool_]:
        """Return rows of which something may be told: without too few recorded businesses.

        Args:
            rows: Which states something is to be told of, shape (n,).
        """
        recorded = rows & ~self.simulated
        few = len(np.unique(self.businesses[recorded].astype(str))) < FEWEST
        return rows & self.simulated if few else rows

    def holders(self) -> NDArray[np.int64]:
        """Count the businesses with each answer and each platform, (n_features + n_platforms,)."""
        number = np.unique(self.businesses.astype(str), return_inverse=True)[1]
        told = sparse.hstack([self.profiles, self.used], format="csr")
        rows, columns = told.nonzero()
        width = told.shape[1]
        pairs = np.unique(number[rows].astype(np.int64) * width + columns)
        return np.bincount(pairs % width, minlength=width)

    def weighted(self, weight: float) -> Self:
        """Return the same states, each counting so much more or less."""
        return replace(self, weights=self.weights * weight)

    @classmethod
    def stack(cls, parts: Sequence[Self]) -> Self:
        """Return the states of all parts as one."""

        def all_of(name: str) -> Any:
            values = [getattr(part, name) for part in parts]
            if sparse.issparse(values[0]):
                return sparse.vstack(values, format="csr")
            return np.concatenate(values)

        return cls(*(all_of(field.name) for field in fields(cls)))

    def add_to(self, sums: Sums) -> Sums:
        """Add the states to sums of the same columns."""
        responses = Responses(self.examined, self.strength)
        return sums.update(self.profiles, self.used, self.weights, responses)


def everything(profiles: sparse.csr_array) -> NDArray[np.bool_]:
    """Say that every platform is made for every business."""
    return np.ones((profiles.shape[0], 1), dtype=bool)
