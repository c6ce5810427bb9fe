"""Estimators for lists: the value is the reward of a whole list, its positions added up."""

from dataclasses import dataclass

import numpy as np

from recommender.evaluation.off_policy.checks import Floats
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.terms import Terms


@dataclass(frozen=True)
class IndependentIPS:
    """Each position weighed by its own item (item-position model of Li et al., KDD 2018).

    Unbiased where the reward at a position depends on the business, the item and the position
    alone. Propensities and the target's probabilities are those of the item at the position,
    whatever stands above it.

    Attributes:
        normalised: Whether to divide by the mean weight of each position, as SNIPS does.
    """

    normalised: bool = False

    def terms(self, log: Log, target: Target) -> Terms:
        """Return w[k] r[k] of each list and position k over 1, or over w[k] where normalised.

        Raises:
            ValueError: If the log has no lists or the target does not fit.
        """
        weights, rewards = _lists(log, target)
        return _added_up(weights, rewards, self.normalised)


@dataclass(frozen=True)
class CascadeIPS:
    """Each position weighed by its item and all above (RIPS: McInerney et al., KDD 2020).

    Unbiased where the reward at a position depends on the business and on what stands there and
    above, not below. Propensities and the target's probabilities are those of the item at the
    position given the items above it.

    Attributes:
        normalised: Whether to divide by the mean weight of each position; steadier, and slightly
            biased.
    """

    normalised: bool = False

    def terms(self, log: Log, target: Target) -> Terms:
        """Return w[1] ... w[k] r[k] of each list and position k over 1, or over the weights.

        Raises:
            ValueError: If the log has no lists or the target does not fit.
        """
        weights, rewards = _lists(log, target)
        return _added_up(
            np.asarray(np.cumprod(weights, axis=1), dtype=np.float64), rewards, self.normalised
        )


def _lists(log: Log, target: Target) -> tuple[Floats, Floats]:
    """Return weights and rewards, each (n_lists, n_positions), from the top.

    A list without a position has no reward there, whoever drew it up: weight 1, reward 0.
    """
    for name, values in (("slates", log.slates), ("positions", log.positions)):
        if values is None:
            raise ValueError(f"{name}: expected one for each record, got none")
    columns, column = np.unique(np.asarray(log.positions), return_inverse=True)
    units = log.units
    shape = (int(units.max()) + 1, len(columns))
    weights, rewards = np.ones(shape), np.zeros(shape)
    weights[units, column] = target.weights(log)
    rewards[units, column] = log.rewards
    return weights, rewards


def _added_up(weights: Floats, rewards: Floats, normalised: bool) -> Terms:
    """Return terms whose value is the sum over positions of the mean weighted reward."""
    weighted = weights * rewards
    if not normalised:
        ones = np.ones_like(weights)
        return Terms(weighted, ones, weighted.sum(axis=1), weights, weights, rewards)
    means = weights.mean(axis=0)
    if (means == 0).any():
        raise ValueError(
            f"chosen: expected a probability above 0 somewhere at each position, got 0 in each "
            f"list at position {int(np.argmin(means)) + 1} from the top"
        )
    contributions = (weighted / means).sum(axis=1)
    return Terms(weighted, weights, contributions, weights, weights, rewards)
