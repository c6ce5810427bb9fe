"""The baselines worked out by hand."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import PopularityRanker, Responses, SegmentPopularityRanker
from recommender.rankers.popularity import PRIOR

PROFILES = sparse.csr_array(np.array([[1, 0], [1, 0], [1, 0], [0, 1]], dtype=float))
USED = sparse.csr_array(np.array([[1, 0], [1, 0.5], [0, 0], [0, 1]]))
WEIGHTS = np.array([1.0, 1, 1, 3])
EXAMINED = np.array([[0, 0.5], [0, 0.8], [1, 0], [0.2, 0]])
STRENGTH = np.array([[0, 1], [0, 0.3], [0, 0], [0.5, 0]])
SHOWN = Responses(sparse.csr_array(EXAMINED), sparse.csr_array(STRENGTH))
MEAN = (1.5 + 1.3) / (1.6 + 1.3)
AMONG_ALL = [(1.5 + PRIOR * MEAN) / (1.6 + PRIOR), (1.3 + PRIOR * MEAN) / (1.3 + PRIOR)]
NO_HISTORY = sparse.csr_array((1, 2))


def score(ranker, *profile):
    return ranker.score(sparse.csr_array(np.array([profile], dtype=float)), NO_HISTORY)[0]


def test_popularity_is_the_weighted_mean_for_everyone():
    ranker = PopularityRanker().fit(PROFILES, USED, WEIGHTS)
    assert score(ranker, 1, 0) == pytest.approx([2 / 6, 3.5 / 6])
    assert score(ranker, 0, 0) == pytest.approx([2 / 6, 3.5 / 6])


def test_a_popularity_that_is_known_need_not_be_learned():
    learned = PopularityRanker().fit(PROFILES, USED, WEIGHTS)
    known = PopularityRanker.known(np.array([2 / 6, 3.5 / 6]), n_features=2)
    assert score(known, 1, 0) == pytest.approx(score(learned, 1, 0))
    assert known.score_one(np.array([0]), np.array([], dtype=np.intp)) == pytest.approx(
        learned.score_one(np.array([0]), np.array([], dtype=np.intp))
    )
    assert known.shape_ == learned.shape_


def test_where_it_was_shown_popularity_is_how_strongly_those_who_looked_took_it_up():
    """Shrunk towards the mean of all platforms."""
    ranker = PopularityRanker().fit(PROFILES, USED, WEIGHTS, SHOWN)
    assert score(ranker, 1, 0) == pytest.approx(AMONG_ALL)
    assert score(ranker, 0, 0) == pytest.approx(AMONG_ALL)


def test_a_segment_has_its_own_popularity_among_those_of_it_who_looked():
    ranker = SegmentPopularityRanker([[0, 1]], shrinkage=6)
    ranker.fit(PROFILES, USED, WEIGHTS, SHOWN)
    first, second = AMONG_ALL
    assert score(ranker, 1, 0) == pytest.approx([(0 + 6 * first) / 7, (1.3 + 6 * second) / 7.3])
    assert score(ranker, 0, 1) == pytest.approx([(1.5 + 6 * first) / 6.6, second])
    assert score(ranker, 0, 0) == pytest.approx(AMONG_ALL)
    parts = ranker.contributions(np.array([1]), np.array([], dtype=np.intp), 0)
    assert parts.base == pytest.approx(first)
    assert parts.profile == pytest.approx([0, (1.5 + 6 * first) / 6.6 - first])


RANKERS = [PopularityRanker(), SegmentPopularityRanker([[0, 1]], 6)]


@pytest.mark.parametrize("ranker", RANKERS)
def test_who_was_not_shown_a_platform_has_not_turned_it_down(ranker):
    expected = ranker.fit(PROFILES, USED, WEIGHTS, SHOWN).score(PROFILES, USED)
    more = sparse.vstack([PROFILES] * 3), sparse.vstack([USED] * 3), np.tile(WEIGHTS, 3)
    shown = (sparse.vstack([each, *2 * [sparse.csr_array(USED.shape)]]) for each in SHOWN)
    found = ranker.fit(*more, Responses(*shown)).score(PROFILES, USED)
    assert found == pytest.approx(expected)


@pytest.mark.parametrize("ranker", RANKERS)
def test_how_many_use_a_platform_tells_nothing_once_it_was_shown(ranker):
    expected = ranker.fit(PROFILES, USED, WEIGHTS, SHOWN).score(PROFILES, USED)
    found = ranker.fit(PROFILES, 0 * USED, WEIGHTS, SHOWN).score(PROFILES, USED)
    assert np.array_equal(found, expected)


@pytest.mark.parametrize("ranker", RANKERS)
def test_what_nobody_looked_at_is_as_popular_as_the_mean_of_all(ranker):
    unseen = Responses(*(sparse.csr_array(each * [1, 0]) for each in (EXAMINED, STRENGTH)))
    ranker.fit(PROFILES, USED, WEIGHTS, unseen)
    assert score(ranker, 1, 0)[1] == score(ranker, 0, 1)[1] == pytest.approx(1.5 / 1.6)


def test_of_as_many_as_the_prior_the_own_popularity_counts_half():
    looked = np.array([[PRIOR, 0], [0, 9 * PRIOR]])
    shown = Responses(sparse.csr_array(np.eye(2)), sparse.csr_array(np.diag([0.8, 0.3])))
    ranker = PopularityRanker().fit(PROFILES[:2], USED[:2], looked.sum(axis=1), shown)
    mean = (0.8 + 9 * 0.3) / 10
    assert score(ranker, 1, 0) == pytest.approx([(0.8 + mean) / 2, 0.9 * 0.3 + 0.1 * mean])


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
