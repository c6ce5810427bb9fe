"""Who is shown: how much of the catalogue, and how evenly by provider."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.evaluation import metrics
from recommender.rankers import Ranker
from recommender.training.holdout import MadeFor, Part

LENGTH = 10
"""Of the lists that are looked at."""

NAMED = 15
"""Providers with the most exposure that are named."""

ASKED = 5_000
"""States whose lists are looked at, at most."""


def exposure(
    ranker: Ranker, part: Part, providers: Sequence[str], made_for: MadeFor
) -> dict[str, Any]:
    """Tell who stands in the first tens of some states.

    Args:
        ranker: A fitted ranker.
        part: The states.
        providers: The provider of each platform.
        made_for: Which platforms could be suggested to whom.

    Returns:
        `coverage`: of the platforms that could stand in some list, the share that does; `gini`: how
        unevenly exposure is shared by providers, 0 to 1, a platform at rank r counting
        1 / log2(r + 1); `providers`: the share of those with the most, and their share of what
        businesses took up among all that was shown (their merit).
    """
    some = part[np.arange(min(len(part), ASKED))]
    left_out = (some.used.toarray() > 0) | ~made_for(some.profiles)
    scores = ranker.score(some.profiles, some.used)
    ranking = metrics.rank(scores, sparse.csr_array(left_out.astype(float)))[:, :LENGTH]
    open_ = ~np.take_along_axis(left_out, ranking, axis=1)
    counts = np.broadcast_to(1 / np.log2(np.arange(2, ranking.shape[1] + 2)), ranking.shape)
    by_platform = np.bincount(ranking[open_], counts[open_], minlength=len(providers))
    names, number = np.unique(np.asarray(providers), return_inverse=True)
    shares = np.bincount(number, by_platform) / max(by_platform.sum(), 1e-12)
    taken_up = np.maximum(np.asarray(some.weights @ some.strength), 0)
    merits = np.bincount(number, taken_up) / max(taken_up.sum(), 1e-12)
    most = np.argsort(-shares, kind="stable")[:NAMED]
    could = (~left_out).any(axis=0)
    return {
        "coverage": round(float((by_platform[could] > 0).mean()) if could.any() else 0.0, 4),
        "gini": round(gini(shares), 4),
        "providers": {
            str(names[i]): {
                "exposure": round(float(shares[i]), 4),
                "merit": round(float(merits[i]), 4),
            }
            for i in most.tolist()
        },
    }


def gini(shares: NDArray[np.float64]) -> float:
    """Return the Gini coefficient of shares of at least 0, shape (n,): 0 where all are alike."""
    n, ordered = len(shares), np.sort(shares)
    total = ordered.sum()
    if n == 0 or total <= 0:
        return 0.0
    return float((2 * np.arange(1, n + 1) - n - 1) @ ordered / (n * total))
