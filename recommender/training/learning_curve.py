"""What more data brings: the ranker fitted on more and more states, measured on the same others."""

from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from recommender.evaluation.intervals import Resampled
from recommender.evaluation.logged import best_reranked, reranked
from recommender.rankers import ResponseRanker, Sums
from recommender.training.holdout import Part

PARTS = (1 / 32, 1 / 8, 1 / 2)
"""Shares of the sample that are learned from, before everything is."""


class Point(NamedTuple):
    """States learned from, and the share of the best possible gain reached, with its interval."""

    states: float
    reached: float
    low: float
    high: float


def learning_curve(
    ranker: ResponseRanker, sample: Part, rest: Sums, test: Part, seed: int = 0
) -> list[Point]:
    """Measure a ranker fitted on shares of a sample and, last, on everything.

    Args:
        ranker: With its parameters, unfitted.
        sample: States to learn from, drawn without regard to anything.
        rest: The sums of all of these and more.
        test: Later states to measure on.
        seed: Seed of the order in which the sample is used.
    """
    order = np.random.default_rng(seed).permutation(len(sample))
    resampled = Resampled(test.businesses)
    most = test.weights * best_reranked(test.examined, test.strength)

    def point(states: float, sums: Sums) -> Point:
        scores = clone(ranker).solve(sums).score(test.profiles, test.used)
        gains = test.weights * reranked(scores, test.examined, test.strength)
        return Point(states, *(round(each, 5) for each in resampled.ratio(gains, most)))

    found = []
    for share in PARTS:
        some = sample[np.sort(order[: max(1, round(share * len(sample)))])]
        found.append(point(float(some.weights.sum()), some.add_to(rest.empty())))
    return [*found, point(rest.weight, rest)]
