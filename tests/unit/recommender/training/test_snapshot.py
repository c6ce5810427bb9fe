"""Snapshot folders: read as one, and refused with what is wrong."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.features import profile_encoder
from recommender.profiles import PROFILE_COLUMNS
from recommender.training.snapshot import EVENT_COLUMNS, SnapshotError, open_snapshot


@pytest.fixture
def folder(tmp_path, write_snapshot, businesses, events_of):
    pairs = businesses[:20]
    return write_snapshot(tmp_path / "simulated", pairs, events_of(pairs))


@pytest.fixture
def recorded(tmp_path, write_snapshot, businesses, events_of):
    pairs = businesses[20:23]
    return write_snapshot(tmp_path / "recorded", pairs, events_of(pairs))


def read(snapshot):
    """Read all chunks as one: profiles and events."""
    profiles, events = zip(*(chunk.read() for chunk in snapshot.chunks), strict=True)
    return pd.concat(profiles, ignore_index=True), pd.concat(events, ignore_index=True)


def rewrite(path, change):
    change(pd.read_parquet(path)).to_parquet(path)


def test_folders_are_read_as_one_and_stay_told_apart(folder, recorded):
    snapshot = open_snapshot({folder: True, recorded: False})
    profiles, events = read(snapshot)
    assert snapshot.businesses == len(profiles) == 23
    assert profiles["shown"].tolist() == [True] * 20 + [False] * 3
    assert set(events["business_id"]) <= set(profiles["business_id"])
    assert profiles["business_id"].iloc[-1] == "business-0022"


@pytest.mark.parametrize("order", ["sorted", "shuffled"])
@pytest.mark.parametrize("size", [1, 3, 7, 19, 20, 100])
def test_chunks_are_the_whole_each_business_with_its_events(folder, size, order):
    whole, all_events = read(open_snapshot({folder: True}))
    if order == "shuffled":
        for name in ("profiles.parquet", "events.parquet"):
            rewrite(folder / name, lambda table: table.sample(frac=1, random_state=3))
    snapshot = open_snapshot({folder: True}, chunk=size)
    assert [chunk.businesses for chunk in snapshot.chunks] == [
        min(size, 20 - begin) for begin in range(0, 20, size)
    ]
    for chunk in snapshot.chunks:
        profiles, events = chunk.read()
        assert len(profiles) == chunk.businesses
        assert set(events["business_id"]) <= set(profiles["business_id"])
    profiles, events = read(snapshot)
    by_id, by_event = profiles.set_index("business_id"), events.set_index("event_id")
    pd.testing.assert_frame_equal(
        by_id.loc[whole["business_id"]].reset_index(), whole[by_id.reset_index().columns]
    )
    pd.testing.assert_frame_equal(by_event.loc[all_events["event_id"]].reset_index(), all_events)


def test_a_file_that_goes_between_opening_and_reading_is_named(folder):
    snapshot = open_snapshot({folder: True})
    (folder / "events.parquet").unlink()
    with pytest.raises(SnapshotError, match=r"events.parquet cannot be read"):
        snapshot.chunks[0].read()


def test_an_empty_folder_beside_another_changes_nothing(
    folder, tmp_path, write_snapshot, events_of
):
    empty = write_snapshot(tmp_path / "empty", [], events_of([]))
    alone, both = open_snapshot({folder: True}), open_snapshot({folder: True, empty: False})
    assert both.chunks == alone.chunks
    assert both.businesses == 20


def test_the_hash_goes_with_the_content_of_the_files(folder, recorded):
    before = open_snapshot({folder: True, recorded: False}).sha256
    assert open_snapshot({folder: True, recorded: False}).sha256 == before
    assert open_snapshot({folder: True}).sha256 != before
    rewrite(recorded / "events.parquet", lambda table: table.iloc[:-1])
    assert open_snapshot({folder: True, recorded: False}).sha256 != before


@pytest.mark.parametrize("name", ["profiles.parquet", "events.parquet"])
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(SnapshotError, match=f"{name} is missing"):
        open_snapshot({folder: True})


@pytest.mark.parametrize("name", ["profiles.parquet", "events.parquet"])
@pytest.mark.parametrize("content", [b"", b"not Parquet at all"])
def test_a_file_that_is_not_parquet_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(SnapshotError, match=f"{name} cannot be read"):
        open_snapshot({folder: True})


@pytest.mark.parametrize(
    ("name", "column"),
    [("profiles.parquet", column) for column in PROFILE_COLUMNS]
    + [("events.parquet", column) for column in EVENT_COLUMNS],
)
def test_a_missing_column_is_named(folder, name, column):
    rewrite(folder / name, lambda table: table.drop(columns=column))
    with pytest.raises(SnapshotError, match=f"{name} lacks the columns {column}$"):
        open_snapshot({folder: True})


def test_columns_that_are_not_needed_are_left_out(folder):
    rewrite(folder / "events.parquet", lambda table: table.assign(reason="other"))
    assert tuple(read(open_snapshot({folder: True}))[1].columns) == EVENT_COLUMNS


def test_no_business_at_all_is_refused(tmp_path, write_snapshot, events_of):
    empty = write_snapshot(tmp_path / "empty", [], events_of([]))
    with pytest.raises(SnapshotError, match="no business to learn from"):
        open_snapshot({empty: False})


def test_no_folder_at_all_is_refused():
    with pytest.raises(SnapshotError, match="no snapshot folder"):
        open_snapshot({})


def test_a_business_that_stands_there_twice_is_named(folder, tmp_path, write_snapshot, businesses):
    twice = write_snapshot(
        tmp_path / "twice", businesses[5:6], pd.read_parquet(folder / "events.parquet")
    )
    with pytest.raises(SnapshotError, match="business-0005 stands in the snapshot twice"):
        open_snapshot({folder: True, twice: False})


def test_a_file_without_pandas_metadata_is_understood_alike(
    tmp_path, reference, businesses, make_profile, write_snapshot, events_of
):
    """Writers other than pandas leave it out; whole numbers with gaps then read as floats."""
    encoder = profile_encoder(reference)
    pairs = [*businesses[:5], ("tells-nothing", make_profile())]
    folder = write_snapshot(tmp_path / "simulated", pairs, events_of(pairs))
    expected = encoder.transform(read(open_snapshot({folder: True}))[0]).toarray()
    path = folder / "profiles.parquet"
    pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)
    levels = pa.Table.to_pandas(pq.read_table(path))["maturity_level"]
    assert levels.dtype == float
    assert (encoder.transform(read(open_snapshot({folder: True}))[0]) != expected).sum() == 0


def test_who_only_asked_without_a_profile_is_no_business_to_learn_from(
    folder, tmp_path, write_snapshot, businesses, events_of
):
    (silent, _), (active, _), (kept, _) = visitors = businesses[20:23]
    recorded = write_snapshot(tmp_path / "recorded", visitors, events_of(visitors[1:2]))
    shown = pd.DataFrame(
        {
            "recommendation_id": [silent, active, "answer-0001"],
            "business_id": [silent, active, kept],
        }
    )
    shown.to_parquet(recorded / "exposures.parquet")
    profiles, _ = read(open_snapshot({folder: True, recorded: False}))
    shown = profiles.set_index("business_id")["shown"]
    assert silent not in shown
    assert shown[active]
    assert shown[kept]
