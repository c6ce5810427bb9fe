"""What a snapshot tells, what it leaves out, and that it is whole, of one moment, and the same."""

import datetime as dt
import tracemalloc

import msgspec
import pandas as pd
import pyarrow.parquet as pq
import pytest
from sqlalchemy import update

from recommender.profiles import STATE_COLUMNS, profile_table
from recommender.simulation import SimulationSettings, simulate
from service.store import snapshot, snapshot_files
from service.store.engine import make_engine
from service.store.snapshot import SnapshotCounts, export_snapshot
from service.store.tables import events, exposures, profiles

from .samples import (
    DRAW,
    FILES,
    NOON,
    event,
    exposure,
    features,
    profile,
    read_snapshot,
    remember,
    run,
)

BARE = features(functions={}, revenue_bn_vnd=None)


async def a_normal_day(store):
    await remember(store, "business-2", profile(province="04", needs=()))
    await remember(store, "business-1", profile(employees=90))
    store.log_exposure(exposure(id="list-0002", profile_id="business-1", features=BARE))
    enterprise = features(legal_form="enterprise")
    store.log_exposure(exposure(id="list-0001", features=enterprise, explored=DRAW))
    at = NOON + dt.timedelta(hours=1)
    of_one = {"profile_id": "business-1", "at": at}
    sent = [
        event(id="event-04", kind="adopt", recommendation_id="list-0002", at=at),
        event(id="event-03", kind="rate", rating=4, **of_one),
        event(id="event-02", kind="dismiss", reason="too_complex", **of_one),
        event(id="event-01", recommendation_id="list-0001", at=at),
        event(id="event-05", recommendation_id="list-0001", profile_id="business-2", at=at),
    ]
    await store.append_events(sent)


def test_an_empty_database_gives_empty_files_of_the_right_types(database, reference, tmp_path):
    assert export_snapshot(database, tmp_path / "snapshot", reference) == SnapshotCounts()
    for name in FILES:
        schema = getattr(snapshot_files, name.upper())
        table = pq.read_table(tmp_path / "snapshot" / f"{name}.parquet")
        assert table.num_rows == 0
        assert table.schema.equals(schema)
    tables = read_snapshot(tmp_path / "snapshot")
    assert tables["events"].dtypes["rating"] == "Int64"
    assert tables["exposures"].dtypes["explored_first"] == "Int64"
    assert tables["exposures"].dtypes["at"] == "datetime64[us, UTC]"
    expected = profile_table([], reference).dtypes
    assert tables["profiles"].dtypes["maturity_level"] == expected["maturity_level"] == "Int64"


def test_a_snapshot_tells_what_was_recorded(database, reference, tmp_path):
    run(database, a_normal_day)
    counts = export_snapshot(database, tmp_path / "snapshot", reference)
    assert counts == SnapshotCounts(profiles=3, exposures=4, slots=2, events=5)
    tables = read_snapshot(tmp_path / "snapshot")

    businesses = tables["profiles"]
    assert tuple(businesses.columns) == STATE_COLUMNS
    assert list(businesses["business_id"]) == ["business-1", "business-2", "list-0001"]
    assert list(businesses["state_id"]) == ["business-1.1", "business-2.1", "list-0001.1"]
    assert list(businesses["at"].dropna()) == [pd.Timestamp(NOON)] * 2
    assert businesses["at"].isna().tolist() == [False, True, False]
    assert list(businesses["legal_form"]) == ["household", "household", "enterprise"]
    today = reference.provinces["04"].new_code
    assert list(businesses["province"]) == ["48", today, "48"]
    assert businesses["revenue_bn_vnd"].isna().tolist() == [True, False, False]
    assert businesses["function_finance"].isna().tolist() == [True, False, False]
    assert list(businesses["platforms_in_use"][0]) == ["misa-cukcuk"]
    assert list(businesses["needs"][1]) == []
    assert businesses.dtypes["maturity_level"] == "Int64"
    assert list(businesses["size"]) == ["household", "household", "micro"]

    shown = tables["exposures"]
    assert shown.astype(object).where(shown.notna(), None).to_dict("list") == {
        "recommendation_id": ["list-0002", "list-0002", "list-0001", "list-0001"],
        "business_id": ["business-1", "business-1", "list-0001", "list-0001"],
        "state_id": ["business-1.1", "business-1.1", "list-0001.1", "list-0001.1"],
        "at": [pd.Timestamp(NOON)] * 4,
        "platform_id": ["sapo", "misa-cukcuk"] * 2,
        "rank": [1, 2] * 2,
        "score": [1.0, 0.5] * 2,
        "propensity": [1.0] * 4,
        "slot": ["ranked"] * 4,
        "inclusion": [1.0] * 4,
        "explored_first": [None, None, None, 1],
        "explored_last": [None, None, None, 2],
        "model_version": ["m1"] * 4,
        "policy_version": ["p1"] * 4,
        "arm": [None] * 4,
        "source": ["recorded"] * 4,
    }

    happened = tables["events"]
    assert list(happened["event_id"]) == [f"event-0{i}" for i in (2, 3, 4, 5, 1)]
    assert list(happened["business_id"]) == [*["business-1"] * 3, "business-2", "list-0001"]
    assert list(happened["kind"]) == ["dismiss", "rate", "adopt", "click", "click"]
    assert happened["rating"].dropna().to_dict() == {1: 4}
    assert happened["reason"].dropna().to_dict() == {0: "too_complex"}
    named = happened["recommendation_id"].dropna().to_dict()
    assert named == {2: "list-0002", 3: "list-0001", 4: "list-0001"}
    assert set(happened["source"]) == {"recorded"}
    assert set(happened["at"]) == {pd.Timestamp(NOON) + pd.Timedelta(hours=1)}


