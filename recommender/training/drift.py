"""Whether the businesses are still those of the last time: distances against chance."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from recommender.training.holdout import FEWEST

if TYPE_CHECKING:  # The service compares, and starts without what only training needs.
    from recommender.training.layout import Layout
    from recommender.training.learning import Learned

RESAMPLES = 200

IN_USE = "platforms in use"

FEW = "(few)"
"""The values together that so few recorded businesses have that one might be told apart."""


def describe(found: "Learned", layout: "Layout") -> dict[str, Any]:
    """Return how often each answer is given, and each platform used, for later comparison.

    Args:
        found: All states.
        layout: The columns.

    Returns:
        `businesses`, and `fields`: the share of the total weight of each value that occurs. Those
        that only a few recorded businesses have stand there as one, see `FEW`.
    """
    means = found.sums.means[1:]
    names = [*layout.encoder.columns, *((IN_USE, id_) for id_ in layout.platforms)]
    shares: dict[str, dict[str, float]] = {field: {} for field in layout.encoder.vocabulary}
    recorded: dict[str, dict[str, int]] = {}
    for (field, value), share, holders in zip(
        names, means.tolist(), found.recorded.tolist(), strict=True
    ):
        if share > 0 and (field in shares or field == IN_USE):
            shares.setdefault(field, {})[value] = share
            recorded.setdefault(field, {})[value] = holders
    fields = {field: _joined(each, recorded.get(field, {})) for field, each in shares.items()}
    return {"businesses": found.businesses, "fields": fields}


def drift(
    before: Mapping[str, Any], now: Mapping[str, Any], seed: int = 0
) -> dict[str, dict[str, float]]:
    """Compare two descriptions field by field.

    The distance is the total variation of how often the values are given (of all answers in that
    field), 0 to 1. Values that one of the two does not tell count together, as they may stand among
    its few. What chance alone would give is bootstrapped: both are drawn anew from the two taken
    together, each as large as it is.

    Returns:
        For each field of both `distance` and `chance`, below which 95 % of those drawn lie.
    """
    random = np.random.default_rng(seed)
    found = {}
    for field in before["fields"].keys() & now["fields"].keys():
        told = [each["fields"][field] for each in (before, now)]
        if not any(told):
            continue
        values = sorted(
            value
            for value in (told[0].keys() | told[1].keys()) - {FEW}
            if all(value in each or FEW not in each for each in told)
        )
        first, second = (
            np.array([*(each.get(value, 0.0) for value in values), _rest(each, values)])
            for each in told
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


def _joined(shares: Mapping[str, float], recorded: Mapping[str, int]) -> dict[str, float]:
    """Round shares, and join the values that too few recorded businesses have.

    The rarest are joined until together enough have them: else what is left of 1 would tell.
    """
    few: list[str] = []
    number = 0
    for value in sorted(shares, key=lambda value: recorded[value]):
        if recorded[value] and (recorded[value] < FEWEST or 0 < number < FEWEST):
            few.append(value)
            number += recorded[value]
    joined = {value: round(share, 6) for value, share in shares.items() if value not in few}
    return joined | ({FEW: round(sum(shares[value] for value in few), 6)} if few else {})


def _rest(shares: Mapping[str, float], values: Collection[str]) -> float:
    return sum(share for value, share in shares.items() if value not in values)


def _normed(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    total = shares.sum()
    normed: NDArray[np.float64] = (
        shares / total if total > 0 else np.full_like(shares, 1 / len(shares))
    )
    return normed
