"""Sums over what businesses were shown: all that the response ranker needs to know of the data."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy import sparse
from scipy.linalg import blas

from recommender.rankers.base import Floats, Responses

BLOCK = 8_192
"""Rows that are made dense at a time: as many as stay in the processor's cache with some luck."""


class ResponseSums:
    """For each platform, weighted sums of x x' and x y over the businesses that it was shown to.

    x = [1, answers, kinds of platform in use]; a business counts as much as it is likely to have
    looked at the platform. Like `Sums`, they add up over parts of the data and subtract.

    Args:
        n_answers: Number of profile columns that count, from the first one.
        kinds: The kind of each platform, numbered from 0, shape (n_platforms,).

    Attributes:
        gram: Sums of x x', shape (n_platforms, n, n) with n = 1 + n_answers + number of kinds.
        moment: Sums of x times the strength of the response, shape (n_platforms, n).
    """

    def __init__(self, n_answers: int, kinds: Sequence[int]) -> None:
        self.n_answers = n_answers
        self.kinds = np.asarray(kinds, dtype=np.intp)
        n_kinds = int(self.kinds.max(initial=-1)) + 1
        n = 1 + n_answers + n_kinds
        self.gram = np.zeros((len(self.kinds), n, n))
        self.moment = np.zeros((len(self.kinds), n))
        self._kind_of = sparse.csr_array(
            (np.ones(len(self.kinds)), (np.arange(len(self.kinds)), self.kinds)),
            shape=(len(self.kinds), n_kinds),
        )

    @property
    def examined(self) -> Floats:
        """Weight of the businesses that have looked at each platform, shape (n_platforms,)."""
        return np.asarray(self.gram[:, 0, 0])

    def update(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats,
        responses: Responses,
    ) -> Self:
        """Add businesses; the arguments are those of `Ranker.fit`."""
        ones = sparse.csr_array(np.ones((profiles.shape[0], 1)))
        told = profiles[:, : self.n_answers]
        rows = sparse.hstack([ones, told, interactions @ self._kind_of], format="csr")
        weighted = [each.multiply(weights[:, None]).tocsr() for each in responses]
        for begin in range(0, rows.shape[0], BLOCK):
            block = slice(begin, begin + BLOCK)
            examined, strength = (sparse.csc_array(each[block]) for each in weighted)
            self._add(rows[block].toarray(), examined, strength)
        return self

    def merge(self, other: Self, times: float = 1.0) -> Self:
        """Add what another part of the data summed up to, with another weight if one is given."""
        self.gram += times * other.gram
        self.moment += times * other.moment
        return self

    def _add(self, rows: Floats, examined: sparse.csc_array, strength: sparse.csc_array) -> None:
        for platform in range(len(self.kinds)):
            begin, end = examined.indptr[platform : platform + 2]
            if begin == end:
                continue
            shown = examined.indices[begin:end]
            seen = rows[shown]
            root = np.sqrt(examined.data[begin:end])[:, None]
            upper = blas.dsyrk(1.0, (seen * root).T)
            self.gram[platform] += upper + np.triu(upper, 1).T
            did = strength[:, [platform]].toarray().ravel()[shown]
            self.moment[platform] += did @ seen
