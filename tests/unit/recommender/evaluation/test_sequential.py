"""Intervals for continuous looking, checked by looking after every observation."""

import numpy as np
import pytest

from recommender.evaluation.sequential import Proportion, difference_interval, rate_interval

RUNS, LOOKS, ALPHA = 400, 2_000, 0.05

ENOUGH = 200
"""Businesses in each arm from which on the difference is looked at: its interval is asymptotic."""

MOST = ALPHA + 3 * np.sqrt(ALPHA * (1 - ALPHA) / RUNS)
"""The share of runs above which it is not chance that more than `ALPHA` of them were wrong."""


def ever_wrong(interval, truth, looks=True):
    """Return the share of runs in which the interval excludes the truth at any of the looks."""
    low, high = interval
    return (((truth < low) | (truth > high)) & looks).any(axis=1).mean()


def fixed(hits, total):
    """Return what is made for one look at the end: the mean, and 1.96 standard errors."""
    rate = (hits + 1) / (total + 2)
    half = 1.96 * np.sqrt(rate * (1 - rate) / total)
    return hits / total - half, hits / total + half


def split(rng, share, control, treatment, late=0.0):
    """Simulate two arms.

    Args:
        rng: Chance.
        share: Of treatment.
        control: Rate of control.
        treatment: Rate of treatment.
        late: Mean number of businesses that come between a list and what follows from it.

    Returns:
        After each business the proportions of both, 0 of 1 where an arm has none yet, and whether
        both have enough; shape (RUNS, LOOKS).
    """
    treated = rng.random((RUNS, LOOKS)) < share
    does = rng.random((RUNS, LOOKS)) < np.where(treated, treatment, control)
    delay = rng.exponential(late, (RUNS, LOOKS)).astype(int) if late else 0
    at = np.minimum(np.arange(LOOKS) + delay, LOOKS)  # the last column is never seen
    found = []
    for arm in (~treated, treated):
        happened = np.zeros((RUNS, LOOKS + 1), dtype=int)
        np.add.at(happened, (np.arange(RUNS)[:, None], at), arm & does)
        total = arm.cumsum(axis=1)
        hits = np.minimum(happened[:, :LOOKS].cumsum(axis=1), total)
        found.append(Proportion(hits, np.maximum(total, 1)))
    return *found, np.minimum(found[0].total, found[1].total) >= ENOUGH


@pytest.mark.parametrize("rate", [0.005, 0.02, 0.3, 0.9])
def test_the_interval_of_a_rate_holds_at_every_look_where_one_for_the_end_does_not(rate):
    rng = np.random.default_rng(1)
    hits = (rng.random((RUNS, LOOKS)) < rate).cumsum(axis=1)
    total = np.arange(1, LOOKS + 1)
    assert ever_wrong(rate_interval(Proportion(hits, total)), rate) <= MOST
    assert ever_wrong(fixed(hits, total), rate) > MOST


@pytest.mark.parametrize(
    ("share", "control", "treatment"),
    [(0.5, 0.05, 0.05), (0.5, 0.3, 0.3), (0.5, 0.05, 0.08), (0.2, 0.1, 0.1), (0.8, 0.1, 0.02)],
)
def test_the_interval_of_a_difference_holds_at_every_look(share, control, treatment):
    before, after, looks = split(np.random.default_rng(2), share, control, treatment)
    truth = treatment - control
    tuned_for = ENOUGH / min(share, 1 - share)
    assert ever_wrong(difference_interval(before, after, tuned_for), truth, looks) <= MOST
    ends = [fixed(*arm) for arm in (before, after)]
    middle = after.hits / after.total - before.hits / before.total
    half = np.sqrt(sum(((high - low) / 2) ** 2 for low, high in ends))
    assert ever_wrong((middle - half, middle + half), truth, looks) > MOST


def test_between_models_that_are_alike_it_holds_where_clicks_and_adoptions_come_late():
    before, after, looks = split(np.random.default_rng(3), 0.5, 0.1, 0.1, late=500)
    assert ever_wrong(difference_interval(before, after, 2 * ENOUGH), 0, looks) <= MOST


