"""Sums add up over parts of the data, and can be taken away again."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import LinearRanker, Sums

N, FEATURES, PLATFORMS = 60, 5, 4


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(4)
    profiles = sparse.csr_array((random.random((N, FEATURES)) < 0.5).astype(float))
    strengths = random.choice([0, 0, 0.3, 1.0], size=(N, PLATFORMS))
    return profiles, sparse.csr_array(strengths), random.uniform(0.1, 2, N)


def sums_of(data, rows):
    profiles, interactions, weights = data
    return Sums(FEATURES, PLATFORMS).update(profiles[rows], interactions[rows], weights[rows])


def assert_same(found, expected):
    assert found.gram.keys() == expected.gram.keys()
    for damping, gram in expected.gram.items():
        assert found.gram[damping] == pytest.approx(gram, abs=1e-9)


def everyone():
    return np.arange(N)


def test_the_sum_is_that_of_outer_products(data):
    profiles, interactions, weights = (
        values.toarray() if sparse.issparse(values) else values for values in data
    )
    z = np.c_[np.ones(N), profiles, interactions]
    expected = sum(weight * np.outer(row, row) for row, weight in zip(z, weights, strict=True))
    sums = sums_of(data, everyone())
    assert sums.gram[0.0] == pytest.approx(expected, abs=1e-9)
    assert sums.weight == pytest.approx(weights.sum())
    assert sums.means == pytest.approx(np.average(z, axis=0, weights=weights))


def test_parts_merged_are_the_whole(data):
    parts = [sums_of(data, rows) for rows in np.array_split(everyone(), 4)]
    whole = Sums(FEATURES, PLATFORMS)
    for part in parts:
        assert whole.merge(part) is whole
    assert_same(whole, sums_of(data, everyone()))


def test_a_part_is_the_same_in_one_update_or_several(data):
    profiles, interactions, weights = data
    sums = Sums(FEATURES, PLATFORMS)
    for rows in np.array_split(everyone(), 7):
        sums.update(profiles[rows], interactions[rows], weights[rows])
    assert_same(sums, sums_of(data, everyone()))


def test_a_part_taken_away_leaves_the_others(data):
    gone, left = everyone()[:13], everyone()[13:]
    sums = sums_of(data, everyone()).subtract(sums_of(data, gone))
    assert_same(sums, sums_of(data, left))


def test_a_model_of_merged_sums_is_the_model_of_all(data):
    profiles, interactions, weights = data
    parts = [sums_of(data, rows) for rows in np.array_split(everyone(), 3)]
    merged = LinearRanker().solve(parts[0].merge(parts[1]).merge(parts[2]))
    whole = LinearRanker().fit(profiles, interactions, weights)
    history = interactions > 0
    assert merged.score(profiles, history.astype(float)) == pytest.approx(
        whole.score(profiles, history.astype(float)), abs=1e-9
    )


def test_a_deleted_business_leaves_a_model_that_never_knew_it(data):
    profiles, interactions, weights = data
    sums = sums_of(data, everyone()).subtract(sums_of(data, np.array([7])))
    others = np.delete(everyone(), 7)
    expected = LinearRanker().fit(profiles[others], interactions[others], weights[others])
    nothing = sparse.csr_array((N, PLATFORMS))
    assert LinearRanker().solve(sums).score(profiles, nothing) == pytest.approx(
        expected.score(profiles, nothing), abs=1e-9
    )


@pytest.mark.parametrize("shape", [(FEATURES + 1, PLATFORMS), (PLATFORMS, FEATURES), (0, 0)])
def test_sums_of_other_columns_are_refused_and_change_nothing(data, shape):
    sums, before = sums_of(data, everyone()), sums_of(data, everyone())
    for change in (sums.merge, sums.subtract):
        with pytest.raises(ValueError, match="same columns"):
            change(Sums(*shape))
    assert_same(sums, before)
