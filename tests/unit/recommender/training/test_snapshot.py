"""Snapshot folders: read as one, and refused with what is wrong."""

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from recommender.features import profile_encoder
from recommender.training.snapshot import COLUMNS, SnapshotError, Tables, open_snapshot

FILES = list(COLUMNS)


@pytest.fixture
def folder(tmp_path, write_snapshot, businesses, journeys_of):
    pairs = businesses[:20]
    return write_snapshot(tmp_path / "simulated", pairs, journeys_of(pairs))


@pytest.fixture
def recorded(tmp_path, write_snapshot, businesses, journeys_of):
    pairs = businesses[20:23]
    return write_snapshot(tmp_path / "recorded", pairs, journeys_of(pairs))


@pytest.fixture
def empty(tmp_path, write_snapshot, journeys_of):
    return write_snapshot(tmp_path / "empty", [], journeys_of([]))


def read(snapshot):
    """Read all chunks as one."""
    parts = zip(*(chunk.read() for chunk in snapshot.chunks), strict=True)
    return Tables(*(pd.concat(part, ignore_index=True) for part in parts))


def rewrite(path, change):
    change(pd.read_parquet(path)).to_parquet(path)


def test_folders_are_read_as_one_and_stay_told_apart(folder, recorded):
    snapshot = open_snapshot({folder: True, recorded: False})
    states, exposures, events = read(snapshot)
    assert snapshot.businesses == len(states) == 23
    assert [chunk.simulated for chunk in snapshot.chunks] == [True, False]
    assert snapshot.folders == {folder: True, recorded: False}
    assert len(exposures) == 23 * 8
    assert set(events["business_id"]) <= set(states["business_id"])
    assert states["business_id"].iloc[-1] == "business-0022"


@pytest.mark.parametrize("order", ["sorted", "shuffled"])
@pytest.mark.parametrize("size", [1, 3, 7, 19, 20, 100])
def test_chunks_are_the_whole_each_business_with_all_that_is_its_own(folder, size, order):
    whole = read(open_snapshot({folder: True}))
    if order == "shuffled":
        for name in FILES:
            rewrite(folder / name, lambda table: table.sample(frac=1, random_state=3))
    snapshot = open_snapshot({folder: True}, chunk=size)
    assert [chunk.businesses for chunk in snapshot.chunks] == [
        min(size, 20 - begin) for begin in range(0, 20, size)
    ]
    for chunk in snapshot.chunks:
        states, exposures, events = chunk.read()
        assert len(states) == chunk.businesses
        assert set(exposures["business_id"]) == set(states["business_id"])
        assert set(events["business_id"]) <= set(states["business_id"])
    keys = ("state_id",), ("recommendation_id", "platform_id"), ("event_id",)
    for found, expected, key in zip(read(snapshot), whole, keys, strict=True):
        pd.testing.assert_frame_equal(
            *(table.sort_values(list(key), ignore_index=True) for table in (found, expected))
        )


def test_all_states_of_a_business_are_in_one_chunk(folder):
    rewrite(
        folder / "profiles.parquet",
        lambda table: pd.concat([table, table.assign(state_id=table["business_id"] + ".2")]),
    )
    snapshot = open_snapshot({folder: True}, chunk=7)
    assert snapshot.businesses == 20
    assert [len(chunk.read().states) for chunk in snapshot.chunks] == [14, 14, 12]


def test_a_file_that_goes_between_opening_and_reading_is_named(folder):
    snapshot = open_snapshot({folder: True})
    (folder / "events.parquet").unlink()
    with pytest.raises(SnapshotError, match=r"events.parquet cannot be read"):
        snapshot.chunks[0].read()


def test_an_empty_folder_beside_another_changes_nothing(folder, empty):
    alone, both = open_snapshot({folder: True}), open_snapshot({folder: True, empty: False})
    assert both.chunks == alone.chunks
    assert both.businesses == 20
    assert both.until is None


def test_until_is_the_last_moment_at_which_anything_recorded_was_shown(folder, recorded):
    assert open_snapshot({folder: True}).until is None
    last = pd.read_parquet(recorded / "exposures.parquet")["at"].max()
    assert open_snapshot({folder: True, recorded: False}).until == last
    assert open_snapshot({folder: False, recorded: False}).until == last


def test_the_hash_goes_with_the_content_of_the_files(folder, recorded):
    before = open_snapshot({folder: True, recorded: False}).sha256
    assert open_snapshot({folder: True, recorded: False}).sha256 == before
    seen = {before, open_snapshot({folder: True}).sha256}
    for name in FILES:
        rewrite(recorded / name, lambda table: table.iloc[:-1])
        seen.add(open_snapshot({folder: True, recorded: False}).sha256)
    assert len(seen) == 2 + len(FILES)


