"""From scores to probabilities: rising, and within 0 and 1."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.calibration import Calibration, Curve

finite = st.floats(-5, 5, allow_subnormal=False)


@given(
    pairs=st.lists(st.tuples(finite, st.booleans()), min_size=1, max_size=40),
    asked=st.lists(st.floats(-100, 100), min_size=1, max_size=20),
)
def test_a_curve_never_falls_and_stays_within_0_and_1(pairs, asked):
    scores, outcomes = np.array(pairs, dtype=float).T
    found = Curve.fit(scores, outcomes)(np.sort(asked))
    assert not np.isnan(found).any()
    assert ((found >= 0) & (found <= 1)).all()
    assert (np.diff(found) >= 0).all()


def test_probabilities_come_true_as_often_as_they_say():
    random = np.random.default_rng(3)
    truth = random.random(20_000)
    outcomes = (random.random(20_000) < truth).astype(float)
    curve = Curve.fit(3 * truth - 1, outcomes)
    assert curve(3 * np.array([0.2, 0.5, 0.8]) - 1) == pytest.approx([0.2, 0.5, 0.8], abs=0.05)


def test_scores_beyond_those_seen_get_the_outermost_probabilities():
    many = np.repeat([0.0, 1.0], 40)
    curve = Curve.fit(many, many)
    assert curve(np.array([-7.0, 0.5, 9.0])).tolist() == [0, 0.5, 1]


def test_what_a_few_did_is_told_neither_as_never_nor_as_always():
    """Three of the highest scores took it up, and none of the three lowest: that may be chance."""
    scores = np.repeat([0.0, 0.4, 0.6, 1.0], [3, 100, 100, 3])
    outcomes = np.r_[np.zeros(3), np.tile([1.0, 0, 0, 0], 25), np.tile([1.0, 0], 50), np.ones(3)]
    found = Curve.fit(scores, outcomes)(np.array([0.0, 1.0]))
    assert found == pytest.approx([25 / 103, 53 / 103])
    assert Curve.fit(scores, outcomes, np.full(206, 20.0))(np.array([0.0, 1.0])).tolist() == [0, 1]


def test_equal_scores_get_their_share_of_outcomes():
    curve = Curve.fit(np.full(4, 0.3), np.array([1.0, 0, 0, 0]))
    assert curve(np.array([0.1, 0.3, 0.9])).tolist() == [0.25] * 3


def test_a_curve_keeps_the_shape_of_the_scores():
    curve = Curve.fit(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
    assert curve(np.zeros((3, 4))).shape == (3, 4)


def test_nothing_to_learn_from_is_refused():
    with pytest.raises(ValueError, match="at least one score"):
        Curve.fit(np.array([]), np.array([]))


def test_businesses_with_history_have_their_own_curve():
    low, high = (Curve(np.array([0.0]), np.array([p])) for p in (0.1, 0.9))
    calibration = Calibration(without_history=low, with_history=high)
    assert calibration(np.zeros(2), has_history=False).tolist() == [0.1, 0.1]
    assert calibration(np.zeros(2), has_history=True).tolist() == [0.9, 0.9]
