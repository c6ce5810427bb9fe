"""Sums add up over parts of the data, and can be taken away again."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse
from sklearn.base import clone

from recommender.rankers import (
    LinearRanker,
    PopularityRanker,
    ResponseRanker,
    Responses,
    SegmentPopularityRanker,
    Sums,
)
from recommender.rankers.sums import segment_numbers

N, FEATURES, PLATFORMS = 60, 5, 4
GROUPS, PAIRS, KINDS = ((0, 1), (2, 3, 4)), 1, (0, 1, 1, 0)
COLUMNS = FEATURES, PLATFORMS, GROUPS, PAIRS, KINDS
RANKERS = (
    LinearRanker(),
    PopularityRanker(),
    SegmentPopularityRanker(GROUPS, 2.0),
    ResponseRanker(5.0, 5.0, kinds=KINDS, pairs=PAIRS),
)


@pytest.fixture(scope="module")
def data():
    """Profiles, what is in use, weights, and what was done with what was shown."""
    random = np.random.default_rng(4)
    profiles = sparse.csr_array((random.random((N, FEATURES)) < 0.5).astype(float))
    used = random.choice([0, 0, 0.3, 1.0], size=(N, PLATFORMS))
    examined = random.choice([0, 0.2, 1.0], size=used.shape) * (used == 0)
    strength = random.choice([-0.05, 0, 0.1, 1.0], size=used.shape) * (examined > 0)
    responses = Responses(sparse.csr_array(examined), sparse.csr_array(strength))
    return profiles, sparse.csr_array(used), random.uniform(0.1, 2, N), responses


def of_rows(data, rows):
    *known, responses = data
    return *(values[rows] for values in known), Responses(*(each[rows] for each in responses))


def sums_of(data, rows):
    return Sums(*COLUMNS).update(*of_rows(data, rows))


def assert_same(found, expected):
    assert found.gram.keys() == expected.gram.keys()
    for damping, gram in expected.gram.items():
        assert found.gram[damping] == pytest.approx(gram, abs=1e-9)
    assert found.responses.gram == pytest.approx(expected.responses.gram, abs=1e-9)
    assert found.responses.moment == pytest.approx(expected.responses.moment, abs=1e-9)
    left = found.segments[found.segments[0].abs() > 1e-9]
    pd.testing.assert_frame_equal(left, expected.segments, check_exact=False, atol=1e-9)


def everyone():
    return np.arange(N)


def dense(data):
    profiles, interactions, weights, responses = data
    matrices = (each.toarray() for each in (profiles, interactions, *responses))
    return *matrices, weights


@pytest.mark.parametrize("damping", [0.0, 0.5])
def test_the_sum_is_that_of_outer_products(data, damping):
    profiles, interactions, _, _, weights = dense(data)
    z = np.c_[np.ones(N), profiles, interactions]
    counts = weights * np.maximum((interactions > 0).sum(axis=1), 1) ** -damping
    expected = sum(count * np.outer(row, row) for row, count in zip(z, counts, strict=True))
    sums = sums_of(data, everyone())
    assert sums.gram[damping] == pytest.approx(expected, abs=1e-9)
    assert sums.weight == pytest.approx(weights.sum())
    assert sums.means == pytest.approx(np.average(z, axis=0, weights=weights))
    assert sums.means[sums.used] == pytest.approx(np.average(interactions, 0, weights))


def test_it_is_told_whether_anything_was_shown(data):
    *known, _ = data
    nothing = Responses(*2 * [sparse.csr_array((N, PLATFORMS))])
    for not_shown in (), (nothing,):
        sums = Sums(*COLUMNS).update(*known, *not_shown)
        assert not sums.shown
        assert sums.merge(sums_of(data, everyone()[:1])).shown
    assert not Sums(*COLUMNS).shown


def test_nothing_is_left_of_what_was_shown_to_those_who_are_taken_away(data):
    """Though rounding may leave a little, above 0 or below."""
    *known, _ = data
    sums = Sums(*COLUMNS).update(*known)
    for rows in np.array_split(everyone(), 7):
        sums.merge(sums_of(data, rows))
    sums.subtract(sums_of(data, everyone()))
    assert not sums.shown
    for little in (1e-14, -1e-14):
        sums.responses.gram[:, 0, 0] = little
        assert not sums.shown


def test_a_strength_where_nothing_was_shown_means_nothing(data):
    *known, (examined, strength) = data
    everywhere = np.where(examined.toarray() > 0, strength.toarray(), 0.7)
    found = Sums(*COLUMNS).update(*known, Responses(examined, sparse.csr_array(everywhere)))
    assert_same(found, sums_of(data, everyone()))


def test_segments_hold_the_sums_of_their_businesses(data):
    _, interactions, examined, strength, weights = dense(data)
    numbers = segment_numbers(data[0], GROUPS)
    segments = sums_of(data, everyone()).segments
    rows = np.c_[np.ones(N), interactions, examined, strength] * weights[:, None]
    assert segments.index.tolist() == sorted(set(numbers.tolist()))
    assert len(segments) > 10
    for number in segments.index:
        assert segments.loc[number].to_numpy() == pytest.approx(rows[numbers == number].sum(axis=0))


def test_everybody_is_of_one_segment_where_nothing_makes_segments(data):
    _, interactions, examined, strength, weights = dense(data)
    sums = Sums(FEATURES, PLATFORMS).update(*data)
    assert len(sums.segments) == 1
    expected = [weights.sum(), *(weights @ np.c_[interactions, examined, strength])]
    assert sums.segments.to_numpy()[0] == pytest.approx(expected)


def test_segments_are_told_apart_by_what_stands_in_every_group():
    every = np.array(list(np.ndindex(*[2] * FEATURES)), dtype=float)
    one_each = every[(every[:, :2].sum(axis=1) <= 1) & (every[:, 2:].sum(axis=1) <= 1)]
    numbers = segment_numbers(sparse.csr_array(one_each), GROUPS)
    assert len(one_each) == 3 * 4
    assert len(set(numbers.tolist())) == len(one_each)


def test_parts_merged_are_the_whole(data):
    parts = [sums_of(data, rows) for rows in np.array_split(everyone(), 4)]
    whole = Sums(*COLUMNS)
    for part in reversed(parts):
        assert whole.merge(part) is whole
    assert_same(whole, sums_of(data, everyone()))
    assert_same(parts[0], sums_of(data, np.array_split(everyone(), 4)[0]))


def test_a_part_is_the_same_in_one_update_or_several(data):
    sums = Sums(*COLUMNS)
    for rows in np.array_split(everyone(), 7):
        sums.update(*of_rows(data, rows))
    assert_same(sums, sums_of(data, everyone()))


@pytest.mark.parametrize("block", [1, 7, N])
def test_the_size_of_a_block_changes_nothing(data, monkeypatch, block):
    expected = sums_of(data, everyone())
    monkeypatch.setattr("recommender.rankers.sums.BLOCK", block)
    assert_same(sums_of(data, everyone()), expected)


def test_nobody_adds_nothing(data):
    sums = sums_of(data, everyone()).merge(sums_of(data, everyone()[:0]))
    assert_same(sums, sums_of(data, everyone()))
    assert_same(Sums(*COLUMNS).merge(sums), sums)


def test_empty_sums_are_of_the_same_columns_and_of_nobody(data):
    sums = sums_of(data, everyone())
    empty = sums.empty()
    assert empty.weight == 0
    assert_same(empty.merge(sums), sums)
    assert_same(sums, sums_of(data, everyone()))


def test_a_part_merged_with_a_weight_counts_as_if_each_had_it(data):
    profiles, interactions, weights, responses = data
    first, others = everyone()[:20], everyone()[20:]
    found = sums_of(data, first).merge(sums_of(data, others), 0.25)
    weights = np.where(everyone() < 20, weights, 0.25 * weights)
    assert_same(found, sums_of((profiles, interactions, weights, responses), everyone()))


def test_a_part_taken_away_leaves_the_others(data):
    gone, left = everyone()[:13], everyone()[13:]
    sums = sums_of(data, everyone()).subtract(sums_of(data, gone))
    assert_same(sums, sums_of(data, left))


@pytest.mark.parametrize("ranker", RANKERS, ids=lambda ranker: type(ranker).__name__)
def test_a_model_of_merged_sums_is_the_model_of_all(data, ranker):
    parts = [sums_of(data, rows) for rows in np.array_split(everyone(), 3)]
    history = (data[1] > 0).astype(float)
    merged = clone(ranker).solve(parts[2].merge(parts[0]).merge(parts[1]))
    expected = clone(ranker).fit(*data).score(data[0], history)
    assert merged.score(data[0], history) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("ranker", RANKERS, ids=lambda ranker: type(ranker).__name__)
def test_a_deleted_business_leaves_a_model_that_never_knew_it(data, ranker):
    nothing = sparse.csr_array((N, PLATFORMS))
    sums = sums_of(data, everyone()).subtract(sums_of(data, np.array([7])))
    found = clone(ranker).solve(sums).score(data[0], nothing)
    others = np.delete(everyone(), 7)
    expected = clone(ranker).fit(*of_rows(data, others))
    assert found == pytest.approx(expected.score(data[0], nothing), abs=1e-9)


@pytest.mark.parametrize(
    ("others", "complaint"),
    [
        ((FEATURES + 1, *COLUMNS[1:]), "same columns"),
        ((PLATFORMS, FEATURES), "same columns"),
        ((0, 0), "same columns"),
        ((FEATURES, PLATFORMS, (), PAIRS, KINDS), "same segments"),
        ((FEATURES, PLATFORMS, GROUPS, 0, KINDS), "same kinds and pairs"),
        ((FEATURES, PLATFORMS, GROUPS, PAIRS, (0, 1, 1, 1)), "same kinds and pairs"),
        ((FEATURES, PLATFORMS, GROUPS, PAIRS), "same kinds and pairs"),
    ],
)
def test_sums_of_others_are_refused_and_change_nothing(data, others, complaint):
    sums, before = sums_of(data, everyone()), sums_of(data, everyone())
    for change in (sums.merge, sums.subtract):
        with pytest.raises(ValueError, match=complaint):
            change(Sums(*others))
    assert_same(sums, before)
