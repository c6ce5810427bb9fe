"""The libraries that people would pick instead, under the same protocol.

Each peer is a function from data, users to learn from, a task and a configuration to scores. They
run in an environment of their own, see `benchmarks/quality.py`.
"""

import itertools
import time
from collections.abc import Callable, Mapping
from typing import Any

import implicit.als
import lightgbm
import numpy as np
from irspack.recommenders import EDLAERecommender, IALSRecommender
from lightfm import LightFM
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from recommender.evaluation.dataset import Dataset
from recommender.evaluation.protocol import Task

Floats = NDArray[np.float64]
Configuration = Mapping[str, Any]
Peer = Callable[[Dataset, NDArray[np.intp], Task, Configuration], Floats]


def lightfm_warp(
    data: Dataset, rows: NDArray[np.intp], task: Task, config: Configuration
) -> Floats:
    """LightFM with profile columns as user features; it sees the histories that are told."""
    n = len(rows)
    seen = _matrix(sparse.vstack([data.interactions[rows], task.history]))
    features = sparse.vstack([data.profiles[rows], data.profiles[task.users]])
    if config["identity"]:
        features = sparse.hstack([features, sparse.identity(n + len(task.users))])
    features = _matrix(features)
    model = LightFM(
        no_components=config["components"],
        loss="warp",
        learning_rate=config["rate"],
        user_alpha=config["alpha"],
        random_state=0,
    )
    model.fit(seen.tocoo(), user_features=features, epochs=config["epochs"])
    biases, vectors = model.get_item_representations()
    _, users = model.get_user_representations(features[n:])
    return users @ vectors.T + biases


def lightgbm_one_vs_rest(
    data: Dataset, rows: NDArray[np.intp], task: Task, config: Configuration
) -> Floats:
    """One LightGBM classifier an item, learned with histories as long as those that are told."""
    used, told = _histories(data, rows, task)
    profiles, asked = data.profiles[rows].toarray(), data.profiles[task.users].toarray()
    scores = np.zeros((len(task.users), used.shape[1]))
    history = task.history.toarray()
    for item in range(used.shape[1]):
        own = np.arange(used.shape[1]) != item
        model = lightgbm.LGBMClassifier(
            n_estimators=config["trees"],
            learning_rate=config["rate"],
            num_leaves=config["leaves"],
            min_child_samples=config["smallest"],
            random_state=0,
            n_jobs=1,
            verbose=-1,
        )
        label = used[:, item]
        if label.min() == label.max():
            scores[:, item] = label.min()
            continue
        model.fit(np.hstack([profiles, told[:, own]]), label)
        features = np.hstack([asked, history[:, own]])
        scores[:, item] = model.predict_proba(features)[:, 1]
    return scores


def lightgbm_lambdarank(
    data: Dataset, rows: NDArray[np.intp], task: Task, config: Configuration
) -> Floats:
    """One LightGBM ranker over pairs of a user and an item, the item as a category."""
    used, told = _histories(data, rows, task)
    n_items = used.shape[1]

    def pairs(profiles: Floats, history: Floats) -> Floats:
        """Return a row a pair: the item, the profile, and the history without that item."""
        others = history[:, None, :] * ~np.eye(n_items, dtype=bool)
        item = np.broadcast_to(np.arange(n_items)[:, None], (len(profiles), n_items, 1))
        profile = np.broadcast_to(profiles[:, None], (len(profiles), n_items, profiles.shape[1]))
        return np.concatenate([item, profile, others], axis=2, dtype=np.float32).reshape(
            len(profiles) * n_items, -1
        )

    model = lightgbm.LGBMRanker(
        n_estimators=config["trees"],
        learning_rate=config["rate"],
        num_leaves=config["leaves"],
        min_child_samples=config["smallest"],
        random_state=0,
        n_jobs=1,
        verbose=-1,
    )
    profiles, asked = data.profiles[rows].toarray(), data.profiles[task.users].toarray()
    model.fit(
        pairs(profiles, told),
        used.ravel(),
        group=np.full(len(rows), n_items),
        categorical_feature=[0],
    )
    scores = model.predict(pairs(asked, task.history.toarray()))
    return np.asarray(scores).reshape(len(task.users), n_items)


def irspack_ials(
    data: Dataset, rows: NDArray[np.intp], task: Task, config: Configuration
) -> Floats:
    """iALS++ of irspack with profile columns as user features."""
    features = _matrix(data.profiles)
    model = IALSRecommender(
        _matrix(data.interactions[rows]),
        n_components=config["components"],
        alpha0=config["alpha"],
        reg=config["penalty"],
        user_features=features[rows],
        lambda_user_feature=config["feature_penalty"],
        n_threads=1,
    ).learn()
    told = _matrix(task.history)
    return np.asarray(model.get_score_cold_user(told, user_features=features[task.users]))


def irspack_edlae(
    data: Dataset, rows: NDArray[np.intp], task: Task, config: Configuration
) -> Floats:
    """EDLAE of irspack; knows nothing of profiles."""
    matrix = _matrix(data.interactions[rows])
    model = EDLAERecommender(matrix, reg=config["penalty"], dropout_p=config["dropout"]).learn()
    return np.asarray(model.get_score_cold_user(_matrix(task.history)))