def test_profiles_read_back_as_the_table_they_were(database, reference, tmp_path):
    kinds = {f"business-{i}": profile(employees=i, budget=None) for i in range(5)}

    async def save(store):
        for name, each in kinds.items():
            await remember(store, name, each)

    run(database, save)
    export_snapshot(database, tmp_path / "snapshot", reference)
    found = read_snapshot(tmp_path / "snapshot")["profiles"]
    assert found.pop("at").isna().all()
    assert list(found.pop("state_id")) == [f"{name}.1" for name in kinds]
    lists = ["needs", "platforms_in_use"]
    found[lists] = found[lists].map(list)
    expected = profile_table(
        ((name, reference.normalise(each)) for name, each in kinds.items()), reference
    )
    told = [frame.astype(object).where(frame.notna(), None) for frame in (found, expected)]
    pd.testing.assert_frame_equal(*told)


def test_what_the_catalogue_no_longer_knows_is_left_out_and_counted(database, reference, tmp_path):
    async def fill(store):
        await a_normal_day(store)
        await remember(store, "old-sector", profile(sector="gone"))
        await remember(store, "old-form", profile())
        store.log_exposure(exposure(id="list-0003", profile_id="old-form", features="{}"))
        of_version_1 = msgspec.json.encode(profile(sector="?")).decode()
        store.log_exposure(exposure(id="list-0004", features=of_version_1, explored=DRAW))
        store.log_exposure(exposure(id="list-0005", profile_id="business-1", features=BARE))
        await store.append_events(
            [
                event(profile_id="old-sector"),
                event(recommendation_id="list-0004"),
                event(profile_id="business-1", platform_id="left-the-catalogue"),
            ]
        )

    run(database, fill)
    engine = make_engine(database, writes=True)
    with engine.begin() as connection:
        other = update(profiles).where(profiles.c.id == "old-form")
        connection.execute(other.values(profile='{"of": "an older version"}'))
        another = update(exposures).where(exposures.c.id == "list-0005")
        connection.execute(another.values(items='[{"of": "an older version"}]'))
        # The exposure alone tells whose event it is.
        named = update(events).where(events.c.recommendation_id == "list-0002")
        connection.execute(named.values(profile_id=None))
    counts = export_snapshot(engine, tmp_path / "snapshot", reference)
    assert counts == SnapshotCounts(
        profiles=3,
        exposures=4,
        slots=2,
        events=5,
        unreadable_states=3,
        unreadable_exposures=1,
        exposures_without_state=4,
        events_without_business=2,
        events_without_platform=1,
    )
    tables = read_snapshot(tmp_path / "snapshot")
    known = set(tables["profiles"]["business_id"])
    assert known == {"business-1", "business-2", "list-0001"}
    assert set(tables["exposures"]["business_id"]) <= known
    assert set(tables["events"]["business_id"]) <= known


def test_a_business_keeps_what_is_left_when_codes_leave_the_tables(database, reference, tmp_path):
    known = next(iter(reference.platforms))
    left = profile(needs=("gone", "get-paid"), platforms_in_use=("gone", known))
    run(database, lambda store: remember(store, "business-9", left))
    counts = export_snapshot(make_engine(database), tmp_path / "snapshot", reference)
    assert counts.unreadable_states == 0
    row = read_snapshot(tmp_path / "snapshot")["profiles"].iloc[0]
    assert list(row["needs"]) == ["get-paid"]
    assert list(row["platforms_in_use"]) == [known]


