"""Estimators that ask a reward model; the value is the mean reward of a record."""

from dataclasses import dataclass

import numpy as np

from recommender.evaluation.off_policy.checks import Floats, require_finite, require_shape
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.terms import Terms, mean_of

MOST_FROM_MODEL = 0.5
"""Share of the target's choices that switch-DR may leave to the reward model alone."""

SIGMAS = 3.0
"""Standard errors that a reward model may be off."""


@dataclass(frozen=True, eq=False)
class DirectMethod:
    """Mean of the rewards that a model predicts for the target (Dudik et al., ICML 2011).

    As good as the model: no interval tells its bias, but the diagnostics compare it with the log.

    Attributes:
        predicted: Reward of each action in each record, shape (n, n_actions), by a model that has
            not seen the record (`reward_model.predict_rewards`).
    """

    predicted: Floats

    def terms(self, log: Log, target: Target) -> Terms:
        """Return the target's mean predicted reward of each record over 1.

        Raises:
            ValueError: If a shape does not fit or the target has no probabilities.
        """
        weights = target.weights(log)
        direct, surprise = _model(self.predicted, log, target)
        off = weights * surprise
        error = off.std() / np.sqrt(len(off))
        notes: tuple[str, ...] = ()
        if abs(off.mean()) > SIGMAS * error:
            notes = (
                f"the reward model tells {-off.mean():+.3g} beside what the log shows for this "
                f"policy, which should be within {SIGMAS * error:.2g} of 0: use DoublyRobust",
            )
        return mean_of(log, direct, weights, weights, notes)


@dataclass(frozen=True, eq=False)
class DoublyRobust:
    """The direct method plus the mean of w (r - predicted) (Dudik et al., ICML 2011).

    Unbiased where either the propensities or the reward model are right.

    Attributes:
        predicted: As in `DirectMethod`.
    """

    predicted: Floats

    def terms(self, log: Log, target: Target) -> Terms:
        """Return what the model says plus the weighted surprise of each record, over 1.

        Raises:
            ValueError: If a shape does not fit or the target has no probabilities.
        """
        weights = target.weights(log)
        direct, surprise = _model(self.predicted, log, target)
        return mean_of(log, direct + weights * surprise, weights, weights)


@dataclass(frozen=True, eq=False)
class SwitchDR:
    """Doubly robust where w is at most a threshold, else the model (Wang et al., ICML 2017).

    Attributes:
        predicted: As in `DirectMethod`.
        threshold: Largest weight that is used, at least 0; infinity gives `DoublyRobust`, 0 gives
            `DirectMethod` but for records of weight 0.

    Raises:
        ValueError: If the threshold is below 0 or NaN.
    """

    predicted: Floats
    threshold: float

    def __post_init__(self) -> None:
        if not self.threshold >= 0:
            raise ValueError(f"threshold: expected a number from 0, got {self.threshold}")

    def terms(self, log: Log, target: Target) -> Terms:
        """Return what the model says plus the surprise of records with small weights, over 1.

        Raises:
            ValueError: If a shape does not fit or the target has no probabilities.
        """
        weights = target.weights(log)
        used = np.where(weights <= self.threshold, weights, 0.0)
        direct, surprise = _model(self.predicted, log, target)
        notes: tuple[str, ...] = ()
        if 1 - used.mean() > MOST_FROM_MODEL:
            notes = (
                f"{1 - used.mean():.0%} of the target's choices rest on the reward model alone, "
                f"which should be at most {MOST_FROM_MODEL:.0%}: raise the threshold of "
                f"{self.threshold:g}",
            )
        return mean_of(log, direct + used * surprise, weights, used, notes)


def _model(predicted: Floats, log: Log, target: Target) -> tuple[Floats, Floats]:
    """Return what a model predicts for the target, and reward less prediction, each (n,)."""
    if target.probabilities is None:
        raise ValueError("probabilities: expected those of each action, as Target.of takes them")
    require_shape("predicted", predicted, target.probabilities.shape)
    require_finite("predicted", predicted)
    told = predicted[np.arange(len(log)), log.actions]
    return (target.probabilities * predicted).sum(axis=1), log.rewards - told
