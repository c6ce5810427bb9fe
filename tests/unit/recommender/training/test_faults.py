"""Bad input: each ends in words that tell what is wrong, and with the registry as it was."""

import dataclasses
import datetime as dt
import re
import shutil

import msgspec
import numpy as np
import pandas as pd
import pytest

from recommender.profiles import profile_row
from recommender.training.snapshot import SnapshotError, open_snapshot
from recommender.training.train import train

N = 30
"""Businesses, each with a list of eight platforms."""


def exposures(**changes):
    """Change columns of what was shown; those that are functions are given the table."""
    return lambda journeys: journeys._replace(exposures=journeys.exposures.assign(**changes))


def events(**changes):
    """Change columns of what was done."""
    return lambda journeys: journeys._replace(events=journeys.events.assign(**changes))


def without(*names):
    return lambda journeys: journeys._replace(
        **{name: getattr(journeys, name).iloc[:0] for name in names}
    )


def untyped(journeys):
    """Files without a row, as a writer leaves them that was never told of types."""
    return type(journeys)(*(pd.DataFrame(columns=table.columns) for table in journeys))


def both(*changes):
    def change(journeys):
        for each in changes:
            journeys = each(journeys)
        return journeys

    return change


YEAR = dt.timedelta(days=365)

REFUSED = {
    "empty logs": (without("exposures", "events"), "nothing was shown to any business: expected"),
    "empty logs without types": (untyped, "nothing was shown to any business: expected"),
    "events without exposures": (without("exposures"), "nothing was shown to any business"),
    "exposures without events": (without("events"), "nothing came of what was shown: expected"),
    "events before all lists": (
        events(at=lambda table: table["at"] - YEAR, recommendation_id=None),
        "nothing came of what was shown: expected events of the same .* 90 days after",
    ),
    "all platforms left the catalogue": (
        both(exposures(platform_id="gone"), events(platform_id="gone")),
        "nothing was shown .* expected .* platforms that are in the catalogue",
    ),
    "ranks from 0": (
        exposures(rank=lambda table: table["rank"] - 1),
        "expected ranks from 1, found 0",
    ),
    "ranks in words": (
        exposures(rank="first"),
        "exposures.parquet: expected int64 in rank, found large_string",
    ),
    "ranks between ranks": (
        exposures(rank=lambda table: table["rank"] + 0.5),
        "exposures.parquet: expected int64 in rank, found double",
    ),
    "a chance in words": (
        exposures(inclusion="high"),
        "exposures.parquet: expected double in inclusion, found large_string",
    ),
    "ratings in words": (
        events(rating="good"),
        "events.parquet: expected int64 in rating, found large_string",
    ),
    "events without a time zone": (
        events(at=lambda table: table["at"].dt.tz_localize(None)),
        r"events.parquet: expected timestamp\[us, tz=UTC\] in at, .*moments need a time zone",
    ),
    "lists without a time zone": (
        exposures(at=lambda table: table["at"].dt.tz_localize(None)),
        r"exposures.parquet: expected timestamp\[us, tz=UTC\] in at, .*moments need a time zone",
    ),
    "times in words": (
        events(at=lambda table: table["at"].astype(str)),
        r"events.parquet: expected timestamp\[us, tz=UTC\] in at, found large_string",
    ),
}
EMPTY = [
    *((exposures, "exposures", name) for name in ("recommendation_id", "state_id", "at")),
    *((exposures, "exposures", name) for name in ("platform_id", "rank", "inclusion")),
    *((events, "events", name) for name in ("event_id", "platform_id", "kind", "at")),
]
REJECTED = {
    "events of one kind": (events(kind="adopt"), "events are of several kinds"),
    "events of the future": (
        events(at=lambda table: table["at"] + 50 * YEAR),
        "no events of the future",
    ),
    "events before their lists": (
        events(at=lambda table: table["at"] - YEAR),
        "events come after their lists",
    ),
    "platforms that left the catalogue": (
        exposures(platform_id=lambda table: table["platform_id"].where(table["rank"] > 2, "gone")),
        "what was shown is in the catalogue",
    ),
}