def test_both_databases_give_the_same_bytes_in_any_size_of_chunk(
    sqlite_database, postgresql_database, reference, tmp_path, monkeypatch
):
    async def fill(store):
        await a_normal_day(store)
        for name in ("aaaa-aaa", "BBBB-BBB", "cccc_ccc", "Aaaa-aaa", "____-___"):
            await remember(store, name, profile())
            await store.append_events([event(id=name, profile_id=name, at=NOON)])

    for url in (sqlite_database, postgresql_database):
        run(url, fill)
    contents = []
    for i, url in enumerate((sqlite_database, postgresql_database, postgresql_database)):
        export_snapshot(url, tmp_path / str(i), reference)
        contents.append([(tmp_path / str(i) / f"{name}.parquet").read_bytes() for name in FILES])
    assert contents[0] == contents[1] == contents[2]

    whole = read_snapshot(tmp_path / "0")
    for name, table in whole.items():
        order = {
            "profiles": ["business_id", "state_id"],
            "exposures": ["business_id", "at", "recommendation_id", "rank"],
            "slots": ["business_id", "at", "recommendation_id", "platform_id"],
            "events": ["business_id", "at", "event_id"],
        }[name]
        pd.testing.assert_frame_equal(table, table.sort_values(order, ignore_index=True))
    monkeypatch.setattr(snapshot, "CHUNK", 2)
    for name, url in (("s", sqlite_database), ("p", postgresql_database)):
        export_snapshot(url, tmp_path / name, reference)
        for table, frame in read_snapshot(tmp_path / name).items():
            pd.testing.assert_frame_equal(frame, whole[table])
        assert pq.ParquetFile(tmp_path / name / "events.parquet").num_row_groups == 5


def test_a_snapshot_is_of_one_moment(database, reference, tmp_path, monkeypatch):
    run(database, a_normal_day)
    write = snapshot_files.write_rows

    def write_and_record_more(*args):
        count = write(*args)

        async def more(store):
            await remember(store, "business-3", profile())
            store.log_exposure(exposure(profile_id="business-3"))
            await store.append_events([event(profile_id="business-3")])

        run(database, more)
        return count

    monkeypatch.setattr(snapshot_files, "write_rows", write_and_record_more)
    counts = export_snapshot(database, tmp_path / "during", reference)
    assert counts == SnapshotCounts(profiles=3, exposures=4, slots=2, events=5)
    monkeypatch.undo()
    counts = export_snapshot(database, tmp_path / "after", reference)
    assert counts == SnapshotCounts(profiles=4, exposures=12, slots=2, events=9)


def test_memory_does_not_grow_with_what_was_recorded(database, reference, tmp_path, monkeypatch):
    monkeypatch.setattr(snapshot, "CHUNK", 100)

    def peak(name, more):
        lists = [exposure(explored=DRAW) for _ in range(more)]

        async def record(store):
            for served in lists:
                store.log_exposure(served)
            await store.append_events([event(recommendation_id=served.id) for served in lists])

        run(database, record)
        tracemalloc.start()
        counts = export_snapshot(database, tmp_path / name, reference)
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return counts.events, highest

    peak("what is imported once", 10)
    few, of_few = peak("few", 400)
    many, of_many = peak("many", 1000)
    assert (few, many) == (410, 1410)
    assert of_many < 1.25 * of_few


def test_simulated_files_have_the_same_columns(reference, tmp_path):
    simulate(SimulationSettings(businesses=20), reference, tmp_path / "simulated")
    for name in ("profiles", "exposures", "events"):
        schema = pq.read_schema(tmp_path / "simulated" / f"{name}.parquet")
        assert schema.equals(getattr(snapshot_files, name.upper()))


def test_a_folder_appears_whole_or_not_at_all(database, reference, tmp_path, monkeypatch):
    run(database, a_normal_day)
    target = tmp_path / "snapshots" / "one"
    with monkeypatch.context() as patch:
        patch.setattr(snapshot_files, "write_rows", lambda *_: 1 / 0)
        with pytest.raises(ZeroDivisionError):
            export_snapshot(database, target, reference)
    assert list((tmp_path / "snapshots").iterdir()) == []
    target.mkdir()
    export_snapshot(database, target, reference)
    assert list((tmp_path / "snapshots").iterdir()) == [target]
    with pytest.raises(FileExistsError):
        export_snapshot(database, target, reference)
