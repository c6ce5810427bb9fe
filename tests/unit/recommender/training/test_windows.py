"""Split by time: what comes later never teaches what came before."""

import datetime as dt

import pandas as pd
import pytest

from recommender.training import windows
from recommender.training.snapshot import Chunk, Snapshot, open_snapshot
from recommender.training.windows import SHARES, Windows, find_windows

NOON = pd.Timestamp(dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC))
HOUR = pd.Timedelta(hours=1)


@pytest.fixture
def windows_of(tmp_path):
    """The windows of a folder whose states were shown their lists after so many hours."""

    def find(hours):
        at = pd.Series([pd.NaT if hour is None else NOON + hour * HOUR for hour in hours])
        at = pd.to_datetime(at, utc=True)
        pd.DataFrame({"at": at}).to_parquet(tmp_path / "profiles.parquet")
        chunk = Chunk(tmp_path, False, "", "", len(at))
        (found,) = find_windows(Snapshot((chunk,), len(at), "", None)).values()
        return found, at

    return find


def sizes(found, at):
    return found.of(at).value_counts().reindex(range(4), fill_value=0).tolist()


def test_the_last_ones_measure_those_before_calibrate_and_those_before_choose(windows_of):
    found, at = windows_of(range(100))
    assert found.of(at).tolist() == [0] * 60 + [1] * 15 + [2] * 10 + [3] * 15
    assert list(SHARES) == ["choose", "calibrate", "test"]


def test_the_order_of_rows_changes_nothing(windows_of):
    found, at = windows_of([7 * hour % 100 for hour in range(100)])
    assert found.begins == tuple(NOON + hour * HOUR for hour in (60, 75, 85))
    assert sizes(found, at) == [60, 15, 10, 15]


def test_states_of_one_moment_are_in_one_window(windows_of):
    """Ten share each moment: none may be learned from and measured on."""
    found, at = windows_of([hour // 10 for hour in range(100)])
    numbers = found.of(at)
    assert numbers.groupby(at).nunique().eq(1).all()
    assert sizes(found, at) == [60, 10, 10, 20]


def test_a_window_has_no_more_than_it_needs(windows_of, monkeypatch):
    monkeypatch.setattr(windows, "HELD_OUT", 5)
    assert sizes(*windows_of(range(100))) == [85, 5, 5, 5]


def test_states_without_a_time_are_learned_from_and_change_nothing(windows_of):
    found, at = windows_of([*range(100), *[None] * 40])
    assert sizes(found, at) == [100, 15, 10, 15]
    assert (found.of(at)[at.isna()] == 0).all()


NOTHING_TO_SPLIT = {
    "none": [],
    "one": [0],
    "two": [0, 1],
    "four": [0, 1, 2, 3],
    "of one moment": [5] * 100,
    "never shown": [None] * 100,
    "all but one of a moment": [*[0] * 99, 1],
    "none before the first window": [*[0] * 65, *[1] * 15, *[2] * 20],
}


@pytest.mark.parametrize("hours", NOTHING_TO_SPLIT.values(), ids=NOTHING_TO_SPLIT)
def test_where_there_is_nothing_to_split_nobody_is_held_out(windows_of, hours):
    found, at = windows_of(hours)
    assert found == Windows(())
    assert sizes(found, at) == [len(hours), 0, 0, 0]


def test_where_there_is_something_to_split_each_window_has_somebody(windows_of):
    assert min(sizes(*windows_of(range(7)))) >= 1


def test_each_folder_has_windows_of_its_own(tmp_path, write_snapshot, businesses, journeys_of):
    """All that was recorded is later than all that was simulated: neither is held out whole."""
    early, late = businesses[:100], businesses[300:340]
    folders = {
        write_snapshot(tmp_path / "simulated", early, journeys_of(early)): True,
        write_snapshot(tmp_path / "recorded", late, journeys_of(late)): False,
    }
    snapshot = open_snapshot(folders)
    found = find_windows(snapshot)
    assert list(found) == list(folders)
    for chunk in snapshot.chunks:
        at = chunk.read().states["at"]
        n = len(at)
        assert sizes(found[chunk.folder], at)[1:] == [round(n * share) for share in SHARES.values()]
