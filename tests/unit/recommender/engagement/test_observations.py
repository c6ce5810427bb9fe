"""The matrices: what was in use, what was shown, what came of it, and how much each row counts."""

import datetime as dt

import pandas as pd
import pytest

from recommender.engagement import AGAINST, STRENGTH, Attention, observe

PLATFORMS = ("misa-amis", "misa-cukcuk", "misa-meinvoice")
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)
SEEN = Attention(1.0)

EXPOSURES = [
    "recommendation_id", "business_id", "state_id", "at", "platform_id", "rank", "inclusion",
]  # fmt: skip
EVENTS = ["event_id", "business_id", "recommendation_id", "platform_id", "kind", "rating", "at"]


def observed(states, lists, events=()):
    """Observe states `{state: in use}`, lists `(name, state, day, platforms)` and events.

    An event is `(business, list or None, platform, kind, day)`; a state `a.2` is of business `a`.
    """
    table = pd.DataFrame(
        {
            "state_id": list(states),
            "business_id": [state.partition(".")[0] for state in states],
            "platforms_in_use": list(states.values()),
        }
    )
    shown = pd.DataFrame(
        [
            (name, state.partition(".")[0], state, NOON + day * DAY, platform, rank, 1 / (1 + rank))
            for name, state, day, platforms in lists
            for rank, platform in enumerate(platforms, start=1)
        ],
        columns=EXPOSURES,
    )
    happened = pd.DataFrame(
        [
            (f"event-{n}", business, name, platform, kind, None, NOON + day * DAY)
            for n, (business, name, platform, kind, day) in enumerate(events)
        ],
        columns=EVENTS,
    )
    moment = {"at": "datetime64[us, UTC]"}
    happened = happened.astype({"rating": "Int64", **moment})
    return observe(table, shown.astype(moment), happened, PLATFORMS, SEEN)


def dense(matrix):
    return matrix.toarray().round(6).tolist()


def test_what_was_shown_may_have_been_looked_at_by_its_rank_and_nothing_else():
    found = observed({"a.1": [], "b.1": []}, [("list", "a.1", 0, PLATFORMS[:2])])
    assert dense(found.examined) == [[1, 0.5, 0], [0, 0, 0]]
    assert dense(found.inclusion) == [[0.5, 0.333333, 0], [0, 0, 0]]
    assert found.strength.nnz == found.chosen.nnz == found.used.nnz == 0


def test_what_came_of_it_is_told():
    events = [("a", "list", "misa-amis", "adopt", 1), ("a", "list", "misa-cukcuk", "dismiss", 1)]
    found = observed({"a.1": []}, [("list", "a.1", 0, PLATFORMS)], events)
    assert dense(found.strength) == [[1, AGAINST["dismiss"], 0]]
    assert dense(found.chosen) == [[1, 0, 0]]
    assert found.chosen.nnz == 1


def test_lists_of_one_day_are_one_list_at_the_best_rank_there():
    lists = [("first", "a.1", 0, PLATFORMS), ("second", "a.1", 0.1, PLATFORMS[::-1])]
    found = observed({"a.1": []}, lists, [("a", "first", "misa-meinvoice", "click", 0.05)])
    assert dense(found.examined) == [[1, 0.5, 1]]
    assert dense(found.strength) == [[0, 0, STRENGTH["click"]]]


def test_each_day_is_another_chance_to_be_shown_and_looked_at():
    """Shown second on two of three days: looked at unless overlooked on both."""
    lists = [(f"day {day}", "a.1", day, PLATFORMS[: 1 + (day < 2)]) for day in range(3)]
    found = observed({"a.1": []}, lists)
    assert dense(found.examined) == [[1, 0.75, 0]]
    assert dense(found.inclusion) == [[0.875, round(1 - (2 / 3) ** 3, 6), 0]]


def test_a_day_begins_at_midnight_in_vietnam():
    lists = [("evening", "a.1", 0.2, PLATFORMS[1:2]), ("morning", "a.1", 0.3, PLATFORMS[1:2])]
    assert dense(observed({"a.1": []}, lists).inclusion) == [[0, 0.75, 0]]


def test_each_state_has_what_it_was_shown_and_did():
    """It was adopted in the first state, and so is in use in the second one."""
    states = {"a.1": [], "a.2": ["misa-amis"]}
    lists = [("first", "a.1", 0, PLATFORMS), ("second", "a.2", 9, PLATFORMS[1:])]
    events = [("a", "first", "misa-amis", "adopt", 1), ("a", None, "misa-cukcuk", "click", 10)]
    found = observed(states, lists, events)
    assert dense(found.used) == [[0, 0, 0], [1, 0, 0]]
    assert dense(found.examined) == [[1, 0.5, 0.333333], [0, 1, 0.5]]
    assert dense(found.strength) == [[1, 0, 0], [0, STRENGTH["click"], 0]]
    assert found.weights.tolist() == [0.5, 0.5]


def test_what_was_adopted_and_is_abandoned_in_the_end_was_not_chosen():
    events = [("a", "first", "misa-amis", "adopt", 1), ("a", None, "misa-amis", "abandon", 30)]
    states = {"a.1": [], "a.2": ["misa-amis"]}
    lists = [("first", "a.1", 0, PLATFORMS), ("second", "a.2", 9, PLATFORMS[1:])]
    found = observed(states, lists, events)
    assert found.strength.toarray()[0, 0] == AGAINST["abandon"]
    assert found.chosen.nnz == 0


def test_what_is_in_use_cannot_be_taken_up():
    found = observed(
        {"a.1": ["misa-amis"]},
        [("list", "a.1", 0, PLATFORMS)],
        [("a", "list", "misa-amis", "adopt", 1)],
    )
    assert dense(found.examined) == [[0, 0.5, 0.333333]]
    assert found.strength.nnz == 0


def test_what_was_found_alone_says_nothing_of_what_is_shown():
    found = observed(
        {"a.1": []}, [("list", "a.1", 0, PLATFORMS[:1])], [("a", None, "misa-cukcuk", "adopt", 1)]
    )
    assert found.strength.nnz == 0


def test_unknown_platforms_businesses_and_states_are_left_out():
    lists = [("list", "a.1", 0, ["gone", "misa-amis"]), ("other", "z.1", 0, PLATFORMS)]
    events = [("a", "list", "gone", "adopt", 1), ("z", "other", "misa-amis", "adopt", 1)]
    found = observed({"a.1": ["gone", "misa-cukcuk"]}, lists, events)
    assert dense(found.used) == [[0, 1, 0]]
    assert dense(found.examined) == [[0.5, 0, 0]]
    assert found.strength.nnz == 0


def test_those_of_one_business_add_up_to_1():
    found = observed({"a.1": [], "b.1": [], "a.2": [], "a.3": []}, [])
    assert found.weights == pytest.approx([1 / 3, 1, 1 / 3, 1 / 3])


def test_nothing_shown_and_nothing_done_leave_what_is_in_use():
    found = observed({"a.1": ["misa-amis"], "b.1": []}, [])
    assert dense(found.used) == [[1, 0, 0], [0, 0, 0]]
    assert found.examined.nnz == found.inclusion.nnz == found.strength.nnz == found.chosen.nnz == 0
