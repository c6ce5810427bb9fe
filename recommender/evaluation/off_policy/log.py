"""What was shown, with which probability, and what came of it."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recommender.evaluation.off_policy.checks import (
    Floats,
    require_finite,
    require_probabilities,
    require_shape,
    require_whole,
)

Indices = NDArray[np.intp]


@dataclass(frozen=True, eq=False)
class Log:
    """What the logging policy showed: one record for each item at each position of each list.

    Attributes:
        actions: Index of the item shown, shape (n,).
        rewards: What came of it, such as 1 for a click and 0 for none, shape (n,).
        propensities: The logging policy's probability of the item, above 0 and at most 1, shape
            (n,). In lists: of the item at its position; for `IndependentIPS` whatever stands
            above it, for `CascadeIPS` given what stands above it.
        positions: Place in the list, the smallest on top, shape (n,); for lists only.
        slates: Recommendation that the record belongs to, any labels, shape (n,). Records of one
            recommendation are not independent, so they are resampled together.
        contexts: What was known of each business, shape (n, n_features); for reward models only.

    Raises:
        ValueError: If the log is empty, a shape does not fit, a propensity is 0, negative, above 1
            or NaN, a reward is not finite, or a recommendation has a position twice.
    """

    actions: Indices
    rewards: Floats
    propensities: Floats
    positions: Indices | None = None
    slates: NDArray[np.generic] | None = None
    contexts: Floats | None = None

    def __post_init__(self) -> None:
        require_shape("actions", self.actions, (None,))
        n = len(self.actions)
        if n == 0:
            raise ValueError("actions: expected at least one record, got an empty log")
        require_whole("actions", self.actions)
        require_shape("rewards", self.rewards, (n,))
        require_finite("rewards", self.rewards)
        require_shape("propensities", self.propensities, (n,))
        require_probabilities("propensities", self.propensities, zero_allowed=False)
        if self.slates is not None:
            require_shape("slates", self.slates, (n,))
        if self.contexts is not None:
            require_shape("contexts", self.contexts, (n, None))
            require_finite("contexts", self.contexts)
        if self.positions is not None:
            require_shape("positions", self.positions, (n,))
            require_whole("positions", self.positions)
            self._require_one_item_a_position(self.positions)

    def __len__(self) -> int:
        """Return the number of records."""
        return len(self.actions)

    @property
    def units(self) -> Indices:
        """Recommendation of each record, counted from 0, shape (n,); each its own without any."""
        if self.slates is None:
            return np.arange(len(self))
        return np.asarray(np.unique(self.slates, return_inverse=True)[1], dtype=np.intp)

    def _require_one_item_a_position(self, positions: Indices) -> None:
        if self.slates is None:
            return
        order = np.lexsort((positions, self.units))
        same = (np.diff(self.units[order]) == 0) & (np.diff(positions[order]) == 0)
        if same.any():
            twice = order[:-1][same][0]
            raise ValueError(
                f"positions: expected each position once in a recommendation, got position "
                f"{positions[twice]} twice in {self.slates[twice]}"
            )
