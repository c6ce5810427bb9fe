"""Choose the parameters of the ranker on states that come after those it is fitted on."""

from typing import NamedTuple

import numpy as np
from scipy.stats import qmc
from sklearn.base import clone

from recommender.evaluation.logged import best_reranked, reranked
from recommender.rankers import ClosedForm, ResponseRanker, SegmentPopularityRanker, Sums
from recommender.training.holdout import Part

BUDGET = 24
"""Configurations tried of each ranker that has parameters."""

PENALTIES = (10.0, 3_000.0)
USES = (0.01, 0.3)
SHRINKAGES = (1.0, 300.0)
"""Bounds of what is tried, evenly in logarithms."""


class Tried(NamedTuple):
    """Parameters, and the share of the best possible gain that they reached."""

    parameters: dict[str, float]
    reached: float


def choose_response(
    sums: Sums, choose: Part, seed: int = 0, budget: int = BUDGET
) -> tuple[ResponseRanker, list[Tried]]:
    """Return the ranker with the parameters that do best, unfitted, and all that were tried.

    Args:
        sums: Of the states to learn from.
        choose: Later states to choose on.
        seed: Seed of the Latin hypercube of configurations.
        budget: How many of these.
    """
    places = qmc.LatinHypercube(d=3, rng=seed).random(budget)
    rankers = [
        ResponseRanker(
            profile_penalty=_between(*PENALTIES, profile),
            history_penalty=_between(*PENALTIES, history),
            use=_between(*USES, use),
            kinds=sums.kinds,
            pairs=sums.pairs,
        )
        for profile, history, use in places.tolist()
    ]
    reached = [_reached(clone(ranker).solve(sums), choose) for ranker in rankers]
    names = ("profile_penalty", "history_penalty", "use")
    tried = [
        Tried({name: getattr(ranker, name) for name in names}, share)
        for ranker, share in zip(rankers, reached, strict=True)
    ]
    return rankers[int(np.argmax(reached))], tried


def choose_segments(sums: Sums, choose: Part, budget: int = BUDGET) -> SegmentPopularityRanker:
    """Return popularity by segment with the shrinkage that does best, unfitted."""
    rankers = [
        SegmentPopularityRanker(sums.groups, _between(*SHRINKAGES, place))
        for place in np.linspace(0, 1, budget).tolist()
    ]
    reached = [_reached(clone(ranker).solve(sums), choose) for ranker in rankers]
    return rankers[int(np.argmax(reached))]


def _reached(ranker: ClosedForm, part: Part) -> float:
    gains = reranked(ranker.score(part.profiles, part.used), part.examined, part.strength)
    best = best_reranked(part.examined, part.strength)
    most = float(part.weights @ best)
    return float(part.weights @ gains) / most if most > 0 else 0.0


def _between(low: float, high: float, place: float) -> float:
    """Return the number at a place from 0 to 1 between two bounds, evenly in logarithms."""
    return float(f"{low * (high / low) ** place:.3g}")
