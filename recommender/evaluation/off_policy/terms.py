"""What every estimate is made of: sums over units, so that one bootstrap serves all."""

from dataclasses import dataclass

import numpy as np

from recommender.evaluation.off_policy.checks import Floats
from recommender.evaluation.off_policy.log import Indices, Log


@dataclass(frozen=True, eq=False)
class Terms:
    """The value is the sum over slots of sum(numerators) / sum(denominators).

    There is one slot, or one for each position of a list. Units are what is resampled.

    Attributes:
        numerators: Weighted rewards, shape (n_units, n_slots).
        denominators: What they are divided by, shape (n_units, n_slots).
        contributions: What each record or list adds; their mean is the value.
        ratios: Target's probability over the logging policy's, shape (n_rows, n_slots).
        used: The ratios as the estimator uses them, cut or not, same shape.
        rewards: Rewards, same shape.
        notes: What else speaks against the estimate, in words.
    """

    numerators: Floats
    denominators: Floats
    contributions: Floats
    ratios: Floats
    used: Floats
    rewards: Floats
    notes: tuple[str, ...] = ()

    @property
    def value(self) -> float:
        """The estimate; NaN where nothing has any weight."""
        return float(ratio_of_sums(self.numerators.sum(axis=0), self.denominators.sum(axis=0)))


def ratio_of_sums(numerators: Floats, denominators: Floats) -> Floats:
    """Return the sum of the ratios over the last axis; NaN where a denominator is 0."""
    with np.errstate(invalid="ignore", divide="ignore"):
        ratios = np.where(denominators > 0, numerators / denominators, np.nan)
    return np.asarray(ratios.sum(axis=-1), dtype=np.float64)


def total(values: Floats, units: Indices) -> Floats:
    """Add up the values of the records of each unit, shape (n_units, 1)."""
    return np.asarray(np.bincount(units, weights=values)[:, None], dtype=np.float64)


def mean_of(
    log: Log, values: Floats, ratios: Floats, used: Floats, notes: tuple[str, ...] = ()
) -> Terms:
    """Return terms whose value is the mean of one value for each record."""
    sums = total(values, log.units), total(np.ones(len(log)), log.units)
    return Terms(*sums, values, ratios[:, None], used[:, None], log.rewards[:, None], notes)
