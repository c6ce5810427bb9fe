"""Named checks of the data before it is learned from: PASS or FAIL, and what was found."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import get_args

import pyarrow as pa
import pyarrow.compute as pc
from msgspec import Struct

from recommender.domain import Reference
from recommender.domain.engagement import EventKind
from recommender.training.snapshot import TYPES, Snapshot, read_columns

MOST_UNKNOWN = 0.2
"""Share of the rows of platforms that left the catalogue from which on something is wrong."""

CLOCKS = dt.timedelta(hours=1)
"""By how much clocks may differ."""


class DataCheck(Struct, frozen=True):
    """One check of the data."""

    name: str
    passed: bool
    found: str


def check_data(
    snapshot: Snapshot, reference: Reference, now: dt.datetime | None = None
) -> tuple[DataCheck, ...]:
    """Check the rows of all folders, column by column.

    Args:
        snapshot: What is to be learned from.
        reference: The catalogue.
        now: The time; of the machine where left out.

    Raises:
        SnapshotError: If a file cannot be read.
    """
    now = now or dt.datetime.now(dt.UTC)
    columns = _Columns(snapshot.folders)
    return tuple(check for look in LOOKS for check in look(columns, reference, now))


class _Columns:
    """Columns of all folders, read when asked for."""

    def __init__(self, folders: Iterable[Path]) -> None:
        self._folders = tuple(folders)

    def __call__(self, file: str, column: str) -> pa.ChunkedArray:
        tables = [read_columns(folder / f"{file}.parquet", (column,)) for folder in self._folders]
        chunks = [chunk for table in tables for chunk in table[column].chunks]
        return pa.chunked_array(chunks, TYPES[column])


def _something_was_shown(columns: _Columns, _: Reference, __: dt.datetime) -> Iterator[DataCheck]:
    lists = pc.count_distinct(columns("exposures", "recommendation_id")).as_py()
    yield DataCheck("something was shown", lists > 0, f"{lists:,} lists")


def _something_was_done(columns: _Columns, _: Reference, __: dt.datetime) -> Iterator[DataCheck]:
    kinds = columns("events", "kind")
    found = sorted(pc.unique(kinds.drop_null()).to_pylist())
    strange = sorted(set(found) - set(get_args(EventKind)))
    told = f"{len(kinds):,} events of {len(found)} kinds"
    yield DataCheck("events are of known kinds", not strange, ", ".join(strange) or told)
    several = len(set(found) - {"view"}) > 1
    yield DataCheck("events are of several kinds", several, ", ".join(found) or "no event")


def _ids_are_unique(columns: _Columns, _: Reference, __: dt.datetime) -> Iterator[DataCheck]:
    ids = columns("events", "event_id")
    twice = len(ids) - pc.count_distinct(ids).as_py()
    yield DataCheck("each event stands there once", twice == 0, f"{twice:,} stand there again")


def _ranks_and_chances(columns: _Columns, _: Reference, __: dt.datetime) -> Iterator[DataCheck]:
    ranks, chances = columns("exposures", "rank"), columns("exposures", "inclusion")
    wrong = len(ranks) - _true(pc.greater_equal(ranks, 1)) if len(ranks) else 0
    yield DataCheck("ranks are from 1", wrong == 0, f"{wrong:,} of {len(ranks):,} are not")
    if len(chances):
        sound = pc.and_(pc.greater(chances, 0), pc.less_equal(chances, 1 + 1e-9))
        wrong = len(chances) - _true(sound)
    told = f"{wrong:,} of {len(chances):,} are not"
    yield DataCheck("probabilities are above 0 and at most 1", wrong == 0, told)


def _known_platforms(
    columns: _Columns, reference: Reference, _: dt.datetime
) -> Iterator[DataCheck]:
    known = pa.array(list(reference.platforms))
    for file, what in (("exposures", "what was shown"), ("events", "what was done")):
        ids = columns(file, "platform_id")
        gone = len(ids) - _true(pc.is_in(ids, value_set=known)) if len(ids) else 0
        few = gone <= MOST_UNKNOWN * len(ids)
        told = f"{gone:,} of {len(ids):,} are of platforms that left it"
        yield DataCheck(f"{what} is in the catalogue", few, told)


def _times(columns: _Columns, _: Reference, now: dt.datetime) -> Iterator[DataCheck]:
    for file in ("exposures", "events"):
        at = columns(file, "at")
        last = pc.max(at).as_py() if len(at) else None
        sound = last is None or last <= now + CLOCKS
        yield DataCheck(f"no {file} of the future", sound, f"the last one is of {last}")


def _events_follow(columns: _Columns, _: Reference, __: dt.datetime) -> Iterator[DataCheck]:
    events, shown = (
        pa.table({name: columns(file, name) for name in ("recommendation_id", "at")})
        for file in ("events", "exposures")
    )
    named = events.filter(pc.is_valid(events["recommendation_id"]))
    lists = shown.group_by("recommendation_id").aggregate([("at", "min")])
    place = pc.index_in(named["recommendation_id"], value_set=lists["recommendation_id"])
    most = MOST_UNKNOWN * len(named)
    gone = place.null_count
    told = f"{gone:,} of {len(named):,} name one that is not there"
    yield DataCheck("events name lists that were shown", gone <= most, told)
    least = pc.subtract(lists["at_min"].take(place), pa.scalar(CLOCKS))
    early = _true(pc.less(named["at"], least))
    told = f"{early:,} of {len(named):,} come before the list that they name"
    yield DataCheck("events come after their lists", early <= most, told)


def _true(values: pa.ChunkedArray) -> int:
    """Count what is true; null is not."""
    return int(pc.sum(values).as_py() or 0)


LOOKS: tuple[Callable[[_Columns, Reference, dt.datetime], Iterator[DataCheck]], ...] = (
    _something_was_shown,
    _something_was_done,
    _ids_are_unique,
    _ranks_and_chances,
    _known_platforms,
    _times,
    _events_follow,
)