@pytest.fixture
def refused(in_service, reference, files):
    """Train, which must be refused, and return what is told of it."""

    def attempt(folders):
        before = files(in_service)
        with pytest.raises((SnapshotError, ValueError)) as caught:
            train(open_snapshot(folders), reference, in_service)
        assert files(in_service) == before
        return str(caught.value)

    return attempt


@pytest.mark.parametrize(("change", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_learned_from_is_refused_in_words(refused, small, change, message):
    assert re.search(message, refused({small(N, change): True}))


@pytest.mark.parametrize(("change", "file", "column"), EMPTY, ids=lambda value: str(value)[:20])
def test_rows_that_leave_something_empty_are_refused_by_name(refused, small, change, file, column):
    def but_the_first(table):
        return table[column].astype(object).where(np.arange(len(table)) > 0, None)

    told = refused({small(N, change(**{column: but_the_first})): True})
    assert told.endswith(f"{file}.parquet has a row without {column}")


def test_the_same_snapshot_given_twice_is_refused(refused, small, tmp_path):
    folder = small(N)
    copy = shutil.copytree(folder, tmp_path / "copy")
    told = refused({folder: True, copy: False})
    assert told == "business business-0000 stands in two folders of the snapshot"


def test_what_was_recorded_of_silent_businesses_alone_is_refused(
    refused, tmp_path, write_recorded, businesses, journeys_of
):
    pairs = businesses[:N]
    empty = without("exposures", "events")(journeys_of(pairs))
    folder = write_recorded(tmp_path / "recorded", pairs, empty)
    assert refused({folder: False}).startswith("nothing was shown to any business: expected")


@pytest.mark.parametrize(("change", "name"), REJECTED.values(), ids=REJECTED)
def test_what_is_doubtful_is_told_by_the_gate_and_not_put_into_service(
    in_service, small, reference, files, change, name
):
    version, before = in_service.current, files(in_service)
    manifest = train(open_snapshot({small(N, change): True}), reference, in_service)
    gate = manifest.metrics["gate"]
    assert gate["decision"] == "reject"
    (data,) = [check for check in gate["checks"] if check["name"] == "data"]
    assert data["told"] == f"failed: {name}"
    assert in_service.current == version
    assert before.items() <= files(in_service).items()
    assert name in (in_service.folder / manifest.version / "report.html").read_text()


def test_a_few_platforms_that_left_the_catalogue_do_no_harm(registry, small, reference):
    """Whoever was shown them is learned from by the others."""

    def leave(table):
        return table["platform_id"].where(table["platform_id"] != "misa-cukcuk", "gone")

    change = both(exposures(platform_id=leave), events(platform_id=leave))
    manifest = train(open_snapshot({small(N, change): True}), reference, registry)
    assert all(check["passed"] for check in manifest.metrics["checks"])
    assert manifest.businesses == N


def test_a_catalogue_of_one_platform_is_enough(
    registry, tmp_path, write_snapshot, businesses, journeys_of, reference, make_profile
):
    """There is nothing to choose between, and still a probability to tell."""
    only = "misa-cukcuk"
    one = dataclasses.replace(reference, platforms={only: reference.platforms[only]})
    pairs = [
        (id_, msgspec.structs.replace(profile, platforms_in_use=()))
        for id_, profile in businesses[:N]
    ]
    journeys = journeys_of(pairs)
    alone = both(exposures(platform_id=only), events(platform_id=only))(journeys)
    folder = write_snapshot(tmp_path / "one", pairs, alone)
    manifest = train(open_snapshot({folder: True}), one, registry)
    assert manifest.platforms == 1
    model, _ = registry.load(manifest.version, manifest.schema)
    found = model.score(profile_row("", make_profile(), one), [])
    assert found.probabilities.shape == (1,)
    assert 0 <= found.probabilities[0] <= 1
