"""The bootstrap interval of a mean."""

import numpy as np
import pytest

from recommender.evaluation.intervals import bootstrap_interval


def test_the_interval_is_that_of_the_normal_distribution_for_many_values():
    values = np.random.default_rng(1).normal(3.0, 2.0, size=4_000)
    low, high = bootstrap_interval(values)
    reach = 1.96 * values.std() / np.sqrt(len(values))
    assert low == pytest.approx(values.mean() - reach, abs=0.15 * reach)
    assert high == pytest.approx(values.mean() + reach, abs=0.15 * reach)


def test_about_95_of_100_intervals_hold_the_true_mean():
    draw = np.random.default_rng(2)
    held = 0
    for seed in range(100):
        low, high = bootstrap_interval(draw.random(100), seed)
        held += low <= 0.5 <= high
    assert 88 <= held <= 99


def test_values_that_are_all_the_same_leave_no_doubt():
    assert bootstrap_interval(np.full(7, 0.25)) == (0.25, 0.25)
    assert bootstrap_interval(np.array([2.0])) == (2.0, 2.0)


def test_the_same_seed_gives_the_same_interval():
    values = np.random.default_rng(3).random(50)
    assert bootstrap_interval(values, 5) == bootstrap_interval(values, 5)
    assert bootstrap_interval(values, 5) != bootstrap_interval(values, 6)


def test_no_value_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        bootstrap_interval(np.array([]))
