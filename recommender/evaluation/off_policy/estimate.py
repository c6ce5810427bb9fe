"""Estimates with bootstrap intervals, and two policies compared on the same log."""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from recommender.evaluation.intervals import RESAMPLES
from recommender.evaluation.off_policy.checks import Floats
from recommender.evaluation.off_policy.diagnostics import Diagnostics, diagnose
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.terms import Terms, ratio_of_sums

CELLS = 2_000_000
"""Draws held in memory at once while resampling."""


class Estimator(Protocol):
    """Turns a log and a policy into sums; see `weighting`, `modelled` and `slates`."""

    def terms(self, log: Log, target: Target) -> Terms:
        """Return what the estimate is made of."""


@dataclass(frozen=True, eq=False)
class Estimate:
    """What a policy would have reached.

    Attributes:
        value: Reward for each record, or for each list where lists are judged.
        low: Lower end of the 95 % interval.
        high: Upper end of it.
        contributions: What each record (or list) adds; their mean is the value, shape (n,).
        diagnostics: Whether to believe it, and why not.
    """

    value: float
    low: float
    high: float
    contributions: Floats
    diagnostics: Diagnostics


@dataclass(frozen=True, eq=False)
class Comparison:
    """How much better the first policy is than the second, on the same records.

    Attributes:
        first: Estimate of the first policy.
        second: Estimate of the second.
        difference: First minus second.
        low: Lower end of the paired 95 % interval of the difference.
        high: Upper end of it.
        believable: Whether both estimates are.
        warnings: Those of both, each with the policy that it is about.
    """

    first: Estimate
    second: Estimate
    difference: float
    low: float
    high: float
    believable: bool
    warnings: tuple[str, ...]


def estimate(
    estimator: Estimator, log: Log, target: Target, seed: int = 0, resamples: int = RESAMPLES
) -> Estimate:
    """Estimate what a policy would have reached, with a 95 % percentile bootstrap interval.

    Recommendations are resampled where the log names them, else records (Efron and Tibshirani,
    1993). The interval knows of chance alone, not of wrong propensities: read the diagnostics.

    Args:
        estimator: How to estimate.
        log: What was shown and what came of it.
        target: The policy to be judged.
        seed: Seed of the resampling.
        resamples: How often to resample, at least 1.

    Raises:
        ValueError: If log, target and estimator do not fit one another.
    """
    terms = estimator.terms(log, target)
    (values,) = _resampled([terms], seed, resamples)
    return _with_interval(terms, values, log, target)


def compare(
    estimator: Estimator,
    log: Log,
    first: Target,
    second: Target,
    seed: int = 0,
    resamples: int = RESAMPLES,
) -> Comparison:
    """Compare two policies on the same log; both are resampled together, so that chance cancels.

    Args:
        estimator: How to estimate.
        log: What was shown and what came of it.
        first: A policy.
        second: Another; `Target(log.propensities)` for the one that ran.
        seed: Seed of the resampling.
        resamples: How often to resample, at least 1.

    Raises:
        ValueError: If log, targets and estimator do not fit one another.
    """
    both = [estimator.terms(log, target) for target in (first, second)]
    values = _resampled(both, seed, resamples)
    one, other = (
        _with_interval(terms, each, log, target)
        for terms, each, target in zip(both, values, (first, second), strict=True)
    )
    low, high = np.nanquantile(values[0] - values[1], [0.025, 0.975])
    warnings = tuple(
        f"{name} policy: {warning}"
        for name, each in (("first", one), ("second", other))
        for warning in each.diagnostics.warnings
    )
    difference = one.value - other.value
    return Comparison(one, other, difference, float(low), float(high), not warnings, warnings)


def _with_interval(terms: Terms, values: Floats, log: Log, target: Target) -> Estimate:
    low, high = np.nanquantile(values, [0.025, 0.975])
    diagnostics = diagnose(terms, log, target)
    return Estimate(terms.value, float(low), float(high), terms.contributions, diagnostics)


def _resampled(several: list[Terms], seed: int, resamples: int) -> list[Floats]:
    """Return the values of each over the same resamples, each of shape (resamples,)."""
    if resamples < 1:
        raise ValueError(f"resamples: expected at least 1, got {resamples}")
    # Each has a product of its own: one of both would round otherwise than that of one alone.
    columns = [np.hstack([each.numerators, each.denominators]) for each in several]
    n = len(columns[0])
    draw = np.random.default_rng(seed)
    sums = [np.empty((resamples, each.shape[1])) for each in columns]
    step = max(1, CELLS // n)
    for begin in range(0, resamples, step):
        rows = min(step, resamples - begin)
        cells = draw.integers(n, size=(rows, n)) + n * np.arange(rows)[:, None]
        times = np.bincount(cells.ravel(), minlength=rows * n).reshape(rows, n)
        for each, found in zip(columns, sums, strict=True):
            found[begin : begin + rows] = times.astype(np.float64) @ each
    return [ratio_of_sums(*np.split(found, 2, axis=1)) for found in sums]
