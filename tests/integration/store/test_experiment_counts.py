"""Businesses of an experiment, counted once each by what they did since, on both databases."""

import datetime as dt
from itertools import count

import pytest

from recommender.evaluation.comparison import Plan, Tallies, Tally, compare
from recommender.training.registry_experiment import Arms, Experiment
from service.store.experiment_counts import count_arms

from .samples import NOON, event, exposure, features, profile, remember

pytestmark = pytest.mark.anyio

EXPERIMENT = Experiment(
    id="0123abcd",
    started_at=NOON,
    arms=Arms("model-one", "model-two"),
    who="Lan",
    why="to know",
)

HOUR = dt.timedelta(hours=1)

DAY = 24

LATE = 30 * DAY
"""Hours after the start, when all are followed to the end."""

numbers = count(100)


def shown(arm="control", hours=1.0, told=None, **changes):
    """Return a list of the experiment, so many hours after the start.

    Args:
        arm: None for a list outside the experiment.
        hours: After the start.
        told: What the business told, a number; another one where left out.
        changes: What else is different.
    """
    served = {
        "at": NOON + hours * HOUR,
        "arm": None if arm is None else EXPERIMENT.recorded_as(arm),
        "features": features(employees=told or next(numbers)),
    }
    return exposure(**(served | changes))


def did(kind="click", hours=2.0, **changes):
    return event(**({"kind": kind, "at": NOON + hours * HOUR} | changes))


@pytest.fixture
def counted(store, database):
    """Store lists, the business of each first if it has an id, and events, then count.

    The count is made some hours after the start.
    """

    async def count_now(lists, events=(), hours=LATE):
        for each in lists:
            if each.profile_id:
                await remember(store, each.profile_id, profile())
            store.log_exposure(each)
        await store.append_events(events)
        await store.ready()
        return count_arms(database, EXPERIMENT, NOON + hours * HOUR)

    return count_now


async def test_without_a_list_nobody_counts(counted):
    assert await counted([]) == Tallies()


async def test_each_arm_has_its_businesses_and_what_they_did(counted):
    control = [shown("control", profile_id=f"business-c{i}") for i in range(5)]
    treatment = [shown("treatment", profile_id=f"business-t{i}") for i in range(4)]
    events = [
        *(did("click", profile_id=each.profile_id) for each in control[:3]),
        *(did("adopt", profile_id=each.profile_id) for each in control[2:3]),
        *(did("adopt", recommendation_id=each.id) for each in treatment[:2]),
    ]
    found = await counted([*control, *treatment], events)
    assert found == Tallies(Tally(5, 3, 1), Tally(4, 0, 2))


async def test_a_business_counts_once_however_often_it_comes_and_clicks(counted):
    lists = [shown(hours=hours, profile_id="business-1") for hours in (1, 2, 3)]
    events = [did(hours=hours, profile_id="business-1") for hours in (1.5, 2.5, 3.5)]
    assert await counted(lists, events) == Tallies(Tally(1, 1, 0))


async def test_those_who_are_not_stored_count_once_by_what_they_told(counted):
    lists = [shown(told=7), shown(told=7, hours=5), shown(told=8), shown("treatment")]
    events = [
        did(hours=6, recommendation_id=lists[0].id),
        did("adopt", hours=6, recommendation_id=lists[1].id),
        did(hours=6, recommendation_id=lists[3].id),
    ]
    assert await counted(lists, events) == Tallies(Tally(2, 1, 1), Tally(1, 1, 0))


async def test_an_event_from_before_the_list_does_not_count(counted):
    lists = [shown(hours=2, profile_id="business-1"), shown(hours=2)]
    early = [
        did(hours=1.9, profile_id="business-1"),
        did("adopt", hours=1.9, recommendation_id=lists[1].id),
    ]
    assert await counted(lists, early) == Tallies(Tally(2, 0, 0))
    late = [
        did(hours=2, profile_id="business-1"),
        did("adopt", hours=2.1, recommendation_id=lists[1].id),
    ]
    assert await counted([], late) == Tallies(Tally(2, 1, 1))


async def test_a_business_that_was_known_before_the_start_does_not_count(counted):
    known, new = {"profile_id": "business-1"}, {"profile_id": "business-2"}
    lists = [
        shown(None, hours=-24, **known),
        shown("treatment", hours=1, **known),
        shown(None, hours=0.1, **new),  # by a process that had not noticed the start yet
        shown("treatment", hours=1, **new),
    ]
    events = [did(**known), did(**new)]
    assert await counted(lists, events) == Tallies(treatment=Tally(1, 1, 0))


