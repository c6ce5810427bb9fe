"""What is told to owners is measured on what could still be suggested to them."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import PopularityRanker
from recommender.training.holdout import Part, askable, flat_pairs, measure

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


def test_cold_asks_those_that_use_nothing_and_warm_the_others(part, ranker):
    found = measure(ranker, part)
    # Cold: the third business alone, which wants what popularity ranks last of three.
    assert found["cold_ndcg5"] == pytest.approx(0.5, abs=1e-4)
    # Warm: the first wants what is ranked first of what it does not use; the second wants nothing.
    assert found["warm_ndcg5"] == pytest.approx(1.0, abs=1e-4)
    assert found["warm_recall5"] == pytest.approx(1.0)


def test_parts_stacked_are_all_of_their_businesses(part):
    first, rest = part[np.array([True, False, False])], part[np.array([False, True, True])]
    whole = Part.stack([first, rest])
    assert len(whole) == 3
    assert whole.weights.tolist() == WEIGHTS.tolist()
    assert (whole.chosen != part.chosen).nnz == 0
    assert whole.weighted(2.0).weights.tolist() == (2 * WEIGHTS).tolist()


def test_sums_of_a_part_tell_use_and_what_was_taken_up_apart(part):
    sums = part.sums(())
    assert sums.means[sums.used] == pytest.approx(WEIGHTS @ DECLARED / WEIGHTS.sum())
    assert sums.taken_up is not None
    taken_up = WEIGHTS @ np.maximum(DECLARED, CHOSEN) / WEIGHTS.sum()
    assert sums.means[sums.taken_up] == pytest.approx(taken_up)
