"""The bootstrap intervals of a mean, and of ratios over what belongs to one business."""

import numpy as np
import pytest

from recommender.evaluation.intervals import RESAMPLES, Resampled, bootstrap_interval


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


def shares(n, seed, per_business=3.0, alike=1.0):
    """Rows of businesses that are alike within each: whose, and above and below the line."""
    draw = np.random.default_rng(seed)
    business = np.repeat(np.arange(n), 1 + draw.poisson(per_business, n))
    below = draw.uniform(0.2, 1.0, len(business))
    value = 0.4 + alike * draw.normal(0, 0.2, n)[business] + draw.normal(0, 0.1, len(business))
    return business, value * below, below


@pytest.mark.parametrize("first", [0, 18], ids=["all", "a slice"])
def test_the_ratio_and_its_interval_are_those_of_businesses_drawn_one_by_one(first):
    """Those that are not of the slice are drawn as well, but count nothing."""
    business, above, below = shares(30, 1)
    above, below = above * (business >= first), below * (business >= first)
    draw, ratios = np.random.default_rng(4), []
    for _ in range(RESAMPLES):
        rows = [np.flatnonzero(business == each) for each in draw.integers(30, size=30)]
        rows = np.concatenate(rows)
        ratios.append(above[rows].sum() / below[rows].sum())
    expected = above.sum() / below.sum(), *np.quantile(ratios, [0.025, 0.975])
    assert Resampled(business, 4).ratio(above, below) == pytest.approx(expected, abs=1e-6)


def test_rows_of_one_business_are_drawn_together():
    """However often a row is repeated, it tells no more."""
    business, above, below = shares(60, 2, per_business=0)
    once = Resampled(business).ratio(above, below)
    nine_times = (np.repeat(each, 9) for each in (above, below))
    repeated = Resampled(np.repeat(business, 9)).ratio(*nine_times)
    assert repeated == pytest.approx(once)
    nine_times = (np.repeat(each, 9) for each in (above, below))
    _, low, high = Resampled(np.arange(9 * 60)).ratio(*nine_times)
    assert high - low == pytest.approx((once[2] - once[1]) / 3, rel=0.15)


def test_any_label_tells_what_belongs_together():
    business, above, below = shares(10, 3)
    labels = np.array([f"business-{number}" for number in business])
    backwards = np.arange(len(business))[::-1]
    expected = Resampled(business).ratio(above, below)
    assert Resampled(labels).ratio(above, below) == expected
    found = Resampled(labels[backwards]).ratio(above[backwards], below[backwards])
    assert found == pytest.approx(expected)


def test_about_95_of_100_intervals_hold_the_true_ratio():
    held = 0
    for seed in range(200):
        business, above, below = shares(80, seed)
        _, low, high = Resampled(business, seed).ratio(above, below)
        held += low <= 0.4 <= high
    assert 180 <= held <= 198


def test_as_if_rows_were_independent_they_would_hold_it_far_less_often():
    held = 0
    for seed in range(100):
        business, above, below = shares(80, seed)
        _, low, high = Resampled(np.arange(len(business)), seed).ratio(above, below)
        held += low <= 0.4 <= high
    assert held < 80


def test_differences_are_paired():
    business, above, below = shares(40, 5)
    resampled = Resampled(business)
    assert resampled.ratio(above - above, below) == (0, 0, 0)
    value, low, high = resampled.ratio((above + 0.1 * below) - above, below)
    assert (value, low, high) == pytest.approx((0.1, 0.1, 0.1))


def test_where_there_is_nothing_to_divide_by_the_ratio_is_0():
    business, above, below = shares(20, 6)
    assert Resampled(business).ratio(above, 0 * below) == (0, 0, 0)


def test_resamples_with_nothing_to_divide_by_are_left_out():
    """Of the one business that tells anything, about a third of the resamples have none."""
    found = Resampled(np.arange(20)).ratio(0.3 * (np.arange(20) == 7), 1.0 * (np.arange(20) == 7))
    assert found == pytest.approx((0.3, 0.3, 0.3))


def test_the_same_seed_gives_the_same_interval_of_a_ratio():
    business, *values = shares(20, 7)
    assert Resampled(business, 5).ratio(*values) == Resampled(business, 5).ratio(*values)
    assert Resampled(business, 5).ratio(*values) != Resampled(business, 6).ratio(*values)


def test_no_row_is_refused():
    with pytest.raises(ValueError, match="at least one"):
        Resampled(np.array([], dtype=str))
