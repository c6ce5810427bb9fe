"""What more data brings: the ranker fitted on more and more states, measured on the same others."""

from typing import NamedTuple

import numpy as np
from sklearn.base import clone

from recommender.evaluation.logged import best_reranked, reranked
from recommender.rankers import ResponseRanker, Sums
from recommender.training.holdout import Part

PARTS = (1 / 32, 1 / 8, 1 / 2)
"""Shares of the sample that are learned from, before everything is."""


class Point(NamedTuple):
    """States learned from, and the share of the best possible gain that was reached."""

    states: float
    reached: float


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
    found = []
    for share in PARTS:
        some = sample[np.sort(order[: max(1, round(share * len(sample)))])]
        found.append(
            Point(float(some.weights.sum()), _reached(ranker, some.add_to(rest.empty()), test))
        )
    return [*found, Point(rest.weight, _reached(ranker, rest, test))]


def _reached(ranker: ResponseRanker, sums: Sums, test: Part) -> float:
    fitted = clone(ranker).solve(sums)
    gains = reranked(fitted.score(test.profiles, test.used), test.examined, test.strength)
    most = test.weights @ best_reranked(test.examined, test.strength)
    return round(float(test.weights @ gains / most), 5) if most > 0 else 0.0
