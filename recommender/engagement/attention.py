"""How likely a platform is looked at, by the rank at which it stands."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar

Floats = NDArray[np.float64]
Ranks = NDArray[np.int64]

LEAST = 0.1
"""Probability below which attention is not thought to fall: inverse weights are clipped at 10."""

PRIOR_SD = 0.2
"""How far from the simulated exponent the true one is thought to be: a standard deviation."""

STEEPEST = 3.0
"""Largest exponent that is looked for."""


@dataclass(frozen=True)
class Attention:
    """A platform at a rank is looked at with probability rank ** -exponent, at least `LEAST`."""

    exponent: float

    def __call__(self, rank: NDArray[np.generic]) -> Floats:
        """Return the probability at each rank.

        Raises:
            ValueError: If a rank is not from 1.
        """
        ranks = np.asarray(rank, dtype=np.float64)
        if not (ranks >= 1).all():
            raise ValueError(f"expected ranks from 1, found {ranks.min():g}")
        seen: Floats = np.maximum(ranks**-self.exponent, LEAST)
        return seen


SIMULATED_ATTENTION = Attention(0.7)
"""The simulator's known truth (`simulation.coefficients.FUNNEL`; a test holds them together)."""


class Estimate(NamedTuple):
    """What attention was found to be, with a 95 % interval of the exponent.

    `reactions` is how many reactions in drawn slots it rests on, besides the prior.
    """

    attention: Attention
    low: float
    high: float
    reactions: int


def estimate_attention(rank: Ranks, first: Ranks, last: Ranks) -> Estimate:
    """Estimate attention from slots whose rank was drawn by chance.

    As the rank of such a slot is uniform from `first` to `last` and independent of what stands
    there, a reaction stands at rank r with probability r ** -a / sum of s ** -a over those ranks:
    what is shown, and to whom, cancels out (position-based model; intervention as in Joachims et
    al., WSDM 2017). The prior is the simulator's exponent.

    Args:
        rank: Rank of each slot that was reacted to, shape (n,); n may be 0.
        first: First rank that it could have had.
        last: Last rank that it could have had.

    Raises:
        ValueError: If a rank is not among those that it could have had, or these do not begin at 1
            or later.
    """
    if ((first < 1) | (rank < first) | (rank > last)).any():
        raise ValueError("expected each rank among those that it could have had, from 1")
    ranges, counts = _ranges(first, last)
    logs = float(np.log(rank).sum())

    def loss(exponent: float) -> float:
        norms = [np.log(np.sum(ranks**-exponent)) for ranks in ranges]
        prior = ((exponent - SIMULATED_ATTENTION.exponent) / PRIOR_SD) ** 2 / 2
        return float(exponent * logs + counts @ np.array(norms) + prior)

    best = float(minimize_scalar(loss, bounds=(0.0, STEEPEST), method="bounded").x)
    curvature = 1 / PRIOR_SD**2 + sum(
        count * _variance_of_log(ranks, best) for ranks, count in zip(ranges, counts, strict=True)
    )
    reach = 1.96 / float(np.sqrt(curvature))
    return Estimate(Attention(best), max(best - reach, 0.0), best + reach, len(rank))


def _ranges(first: Ranks, last: Ranks) -> tuple[Sequence[Floats], Floats]:
    """Return the distinct ranges of ranks and how often each occurs."""
    pairs = np.column_stack([first, last]).astype(np.int64).reshape(-1, 2)
    kinds, counts = np.unique(pairs, axis=0, return_counts=True)
    return [np.arange(a, b + 1, dtype=float) for a, b in kinds.tolist()], counts.astype(float)


def _variance_of_log(ranks: Floats, exponent: float) -> float:
    chance = ranks**-exponent / np.sum(ranks**-exponent)
    return float(chance @ np.log(ranks) ** 2 - (chance @ np.log(ranks)) ** 2)
