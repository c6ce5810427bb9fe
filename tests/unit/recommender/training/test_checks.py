"""What is checked of the data before it is learned from: PASS on what is sound, FAIL by name."""

import datetime as dt
from typing import get_args

import pandas as pd
import pytest

from recommender.domain.engagement import EventKind
from recommender.training.checks import check_data
from recommender.training.snapshot import open_snapshot

NOW = dt.datetime(2026, 3, 4, tzinfo=dt.UTC)
"""Two days and a half after the last list of the sixty businesses."""


@pytest.fixture(scope="module")
def checked(tmp_path_factory, write_snapshot, businesses, journeys_of, reference):
    """Check a folder of which exposures or events were changed; return the checks by name."""
    pairs = businesses[:60]
    journeys = journeys_of(pairs)

    def check(now=NOW, **changes):
        tables = {name: change(getattr(journeys, name).copy()) for name, change in changes.items()}
        folder = tmp_path_factory.mktemp("checked") / "folder"
        write_snapshot(folder, pairs, journeys)
        for name, table in tables.items():
            table.to_parquet(folder / f"{name}.parquet")
        found = check_data(open_snapshot({folder: False}), reference, now)
        return {check.name: check for check in found}

    return check


@pytest.fixture(scope="module")
def sound(checked):
    return checked()


def set_in(column, value, rows=slice(None)):
    """Return a change of some rows of a column."""

    def change(table):
        table[column] = table[column].astype(object)
        table.iloc[rows, table.columns.get_loc(column)] = value
        return table.infer_objects()

    return change


def moved(by, rows=slice(None)):
    def change(table):
        place = table.columns.get_loc("at")
        table.iloc[rows, place] = table["at"].iloc[rows] + by
        return table

    return change


def test_sound_data_pass_every_check(sound):
    assert len(sound) == 12
    assert all(check.passed for check in sound.values())
    assert sound["something was shown"].found == "60 lists"


BROKEN = {
    "nothing shown": (
        {"exposures": lambda table: table.iloc[:0]},
        "something was shown",
        "0 lists",
    ),
    "an unknown kind": (
        {"events": set_in("kind", "buy", slice(0, 1))},
        "events are of known kinds",
        "buy",
    ),
    "views alone": ({"events": set_in("kind", "view")}, "events are of several kinds", "view"),
    "adoptions alone": (
        {"events": set_in("kind", "adopt")},
        "events are of several kinds",
        "adopt",
    ),
    "views and one other kind": (
        {"events": lambda table: table[table["kind"].isin(["view", "click"])]},
        "events are of several kinds",
        "click, view",
    ),
    "nothing done": (
        {"events": lambda table: table.iloc[:0]},
        "events are of several kinds",
        "no event",
    ),
    "an event twice": (
        {"events": lambda table: pd.concat([table, table.iloc[:3]])},
        "each event stands there once",
        "3 stand there again",
    ),
    "ranks from 0": (
        {"exposures": lambda table: table.assign(rank=table["rank"] - 1)},
        "ranks are from 1",
        "60 of 480 are not",
    ),
    "no rank": ({"exposures": set_in("rank", None, slice(0, 2))}, "ranks are from 1", "2 of 480"),
    "an inclusion of 0": (
        {"exposures": set_in("inclusion", 0.0, slice(0, 1))},
        "probabilities are above 0 and at most 1",
        "1 of 480 are not",
    ),
    "an inclusion above 1": (
        {"exposures": set_in("inclusion", 1.01, slice(0, 4))},
        "probabilities are above 0 and at most 1",
        "4 of 480 are not",
    ),
    "no inclusion": (
        {"exposures": set_in("inclusion", None, slice(0, 5))},
        "probabilities are above 0 and at most 1",
        "5 of 480 are not",
    ),
    "platforms that left, shown": (
        {"exposures": set_in("platform_id", "gone", slice(0, 100))},
        "what was shown is in the catalogue",
        "100 of 480 are of platforms that left it",
    ),
    "platforms that left, taken up": (
        {"events": set_in("platform_id", "gone")},
        "what was done is in the catalogue",
        "are of platforms that left it",
    ),
    "lists of the future": (
        {"exposures": moved(dt.timedelta(days=9), slice(0, 1))},
        "no exposures of the future",
        "the last one is of 2026-03-10 00:00",
    ),
    "events of the future": (
        {"events": moved(dt.timedelta(days=9), slice(0, 1))},
        "no events of the future",
        "the last one is of 2026-03-10 00:0",
    ),
    "lists that are not there": (
        {"events": set_in("recommendation_id", "gone")},
        "events name lists that were shown",
        "name one that is not there",
    ),
    "events before their lists": (
        {"events": moved(dt.timedelta(hours=-2))},
        "events come after their lists",
        "come before the list that they name",
    ),
}


