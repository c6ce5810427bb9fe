"""From scores to an order: the disclosed boosts, then variety."""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def order_with_variety(
    scores: Floats,
    eligible: NDArray[np.bool_],
    categories: Sequence[str],
    in_use: Iterable[str],
    discount: float,
    n: int,
) -> list[int]:
    """Choose platforms one after another, best first.

    The score of a platform counts `discount` times for each platform of its category that was
    chosen before it or is in use already; scores of 0 or below are left as they are.

    Args:
        scores: Ranking scores, shape (n_platforms,).
        eligible: Which platforms may be chosen, shape (n_platforms,).
        categories: The category of each platform.
        in_use: Categories of the platforms in use, once for each.
        discount: Above 0, at most 1.
        n: How many to choose at most.

    Returns:
        The numbers of the chosen platforms. Equal scores go to the lower number.
    """
    left = np.flatnonzero(eligible)
    worth = scores[left].astype(float)
    category = np.array([categories[number] for number in left.tolist()])
    for name, count in Counter(in_use).items():
        worth[(category == name) & (worth > 0)] *= discount**count
    chosen: list[int] = []
    while len(chosen) < min(n, len(left)):
        best = int(np.argmax(worth))
        chosen.append(int(left[best]))
        worth[best] = -np.inf
        worth[(category == category[best]) & (worth > 0)] *= discount
    return chosen