@pytest.mark.parametrize("name", FILES)
def test_a_missing_file_is_named(folder, name):
    (folder / name).unlink()
    with pytest.raises(SnapshotError, match=f"{name} is missing"):
        open_snapshot({folder: True})


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize("content", [b"", b"not Parquet at all"])
def test_a_file_that_is_not_parquet_is_named(folder, name, content):
    (folder / name).write_bytes(content)
    with pytest.raises(SnapshotError, match=f"{name} cannot be read"):
        open_snapshot({folder: True})


@pytest.mark.parametrize(
    ("name", "column"), [(name, column) for name in FILES for column in COLUMNS[name]]
)
def test_a_missing_column_is_named(folder, name, column):
    rewrite(folder / name, lambda table: table.drop(columns=column))
    with pytest.raises(SnapshotError, match=f"{name} lacks the columns {column}$"):
        open_snapshot({folder: True})


def test_columns_that_are_not_needed_are_left_out(folder):
    for name in FILES:
        rewrite(folder / name, lambda table: table.assign(reason="other"))
    tables = read(open_snapshot({folder: True}))
    assert [tuple(table.columns) for table in tables] == list(COLUMNS.values())


def test_no_business_at_all_is_refused(empty):
    with pytest.raises(SnapshotError, match="no business to learn from"):
        open_snapshot({empty: False})


def test_no_folder_at_all_is_refused():
    with pytest.raises(SnapshotError, match="no snapshot folder"):
        open_snapshot({})


def test_a_business_that_stands_in_two_folders_is_named(
    folder, tmp_path, write_snapshot, businesses, journeys_of
):
    pairs = businesses[5:6]
    twice = write_snapshot(tmp_path / "twice", pairs, journeys_of(pairs))
    with pytest.raises(SnapshotError, match="business-0005 stands in two folders"):
        open_snapshot({folder: True, twice: False})


def test_a_state_that_stands_there_twice_is_named(folder):
    rewrite(folder / "profiles.parquet", lambda table: pd.concat([table, table.iloc[7:8]]))
    with pytest.raises(SnapshotError, match=r"profiles.parquet: state business-0007\.1 .* twice"):
        open_snapshot({folder: True})


@pytest.mark.parametrize("column", ["business_id", "state_id"])
def test_ids_that_are_no_texts_or_left_empty_are_refused(folder, column):
    path = folder / "profiles.parquet"
    rewrite(path, lambda table: table.assign(**{column: table[column].where(table.index > 0)}))
    with pytest.raises(SnapshotError, match=f"has a row without {column}"):
        open_snapshot({folder: True})
    rewrite(path, lambda table: table.assign(**{column: range(20)}))
    with pytest.raises(SnapshotError, match=f"expected texts in {column}, found int64"):
        open_snapshot({folder: True})


@pytest.mark.parametrize("chunk", [5, 50_000])
def test_a_file_without_pandas_metadata_is_understood_alike(
    tmp_path, reference, businesses, make_profile, write_snapshot, journeys_of, chunk
):
    """Writers other than pandas leave it out; whole numbers with gaps then read as floats."""
    encoder = profile_encoder(reference)
    pairs = [*businesses[:5], ("tells-nothing-6", make_profile())]
    folder = write_snapshot(tmp_path / "simulated", pairs, journeys_of(pairs))
    rewrite(
        folder / "profiles.parquet",
        lambda table: table.assign(maturity_level=table["maturity_level"].where(table.index > 0)),
    )
    expected = read(open_snapshot({folder: True}, chunk))
    for name in FILES:
        path = folder / name
        pq.write_table(pq.read_table(path).replace_schema_metadata(None), path)
    levels = pa.Table.to_pandas(pq.read_table(folder / "profiles.parquet"))["maturity_level"]
    assert levels.dtype == float
    found = read(open_snapshot({folder: True}, chunk))
    features = encoder.transform(expected.states).toarray()
    assert (encoder.transform(found.states) != features).sum() == 0
    pd.testing.assert_frame_equal(found.exposures, expected.exposures)
    pd.testing.assert_frame_equal(found.events, expected.events)


@pytest.mark.parametrize("zone", ["Asia/Ho_Chi_Minh", "UTC"])
@pytest.mark.parametrize("unit", ["ns", "us", "s"])
def test_moments_of_any_zone_and_unit_are_the_same_moments(folder, zone, unit):
    expected = read(open_snapshot({folder: True}))
    for name in FILES:
        rewrite(
            folder / name,
            lambda table: table.assign(at=table["at"].dt.tz_convert(zone).dt.as_unit(unit)),
        )
    for found, before in zip(read(open_snapshot({folder: True})), expected, strict=True):
        pd.testing.assert_frame_equal(found, before)