async def test_lists_outside_the_experiment_and_other_experiments_do_not_count(counted):
    lists = [
        shown(None),
        shown(None, profile_id="business-1"),
        exposure(arm="9999ffff/treatment", at=NOON + HOUR),
        exposure(arm="treatment", at=NOON + HOUR),
    ]
    events = [did(recommendation_id=each.id) for each in lists]
    assert await counted(lists, events) == Tallies()


async def test_what_is_neither_click_nor_adoption_does_not_count(counted):
    business = {"profile_id": "business-1"}
    events = [did(kind, **business) for kind in ("view", "save", "trial", "abandon")]
    events += [did("rate", rating=5, **business), did("dismiss", reason="other", **business)]
    assert await counted([shown(**business)], events) == Tallies(Tally(1, 0, 0))


async def test_a_click_on_a_passers_list_is_that_of_the_list_whoever_it_names(counted):
    lists = [shown("treatment"), shown("control", profile_id="business-1")]
    events = [did(recommendation_id=lists[0].id, profile_id="business-1")]
    assert await counted(lists, events) == Tallies(Tally(1, 1, 0), Tally(1, 1, 0))


async def test_two_who_told_the_same_but_were_split_count_in_their_own_arms(counted):
    lists = [shown("control", told=7), shown("treatment", told=7)]
    events = [did(recommendation_id=lists[1].id)]
    assert await counted(lists, events) == Tallies(Tally(1, 0, 0), Tally(1, 1, 0))


async def test_an_erased_business_is_not_counted(counted, store):
    await counted([shown(profile_id="business-1"), shown()], [did(profile_id="business-1")])
    await store.erase("business-1")
    assert await counted([]) == Tallies(Tally(1, 0, 0))


async def test_a_business_counts_once_it_was_followed_to_the_end(counted):
    lists = [shown(hours=1, profile_id="business-1"), shown("treatment", hours=2)]
    lists += [shown(hours=5 * DAY, profile_id="business-1")]  # comes again: its days are the same
    events = [did(hours=3, profile_id="business-1"), did(hours=3, recommendation_id=lists[1].id)]
    both = Tallies(Tally(following=1), Tally(following=1))
    assert await counted(lists, events, hours=4) == both
    assert await counted([], hours=7 * DAY + 0.99) == both
    first = Tallies(Tally(1, 1, 0), Tally(following=1))
    assert await counted([], hours=7 * DAY + 1) == first
    assert await counted([], hours=7 * DAY + 2) == Tallies(Tally(1, 1, 0), Tally(1, 1, 0))


async def test_what_happened_after_its_days_changes_nothing(counted):
    lists = [shown(hours=1, profile_id=f"business-{i}") for i in range(3)]
    late, last = 7 * DAY + 1.001, 7 * DAY + 1
    events = [
        did("adopt", hours=late, profile_id="business-0"),
        did("adopt", hours=last, profile_id="business-1"),
        did("click", hours=2, profile_id="business-2"),
        did("click", hours=late, profile_id="business-2"),
        did("adopt", hours=late, profile_id="business-2"),
    ]
    assert await counted(lists, events) == Tallies(Tally(3, 1, 1))


async def test_looks_at_every_day_hold_the_rate_of_late_adopters_and_prefer_no_sooner_ones(counted):
    """Three of ten of each arm adopt, of control after 6 days, of treatment within the hour."""
    come, happen = [], []
    for arm, later in (("control", 6 * DAY), ("treatment", 0.5)):
        for i in range(200):
            hours = 1 + i * DAY / 50  # for four days
            come.append((hours, shown(arm, hours)))
            if i % 10 < 3:
                list_, at = come[-1][1].id, hours + later
                happen.append((at, did("adopt", at, recommendation_id=list_)))
    for day in range(1, 13):
        by_then, before = day * DAY, (day - 1) * DAY
        new = [[it for at, it in all_ if before < at <= by_then] for all_ in (come, happen)]
        found = compare(Plan(least_businesses=100), await counted(*new, hours=by_then), day)
        assert found.verdict == "undecided"
        for arm in (found.control, found.treatment):
            assert arm.adopt is None or arm.adopt.low <= 0.3 <= arm.adopt.high
        assert bool(found.difference) == (day >= 10)  # after half the four days, and seven more
    assert found.control == found.treatment
    assert (found.control.businesses, found.control.adopt.value) == (200, 0.3)
