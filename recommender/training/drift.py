"""Whether the businesses are still those of the last time: distances against chance."""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from recommender.rankers import Sums
from recommender.training.layout import Layout

RESAMPLES = 200

IN_USE = "platforms in use"


def describe(sums: Sums, layout: Layout, businesses: int) -> dict[str, Any]:
    """Return how often each answer is given, and each platform used, for later comparison.

    Args:
        sums: Of all states.
        layout: The columns.
        businesses: How many businesses these are of.

    Returns:
        `businesses`, and `fields`: the share of the total weight of each value that occurs.
    """
    means = sums.means
    fields: dict[str, dict[str, float]] = {field: {} for field in layout.encoder.vocabulary}
    for (field, value), share in zip(layout.encoder.columns, means[1:].tolist(), strict=False):
        if field in fields and share > 0:
            fields[field][value] = round(share, 6)
    used = zip(layout.platforms, means[sums.used].tolist(), strict=True)
    fields[IN_USE] = {id_: round(share, 6) for id_, share in used if share > 0}
    return {"businesses": businesses, "fields": fields}


def drift(
    before: Mapping[str, Any], now: Mapping[str, Any], seed: int = 0
) -> dict[str, dict[str, float]]:
    """Compare two descriptions field by field.

    The distance is the total variation of how often the values are given (of all answers in that
    field), 0 to 1. What chance alone would give is bootstrapped: both are drawn anew from the two
    taken together, each as large as it is.

    Returns:
        For each field of both `distance` and `chance`, below which 95 % of those drawn lie.
    """
    random = np.random.default_rng(seed)
    found = {}
    for field in before["fields"].keys() & now["fields"].keys():
        values = sorted(before["fields"][field].keys() | now["fields"][field].keys())
        if not values:
            continue
        first, second = (
            np.array([each["fields"][field].get(value, 0.0) for value in values])
            for each in (before, now)
        )
        counts = [
            max(round(each["businesses"] * shares.sum()), 1)
            for each, shares in ((before, first), (now, second))
        ]
        first, second = _normed(first), _normed(second)
        pooled = _normed(counts[0] * first + counts[1] * second)
        drawn = [random.multinomial(n, pooled, size=RESAMPLES) / n for n in counts]
        chance = np.quantile(np.abs(drawn[0] - drawn[1]).sum(axis=1) / 2, 0.95)
        distance = np.abs(first - second).sum() / 2
        found[field] = {"distance": round(float(distance), 5), "chance": round(float(chance), 5)}
    return dict(sorted(found.items()))


def _normed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    total = shares.sum()
    normed: NDArray[np.float64] = (
        shares / total if total > 0 else np.full_like(shares, 1 / len(shares))
    )
    return normed
