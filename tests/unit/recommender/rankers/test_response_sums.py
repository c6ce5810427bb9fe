"""Sums of what businesses did with each platform that they were shown, the long way round."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import Responses
from recommender.rankers.response_sums import ResponseSums

N, ANSWERS, PAIRS, KINDS = 50, 4, 2, (1, 0, 1, 2, 0)
PLATFORMS = len(KINDS)


@pytest.fixture(scope="module")
def data():
    """Profiles, what is in use, weights and responses; the last platform was never shown."""
    random = np.random.default_rng(3)
    profiles = (random.random((N, ANSWERS + PAIRS)) < 0.5).astype(float)
    used = random.choice([0, 0, 0.3, 1.0], size=(N, PLATFORMS))
    examined = random.choice([0, 0.2, 1.0], size=used.shape) * (used == 0) * [1, 1, 1, 1, 0]
    strength = random.choice([-0.05, 0, 0.3, 1.0], size=used.shape)
    return profiles, used, random.uniform(0.1, 2, N), examined, strength


def sums_of(data, rows=slice(None), weights=None):
    profiles, used, own, examined, strength = (each[rows] for each in data)
    given = (sparse.csr_array(each) for each in (profiles, used, examined, strength))
    profiles, used, *responses = given
    weights = own if weights is None else weights[rows]
    return ResponseSums(ANSWERS, KINDS).update(profiles, used, weights, Responses(*responses))


def assert_same(found, expected):
    assert found.gram == pytest.approx(expected.gram, abs=1e-9)
    assert found.moment == pytest.approx(expected.moment, abs=1e-9)


def test_they_are_sums_over_those_that_a_platform_was_shown_to(data):
    """Pairs of answers do not count, and platforms in use count for their kind."""
    profiles, used, weights, examined, strength = data
    sums = sums_of(data)
    assert sums.gram.shape == (PLATFORMS, 1 + ANSWERS + 3, 1 + ANSWERS + 3)
    for platform in range(PLATFORMS):
        gram, moment = np.zeros_like(sums.gram[0]), np.zeros_like(sums.moment[0])
        for business in np.flatnonzero(examined[:, platform]):
            by_kind = [
                sum(used[business, other] for other in range(PLATFORMS) if KINDS[other] == kind)
                for kind in range(3)
            ]
            x = np.r_[1, profiles[business, :ANSWERS], by_kind]
            gram += weights[business] * examined[business, platform] * np.outer(x, x)
            moment += weights[business] * strength[business, platform] * x
        assert sums.gram[platform] == pytest.approx(gram, abs=1e-9)
        assert sums.moment[platform] == pytest.approx(moment, abs=1e-9)
    assert sums.examined == pytest.approx(weights @ examined)


def test_of_what_was_never_shown_nothing_is_known(data):
    sums = sums_of(data)
    assert not sums.gram[-1].any()
    assert not sums.moment[-1].any()
    assert sums.examined[-1] == 0
    assert (sums.examined[:-1] > 0).all()


def test_weights_count_like_repeated_businesses(data):
    times = np.random.default_rng(5).integers(0, 4, N)
    repeated = sums_of(data, np.repeat(np.arange(N), times), np.ones(N))
    assert_same(sums_of(data, weights=times.astype(float)), repeated)


def test_parts_merged_are_the_whole_and_can_be_taken_away_again(data):
    first, others = slice(0, 20), slice(20, N)
    sums = sums_of(data, others)
    assert sums.merge(sums_of(data, first)) is sums
    assert_same(sums, sums_of(data))
    assert_same(sums.merge(sums_of(data, others), -1.0), sums_of(data, first))


def test_a_part_merged_with_a_weight_counts_as_if_each_had_it(data):
    first, others = slice(0, 20), slice(20, N)
    weights = np.where(np.arange(N) < 20, data[2], 0.25 * data[2])
    assert_same(
        sums_of(data, first).merge(sums_of(data, others), 0.25), sums_of(data, weights=weights)
    )


@pytest.mark.parametrize("block", [1, 7, N])
def test_the_size_of_a_block_changes_nothing(data, monkeypatch, block):
    expected = sums_of(data)
    monkeypatch.setattr("recommender.rankers.response_sums.BLOCK", block)
    assert_same(sums_of(data), expected)


def test_nobody_adds_nothing(data):
    empty = sums_of(data, slice(0))
    assert_same(empty, ResponseSums(ANSWERS, KINDS))
    assert not empty.gram.any()
    assert_same(sums_of(data).merge(empty), sums_of(data))


def test_without_answers_or_platforms_there_is_the_intercept_alone():
    assert ResponseSums(0, (0,)).moment.shape == (1, 2)
    assert ResponseSums(0, ()).gram.shape == (0, 1, 1)
