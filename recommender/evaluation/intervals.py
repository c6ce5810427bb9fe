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
