"""Verdicts: what is told of which counts, and what is not."""

import msgspec
import numpy as np
import pytest

from recommender.evaluation.comparison import Plan, Tallies, Tally, compare
from recommender.evaluation.sequential import Proportion, difference_interval, rate_interval

PLAN = Plan(least_businesses=500, least_difference=0.02)


def arms(control, treatment, businesses=5_000):
    """Return so many adoptions in each arm, and twice as many clicks."""
    return Tallies(*(Tally(businesses, 2 * each, each) for each in (control, treatment)))


@pytest.mark.parametrize(
    ("tallies", "verdict", "because"),
    [
        (arms(250, 500), "treatment better", "the difference lies between +3.3"),
        (arms(500, 250), "control better", "the difference lies between -6.7"),
        (arms(250, 250), "no difference that matters", "the difference lies within 2.00 points"),
        (arms(1_000, 1_100), "undecided", "the difference may be anything between -0.6"),
        (
            arms(50, 105),
            "treatment better",
            "though by less than 2.00 points, the least difference",
        ),
        (Tallies(Tally(5_000, 9, 9), Tally(499, 99, 99)), "undecided", "treatment has 499"),
        (
            Tallies(),
            "undecided",
            "needs 500 in each arm, followed for 7 days; control has 0, treatment has 0",
        ),
    ],
)
def test_the_verdict_follows_from_where_the_interval_lies(tallies, verdict, because):
    found = compare(PLAN, tallies, days=10)
    assert found.verdict == verdict
    assert because in found.because


def test_the_verdict_is_that_of_its_definition_for_many_counts():
    told = set()
    for control in range(0, 400, 7):
        found = compare(PLAN, arms(control, 200), days=10)
        low, high = found.difference.low, found.difference.high
        if low > 0:
            expected = "treatment better"
        elif high < 0:
            expected = "control better"
        elif low > -0.02 and high < 0.02:
            expected = "no difference that matters"
        else:
            expected = "undecided"
        assert found.verdict == expected
        told.add(expected)
    assert len(told) == 4


def test_arms_have_their_rates_and_the_metric_its_difference():
    tallies = Tallies(Tally(1_000, 100, 30), Tally(2_000, 240, 90))
    for metric, before, after in (("click", 100, 240), ("adopt", 30, 90)):
        plan = Plan(metric=metric, share=2 / 3, least_businesses=800)
        found = compare(plan, tallies, days=1)
        assert found.difference.value == pytest.approx(after / 2_000 - before / 1_000)
        ends = difference_interval(Proportion(before, 1_000), Proportion(after, 2_000), 2_400)
        assert (found.difference.low, found.difference.high) == pytest.approx(tuple(ends))
    assert found.control.businesses == 1_000
    assert (found.control.click.value, found.control.adopt.value) == (0.1, 0.03)
    low, high = rate_interval(Proportion(240, 2_000))
    assert (found.treatment.click.low, found.treatment.click.high) == (low, high)


def test_before_the_first_business_there_are_no_rates():
    found = compare(PLAN, Tallies(treatment=Tally(1, 1, 0)), days=0)
    assert (found.control.click, found.control.adopt, found.difference) == (None, None, None)
    assert found.treatment.click.high == 1.0
    assert found.warnings == ()


def test_those_still_followed_are_told_but_change_no_rate_and_no_verdict():
    alone = compare(PLAN, Tallies(Tally(499, 9, 9), Tally(499, 99, 99)), days=10)
    both = Tallies(Tally(499, 9, 9, following=8_000), Tally(499, 99, 99, following=7_990))
    found = compare(PLAN, both, days=10)
    assert (found.control.following, found.treatment.following) == (8_000, 7_990)
    assert found.verdict == "undecided"
    arms = {
        arm: msgspec.structs.replace(getattr(found, arm), following=0)
        for arm in ("control", "treatment")
    }
    assert msgspec.structs.replace(found, **arms) == alone


def test_a_split_is_warned_of_before_anybody_was_followed_to_the_end():
    found = compare(PLAN, Tallies(Tally(following=500), Tally(following=900)), days=1)
    assert "64.3% of 1,400 businesses are in treatment" in found.warnings[0]


@pytest.mark.parametrize(
    ("share", "control", "treatment", "warned"),
    [
        (0.5, 5_000, 5_100, False),
        (0.5, 5_000, 5_600, True),
        (0.1, 900, 100, False),
        (0.1, 500, 500, True),
        (0.5, 3, 0, False),
        (0.5, 0, 20, True),
    ],
)
def test_a_split_that_is_not_the_one_asked_for_is_warned_of(share, control, treatment, warned):
    tallies = Tallies(Tally(control), Tally(treatment))
    found = compare(Plan(share=share), tallies, days=1)
    assert bool(found.warnings) == warned
    if warned:
        part = f"{treatment / (control + treatment):.1%} of {control + treatment:,} businesses"
        assert part in found.warnings[0]
        assert f"where {share:.1%} should be" in found.warnings[0]


def test_a_sound_split_is_not_warned_of_however_often_one_looks():
    rng = np.random.default_rng(5)
    for _ in range(20):
        treated = (rng.random(3_000) < 0.3).cumsum()
        for total in range(1, 3_001, 100):
            tallies = Tallies(
                Tally(int(total - treated[total - 1])), Tally(int(treated[total - 1]))
            )
            assert compare(Plan(share=0.3), tallies, days=1).warnings == ()


def test_one_that_runs_longer_than_planned_is_warned_of():
    assert compare(PLAN, arms(9, 9), days=30).warnings == ()
    assert compare(PLAN, arms(9, 9), days=31).warnings == (
        "it has run for 31 days of at most 30: stop it",
    )


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("share", 0),
        ("share", 1),
        ("share", float("nan")),
        ("metric", "view"),
        ("least_difference", 0),
        ("least_businesses", 0),
        ("follow_days", 0),
        ("follow_days", 366),
        ("most_days", 0),
        ("most_days", float("inf")),
    ],
)
def test_a_plan_that_cannot_be_is_refused_by_name(field, value):
    with pytest.raises(msgspec.ValidationError, match=rf"\$\.{field}"):
        msgspec.convert({field: value}, Plan)