def implicit_als(
    data: Dataset, rows: NDArray[np.intp], task: Task, config: Configuration
) -> Floats:
    """ALS of implicit; knows nothing of profiles."""
    model = implicit.als.AlternatingLeastSquares(
        factors=config["components"],
        regularization=config["penalty"],
        alpha=config["alpha"],
        num_threads=1,
        random_state=0,
    )
    model.fit(_matrix(data.interactions[rows]), show_progress=False)
    told = _matrix(task.history)
    users = np.vstack([model.recalculate_user(i, told[i]) for i in range(told.shape[0])])
    return users @ np.asarray(model.item_factors).T


def _histories(data: Dataset, rows: NDArray[np.intp], task: Task) -> tuple[Floats, Floats]:
    """Return what users use, and as much of it as is told to a model where it is asked."""
    draw = np.random.default_rng(0)
    used = data.interactions[rows].toarray()
    told = used.copy()
    if task.history.nnz == 0:
        told[:] = 0
    elif task.history.sum(axis=1).max() <= 3:
        place = np.where(used > 0, draw.random(used.shape), np.inf).argsort(1).argsort(1)
        told *= place < draw.integers(1, 4, size=(len(rows), 1))
    return used, told


PEERS: Mapping[str, Peer] = {
    "LightFM WARP": lightfm_warp,
    "LightGBM one-vs-rest": lightgbm_one_vs_rest,
    "LightGBM lambdarank": lightgbm_lambdarank,
    "iALS++ with features (irspack)": irspack_ials,
    "EDLAE (irspack)": irspack_edlae,
    "ALS (implicit)": implicit_als,
}
NEEDS_HISTORY = ("EDLAE (irspack)", "ALS (implicit)")

GRIDS: Mapping[str, Mapping[str, tuple[Any, ...]]] = {
    "LightFM WARP": {
        "components": (16, 32, 64, 128),
        "rate": (0.02, 0.05),
        "epochs": (10, 30, 60, 120),
        "alpha": (0.0, 1e-6, 1e-5, 1e-4),
        "identity": (True, False),
    },
    "LightGBM one-vs-rest": {
        "trees": (30, 60, 120),
        "rate": (0.03, 0.06, 0.1),
        "leaves": (4, 8, 15),
        "smallest": (10, 20, 40),
    },
    "LightGBM lambdarank": {
        "trees": (50, 100, 200),
        "rate": (0.05, 0.1, 0.2),
        "leaves": (8, 15, 31),
        "smallest": (20, 50, 100),
    },
    "iALS++ with features (irspack)": {
        "components": (8, 16, 32, 64),
        "alpha": (0.05, 0.1, 0.3, 1.0),
        "penalty": (0.001, 0.003, 0.01, 0.03),
        "feature_penalty": (0.3, 1.0, 3.0, 10.0),
    },
    "EDLAE (irspack)": {
        "penalty": (3.0, 10.0, 30.0, 100.0, 300.0),
        "dropout": (0.1, 0.2, 0.3, 0.5, 0.7),
    },
    "ALS (implicit)": {
        "components": (8, 16, 32, 64),
        "penalty": (0.01, 0.1, 1.0, 10.0),
        "alpha": (1.0, 3.0, 10.0),
    },
}


def lightgbm_seconds(
    profiles: sparse.csr_array, interactions: sparse.csr_array, items: NDArray[np.intp]
) -> float:
    """Return the seconds that LightGBM takes for a classifier of each of some items."""
    features = _matrix(profiles)
    started = time.perf_counter()
    for item in items:
        label = (interactions[:, [item]].toarray().ravel() >= 1).astype(int)
        model = lightgbm.LGBMClassifier(
            n_estimators=60, learning_rate=0.1, num_leaves=8, random_state=0, verbose=-1
        )
        model.fit(features, label)
    return time.perf_counter() - started


def als_seconds(interactions: sparse.csr_array) -> float:
    """Return the seconds that ALS of implicit takes for 15 rounds with 32 factors."""
    matrix = _matrix(interactions)
    with threadpool_limits(limits=1, user_api="blas"):  # As it asks for: its threads are its own.
        model = implicit.als.AlternatingLeastSquares(factors=32, iterations=15, random_state=0)
        started = time.perf_counter()
        model.fit(matrix, show_progress=False)
    return time.perf_counter() - started


def configurations(name: str, budget: int, seed: int = 0) -> list[Configuration]:
    """Return `budget` different configurations of a peer, drawn from its grid."""
    grid = GRIDS[name]
    every = [dict(zip(grid, values, strict=True)) for values in itertools.product(*grid.values())]
    draw = np.random.default_rng(seed)
    chosen = draw.choice(len(every), size=min(budget, len(every)), replace=False)
    return [every[number] for number in chosen]


def _matrix(values: sparse.sparray | sparse.spmatrix) -> sparse.csr_matrix:
    """Return a matrix of the kind that the peers take: 32-bit numbers and indices."""
    matrix = sparse.csr_matrix(values, dtype=np.float32)
    matrix.indices = matrix.indices.astype(np.int32)
    matrix.indptr = matrix.indptr.astype(np.int32)
    return matrix
