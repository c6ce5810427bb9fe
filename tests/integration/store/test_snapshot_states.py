"""A business has a state for each way in which it was seen, and a drawn slot all its candidates."""

import datetime as dt

import msgspec
import pandas as pd
import pytest

from service.store.snapshot import SnapshotCounts, export_snapshot

from .samples import DRAW, NOON, event, exposure, features, profile, read_snapshot, remember, run


@pytest.fixture
def snapshot_of(database, reference, tmp_path):
    """Fill a database and export it: what was counted, and the tables."""

    def export(fill):
        run(database, fill)
        counts = export_snapshot(database, tmp_path / "snapshot", reference)
        return counts, read_snapshot(tmp_path / "snapshot")

    return export


def shown(id_, seen, hours=0, **changes):
    served = {"id": id_, "at": NOON + dt.timedelta(hours=hours), "features": seen}
    return exposure(profile_id="business-1", **(served | changes))


SMALL, LARGE, ADOPTED = (
    features(employees=4),
    features(employees=90, legal_form="enterprise"),
    features(platforms_in_use=("kiotviet", "misa-cukcuk")),
)


def test_lists_are_of_the_state_in_which_the_business_was_seen_numbered_by_time(snapshot_of):
    async def fill(store):
        await remember(store, "business-1", profile(employees=7))
        for served in (
            shown("list-0001", SMALL, hours=2),
            shown("list-0002", LARGE, hours=1),
            shown("list-0003", SMALL, hours=4),
            shown("list-0004", ADOPTED, hours=3),
            shown("list-0005", LARGE, hours=5),
        ):
            store.log_exposure(served)
        await store.append_events([event(recommendation_id="list-0001")])

    counts, tables = snapshot_of(fill)
    assert counts == SnapshotCounts(profiles=3, exposures=10, events=1)
    states = tables["profiles"]
    assert list(states["state_id"]) == ["business-1.1", "business-1.2", "business-1.3"]
    assert set(states["business_id"]) == {"business-1"}
    assert list(states["employees"]) == [90, 4, 4]
    assert list(states["size"]) == ["medium", "household", "household"]
    assert [list(ids) for ids in states["platforms_in_use"]] == [
        ["misa-cukcuk"],
        ["misa-cukcuk"],
        ["kiotviet", "misa-cukcuk"],
    ]
    hours = [at - pd.Timestamp(NOON) for at in states["at"]]
    assert hours == [pd.Timedelta(hours=h) for h in (1, 2, 3)]
    lists = tables["exposures"].drop_duplicates("recommendation_id")
    assert list(zip(lists["recommendation_id"], lists["state_id"], strict=True)) == [
        ("list-0002", "business-1.1"),
        ("list-0001", "business-1.2"),
        ("list-0004", "business-1.3"),
        ("list-0003", "business-1.2"),
        ("list-0005", "business-1.1"),
    ]
    assert list(tables["events"]["business_id"]) == ["business-1"]


def test_more_than_nine_states_are_in_the_order_of_their_numbers(snapshot_of):
    async def fill(store):
        await remember(store, "business-1", profile())
        for i in range(11):
            store.log_exposure(shown(f"list-{i:04}", features(employees=20 - i), hours=i))

    _, tables = snapshot_of(fill)
    assert list(tables["profiles"]["state_id"]) == [f"business-1.{i}" for i in range(1, 12)]
    assert list(tables["profiles"]["employees"]) == list(range(20, 9, -1))


def test_lists_of_the_same_moment_are_told_apart_by_their_ids(snapshot_of):
    async def fill(store):
        await remember(store, "business-1", profile())
        for id_, seen in (("b-list-01", SMALL), ("B-list-01", LARGE), ("a-list-01", ADOPTED)):
            store.log_exposure(shown(id_, seen))

    _, tables = snapshot_of(fill)
    assert list(tables["profiles"]["employees"]) == [90, 4, 4]
    in_order = list(tables["exposures"]["recommendation_id"].drop_duplicates())
    assert in_order == ["B-list-01", "a-list-01", "b-list-01"]


