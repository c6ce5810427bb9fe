"""The baselines worked out by hand."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone

from recommender.rankers import PopularityRanker, SegmentPopularityRanker

PROFILES = sparse.csr_array(np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=float))
USED = sparse.csr_array(np.array([[1, 0], [1, 0.5], [0, 0], [0, 1]]))
TAKEN_UP = sparse.csr_array(np.array([[0, 1], [0, 0.3], [0, 0], [0.5, 0]]))
WEIGHTS = np.array([1.0, 1, 1, 3])
NO_HISTORY = sparse.csr_array((1, 2))


def score(ranker, *profile):
    return ranker.score(sparse.csr_array(np.array([profile], dtype=float)), NO_HISTORY)[0]


def test_popularity_is_the_weighted_mean_for_everyone():
    ranker = PopularityRanker().fit(PROFILES, USED, WEIGHTS)
    assert score(ranker, 1, 0) == pytest.approx([2 / 6, 3.5 / 6])
    assert score(ranker, 0, 0) == pytest.approx([2 / 6, 3.5 / 6])


def test_popularity_is_of_what_is_taken_up_where_that_is_known():
    ranker = PopularityRanker().fit(PROFILES, USED, WEIGHTS, TAKEN_UP)
    assert score(ranker, 1, 0) == pytest.approx([1.5 / 6, 1.3 / 6])


def test_a_segment_has_its_own_popularity_of_what_is_taken_up():
    ranker = SegmentPopularityRanker([[0, 1]], shrinkage=6)
    ranker.fit(PROFILES, USED, WEIGHTS, TAKEN_UP)
    assert score(ranker, 1, 0) == pytest.approx([(0 + 1.5) / 9, (1.3 + 1.3) / 9])
    assert score(ranker, 0, 1) == pytest.approx([(1.5 + 1.5) / 9, (0 + 1.3) / 9])
    assert score(ranker, 0, 0) == pytest.approx([1.5 / 6, 1.3 / 6])
    parts = ranker.contributions(np.array([1]), np.array([], dtype=np.intp), 0)
    assert parts.base == pytest.approx(1.5 / 6)
    assert parts.profile == pytest.approx([0, 3 / 9 - 1.5 / 6])


def test_a_platform_that_nobody_takes_up_scores_nothing_however_many_use_it():
    taken_up = sparse.csr_array(np.array([[0.0, 1], [0, 0], [0, 0], [0, 0]]))
    for ranker in (PopularityRanker(), SegmentPopularityRanker([[0, 1]])):
        ranker.fit(PROFILES, USED, WEIGHTS, taken_up)
        assert score(ranker, 1, 0)[0] == score(ranker, 0, 1)[0] == 0


@pytest.mark.parametrize("ranker", [PopularityRanker(), SegmentPopularityRanker([[0, 1]], 6)])
def test_where_nothing_was_taken_up_popularity_is_of_use(ranker):
    expected = clone(ranker).fit(PROFILES, USED, WEIGHTS)
    found = clone(ranker).fit(PROFILES, USED, WEIGHTS, sparse.csr_array(USED.shape))
    for profile in ((1, 0), (0, 1), (0, 0)):
        assert np.array_equal(score(found, *profile), score(expected, *profile))


def test_a_segment_is_shrunk_towards_the_popularity_among_all():
    ranker = SegmentPopularityRanker([[0, 1]], shrinkage=6).fit(PROFILES, USED, WEIGHTS)
    assert score(ranker, 1, 0) == pytest.approx([(2 + 2) / 9, (0.5 + 3.5) / 9])
    assert score(ranker, 0, 1) == pytest.approx([(0 + 2) / 9, (3 + 3.5) / 9])


def test_little_shrinkage_leaves_the_segment_alone_and_much_leaves_nothing_of_it():
    little = SegmentPopularityRanker([[0, 1]], shrinkage=1e-9).fit(PROFILES, USED, WEIGHTS)
    much = SegmentPopularityRanker([[0, 1]], shrinkage=1e9).fit(PROFILES, USED, WEIGHTS)
    assert score(little, 1, 0) == pytest.approx([2 / 3, 0.5 / 3])
    assert score(much, 1, 0) == pytest.approx([2 / 6, 3.5 / 6])


def test_a_segment_that_never_occurred_gets_the_popularity_among_all():
    ranker = SegmentPopularityRanker([[0, 1]]).fit(PROFILES, USED, WEIGHTS)
    assert score(ranker, 0, 0) == pytest.approx([2 / 6, 3.5 / 6])


def test_segments_are_told_apart_by_every_field():
    random = np.random.default_rng(0)
    fields = np.array([(a, b) for a in range(3) for b in range(4)] * 3)
    profiles = np.zeros((len(fields), 7))
    profiles[np.arange(len(fields)), fields[:, 0]] = 1
    profiles[np.arange(len(fields)), 3 + fields[:, 1]] = 1
    used = sparse.csr_array((random.random((len(fields), 1)) < 0.5).astype(float))
    ranker = SegmentPopularityRanker([[0, 1, 2], [3, 4, 5, 6]], shrinkage=1e-9)
    ranker.fit(sparse.csr_array(profiles), used)
    found = ranker.score(sparse.csr_array(profiles), sparse.csr_array((len(fields), 1)))[:, 0]
    for row, field in enumerate(fields):
        alike = (fields == field).all(axis=1)
        assert found[row] == pytest.approx(used.toarray()[alike].mean(), abs=1e-6)


def test_what_the_segment_adds_is_shared_by_its_columns():
    ranker = SegmentPopularityRanker([[0], [1]], shrinkage=1).fit(PROFILES, USED, WEIGHTS)
    parts = ranker.contributions(np.array([0]), np.array([], dtype=np.intp), 0)
    assert parts.base == pytest.approx(2 / 6)
    assert parts.profile == pytest.approx([(2 + 2 / 6) / 4 - 2 / 6, 0])


@pytest.mark.parametrize("shrinkage", [0.0, -1.0, float("nan"), float("inf")])
def test_shrinkage_that_could_not_be_scored_with_is_refused(shrinkage):
    with pytest.raises(ValueError, match="shrinkage above 0"):
        SegmentPopularityRanker([[0, 1]], shrinkage).fit(PROFILES, USED, WEIGHTS)
