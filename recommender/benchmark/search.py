"""Choose the parameters of the linear ranker on businesses it was not fitted on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple, TypeVar

import numpy as np
from scipy import sparse
from scipy.stats import qmc
from sklearn.base import clone

from recommender.evaluation import metrics
from recommender.evaluation.protocol import Task, leave_one_out
from recommender.rankers import LinearRanker, Ranker, Regime, Sums
from recommender.rankers.base import Floats
from recommender.rankers.sums import DAMPINGS

Value = TypeVar("Value")

BUDGET = 24
"""Configurations tried; every ranker that is compared with ours gets as many."""

AVERAGED = 6
"""How many of the best ones are averaged at most."""

MOST_ROWS = 8_000
"""Rows of a validation task; more would make the choice slower, but hardly another one."""

PROFILE_PENALTIES = (10.0, 30.0, 100.0, 300.0)
HISTORY_PENALTIES = (3.0, 10.0, 30.0, 100.0)
KEEPS = (0.2, 0.4, 0.6, 0.8, 1.0)
RANK_SHARES = (0.07, 0.15, 0.3, None)


class Tasks(NamedTuple):
    """What is asked of a ranker: without history, with up to three platforms, with any number.

    `hidden` tells whether those without history use platforms all the same: then it says nothing
    that they have none.
    """

    none: Task
    few: Task
    many: Task
    hidden: bool


class Quality(NamedTuple):
    """Mean NDCG@10 over businesses, and how far it may be off by chance."""

    mean: float
    standard_error: float


class Tried(NamedTuple):
    """One configuration and what it reached in each task."""

    regime: Regime
    none: Quality
    few: Quality
    many: Quality


def configurations(n_platforms: int, seed: int = 0) -> list[Regime]:
    """Return the regimes to try: a Latin hypercube over the grid, the same for the same seed."""
    places = qmc.LatinHypercube(d=5, rng=seed).random(BUDGET)
    found = []
    for profile, history, keep, share, damping in places.tolist():
        rank = _at(RANK_SHARES, share)
        found.append(
            Regime(
                profile_penalty=_at(PROFILE_PENALTIES, profile),
                history_penalty=_at(HISTORY_PENALTIES, history),
                keep=_at(KEEPS, keep),
                rank=max(1, round(rank * n_platforms)) if rank else None,
                damping=_at(DAMPINGS, damping),
            )
        )
    return found


def choose_linear(
    sums: Sums,
    profiles: sparse.csr_array,
    tasks: Tasks,
    seed: int = 0,
    weights: Floats | None = None,
    pairs: int = 0,
) -> tuple[LinearRanker, list[Tried]]:
    """Try every configuration and return the ranker of the best ones, unfitted, with the record.

    Each length of history chooses for itself. Where several are as good as the best one, by one
    standard error, their weights are averaged: the very best one owes too much to luck.

    Args:
        sums: Of the businesses to learn from.
        profiles: Of other businesses, to choose on, shape (n_businesses, n_features).
        tasks: What to ask about these.
        seed: Seed of the configurations.
        weights: How much each of these businesses counts; 1 where left out.
        pairs: How many of the feature columns, the last ones, stand for pairs of answers.
    """
    record = []
    for regime in configurations(sums.n_platforms, seed):
        ranker = LinearRanker(_none(regime, tasks), (regime,), (regime,), pairs=pairs).solve(sums)
        found = (_quality(ranker, profiles, task, weights) for task in tasks[:3])
        record.append(Tried(regime, *found))
    none, few, many = (
        _best([(tried.regime, getattr(tried, name)) for tried in record])
        for name in Tasks._fields[:3]
    )
    none = tuple(each for regime in none for each in _none(regime, tasks))
    return LinearRanker(none, few, many, pairs=pairs), record


def choose_among(
    rankers: Sequence[Ranker],
    learned_from: tuple[sparse.csr_array, sparse.csr_array],
    profiles: sparse.csr_array,
    tasks: Tasks,
) -> tuple[Ranker, list[float]]:
    """Return the ranker, unfitted, with the best mean quality over the tasks, and all of those.

    Args:
        rankers: One for each configuration, unfitted.
        learned_from: Profiles and interactions to fit on.
        profiles: Of other businesses, to choose on.
        tasks: What to ask about these.
    """
    found = []
    for ranker in rankers:
        fitted = clone(ranker).fit(*learned_from)
        found.append(sum(_quality(fitted, profiles, task).mean for task in tasks[:3]) / 3)
    return rankers[int(np.argmax(found))], found


def leave_one_out_tasks(interactions: sparse.csr_array, seed: int = 0) -> Tasks:
    """Return the tasks where nothing tells what came first: each platform in turn is hidden.

    Without history everything is to be found from the profile; with some, the hidden platform
    from the others, at most three of them or all.

    Args:
        interactions: What the businesses use, zeros and ones, shape (n_businesses, n_platforms).
        seed: Seed of who is asked, if there are too many, and of what is told.
    """
    rows = np.random.default_rng(seed).permutation(interactions.shape[0])
    lengths = np.diff(interactions.indptr)[rows]
    enough = np.sort(rows[: 1 + np.searchsorted(np.cumsum(lengths), MOST_ROWS)])
    everyone = np.sort(rows[:MOST_ROWS])
    nothing = sparse.csr_array((len(everyone), interactions.shape[1]))
    return Tasks(
        Task(everyone, nothing, nothing, interactions[everyone]),
        leave_one_out(interactions, enough, 3, seed),
        leave_one_out(interactions, enough, None, seed),
        hidden=True,
    )


def _none(regime: Regime, tasks: Tasks) -> tuple[Regime, ...]:
    return (replace(regime, keep=0.0) if tasks.hidden else regime,)


def _best(found: Sequence[tuple[Regime, Quality]]) -> tuple[Regime, ...]:
    ordered = sorted(found, key=lambda each: -each[1].mean)
    best = ordered[0][1]
    return tuple(
        regime
        for regime, quality in ordered[:AVERAGED]
        if quality.mean >= best.mean - best.standard_error
    )


def _quality(
    ranker: Ranker, profiles: sparse.csr_array, task: Task, weights: Floats | None = None
) -> Quality:
    """Return the NDCG@10, averaged first over the rows of a business, then over businesses."""
    scores = ranker.score(profiles[task.users], task.history)
    found = metrics.ndcg(metrics.rank(scores, task.left_out), task.wanted, 10)
    known = ~np.isnan(found)
    if not known.any():
        return Quality(0.0, 0.0)
    users, business = np.unique(task.users[known], return_inverse=True)
    means = np.bincount(business, found[known]) / np.bincount(business)
    share = np.ones(len(users)) if weights is None else weights[users]
    share = share / share.sum()
    mean = share @ means
    return Quality(float(mean), float(np.sqrt(share**2 @ (means - mean) ** 2)))


def _at(values: Sequence[Value], place: float) -> Value:
    """Return the value at a place from 0 to 1 along a sequence."""
    return values[int(place * len(values))]
