"""How well a ranker would have done, told from lists that another one made.

What was not shown could not be taken up: rankings may not be judged as if it had been turned down.
Two measures allow for it. Both divide what was taken up at a rank by the probability that it was
looked at there.

All matrices are of shape (n, n_platforms).

- `reranked` orders what each business was shown anew. It is steady, as nothing else is weighed,
  and the best ranker has the best value; but it knows nothing of what was not shown.
- `full` ranks everything that is open to a business, and weighs what was shown by one over the
  probability that it was to be shown at all (Horvitz and Thompson, JASA 1952). It is unbiased
  where that is known and never 0, and far less steady.
"""

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

Floats = NDArray[np.float64]

MOST_WEIGHT = 50.0
"""What was unlikely to be shown is weighed by this at most: steadier, a little too low."""


def reranked(
    scores: Floats, examined: sparse.csr_array, strength: sparse.csr_array, k: int = 5
) -> Floats:
    """Return the discounted gain of what each row was shown, ordered by score, shape (n,).

    Args:
        scores: Shape (n, n_platforms).
        examined: Probability that each platform shown was looked at; not stored elsewhere.
        strength: How strongly it was taken up.
        k: Ranks that count.
    """
    row, column = examined.nonzero()
    gains = _at(strength, row, column) / _at(examined, row, column)
    place = _place_in_row(row, scores[row, column])
    return _discounted(row, gains, place, k, scores.shape[0])


def best_reranked(examined: sparse.csr_array, strength: sparse.csr_array, k: int = 5) -> Floats:
    """Return the most that `reranked` can be for each row, shape (n,)."""
    row, column = examined.nonzero()
    gains = _at(strength, row, column) / _at(examined, row, column)
    return _discounted(row, gains, _place_in_row(row, gains), k, examined.shape[0])


def full(
    scores: Floats,
    open_: NDArray[np.bool_],
    examined: sparse.csr_array,
    inclusion: sparse.csr_array,
    strength: sparse.csr_array,
    k: int = 5,
) -> Floats:
    """Return the discounted gain of everything open to each row, ordered by score, shape (n,).

    Args:
        scores: Shape (n, n_platforms).
        open_: What could be shown, shape (n, n_platforms).
        examined: As in `reranked`.
        inclusion: Probability that each platform shown was to be in the list at all, above 0.
        strength: As in `reranked`.
        k: Ranks that count.
    """
    ranking = np.argsort(-np.where(open_, scores, -np.inf), axis=1, kind="stable")
    ranks = np.empty_like(ranking)
    np.put_along_axis(ranks, ranking, np.arange(scores.shape[1])[None], axis=1)
    row, column = examined.nonzero()
    weight = np.minimum(1 / _at(inclusion, row, column), MOST_WEIGHT)
    gains = weight * _at(strength, row, column) / _at(examined, row, column)
    gains = np.where(open_[row, column], gains, 0.0)
    return _discounted(row, gains, ranks[row, column], k, scores.shape[0])


def _discounted(
    row: NDArray[np.intp], gains: Floats, place: NDArray[np.intp], k: int, n: int
) -> Floats:
    discounts = np.where(place < k, 1 / np.log2(place + 2), 0.0)
    return np.asarray(np.bincount(row, gains * discounts, minlength=n), dtype=np.float64)


def _place_in_row(row: NDArray[np.intp], values: Floats) -> NDArray[np.intp]:
    """Return the place of each value among those of its row, the largest first, from 0."""
    order = np.lexsort((-values, row))
    first = np.flatnonzero(np.diff(row[order], prepend=-1))
    place = np.empty(len(row), dtype=np.intp)
    lengths = np.diff(np.append(first, len(row)))
    place[order] = np.arange(len(row)) - np.repeat(first, lengths)
    return place


def _at(matrix: sparse.csr_array, row: NDArray[np.intp], column: NDArray[np.intp]) -> Floats:
    if not len(row):  # SciPy returns a sparse array then
        return np.zeros(0)
    return np.asarray(sparse.csr_array(matrix)[row, column], dtype=np.float64).ravel()
