"""Choose the parameters of the ranker on states that come after those it is fitted on."""

from typing import NamedTuple

import numpy as np
from scipy.stats import qmc
from sklearn.base import clone

from recommender.evaluation.logged import best_reranked, reranked
from recommender.rankers import (
    LogisticRanker,
    Ranker,
    ResponseRanker,
    Responses,
    SegmentPopularityRanker,
    Sums,
)
from recommender.rankers.base import Floats
from recommender.training.holdout import Part

BUDGET = 24
"""Configurations tried of each ranker that has parameters."""

PENALTIES = (10.0, 3_000.0)
USES = (0.01, 0.3)
SHRINKAGES = (1.0, 300.0)
STRENGTHS = (0.003, 1.0)
"""Bounds of what is tried, evenly in logarithms."""

LOGISTIC_SAMPLE = 2_000
"""States that the parameter of logistic regression is chosen with: on more, it takes its time."""

SMALLEST = float(np.finfo(float).tiny)
"""Keeps nothing at all from being divided by."""


class Tried(NamedTuple):
    """Parameters, and the share of the best possible gain that they reached."""

    parameters: dict[str, float]
    reached: float


def choose_response(
    sums: Sums, choose: Part, seed: int = 0, budget: int = BUDGET
) -> tuple[ResponseRanker, list[Tried]]:
    """Return the ranker with the parameters that do best, unfitted, and all that were tried.

    The usual parameters are tried first, and stay unless the best ones are better by more than two
    standard errors: else those of one day would differ from those of the next by luck alone.

    Args:
        sums: Of the states to learn from.
        choose: Later states to choose on.
        seed: Seed of the Latin hypercube of the other configurations.
        budget: How many configurations are tried.
    """
    places = qmc.LatinHypercube(d=3, rng=seed).random(budget - 1)
    usual = ResponseRanker(kinds=sums.kinds, pairs=sums.pairs)
    rankers = [usual] + [
        clone(usual).set_params(
            profile_penalty=_between(*PENALTIES, profile),
            history_penalty=_between(*PENALTIES, history),
            use=_between(*USES, use),
        )
        for profile, history, use in places.tolist()
    ]
    gains = [_gains(clone(ranker).solve(sums), choose) for ranker in rankers]
    most = max(float(choose.weights @ best_reranked(choose.examined, choose.strength)), SMALLEST)
    names = ("profile_penalty", "history_penalty", "use")
    tried = [
        Tried({name: getattr(ranker, name) for name in names}, float(gain.sum()) / most)
        for ranker, gain in zip(rankers, gains, strict=True)
    ]
    best = int(np.argmax([each.reached for each in tried]))
    better = gains[best] - gains[0]
    spread = np.linalg.norm(better - better.sum() / max(len(better), 1))  # of the sum, by chance
    return rankers[best if better.sum() > 2 * spread else 0], tried


def choose_segments(sums: Sums, choose: Part, budget: int = BUDGET) -> SegmentPopularityRanker:
    """Return popularity by segment with the shrinkage that does best, unfitted."""
    rankers = [
        SegmentPopularityRanker(sums.groups, _between(*SHRINKAGES, place))
        for place in np.linspace(0, 1, budget).tolist()
    ]
    reached = [_gains(clone(ranker).solve(sums), choose).sum() for ranker in rankers]
    return rankers[int(np.argmax(reached))]


def choose_logistic(sample: Part, choose: Part, budget: int = BUDGET) -> LogisticRanker:
    """Return logistic regressions with the penalty that does best, unfitted.

    Args:
        sample: States to learn from.
        choose: Later states to choose on.
        budget: How many penalties are tried.
    """
    few = sample[np.arange(min(len(sample), LOGISTIC_SAMPLE))]
    asked = choose[np.arange(min(len(choose), LOGISTIC_SAMPLE))]
    rankers = [
        LogisticRanker(C=_between(*STRENGTHS, place))
        for place in np.linspace(0, 1, budget).tolist()
    ]
    reached = [_gains(fitted_on(few, clone(ranker)), asked).sum() for ranker in rankers]
    return rankers[int(np.argmax(reached))]


def fitted_on(part: Part, ranker: LogisticRanker) -> LogisticRanker:
    """Fit a ranker that does not learn from sums on states; return it."""
    responses = Responses(part.examined, part.strength)
    return ranker.fit(part.profiles, part.used, part.weights, responses)


def _gains(ranker: Ranker, part: Part) -> Floats:
    """Return the weighted gain of each state, shape (n,)."""
    scores = ranker.score(part.profiles, part.used)
    return part.weights * reranked(scores, part.examined, part.strength)


def _between(low: float, high: float, place: float) -> float:
    """Return the number at a place from 0 to 1 between two bounds, evenly in logarithms."""
    return float(f"{low * (high / low) ** place:.3g}")
