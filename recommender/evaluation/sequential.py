"""Intervals that hold at every look at once, however often one looks and whenever one stops.

An interval made for one look at the end excludes the truth far more often than it says where one
looks again and again and stops at a look that pleases. These are confidence sequences: the chance
that they EVER exclude the truth is at most `alpha`.
"""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Counts = int | NDArray[np.int64]

ALPHA = 0.05

JEFFREYS = 0.5
"""Both parameters of the beta distribution that a rate is mixed over."""


class Proportion(NamedTuple):
    """So many of so many; numbers, or arrays of one shape with an entry for each look."""

    hits: Counts
    total: Counts


class Interval(NamedTuple):
    """The ends, in the shape of what they were made from."""

    low: Floats
    high: Floats


def rate_interval(found: Proportion, alpha: float = ALPHA) -> Interval:
    """Return the confidence sequence of a rate, exact for any number of observations.

    It holds the rates `p` under which the data are at least `alpha` times as likely as under a
    mixture of all rates: that ratio is a martingale which reaches 1/alpha with a chance of at most
    alpha (Robbins, 1970; Lindon and Malek, "Anytime-valid inference for multinomial count data",
    NeurIPS 2022).

    Args:
        found: Of how many, how many did it.
        alpha: Chance, above 0 and below 1, that it ever excludes the truth.

    Returns:
        Ends from 0 to 1.

    Raises:
        ValueError: If nothing was observed, or a number cannot be.
    """
    hits, total = _checked("observed", found, alpha)
    return Interval(_lower(hits, total, alpha), 1 - _lower(total - hits, total, alpha))


def difference_interval(
    control: Proportion, treatment: Proportion, tuned_for: float, alpha: float = ALPHA
) -> Interval:
    """Return the confidence sequence of the rate of treatment minus that of control.

    It is asymptotic, as an interval by the central limit theorem is: the difference of the means,
    plus and minus its standard error times Robbins' normal mixture boundary (Waudby-Smith, Arbour,
    Sinha, Kennedy and Ramdas, "Time-uniform central limit theory and asymptotic confidence
    sequences", Annals of Statistics 2024, theorem 2.2). The standard error takes one hit and one
    miss more in each arm than were seen (Agresti and Caffo, 2000): without them, an arm without a
    hit would have none.

    Args:
        control: Of how many in control, how many did it.
        treatment: The same of treatment.
        tuned_for: Number of observations, both arms together, at which it is narrowest; must be
            chosen before any is seen.
        alpha: Chance, above 0 and below 1, that it ever excludes the truth.

    Returns:
        Ends from -1 to 1.

    Raises:
        ValueError: If nothing was observed in an arm, or a number cannot be.
    """
    from scipy.special import lambertw  # The service starts without it.

    if not 0 < tuned_for < np.inf:
        raise ValueError(f"tuned_for: expected a number above 0, found {tuned_for}")
    arms = [
        _checked(name, found, alpha)
        for name, found in (("control", control), ("treatment", treatment))
    ]
    (before, of_before), (after, of_after) = arms
    difference = after / of_after - before / of_before
    smoothed = [(hits + 1) / (total + 2) for hits, total in arms]
    variance = sum(
        rate * (1 - rate) / total for rate, (_, total) in zip(smoothed, arms, strict=True)
    )
    # The boundary is narrowest at n where n rho^2 + 1 = u solves u / alpha^2 = exp(u - 1).
    best = -lambertw(-(alpha**2) / np.e, -1).real
    spread = (of_before + of_after) * (best - 1) / tuned_for
    boundary = np.sqrt(2 * (1 + 1 / spread) * np.log(np.sqrt(spread + 1) / alpha))
    half = boundary * np.sqrt(variance)
    return Interval(np.maximum(difference - half, -1.0), np.minimum(difference + half, 1.0))


def _lower(hits: Floats, total: Floats, alpha: float) -> Floats:
    """Return the rate below what was seen at which the mixture is 1/alpha times as likely."""
    from scipy.optimize import elementwise
    from scipy.special import betaln, xlog1py, xlogy

    mixed = betaln(JEFFREYS + hits, JEFFREYS + total - hits) - betaln(JEFFREYS, JEFFREYS)

    def excess(p: Floats, hits: Floats, total: Floats, mixed: Floats) -> Floats:
        likelihood = xlogy(hits, p) + xlog1py(total - hits, -p)
        found: Floats = mixed - likelihood + np.log(alpha)
        return found

    bracket = np.full_like(total, 1e-300), hits / total
    root = elementwise.find_root(excess, bracket, args=(hits, total, mixed)).x
    lower: Floats = np.where(hits > 0, root, 0.0)
    return lower


def _checked(name: str, found: Proportion, alpha: float) -> tuple[Floats, Floats]:
    """Return the numbers of a proportion as arrays.

    Raises:
        ValueError: Naming what is wrong and what would be right.
    """
    if not 0 < alpha < 1:
        raise ValueError(f"alpha: expected a number above 0 and below 1, found {alpha}")
    hits, total = np.broadcast_arrays(*(np.asarray(each, dtype=float) for each in found))
    for right, wanted in (
        (np.isfinite(total) & (total >= 1), "at least one observation"),
        (hits >= 0, "no negative number of hits"),
        (hits <= total, "at most as many hits as observations"),
    ):
        if not right.all():
            at = np.unravel_index(np.argmin(right), right.shape)
            raise ValueError(f"{name}: expected {wanted}, found {hits[at]:g} of {total[at]:g}")
    return hits, total
