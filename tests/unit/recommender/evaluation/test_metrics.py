"""Metrics against values worked out by hand, and against scikit-learn's."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import sparse
from sklearn.metrics import ndcg_score

from recommender.evaluation import metrics

NOTHING = sparse.csr_array((1, 5))


def matrix(*rows):
    return sparse.csr_array(np.array(rows, dtype=float))


def test_a_ranking_goes_from_best_to_worst():
    scores = np.array([[0.1, 0.9, 0.5], [3.0, 2.0, 1.0]])
    assert metrics.rank(scores, matrix([0, 0, 0], [0, 0, 0])).tolist() == [[1, 2, 0], [0, 1, 2]]


def test_equal_scores_keep_their_order():
    scores = np.array([[0.5, 0.7, 0.5, 0.7, 0.5]])
    assert metrics.rank(scores, NOTHING).tolist() == [[1, 3, 0, 2, 4]]
    many = np.random.default_rng(0).integers(0, 4, size=(1, 600)) / 4
    expected = sorted(range(600), key=lambda column: (-many[0, column], column))
    assert metrics.rank(many, sparse.csr_array(many.shape)).tolist() == [expected]


def test_what_is_left_out_comes_last():
    scores = np.array([[0.9, 0.8, -0.5]])
    assert metrics.rank(scores, matrix([1, 0, 0])).tolist() == [[1, 2, 0]]


def test_ndcg_of_cases_worked_out_by_hand():
    ranking = np.array([[0, 1, 2, 3], [3, 2, 1, 0], [0, 1, 2, 3], [0, 1, 2, 3]])
    positives = matrix([1, 0, 0, 0], [1, 1, 0, 0], [0, 0, 1, 1], [0, 0, 0, 0])
    two = 1 + 1 / np.log2(3)
    expected = [1, (1 / np.log2(4)) / two, (1 / np.log2(4)) / two, np.nan]
    assert metrics.ndcg(ranking, positives, 3) == pytest.approx(expected, nan_ok=True)
    assert metrics.ndcg(ranking, positives, 1) == pytest.approx([1, 0, 0, np.nan], nan_ok=True)


def test_the_ideal_is_cut_at_k():
    ranking = np.array([[0, 1, 2, 3, 4]])
    assert metrics.ndcg(ranking, matrix([1, 1, 1, 1, 0]), 2).tolist() == [1]


def test_a_k_beyond_the_platforms_ranks_them_all():
    ranking = np.array([[1, 0]])
    assert metrics.ndcg(ranking, matrix([1, 0]), 10) == pytest.approx([1 / np.log2(3)])
    assert metrics.recall(ranking, matrix([1, 0]), 10).tolist() == [1]


@given(
    data=st.data(),
    n_platforms=st.integers(2, 12),
    k=st.integers(1, 15),
)
def test_ndcg_agrees_with_scikit_learn(data, n_platforms, k):
    scores = data.draw(st.permutations(range(n_platforms)))
    wanted = data.draw(st.lists(st.booleans(), min_size=n_platforms, max_size=n_platforms))
    truth, scores = np.array([wanted], dtype=float), np.array([scores], dtype=float)
    ranking = metrics.rank(scores, sparse.csr_array(truth.shape))
    found = metrics.ndcg(ranking, sparse.csr_array(truth), k)
    if truth.any():
        assert found == pytest.approx([ndcg_score(truth, scores, k=k)])
    else:
        assert np.isnan(found).all()


def test_recall_is_over_what_k_could_hold():
    ranking = np.array([[0, 1, 2, 3]] * 4)
    positives = matrix([1, 0, 0, 1], [1, 1, 1, 1], [0, 0, 0, 1], [0, 0, 0, 0])
    assert metrics.recall(ranking, positives, 2) == pytest.approx([0.5, 1, 0, np.nan], nan_ok=True)


def test_lists_are_distinct_by_what_they_hold_not_by_its_order():
    ranking = np.array([[0, 1, 2, 3], [1, 0, 2, 3], [0, 2, 1, 3], [3, 1, 0, 2]])
    assert metrics.distinct_lists(ranking, k=2) == 3
    assert metrics.distinct_lists(ranking, k=4) == 1
