"""Estimators that weigh rewards; the value is the mean reward of a record."""

from dataclasses import dataclass

import numpy as np

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.terms import Terms, mean_of, total

MOST_CLIPPED = 0.05
"""Share of the weight that clipping may take away."""


@dataclass(frozen=True)
class IPS:
    """Inverse propensity scoring: mean of w r (Horvitz and Thompson, JASA 1952).

    Unbiased where the propensities are right and above 0 wherever the target's are.
    """

    def terms(self, log: Log, target: Target) -> Terms:
        """Return w r of each record over 1."""
        weights = target.weights(log)
        return mean_of(log, weights * log.rewards, weights, weights)


@dataclass(frozen=True)
class ClippedIPS:
    """IPS with weights of at most `clip`: mean of min(w, clip) r (Bottou et al., JMLR 2013).

    Steadier; biased towards 0 by what is cut off.

    Attributes:
        clip: Largest weight, above 0. A usual one is the root of the number of records (Ionides,
            J. Comput. Graph. Stat. 2008).

    Raises:
        ValueError: If the largest weight is not above 0.
    """

    clip: float

    def __post_init__(self) -> None:
        if not self.clip > 0:
            raise ValueError(f"clip: expected a number above 0, got {self.clip}")

    def terms(self, log: Log, target: Target) -> Terms:
        """Return min(w, clip) r of each record over 1."""
        weights = target.weights(log)
        used = np.minimum(weights, self.clip)
        cut = 1 - used.sum() / weights.sum() if weights.any() else 0.0
        notes: tuple[str, ...] = ()
        if cut > MOST_CLIPPED:
            notes = (
                f"clipping at {self.clip:g} takes away {cut:.0%} of the weight, which should be at "
                f"most {MOST_CLIPPED:.0%}: the estimate is biased towards 0",
            )
        return mean_of(log, used * log.rewards, weights, used, notes)


@dataclass(frozen=True)
class SNIPS:
    """Self-normalised IPS: sum of w r over sum of w (Swaminathan and Joachims, NeurIPS 2015).

    Slightly biased, less so the more records; steadier, and never outside the rewards seen.
    """

    def terms(self, log: Log, target: Target) -> Terms:
        """Return w r of each record over w.

        Raises:
            ValueError: If the target gives nothing that was shown any probability.
        """
        weights = target.weights(log)
        if not weights.any():
            raise ValueError(
                "chosen: expected a probability above 0 somewhere, got 0 in each record"
            )
        weighted = weights * log.rewards
        sums = total(weighted, log.units), total(weights, log.units)
        columns = weights[:, None], weights[:, None], log.rewards[:, None]
        return Terms(*sums, weighted / weights.mean(), *columns)
