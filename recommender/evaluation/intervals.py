"""How far a mean may be off by chance."""

import numpy as np
from numpy.typing import NDArray

RESAMPLES = 1_000


def bootstrap_interval(values: NDArray[np.float64], seed: int = 0) -> tuple[float, float]:
    """Return the 95 % percentile bootstrap interval of the mean (Efron and Tibshirani, 1993).

    Args:
        values: One for each business, shape (n,); for a comparison, the paired differences.
        seed: Seed of the resampling.

    Raises:
        ValueError: If there is no value.
    """
    if len(values) == 0:
        raise ValueError("expected at least one value")
    draw = np.random.default_rng(seed)
    means = [values[draw.integers(len(values), size=len(values))].mean() for _ in range(RESAMPLES)]
    low, high = np.quantile(means, [0.025, 0.975])
    return float(low), float(high)


class Resampled:
    """Ratios of sums over clusters, and how far they may be off: one set of resamples for all.

    Whole clusters are drawn anew, as what belongs to one business is not independent; everything
    is resampled alike, so that differences are paired.

    Args:
        clusters: What each row belongs to, any labels, shape (n,).
        seed: Seed of the resampling.

    Raises:
        ValueError: If there is no row.
    """

    def __init__(self, clusters: NDArray[np.generic], seed: int = 0) -> None:
        if len(clusters) == 0:
            raise ValueError("expected at least one value")
        self.cluster = np.unique(clusters, return_inverse=True)[1]
        n = int(self.cluster.max()) + 1
        draw = np.random.default_rng(seed)
        self._times = np.empty((RESAMPLES, n), dtype=np.float32)
        for times in self._times:
            times[:] = np.bincount(draw.integers(n, size=n), minlength=n)

    def ratio(
        self, numerators: NDArray[np.float64], denominators: NDArray[np.float64]
    ) -> tuple[float, float, float]:
        """Return the sum of numerators over that of denominators, with its 95 % interval.

        Args:
            numerators: Shape (n,); for a comparison, the paired differences.
            denominators: Shape (n,), at least 0.

        Returns:
            Value, low, high; 0 where there is nothing to divide by.
        """
        n = self._times.shape[1]
        pairs = np.column_stack(
            [np.bincount(self.cluster, each, minlength=n) for each in (numerators, denominators)]
        )
        above, below = pairs.sum(axis=0)
        if below <= 0:
            return 0.0, 0.0, 0.0
        some = np.flatnonzero(pairs.any(axis=1))  # those of a slice are few
        sums = self._times[:, some] @ pairs[some]
        ratios = sums[:, 0] / np.where(sums[:, 1] > 0, sums[:, 1], np.nan)
        low, high = np.nanquantile(ratios, [0.025, 0.975])
        return float(above / below), float(low), float(high)
