"""What the weights alone tell of an estimate, in numbers and in words."""

import numpy as np

from recommender.evaluation.off_policy.checks import Floats

SIGMAS = 3.0
SLACK = 0.01
"""The mean weight may be this many standard errors plus this much off 1."""

LEAST_SAMPLE = 100.0
LEAST_REWARDED = 10.0
LEAST_OVERLAP = 0.01
LARGEST_SHARE = 0.05


def effective(values: Floats) -> float:
    """Return how many equal values would spread as much: sum(|v|)^2 / sum(v^2) (Kish, 1965).

    Args:
        values: Weights or weighted rewards, shape (n,); 0 where all are 0.
    """
    squares = float((values**2).sum())
    return float(np.abs(values).sum()) ** 2 / squares if squares > 0 else 0.0


def overlap(ratios: Floats) -> float:
    """Return the share of choices that two policies have in common, from 0 to 1.

    The mean of min(1, w) over the log estimates one minus the total variation distance.

    Args:
        ratios: Weights before any are cut, shape (n,).
    """
    return float(np.minimum(ratios, 1).mean())


def largest_share(used: Floats) -> float:
    """Return the share of all the weight that the largest one has; 0 where all are 0.

    Args:
        used: Weights in use, shape (n,).
    """
    return float(used.max() / used.sum()) if used.any() else 0.0


def speaks_against(ratios: Floats, used: Floats, rewards: Floats) -> list[str]:
    """Say what speaks against an estimate from the weights and rewards of one slot.

    Args:
        ratios: Weights before any are cut, shape (n,).
        used: Weights in use, shape (n,).
        rewards: Shape (n,).

    Returns:
        One sentence for each number that is not as it should be.
    """
    mean, reach = float(ratios.mean()), SIGMAS * float(ratios.std()) / np.sqrt(len(ratios)) + SLACK
    sample, rewarded = effective(used), effective(used * rewards)
    shared, share = overlap(ratios), largest_share(used)
    same = bool(rewards.min() == rewards.max())
    said = (
        (
            abs(mean - 1) > reach,
            f"the mean weight is {mean:.3g}, which should be 1 within {reach:.2g}: propensities "
            "are wrong, or the policy shows what the log does not",
        ),
        (
            sample < LEAST_SAMPLE,
            f"the effective sample size is {sample:.1f} of {len(used)} records, which should be at "
            f"least {LEAST_SAMPLE:.0f}",
        ),
        (
            share > LARGEST_SHARE,
            f"the largest weight, {used.max():.3g}, is {share:.0%} of all the weight, which should "
            f"be at most {LARGEST_SHARE:.0%}: one record decides",
        ),
        (
            shared < LEAST_OVERLAP,
            f"the overlap of the policies is {shared:.2%}, which should be at least "
            f"{LEAST_OVERLAP:.0%}: the log hardly shows what the policy would",
        ),
        (
            same,
            f"each of the {len(rewards)} rewards is {rewards[0]:g}, which should differ: the "
            "interval says nothing",
        ),
        (
            not same and rewarded < LEAST_REWARDED,
            f"the estimate rests on the equivalent of {rewarded:.1f} rewarded records, which "
            f"should be at least {LEAST_REWARDED:.0f}",
        ),
    )
    return [warning for wrong, warning in said if wrong]
