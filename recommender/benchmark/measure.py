"""Measure a ranker on a folder of real data: choose its parameters, fit it, rank for test users."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast, get_args

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.benchmark.search import BUDGET, choose_among, choose_linear, leave_one_out_tasks
from recommender.evaluation import metrics
from recommender.evaluation.dataset import Dataset, DatasetError, View, load_dataset
from recommender.evaluation.intervals import bootstrap_interval
from recommender.evaluation.protocol import TEST, VALIDATION, Protocol, Task, folds, protocol_task
from recommender.evaluation.shift import Shift, shift
from recommender.rankers import (
    BoostedTreesRanker,
    LinearRanker,
    LogisticRanker,
    PopularityRanker,
    Ranker,
    Regime,
    SegmentPopularityRanker,
    Sums,
)

DEFAULT = "linear"
"""The ranker that training would ship."""

Asked = Protocol | Shift

Configurations = Callable[[Dataset], list[Ranker]]

CONFIGURATIONS: Mapping[str, Configurations] = {
    "popularity": lambda data: [PopularityRanker()],
    "segment_popularity": lambda data: [
        SegmentPopularityRanker(data.segment, shrinkage=float(s))
        for s in np.geomspace(1, 300, BUDGET)
    ],
    "plain_ridge": lambda data: [
        LinearRanker(plain, plain, plain)
        for penalty in np.geomspace(1, 1_000, BUDGET)
        for plain in [(Regime(profile_penalty=float(penalty), keep=0.0, told=1.0),)]
    ],
    "logistic": lambda data: [LogisticRanker(C=float(c)) for c in np.geomspace(0.003, 1, BUDGET)],
    "boosted_trees": lambda data: [
        BoostedTreesRanker(rate, trees, leaves)
        for rate in (0.03, 0.1)
        for trees in (30, 60, 120)
        for leaves in (4, 8, 12, 16)
    ],
}
"""What is tried of each ranker that is not ours; each gets as many configurations as ours."""

NAMES = (DEFAULT, *CONFIGURATIONS)


@dataclass(frozen=True)
class Measured:
    """A ranker, what it is asked about which data, and what it answers for each test user.

    `tried` tells each configuration and what it reached on the validation users.
    """

    dataset: Dataset
    ranker: Ranker
    task: Task
    scores: NDArray[np.float64]
    ranking: NDArray[np.intp]
    tried: list[Any]
    search_seconds: float
    train_seconds: float


@threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]  # no stubs
def measure(dataset: Dataset, protocol: Asked, name: str = DEFAULT, seed: int = 0) -> Measured:
    """Choose parameters on validation users, refit on all but test users, rank for these.

    Args:
        dataset: The data.
        protocol: What is asked of the test users, or by which harder split.
        name: One of `NAMES`.
        seed: Seed of the search.

    Raises:
        DatasetError: If there is nobody to learn from or to test on.
    """
    if protocol in get_args(Shift):
        dataset, protocol = shift(dataset, cast(Shift, protocol)), "cold"
    fold = folds(dataset.users)
    task = protocol_task(dataset, np.flatnonzero(fold == TEST), cast(Protocol, protocol))
    rest = np.flatnonzero(fold != TEST)
    if not len(task.users) or not len(rest):
        raise DatasetError("too few users: nobody to learn from, or nobody to test on")
    started = time.perf_counter()
    ranker, tried = _choose(dataset, fold, name, seed)
    chosen = time.perf_counter()
    ranker.fit(dataset.profiles[rest], dataset.interactions[rest])
    fitted = time.perf_counter()
    scores = ranker.score(dataset.profiles[task.users], task.history)
    ranking = metrics.rank(scores, task.left_out)
    seconds = (chosen - started, fitted - chosen)
    return Measured(dataset, ranker, task, scores, ranking, tried, *seconds)


def benchmark(
    folder: Path,
    protocol: Asked,
    view: View,
    name: str = DEFAULT,
    lists: Path | None = None,
) -> dict[str, Any]:
    """Run the protocol on a folder and return the figures.

    Args:
        folder: In the format of `docs/benchmark.md`.
        protocol: `cold`, `warm` or `thinned`; or `shifted` or `incomplete`.
        view: `firm` or `all`.
        name: One of `NAMES`.
        lists: Where to write the full ranking of each test user, or None.

    Raises:
        DatasetError: If the folder cannot be used.
    """
    dataset = load_dataset(folder, view)
    found = measure(dataset, protocol, name)
    if lists is not None:
        write_lists(found, lists)
    by_user = metrics.ndcg(found.ranking, found.task.wanted, 10)
    return {
        "dataset": folder.resolve().name,
        "protocol": protocol,
        "view": view,
        "ranker": name,
        "test_users": len(by_user),
        "ndcg10": round(float(by_user.mean()), 4),
        "ci": [round(bound, 4) for bound in bootstrap_interval(by_user)],
        "ndcg5": round(float(metrics.ndcg(found.ranking, found.task.wanted, 5).mean()), 4),
        "recall5": round(float(metrics.recall(found.ranking, found.task.wanted, 5).mean()), 4),
        "train_seconds": round(found.train_seconds, 3),
        "search_seconds": round(found.search_seconds, 3),
        "parameters": msgspec.to_builtins(found.ranker.get_params()),
    }


def write_lists(found: Measured, path: Path) -> None:
    """Write user_id, item_id, rank (from 1) and score of every ranked pair to a Parquet file."""
    n_items = found.ranking.shape[1]
    left_out = np.diff(found.task.left_out.indptr)
    ranked = np.arange(n_items) < (n_items - left_out)[:, None]
    row, place = np.nonzero(ranked)
    item = found.ranking[row, place]
    table = {
        "user_id": np.array(found.dataset.users, dtype=object)[found.task.users[row]],
        "item_id": np.array(found.dataset.items, dtype=object)[item],
        "rank": place + 1,
        "score": found.scores[row, item],
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.table(table), path)


def _choose(
    dataset: Dataset, fold: NDArray[np.intp], name: str, seed: int
) -> tuple[Ranker, list[Any]]:
    """Return the ranker with the parameters that do best on the validation users, unfitted."""
    fit, validate = np.flatnonzero(fold > VALIDATION), np.flatnonzero(fold == VALIDATION)
    profiles, interactions = dataset.profiles, dataset.interactions
    if not len(fit) or not len(validate):
        fit = validate = np.flatnonzero(fold != TEST)
    tasks = leave_one_out_tasks(interactions[validate], seed)
    if name == DEFAULT:
        sums = Sums(profiles.shape[1], len(dataset.items))
        sums.update(profiles[fit], interactions[fit], np.ones(len(fit)))
        pairs = len(dataset.encoder.parents)
        ranker, record = choose_linear(sums, profiles[validate], tasks, seed, pairs=pairs)
        return ranker, msgspec.to_builtins(record)
    configurations = CONFIGURATIONS[name](dataset)
    learned_from = profiles[fit], interactions[fit]
    best, found = choose_among(configurations, learned_from, profiles[validate], tasks)
    settings = [ranker.get_params() for ranker in configurations]
    for setting in settings:
        setting.pop("groups", None)  # They are the data's, not a choice.
    return best, msgspec.to_builtins(list(zip(settings, found, strict=True)))
