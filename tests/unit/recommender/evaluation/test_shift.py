"""Harder splits: who is learned from, who is asked, and what they tell."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.evaluation.dataset import Dataset, DatasetError
from recommender.evaluation.protocol import TEST, folds
from recommender.evaluation.shift import shift
from recommender.features import OneHotProfiles

USERS = 200


@pytest.fixture
def data():
    """Half of the users in industry a, the others in b to e; two sizes; a question more."""
    random = np.random.default_rng(0)
    encoder = OneHotProfiles(
        {"industry": list("abcde"), "size": ["small", "big"], "cloud": ["yes", "no"]},
        crossed=("industry", "size"),
    )
    rows = [
        {
            "industry": "a" if user % 2 else "bcde"[user // 2 % 4],
            "size": ["small", "big"][user // 8 % 2],
            "cloud": ["yes", "no"][user // 16 % 2],
        }
        for user in range(USERS)
    ]
    profiles = np.zeros((USERS, len(encoder.columns)))
    for number, row in enumerate(rows):
        profiles[number, encoder.encode(row)] = 1
    interactions = sparse.csr_array((random.random((USERS, 4)) < 0.5).astype(float))
    users = tuple(f"user-{number:03}" for number in range(USERS))
    segment = [[0, 1, 2, 3, 4], [5, 6]]
    return Dataset(
        users, ("w", "x", "y", "z"), encoder, sparse.csr_array(profiles), interactions, segment
    )


def test_shifted_users_are_of_the_commonest_values_and_nobody_like_them_is_learned_from(data):
    found = shift(data, "shifted")
    asked = folds(found.users) == TEST
    of_a = found.profiles[:, [0]].toarray().ravel() > 0
    assert asked.any()
    assert (~asked).any()
    assert (of_a == asked).all()
    kept = [data.users.index(user) for user in found.users]
    assert (found.interactions != data.interactions[kept]).nnz == 0
    assert (found.profiles != data.profiles[kept]).nnz == 0


def test_incomplete_users_tell_their_segment_alone_and_are_learned_from_in_full(data):
    found = shift(data, "incomplete")
    assert found.users == data.users
    asked = folds(data.users) == TEST
    changed, before = found.profiles.toarray(), data.profiles.toarray()
    segment = [n for n, (field, _) in enumerate(data.encoder.columns) if field != "cloud"]
    assert (changed[~asked] == before[~asked]).all()
    assert (changed[np.ix_(asked, segment)] == before[np.ix_(asked, segment)]).all()
    assert before[asked][:, 7:9].any()
    assert not changed[asked][:, 7:9].any()


@pytest.mark.parametrize("how", ["shifted", "incomplete"])
@pytest.mark.parametrize("segment", [[], [[], []]], ids=["none", "never told"])
def test_without_a_segment_there_is_no_such_split(data, how, segment):
    with pytest.raises(DatasetError, match="needs a segment"):
        shift(replace(data, segment=segment), how)


def test_where_all_are_alike_nobody_is_left_to_learn_from(data):
    alike = data.profiles.toarray()
    alike[:, :5] = [1, 0, 0, 0, 0]
    with pytest.raises(DatasetError, match="nobody to learn from"):
        shift(replace(data, profiles=sparse.csr_array(alike)), "shifted")