def test_who_passed_by_twice_alike_is_two_businesses_with_a_state_each(snapshot_of):
    async def fill(store):
        for id_ in ("list-0001", "list-0002"):
            store.log_exposure(exposure(id=id_, features=SMALL))
        await store.append_events([event(recommendation_id="list-0002")])

    _, tables = snapshot_of(fill)
    assert list(tables["profiles"]["state_id"]) == ["list-0001.1", "list-0002.1"]
    assert list(tables["events"]["business_id"]) == ["list-0002"]


def test_what_was_seen_stays_when_codes_leave_the_tables(snapshot_of):
    """A sector or a size class of then is what the business was then."""
    then = msgspec.json.decode(SMALL) | {"sector": "?", "size": "tiny", "needs": ["gone"]}

    async def fill(store):
        await remember(store, "business-1", profile())
        store.log_exposure(shown("list-0001", msgspec.json.encode(then).decode()))

    counts, tables = snapshot_of(fill)
    assert counts.unreadable_states == 0
    state = tables["profiles"].iloc[0]
    assert (state["sector"], state["size"], list(state["needs"])) == ("?", "tiny", ["gone"])


def test_a_list_from_before_there_were_features_has_those_that_follow_from_its_profile(
    snapshot_of,
):
    async def fill(store):
        await remember(store, "business-1", profile())
        old = msgspec.json.encode(profile(employees=9, province="49", needs=("gone",))).decode()
        store.log_exposure(shown("list-0001", old, seed=""))
        store.log_exposure(shown("list-0002", "[]", hours=1))
        store.log_exposure(shown("list-0003", SMALL, hours=2))

    counts, tables = snapshot_of(fill)
    assert counts == SnapshotCounts(
        profiles=2, exposures=4, unreadable_states=1, exposures_without_state=2
    )
    states = tables["profiles"]
    assert list(states["state_id"]) == ["business-1.1", "business-1.3"]
    assert list(states["size"]) == ["household", "household"]
    assert states["maturity_level"].notna().all()
    assert list(states["needs"].iloc[0]) == []
    assert states["province"].iloc[0] == "48"
    assert set(tables["exposures"]["state_id"]) == set(states["state_id"])


def test_a_drawn_slot_has_all_its_candidates_and_says_which_was_drawn(snapshot_of):
    async def fill(store):
        await remember(store, "business-1", profile())
        store.log_exposure(shown("list-0001", SMALL, hours=1, explored=DRAW, arm="b"))
        store.log_exposure(shown("list-0002", LARGE, explored=DRAW))
        store.log_exposure(shown("list-0003", LARGE))

    counts, tables = snapshot_of(fill)
    assert counts == SnapshotCounts(profiles=2, exposures=6, slots=4)
    assert tables["slots"].to_dict("list") == {
        "recommendation_id": ["list-0002"] * 2 + ["list-0001"] * 2,
        "business_id": ["business-1"] * 4,
        "state_id": ["business-1.1"] * 2 + ["business-1.2"] * 2,
        "at": [pd.Timestamp(NOON)] * 2 + [pd.Timestamp(NOON) + pd.Timedelta(hours=1)] * 2,
        "platform_id": ["kiotviet", "misa-cukcuk"] * 2,
        "chance": [0.25, 0.75] * 2,
        "drawn": [False, True] * 2,
    }
    lines = tables["exposures"].set_index(["recommendation_id", "rank"])
    ranks = lines[["explored_first", "explored_last"]].dropna()
    assert ranks.index.tolist() == [("list-0002", 2), ("list-0001", 2)]
    assert ranks.to_numpy().tolist() == [[1, 2]] * 2
    assert lines["arm"].dropna().to_dict() == {("list-0001", 1): "b", ("list-0001", 2): "b"}
