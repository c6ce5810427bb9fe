"""What is told to owners is measured on what could still be suggested to them."""

import numpy as np
import pytest
from scipy import sparse

from recommender.calibration import Curve
from recommender.rankers import PopularityRanker
from recommender.training.holdout import Part, askable, calibration_of, flat_pairs, measure

# Three businesses, three platforms: two use the first one already, the third uses none.
DECLARED = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=float)
CHOSEN = np.array([[0, 1, 0], [0, 0, 0], [0, 0, 1]], dtype=float)
WEIGHTS = np.array([1.0, 3.0, 2.0])
POPULARITY = np.array([0.9, 0.5, 0.1])


@pytest.fixture
def part():
    return Part(
        sparse.csr_array(np.ones((3, 1))),
        sparse.csr_array(DECLARED),
        sparse.csr_array(np.maximum(DECLARED, CHOSEN)),
        sparse.csr_array(CHOSEN),
        WEIGHTS,
    )


@pytest.fixture
def ranker():
    one = sparse.csr_array(np.ones((1, 1)))
    return PopularityRanker().fit(one, sparse.csr_array(POPULARITY[None]))


def test_platforms_in_use_are_no_outcome_of_a_suggestion(part, ranker):
    scores, outcomes, weights = flat_pairs(ranker, askable(part, with_history=True))
    assert scores.tolist() == [0.5, 0.1, 0.5, 0.1]
    assert outcomes.tolist() == [1, 0, 0, 0]
    assert weights.tolist() == [1, 1, 3, 3]


def test_businesses_without_platforms_in_use_are_asked_apart(part, ranker):
    scores, outcomes, weights = flat_pairs(ranker, askable(part, with_history=False))
    assert scores.tolist() == POPULARITY.tolist()
    assert outcomes.tolist() == [0, 0, 1]
    assert weights.tolist() == [2, 2, 2]


def test_where_all_use_some_they_are_asked_as_if_they_had_told_none(part, ranker):
    asked = askable(part[np.array([True, True, False])], with_history=False)
    assert asked.history.nnz == 0
    assert flat_pairs(ranker, asked)[0].tolist() == [0.5, 0.1, 0.5, 0.1]


def test_what_is_told_of_the_first_five_stands_beside_what_came_true(part, ranker):
    curve = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    found = calibration_of(ranker, curve, part, "cold")
    assert found["cold_first5_told"] == pytest.approx(0.5)
    assert found["cold_first5_true"] == pytest.approx(1 / 3, abs=1e-4)
    # Each pair is a bin of its own here: |0.9 - 0|, |0.5 - 0| and |0.1 - 1|, equally weighted.
    assert found["cold_calibration_error"] == pytest.approx(2.3 / 3, abs=1e-4)


def test_the_warm_task_ranks_what_is_not_in_use_for_what_was_chosen(part, ranker):
    found = measure(ranker, part)
    # By popularity without what is in use: found first, nothing wanted, found last of three.
    weighted = (1 * 1.0 + 2 * 0.5) / 3
    assert found["warm_ndcg5"] == pytest.approx(weighted, abs=1e-4)
