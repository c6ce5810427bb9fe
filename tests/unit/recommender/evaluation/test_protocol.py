"""The protocol, worked out by hand: `zlib.crc32` of the ids says who is asked and what."""

from zlib import crc32

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse

from recommender.evaluation.dataset import Dataset
from recommender.evaluation.protocol import TEST, VALIDATION, folds, leave_one_out, protocol_task
from recommender.features import OneHotProfiles

ITEMS = "pqrst"
USED = {"12": "q", "2": "st", "29": "pt", "3": "pq", "6": "pqrst"}
FOLDS = {"12": 0, "2": 2, "29": 0, "3": 1, "6": 0}

# crc32("6:s") = 855817935, "6:r" = 1141214809, "6:p" = 2852908917, "6:t" = 2909154156,
# "6:q" = 3708608483; crc32("29:t") = 572349045, "29:p" = 628137580.
BY_HASH = {"6": "srptq", "29": "tp"}


@pytest.fixture
def data():
    used = [[float(item in items) for item in ITEMS] for items in USED.values()]
    return Dataset(
        tuple(USED),
        tuple(ITEMS),
        OneHotProfiles({"field": ["a"]}),
        sparse.csr_array(np.ones((len(USED), 1))),
        sparse.csr_array(np.array(used)),
        [],
    )


def told(data, task):
    """Return user, history, what is left out and what is wanted, row by row."""

    def items(matrix, row):
        return "".join(np.array(list(ITEMS))[matrix.toarray()[row] > 0])

    return [
        (
            data.users[user],
            *(items(each, row) for each in (task.history, task.left_out, task.wanted)),
        )
        for row, user in enumerate(task.users.tolist())
    ]


def asked_rows():
    return np.flatnonzero(np.array(list(FOLDS.values())) == TEST)


def test_the_fold_is_the_hash_of_the_id_modulo_five():
    assert folds(list(USED)).tolist() == list(FOLDS.values())
    assert folds(["ann", "bao", "dung"]).tolist() == [
        3877663347 % 5,
        368697459 % 5,
        4019365665 % 5,
    ]
    assert (TEST, VALIDATION) == (0, 1)


def test_the_order_above_is_that_of_the_hashes():
    for user, ordered in BY_HASH.items():
        assert sorted(ordered, key=lambda item: crc32(f"{user}:{item}".encode())) == list(ordered)


def test_cold_asks_each_user_for_everything_from_nothing(data):
    assert told(data, protocol_task(data, asked_rows(), "cold")) == [
        ("12", "", "", "q"),
        ("29", "", "", "pt"),
        ("6", "", "", "pqrst"),
    ]


def test_warm_hides_the_item_with_the_largest_hash(data):
    assert told(data, protocol_task(data, asked_rows(), "warm")) == [
        ("29", "t", "t", "p"),
        ("6", "prst", "prst", "q"),
    ]


def test_thinned_tells_the_three_of_the_smallest_hashes_and_ranks_the_others(data):
    assert told(data, protocol_task(data, asked_rows(), "thinned")) == [
        ("29", "t", "t", "p"),
        ("6", "prs", "prs", "q"),
    ]


@pytest.mark.parametrize("protocol", ["cold", "warm", "thinned"])
def test_a_task_changes_nothing_of_the_data(data, protocol):
    before = data.interactions.toarray()
    protocol_task(data, asked_rows(), protocol)
    assert (data.interactions.toarray() == before).all()


@pytest.mark.parametrize("protocol", ["warm", "thinned"])
def test_nobody_is_asked_where_all_have_one_item(data, protocol):
    task = protocol_task(data, np.array([0]), protocol)
    assert len(task.users) == 0
    assert task.wanted.shape == task.history.shape == (0, len(ITEMS))


def test_each_item_is_hidden_once_and_the_others_are_told(data):
    task = leave_one_out(data.interactions, np.array([0, 2, 4]), None, 0)
    assert told(data, task) == [
        ("29", "t", "t", "p"),
        ("29", "p", "p", "t"),
        ("6", "qrst", "qrst", "p"),
        ("6", "prst", "prst", "q"),
        ("6", "pqst", "pqst", "r"),
        ("6", "pqrt", "pqrt", "s"),
        ("6", "pqrs", "pqrs", "t"),
    ]


@st.composite
def usage(draw):
    shape = draw(st.tuples(st.integers(1, 6), st.integers(1, 7)))
    cells = draw(
        st.lists(st.booleans(), min_size=shape[0] * shape[1], max_size=shape[0] * shape[1])
    )
    return np.array(cells, dtype=float).reshape(shape)


@given(usage(), st.none() | st.integers(1, 4), st.integers(0, 3))
def test_leave_one_out_holds_for_any_data(used, at_most, seed):
    rows = np.arange(len(used))
    task = leave_one_out(sparse.csr_array(used), rows, at_most, seed)
    history, wanted = task.history.toarray(), task.wanted.toarray()
    asked = [(user, int(np.argmax(row))) for user, row in zip(task.users, wanted, strict=True)]
    expected = [
        (user, item) for user in rows[used.sum(axis=1) >= 2] for item in np.flatnonzero(used[user])
    ]
    assert asked == expected
    assert (wanted.sum(axis=1) == 1).all()
    assert (task.left_out.toarray() == history).all()
    assert (history * wanted == 0).all()
    assert (history <= used[task.users]).all()
    others = used[task.users].sum(axis=1) - 1
    lengths = others if at_most is None else np.minimum(others, at_most)
    assert history.sum(axis=1).tolist() == lengths.tolist()


def test_what_is_told_is_drawn_by_the_seed_and_not_always_the_same():
    used = sparse.csr_array(np.ones((30, 8)))
    rows = np.arange(30)
    first, again, other = (leave_one_out(used, rows, 3, seed).history for seed in (0, 0, 1))
    assert (first.toarray() == again.toarray()).all()
    assert (first.toarray() != other.toarray()).any()
    assert first.sum(axis=0).min() > 60  # of 240 rows, 90 are expected to tell each