def test_a_difference_is_found_long_before_the_end():
    before, after, _ = split(np.random.default_rng(4), 0.5, 0.05, 0.10)
    low, _ = difference_interval(before, after, 2 * ENOUGH)
    assert (low > 0).any(axis=1).mean() > 0.9
    assert (low[:, : LOOKS // 2] > 0).any(axis=1).mean() > 0.5


def test_intervals_hold_what_was_seen_and_get_narrower():
    total = np.array([10, 100, 1_000, 10_000, 1_000_000])
    low, high = rate_interval(Proportion(total // 10, total))
    assert ((low < 0.1) & (high > 0.1)).all()
    assert (np.diff(high - low) < 0).all()
    before, after = Proportion(total // 10, total), Proportion(total // 5, total)
    low, high = difference_interval(before, after, 500)
    assert ((low < 0.1) & (high > 0.1)).all()
    assert (np.diff(high - low) < 0).all()
    assert high[-1] - low[-1] < 0.01


@pytest.mark.parametrize("total", [1, 10, 500])
def test_where_all_or_none_did_it_the_interval_still_has_a_width_and_stays_a_rate(total):
    low, high = rate_interval(Proportion(0, total))
    assert low == 0 < high < 1
    mirrored_low, mirrored_high = rate_interval(Proportion(total, total))
    assert mirrored_low == pytest.approx(1 - high)
    assert mirrored_high == 1
    low, high = difference_interval(Proportion(0, total), Proportion(0, total), 1_000)
    assert -1 <= low < 0 < high <= 1


def test_the_difference_is_narrowest_for_its_size_where_it_was_tuned():
    tried = 10 ** np.linspace(2, 6, 41)
    half = [
        difference_interval(Proportion(500, 1_000), Proportion(500, 1_000), tuned)[1]
        for tuned in tried
    ]
    assert tried[int(np.argmin(half))] == pytest.approx(2_000, rel=0.3)


@pytest.mark.parametrize("alpha", [0.001, 0.05, 0.5])
def test_the_surer_the_wider(alpha):
    found = Proportion(30, 100)
    low, high = rate_interval(found, alpha)
    surer_low, surer_high = rate_interval(found, alpha / 2)
    assert surer_low < low < high < surer_high
    low, high = difference_interval(found, found, 100, alpha)
    surer_low, surer_high = difference_interval(found, found, 100, alpha / 2)
    assert surer_low < low < high < surer_high


@pytest.mark.parametrize(
    ("hits", "total", "wanted"),
    [
        (0, 0, "at least one observation, found 0 of 0"),
        (-1, 5, "no negative number of hits, found -1 of 5"),
        (6, 5, "at most as many hits as observations, found 6 of 5"),
        (np.nan, 5, "no negative number of hits"),
        (1, np.inf, "at least one observation"),
        (np.array([1, 3]), np.array([2, 2]), "found 3 of 2"),
    ],
)
def test_numbers_that_cannot_be_are_refused_with_what_would_be_right(hits, total, wanted):
    wrong, right = Proportion(hits, total), Proportion(1, 2)
    with pytest.raises(ValueError, match=wanted):
        rate_interval(wrong)
    with pytest.raises(ValueError, match=f"control: expected .*{wanted}"):
        difference_interval(wrong, right, 100)
    with pytest.raises(ValueError, match=f"treatment: expected .*{wanted}"):
        difference_interval(right, wrong, 100)


@pytest.mark.parametrize("wrong", [0, 1, -0.1, 1.5, np.nan])
def test_a_chance_to_be_wrong_that_is_none_is_refused(wrong):
    with pytest.raises(ValueError, match="alpha: expected a number above 0 and below 1"):
        rate_interval(Proportion(1, 2), wrong)


@pytest.mark.parametrize("wrong", [0, -1, np.nan, np.inf])
def test_a_size_to_tune_for_that_cannot_be_is_refused(wrong):
    with pytest.raises(ValueError, match="tuned_for: expected a number above 0"):
        difference_interval(Proportion(1, 2), Proportion(1, 2), wrong)
