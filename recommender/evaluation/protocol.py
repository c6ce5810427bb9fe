"""Who is tested on what: splits and tasks by hashes, so that any implementation gets the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.evaluation.dataset import Dataset

Protocol = Literal["cold", "warm", "thinned"]
TEST, VALIDATION = 0, 1
"""Folds of five; the others are learned from."""

THINNED_TO = 3
"""Longest history of the thinned protocol."""


@dataclass(frozen=True)
class Task:
    """What is asked of a ranker, one row a user (a user may stand in several rows).

    Attributes:
        users: Row of each user in the data set, shape (n_rows,).
        history: What the ranker is told, shape (n_rows, n_items).
        left_out: What is not to be ranked, shape (n_rows, n_items).
        wanted: What is to be found, shape (n_rows, n_items).
    """

    users: NDArray[np.intp]
    history: sparse.csr_array
    left_out: sparse.csr_array
    wanted: sparse.csr_array


def folds(users: Sequence[str]) -> NDArray[np.intp]:
    """Return the fold of each user, `crc32(user_id) % 5`."""
    return np.array([crc32(user.encode()) % 5 for user in users], dtype=np.intp)


def protocol_task(dataset: Dataset, rows: NDArray[np.intp], protocol: Protocol) -> Task:
    """Return the task by which rankers are compared.

    Cold: from the profile, find everything. Warm: of each user with two items or more, the one
    with the largest hash is hidden; the others are the history. Thinned: as warm, with at most the
    three history items of the smallest hashes, and the others to be ranked as well.

    Args:
        dataset: The data.
        rows: The users to ask about.
        protocol: Which task.
    """
    positives = dataset.interactions[rows]
    if protocol == "cold":
        nothing = sparse.csr_array(positives.shape)
        return Task(rows, nothing, nothing, positives)
    enough = np.diff(positives.indptr) >= 2
    rows, positives = rows[enough], positives[enough]
    hashes = positives.copy()
    user_of = np.repeat(rows, np.diff(positives.indptr))
    hashes.data = np.array(
        [
            crc32(f"{dataset.users[user]}:{dataset.items[item]}".encode())
            for user, item in zip(user_of.tolist(), positives.indices.tolist(), strict=True)
        ],
        dtype=float,
    )
    place = _rank_within_rows(hashes)
    last = np.repeat(np.diff(positives.indptr) - 1, np.diff(positives.indptr))
    hidden = _keep(positives, place == last)
    kept = place < last
    if protocol == "thinned":
        kept &= place < THINNED_TO
    history = _keep(positives, kept)
    return Task(rows, history, history, hidden)


def leave_one_out(
    interactions: sparse.csr_array, rows: NDArray[np.intp], at_most: int | None, seed: int
) -> Task:
    """Return a task for choosing parameters: each item of each user is hidden in turn.

    It asks many times what the protocols ask once, which makes the choice steadier.

    Args:
        interactions: Positives, shape (n_users, n_items).
        rows: The users; those with fewer than two items are left out.
        at_most: Length of the history that is told, drawn at random; None for all of it.
        seed: Seed of that draw.
    """
    positives = interactions[rows]
    lengths = np.diff(positives.indptr)
    rows, positives = rows[lengths >= 2], positives[lengths >= 2]
    lengths = np.diff(positives.indptr)
    times = np.repeat(np.arange(len(rows)), lengths)
    history = positives[times]
    pairs = np.repeat(np.arange(len(times)), np.diff(history.indptr))
    wanted = history.indices == positives.indices[pairs]
    told = ~wanted
    if at_most is not None:
        drawn = history.copy()
        drawn.data = np.where(wanted, 2.0, np.random.default_rng(seed).random(len(wanted)))
        told &= _rank_within_rows(drawn) < at_most
    history, wanted_matrix = _keep(history, told), _keep(history, wanted)
    return Task(rows[times], history, history, wanted_matrix)


def _rank_within_rows(matrix: sparse.csr_array) -> NDArray[np.intp]:
    """Return the place of each stored value among those of its row, from the smallest, 0."""
    row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    order = np.lexsort((matrix.data, row_of))
    place = np.empty(len(order), dtype=np.intp)
    place[order] = np.arange(len(order)) - matrix.indptr[row_of[order]]
    return place


def _keep(matrix: sparse.csr_array, kept: NDArray[np.bool_]) -> sparse.csr_array:
    """Return ones where `kept` is set among the stored values."""
    found = matrix.copy()
    found.data = kept.astype(float)
    found.eliminate_zeros()
    return found
