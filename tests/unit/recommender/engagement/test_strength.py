"""What events say, and which one has the last word."""

import datetime as dt
import itertools
from typing import get_args

import pandas as pd
import pytest

from recommender.domain.engagement import EventKind
from recommender.engagement.strength import AGAINST, LIFTS, STRENGTH, last_words

NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


def told(events, order=None):
    """The last words of events `(row, column, kind)` or with a rating, each a minute later."""
    rows = [
        (f"event-{n}", *event[:3], (*event, None)[3], NOON + dt.timedelta(minutes=n))
        for n, event in enumerate(events)
    ]
    table = pd.DataFrame(rows, columns=["event_id", "row", "column", "kind", "rating", "at"])
    table = table.astype({"rating": "Int64"})
    if order is not None:
        table = table.iloc[order]
    found = last_words(table)
    return {(row, column): (strength, chosen) for row, column, strength, chosen in found.to_numpy()}


def strength(*kinds):
    found = told([(0, 0, kind) for kind in kinds])
    return found[0, 0][0] if found else None


def test_every_kind_of_event_has_a_meaning():
    assert {*STRENGTH, *AGAINST, *LIFTS, "rate"} == set(get_args(EventKind))
    assert max(AGAINST.values()) < 0 < min(STRENGTH.values())


@pytest.mark.parametrize("kind", [*STRENGTH, *AGAINST])
def test_each_kind_of_event_says_what_it_says(kind):
    assert strength(kind) == (STRENGTH | AGAINST)[kind]


@pytest.mark.parametrize("order", [["trial", "click"], ["click", "trial"], ["trial"] * 5])
def test_the_strongest_event_of_a_pair_counts_once(order):
    assert strength(*order) == STRENGTH["trial"]


@pytest.mark.parametrize(("rating", "expected"), [(5, 1), (4, 1), (3, None), (1, None)])
def test_a_rating_of_4_or_more_counts_like_an_adoption(rating, expected):
    found = told([(0, 0, "rate", rating)])
    assert found == ({} if expected is None else {(0, 0): (1, True)})


def test_a_poor_rating_leaves_an_adoption_as_it_is():
    assert told([(0, 0, "adopt"), (0, 0, "rate", 2)]) == {(0, 0): (1, True)}


@pytest.mark.parametrize("kind", AGAINST)
def test_what_takes_back_counts_itself_where_it_comes_last(kind):
    assert told([(0, 0, "adopt"), (0, 0, kind)]) == {(0, 0): (AGAINST[kind], False)}


@pytest.mark.parametrize("kind", AGAINST)
@pytest.mark.parametrize("later", STRENGTH)
def test_after_that_only_what_comes_later_counts(kind, later):
    assert strength("adopt", kind, later) == STRENGTH[later]


def test_what_is_withdrawn_says_nothing_and_what_comes_later_counts():
    for before in (*STRENGTH, *AGAINST):
        assert strength(before, "withdraw") is None
        assert strength("adopt", before, "withdraw", "save") == STRENGTH["save"]
    assert strength("withdraw", "dismiss") == AGAINST["dismiss"]


def test_every_order_of_three_events_goes_by_the_last_that_took_back():
    for kinds in itertools.product(["adopt", "dismiss", "trial", "abandon", "view"], repeat=3):
        backs = [i for i, kind in enumerate(kinds) if kind in AGAINST]
        since = kinds[backs[-1] + 1 :] if backs else kinds
        says = [STRENGTH[kind] for kind in since] or [AGAINST[kinds[backs[-1]]]]
        assert strength(*kinds) == max(says)


def test_the_time_of_events_decides_not_their_order_in_the_table():
    assert told([(0, 0, "dismiss"), (0, 0, "adopt")], order=[1, 0]) == {(0, 0): (1, True)}


def test_pairs_are_told_apart():
    events = [(0, 0, "adopt"), (0, 1, "dismiss"), (1, 0, "click"), (1, 0, "dismiss")]
    assert told(events) == {
        (0, 0): (1, True),
        (0, 1): (AGAINST["dismiss"], False),
        (1, 0): (AGAINST["dismiss"], False),
    }


def test_no_events_say_nothing():
    assert told([]) == {}
