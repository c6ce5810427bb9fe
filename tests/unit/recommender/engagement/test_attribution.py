"""Which list an event follows from."""

import datetime as dt

import pandas as pd
import pytest

from recommender.engagement.attribution import WINDOW, attribute

NOON = pd.Timestamp(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
DAY = pd.Timedelta(days=1)

LISTS = [
    # business, column, list, day, state
    (0, 0, "first", 0, 10),
    (0, 1, "first", 0, 10),
    (0, 0, "second", 5, 11),
    (1, 0, "theirs", 2, 20),
]


def rows_of(*events):
    """The state that each event `(business, column, list, day)` follows from; None for no list."""
    shown = pd.DataFrame(LISTS, columns=["business", "column", "recommendation_id", "day", "row"])
    shown["at"] = NOON + shown.pop("day") * DAY
    table = pd.DataFrame(
        [(n, *event) for n, event in enumerate(events)],
        columns=["number", "business", "column", "recommendation_id", "day"],
    )
    table["at"] = NOON + table.pop("day").astype(float) * DAY
    table["at"] = table["at"].dt.as_unit("us")
    shown["at"] = shown["at"].dt.as_unit("us")
    found = attribute(table, shown).set_index("number")["row"]
    return [found.get(n) for n in range(len(events))]


def test_an_event_follows_from_the_list_that_it_names():
    assert rows_of((0, 0, "first", 9), (0, 0, "second", 6)) == [10, 11]


def test_it_does_so_whatever_its_clock_says():
    assert rows_of((0, 0, "second", -3)) == [11]


def test_an_event_that_names_none_follows_from_the_last_one_that_showed_the_platform():
    assert rows_of((0, 0, None, 9), (0, 0, None, 3), (0, 1, None, 9)) == [11, 10, 10]


def test_a_list_without_the_platform_is_not_what_it_follows_from():
    assert rows_of((0, 1, "second", 9)) == [10]


def test_a_list_of_another_business_is_not_what_it_follows_from():
    assert rows_of((1, 0, "first", 9), (0, 1, "theirs", 9)) == [20, 10]


def test_a_platform_that_was_never_shown_was_found_alone():
    assert rows_of((1, 1, None, 9), (1, 1, "theirs", 9), (2, 0, None, 9)) == [None] * 3


@pytest.mark.parametrize(("minutes", "expected"), [(-50, 10), (-70, None)])
def test_an_event_may_come_a_little_before_its_list_as_clocks_differ(minutes, expected):
    assert rows_of((0, 1, None, minutes / 24 / 60)) == [expected]


def test_what_comes_long_after_follows_from_no_list():
    days = WINDOW / DAY
    assert rows_of((0, 1, None, days - 0.1), (0, 1, None, days + 0.1)) == [10, None]


def test_no_events_follow_from_nothing():
    assert rows_of() == []