@pytest.mark.parametrize(("changes", "name", "found"), BROKEN.values(), ids=BROKEN)
def test_what_is_broken_is_found_by_name_and_number(checked, changes, name, found):
    checks = checked(**changes)
    assert not checks[name].passed
    assert found in checks[name].found


@pytest.mark.parametrize(
    "case",
    [
        "an unknown kind", "an event twice", "ranks from 0", "no rank", "an inclusion above 1",
        "platforms that left, shown", "events of the future", "events before their lists",
    ],
)  # fmt: skip
def test_what_is_not_broken_passes_beside_it(checked, case):
    changes, name, _ = BROKEN[case]
    assert [check.name for check in checked(**changes).values() if not check.passed] == [name]


def test_all_kinds_of_events_are_known(checked):
    kinds = get_args(EventKind)
    found = checked(
        events=lambda table: table.iloc[: len(kinds)].assign(kind=list(kinds), rating=3)
    )
    assert found["events are of known kinds"].passed


@pytest.mark.parametrize(("n", "passed"), [(96, True), (97, False)])
def test_some_platforms_may_have_left_the_catalogue(checked, n, passed):
    """A fifth of 480."""
    found = checked(exposures=set_in("platform_id", "gone", slice(0, n)))
    assert found["what was shown is in the catalogue"].passed is passed


def test_some_lists_may_be_missing_and_some_events_name_none(checked):
    """What was logged in the last moments before a crash may be lost."""
    found = checked(events=set_in("recommendation_id", "gone", slice(0, 9)))
    assert found["events name lists that were shown"].passed
    nobody = checked(events=set_in("recommendation_id", None))
    assert nobody["events name lists that were shown"].passed
    assert nobody["events name lists that were shown"].found.startswith("0 of 0 ")


@pytest.mark.parametrize(
    ("minutes", "passed"), [(-59, True), (-61, False)], ids=["a little", "too far"]
)
def test_clocks_may_differ_a_little(checked, minutes, passed):
    """Lists were shown on the hour, the last one at 11."""
    by = dt.timedelta(minutes=minutes)
    found = checked(now=dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC) + by)
    assert found["no exposures of the future"].passed is passed
    found = checked(events=lambda table: table.assign(at=table["at"].dt.floor("h") + by))
    assert found["events come after their lists"].passed is passed


def test_folders_are_checked_together(tmp_path, write_snapshot, businesses, journeys_of, reference):
    """Each is sound; but an event of one has the id of an event of the other."""
    folders = {}
    for name, pairs in (("simulated", businesses[:20]), ("recorded", businesses[20:30])):
        journeys = journeys_of(pairs)
        events = journeys.events.assign(
            event_id=[f"event-{n}" for n in range(len(journeys.events))]
        )
        folders[write_snapshot(tmp_path / name, pairs, journeys._replace(events=events))] = True
    checks = {check.name: check for check in check_data(open_snapshot(folders), reference, NOW)}
    assert checks["something was shown"].found == "30 lists"
    assert not checks["each event stands there once"].passed
