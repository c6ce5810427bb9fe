"""Ranking metrics over the full ranking of every business; never over a sample of platforms."""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]


def rank(scores: Floats, left_out: sparse.csr_array) -> NDArray[np.intp]:
    """Return the columns of each row from best to worst; equal scores keep their order.

    Args:
        scores: Shape (n_businesses, n_platforms).
        left_out: Pairs that are not to be ranked; they come last. Same shape.
    """
    scores = np.where(left_out.toarray() > 0, -np.inf, scores)
    return np.argsort(-scores, axis=1, kind="stable")


def ndcg(ranking: NDArray[np.intp], positives: sparse.csr_array, k: int) -> Floats:
    """Return NDCG@k of each row, shape (n_businesses,).

    Gains are binary and the ideal is cut at k (Jarvelin and Kekalainen, TOIS 2002). Rows without
    a positive are NaN.
    """
    hits = np.take_along_axis(positives.toarray() > 0, ranking[:, :k], axis=1)
    discounts = 1 / np.log2(np.arange(2, hits.shape[1] + 2))
    ideal = np.concatenate([[0.0], np.cumsum(discounts)])
    n_positives = np.asarray((positives > 0).sum(axis=1)).astype(int)
    best = ideal[np.minimum(n_positives, hits.shape[1])]
    with np.errstate(invalid="ignore"):
        found: Floats = (hits @ discounts) / np.where(best > 0, best, np.nan)
    return found


def recall(ranking: NDArray[np.intp], positives: sparse.csr_array, k: int) -> Floats:
    """Return hits among the first k over min(k, positives) of each row; NaN without a positive."""
    hits = np.take_along_axis(positives.toarray() > 0, ranking[:, :k], axis=1).sum(axis=1)
    most = np.minimum(np.asarray((positives > 0).sum(axis=1)), k)
    with np.errstate(invalid="ignore"):
        found: Floats = hits / np.where(most > 0, most, np.nan)
    return found


def distinct_lists(ranking: NDArray[np.intp], k: int = 5) -> int:
    """Return how many different sets of first k platforms there are."""
    return len(np.unique(np.sort(ranking[:, :k], axis=1), axis=0))
