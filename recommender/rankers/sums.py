"""Sums of outer products: all that the closed-form ranker needs to know of the data."""

from typing import Self

import numpy as np
from scipy import sparse

from recommender.rankers.base import Floats

DAMPINGS = (0.0, 0.5)
"""Exponents for which sums are kept: a business with n platforms counts n ** -damping."""


class Sums:
    """Weighted sums of z z' over businesses, where z = [1, profile, interactions].

    Sums over parts of the data add up to the sum over all (`merge`), and what a part added can be
    taken away again (`subtract`): data can come in chunks or from several processes, a fold is a
    subtraction, and so is the deletion of a business.

    Args:
        n_features: Number of feature columns.
        n_platforms: Number of platforms.

    Attributes:
        gram: The sum for each damping, shape (1 + n_features + n_platforms,) squared.
    """

    def __init__(self, n_features: int, n_platforms: int) -> None:
        self.n_features = n_features
        self.n_platforms = n_platforms
        size = 1 + n_features + n_platforms
        self.gram: dict[float, Floats] = {damping: np.zeros((size, size)) for damping in DAMPINGS}

    def update(
        self, profiles: sparse.csr_array, interactions: sparse.csr_array, weights: Floats
    ) -> Self:
        """Add businesses; the arguments are those of `Ranker.fit`."""
        ones = sparse.csr_array(np.ones((profiles.shape[0], 1)))
        rows = sparse.hstack([ones, profiles, interactions], format="csr")
        used = np.maximum(np.diff(interactions.indptr), 1)
        for damping, gram in self.gram.items():
            gram += (rows.T @ (rows * (weights * used**-damping)[:, None])).toarray()
        return self

    def merge(self, other: Self) -> Self:
        """Add what another part of the data summed up to.

        Raises:
            ValueError: If its columns are not as many.
        """
        return self._add(other, 1.0)

    def subtract(self, other: Self) -> Self:
        """Take away what a part of the data had added.

        Raises:
            ValueError: If its columns are not as many.
        """
        return self._add(other, -1.0)

    @property
    def weight(self) -> float:
        """Total weight of the businesses."""
        return float(self.gram[0.0][0, 0])

    @property
    def means(self) -> Floats:
        """Weighted mean of z, shape (1 + n_features + n_platforms,)."""
        means: Floats = self.gram[0.0][0] / self.weight
        return means

    def _add(self, other: Self, times: float) -> Self:
        if (self.n_features, self.n_platforms) != (other.n_features, other.n_platforms):
            raise ValueError("expected sums of the same columns")
        for damping, gram in self.gram.items():
            gram += times * other.gram[damping]
        return self
