"""From scores to an order: the disclosed boosts, then variety."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from heapq import heapify, heappop, heapreplace

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
    left = eligible.nonzero()[0]
    numbers, worth = left.tolist(), scores[left].tolist()
    used = {category: discount**count for category, count in Counter(in_use).items()}
    if used:
        for place, number in enumerate(numbers):
            if categories[number] in used and worth[place] > 0:
                worth[place] *= used[categories[number]]
    # What a platform is worth can only fall: the first in the queue is the best, unless its
    # category was chosen again since its worth was found.
    queue = [(-value, number, 0) for value, number in zip(worth, numbers, strict=True)]
    heapify(queue)
    repeats: dict[str, int] = defaultdict(int)
    chosen: list[int] = []
    while queue and len(chosen) < n:
        negative, number, counted = queue[0]
        category = categories[number]
        if counted < repeats[category] and negative < 0:
            heapreplace(queue, (negative * discount, number, counted + 1))
        else:
            heappop(queue)
            chosen.append(number)
            repeats[category] += 1
    return chosen
