"""The policy to be judged by a log."""

from dataclasses import dataclass
from typing import Self

import numpy as np

from recommender.evaluation.off_policy.checks import Floats, require_probabilities, require_shape
from recommender.evaluation.off_policy.log import Indices, Log

ROUNDING = 1e-6
"""How far a row of probabilities may be from adding up to 1."""


@dataclass(frozen=True, eq=False)
class Target:
    """The policy that is to be judged, as it would have acted in each record of a log.

    The logging policy itself is `Target(log.propensities)`.

    Attributes:
        chosen: Its probability of the item that was shown, from 0 to 1, shape (n,).
        probabilities: Its probability of each item, shape (n, n_actions); for reward models, and
            to see what it would show that the log never does.

    Raises:
        ValueError: If a shape does not fit, something is not a probability, or a row does not add
            up to 1.
    """

    chosen: Floats
    probabilities: Floats | None = None

    def __post_init__(self) -> None:
        require_shape("chosen", self.chosen, (None,))
        require_probabilities("chosen", self.chosen, zero_allowed=True)
        if self.probabilities is None:
            return
        require_shape("probabilities", self.probabilities, (len(self.chosen), None))
        require_probabilities("probabilities", self.probabilities, zero_allowed=True)
        sums = self.probabilities.sum(axis=1)
        worst = int(np.argmax(np.abs(sums - 1)))
        if abs(sums[worst] - 1) > ROUNDING:
            raise ValueError(
                f"probabilities: expected rows that add up to 1, got {sums[worst]:.6g} in row "
                f"{worst}"
            )

    @classmethod
    def of(cls, probabilities: Floats, log: Log) -> Self:
        """Take the probability of what was shown from those of all items.

        Args:
            probabilities: Shape (n, n_actions), each row adding up to 1.
            log: What was shown, n records.

        Raises:
            ValueError: If there is not a row for each record and a column for each action.
        """
        return cls(probabilities[_cells(probabilities, log)], probabilities)

    def weights(self, log: Log) -> Floats:
        """Return how much likelier the target shows each item than the log did, shape (n,).

        Raises:
            ValueError: If the target is not of this log's length, or its probabilities say
                something else of what was shown.
        """
        require_shape("chosen", self.chosen, (len(log),))
        if self.probabilities is not None:
            shown = self.probabilities[_cells(self.probabilities, log)]
            wrong = np.flatnonzero(np.abs(shown - self.chosen) > ROUNDING)
            if len(wrong):
                raise ValueError(
                    f"chosen: expected the probability of the action shown, {shown[wrong[0]]:.6g}, "
                    f"got {self.chosen[wrong[0]]:.6g} at {wrong[0]}"
                )
        return np.asarray(self.chosen / log.propensities, dtype=np.float64)


def _cells(probabilities: Floats, log: Log) -> tuple[Indices, Indices]:
    """Return row and column of what was shown; refuse probabilities that lack them."""
    require_shape("probabilities", probabilities, (len(log), None))
    if log.actions.max() >= probabilities.shape[1]:
        raise ValueError(
            f"probabilities: expected at least {log.actions.max() + 1} columns, one for each "
            f"action of the log, got {probabilities.shape[1]}"
        )
    return np.arange(len(log)), log.actions
