"""Sums over businesses: all that the closed-form rankers need to know of the data."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np
from scipy import sparse
from scipy.linalg import blas

from recommender.rankers.base import Columns, Floats, Ranker, Responses
from recommender.rankers.response_sums import BLOCK, ResponseSums

if TYPE_CHECKING:
    import pandas as pd

DAMPINGS = (0.0, 0.5)
"""Exponents for which sums are kept: a business with n platforms counts n ** -damping."""

LEAST_WEIGHT = 1e-9
"""Total weight below which there is nobody in the sums: what rounding leaves of a subtraction."""

NOTHING = 1e-12
"""Share of the weight that may be left by rounding when all of something is subtracted."""

Groups = Sequence[Sequence[int]]
"""Feature columns of each field that makes a segment, such as those of sector and of size."""


class Sums:
    """Weighted sums over businesses: of what they use, and what they did with what they saw.

    Sums over parts of the data add up to the sum over all (`merge`), and what a part added can be
    taken away again (`subtract`): data can come in chunks or from several processes, a fold is a
    subtraction, and so is the deletion of a business.

    Args:
        n_features: Number of feature columns.
        n_platforms: Number of platforms.
        groups: What makes a segment; everybody is of one segment where left out.
        pairs: How many of the feature columns, the last ones, stand for pairs of answers.
        kinds: The kind of each platform, from 0; each is its own kind where left out.

    Raises:
        ValueError: If there is not one kind a platform, or there are more pairs than features.

    Attributes:
        gram: Of what is in use: for each damping the sum of z z', z = [1, profile, interactions],
            shape (1 + n_features + n_platforms,) squared.
        responses: Of what they did with what they were shown.
        segments: Sums of [1, interactions, examined, strength] by segment, one row for each that
            occurs, numbered as by `segment_numbers`.
    """

    def __init__(
        self,
        n_features: int,
        n_platforms: int,
        groups: Groups = (),
        pairs: int = 0,
        kinds: Sequence[int] = (),
    ) -> None:
        import pandas as pd  # The service starts without it.

        self.n_features = n_features
        self.n_platforms = n_platforms
        self.groups = groups
        self.pairs = pairs
        self.kinds = tuple(kinds) or tuple(range(n_platforms))
        if len(self.kinds) != n_platforms or min(self.kinds, default=0) < 0:
            raise ValueError(f"expected {n_platforms} kinds, one a platform, from 0")
        if not 0 <= pairs <= n_features:
            raise ValueError(f"expected a number of pairs from 0 to {n_features}")
        size = 1 + n_features + n_platforms
        self.gram: dict[float, Floats] = {damping: np.zeros((size, size)) for damping in DAMPINGS}
        self.responses = ResponseSums(n_features - pairs, self.kinds)
        self.segments = pd.DataFrame(columns=range(1 + 3 * n_platforms), dtype=float)

    def empty(self) -> "Sums":
        """Return sums over nobody, of the same columns."""
        return Sums(self.n_features, self.n_platforms, self.groups, self.pairs, self.kinds)

    def update(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats,
        responses: Responses | None = None,
    ) -> Self:
        """Add businesses; the arguments are those of `Ranker.fit`."""
        import pandas as pd

        ones = sparse.csr_array(np.ones((profiles.shape[0], 1)))
        rows = sparse.hstack([ones, profiles, interactions], format="csr")
        used = np.maximum(interactions.count_nonzero(axis=1), 1)
        for damping, gram in self.gram.items():
            scale = np.sqrt(weights * used**-damping)[:, None]
            for begin in range(0, rows.shape[0], BLOCK):
                block = rows[begin : begin + BLOCK].toarray() * scale[begin : begin + BLOCK]
                upper = blas.dsyrk(1.0, block.T)
                gram += upper + np.triu(upper, 1).T
        if responses is None:
            responses = Responses(*2 * [sparse.csr_array(interactions.shape)])
        shown = responses.examined > 0
        responses = responses._replace(strength=responses.strength.multiply(shown).tocsr())
        self.responses.update(profiles, interactions, weights, responses)
        numbers, members = np.unique(segment_numbers(profiles, self.groups), return_inverse=True)
        shape = (len(numbers), len(members))
        belongs = sparse.csr_array((weights, (members, np.arange(len(members)))), shape=shape)
        totals = [(belongs @ each).toarray() for each in (interactions, *responses)]
        columns = np.column_stack([belongs.sum(axis=1), *totals])
        return self._add_segments(pd.DataFrame(columns, index=numbers), 1.0)

    def merge(self, other: Self, times: float = 1.0) -> Self:
        """Add what another part of the data summed up to, with another weight if one is given.

        Raises:
            ValueError: If its columns are not as many, or its segments others.
        """
        if (self.n_features, self.n_platforms) != (other.n_features, other.n_platforms):
            raise ValueError("expected sums of the same columns")
        if self.groups != other.groups:
            raise ValueError("expected sums of the same segments")
        if self.kinds != other.kinds or self.pairs != other.pairs:
            raise ValueError("expected sums of the same kinds and pairs")
        for damping, gram in self.gram.items():
            gram += times * other.gram[damping]
        self.responses.merge(other.responses, times)
        return self._add_segments(other.segments, times)

    def subtract(self, other: Self) -> Self:
        """Take away what a part of the data had added.

        Raises:
            ValueError: If its columns are not as many.
        """
        return self.merge(other, -1.0)

    @property
    def weight(self) -> float:
        """Total weight of the businesses."""
        return float(self.gram[0.0][0, 0])

    @property
    def means(self) -> Floats:
        """Weighted mean of z, shape (1 + n_features + n_platforms,).

        Raises:
            ValueError: If no business is in the sums.
        """
        if not self.weight > LEAST_WEIGHT:
            raise ValueError("expected at least one business")
        means: Floats = self.gram[0.0][0] / self.weight
        return means

    @property
    def used(self) -> slice:
        """The columns of z that tell which platforms are in use."""
        return slice(1 + self.n_features, 1 + self.n_features + self.n_platforms)

    @property
    def shown(self) -> bool:
        """Whether anything was shown to anybody."""
        return bool(self.responses.examined.sum() > NOTHING * self.weight)

    def _add_segments(self, segments: "pd.DataFrame", times: float) -> Self:
        known = self.segments if len(self.segments) else segments.iloc[:0]
        self.segments = known.add(times * segments, fill_value=0.0)
        return self


class ClosedForm(Ranker, Protocol):
    """A ranker that learns from sums alone, however they were put together."""

    def solve(self, sums: Sums) -> Self:
        """Learn from sums.

        Raises:
            ValueError: If no business is in them, or a parameter is out of its bounds.
        """
        ...


def segment_numbers(profiles: sparse.csr_array, groups: Groups) -> Columns:
    """Return a number for what each business has in all groups, shape (n_businesses,).

    Each column adds a large number of its own, drawn once and for all, so that those of two
    segments are hardly ever the same.
    """
    columns = [column for group in groups for column in group]
    own = np.random.default_rng(0).integers(2**62, size=profiles.shape[1])[columns]
    numbers: Columns = profiles[:, columns].astype(np.int64) @ own
    return numbers
