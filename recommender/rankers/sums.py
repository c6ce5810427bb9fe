"""Sums of outer products: all that the closed-form ranker needs to know of the data."""

from typing import Self

import numpy as np
from scipy import sparse

from recommender.rankers.base import Floats


class Sums:
    """Weighted sum of z z' over businesses, where z = [1, profile, interactions].

    Sums over parts of the data add up to the sum over all (`merge`), and what a part added can be
    taken away again (`subtract`): data can come in chunks or from several processes, a fold is a
    subtraction, and so is the deletion of a business.

    Attributes:
        gram: The sum, shape (1 + n_features + n_platforms,) squared.
    """

    def __init__(self, n_features: int, n_platforms: int) -> None:
        self.n_features = n_features
        self.n_platforms = n_platforms
        size = 1 + n_features + n_platforms
        self.gram: Floats = np.zeros((size, size))

    def update(
        self, profiles: sparse.csr_array, interactions: sparse.csr_array, weights: Floats
    ) -> Self:
        """Add businesses; the arguments are those of `Ranker.fit`."""
        ones = sparse.csr_array(np.ones((profiles.shape[0], 1)))
        rows = sparse.hstack([ones, profiles, interactions], format="csr")
        self.gram += (rows.T @ (rows * weights[:, None])).toarray()
        return self

    def merge(self, other: Self) -> Self:
        """Add what another part of the data summed up to."""
        self.gram += other.gram
        return self

    def subtract(self, other: Self) -> Self:
        """Take away what a part of the data had added."""
        self.gram -= other.gram
        return self

    @property
    def weight(self) -> float:
        """Total weight of the businesses."""
        return float(self.gram[0, 0])

    @property
    def means(self) -> Floats:
        """Weighted mean of z, shape (1 + n_features + n_platforms,)."""
        means: Floats = self.gram[0] / self.weight
        return means
