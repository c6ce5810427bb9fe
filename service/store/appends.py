"""Events and exposures: many appends become few statements."""

import datetime as dt
from collections import ChainMap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import Connection, Select, Table, bindparam, select

from recommender.domain import Event
from service.store.records import ConflictingEvent, Exposure, StoreError, UnknownReference
from service.store.tables import events, exposures, profiles
from service.store.writes import Write, encode

Row = dict[str, Any]

ROWS_PER_INSERT = 100
"""The driver would insert rows one by one, and for each let go of the interpreter's lock and wait
to get it back, which takes longer than to store the row while requests are computed."""

CONTENT = ("kind", "platform_id", "profile_id", "recommendation_id", "rating", "reason")
"""What an event says; if it is sent again without a time, that of its receipt differs."""

UNTOLD = {"features": "{}", "seed": ""}
"""What is kept in the place of what would tell whose a list was."""

KEYS_PER_QUERY = 5_000
"""SQLite takes 32,766 parameters in a statement, PostgreSQL 65,535."""


@dataclass(frozen=True, slots=True)
class AppendEvents(Write[None]):
    """Store all these events or, if one names something unknown, none of them."""

    rows: tuple[Row, ...]

    @classmethod
    def of(cls, submitted: Sequence[Event], received_at: dt.datetime) -> "AppendEvents":
        """Take events in as received at this time (UTC).

        Each is given its own microsecond, so that the later of one list stays the later.
        None happened after its receipt: a clock that is fast must not have the last word for ever.

        Raises:
            StoreError: If a time has no offset, or lies outside the years 1 to 9999.
        """
        rows = []
        for i, event in enumerate(submitted):
            received = received_at + dt.timedelta(microseconds=i)
            row = {
                "id": event.id,
                "kind": event.kind,
                "platform_id": event.platform_id,
                "profile_id": event.profile_id,
                "recommendation_id": event.recommendation_id,
                "rating": event.rating,
                "reason": event.reason,
                "at": received if event.at is None else min(_utc(event.at), received),
                "received_at": received,
            }
            rows.append(row)
        return cls(tuple(rows))

    @property
    def weight(self) -> int:
        """How many rows it adds to a transaction."""
        return len(self.rows)


@dataclass(frozen=True, slots=True)
class LogExposure(Write[None]):
    """Store a list as it was served, unless its profile was erased meanwhile."""

    rows: tuple[Row]

    @classmethod
    def of(cls, exposure: Exposure) -> "LogExposure":
        """Take an exposure in.

        Raises:
            StoreError: If its time has no offset, or lies outside the years 1 to 9999.
        """
        row = msgspec.structs.asdict(exposure) | {"at": _utc(exposure.at)}
        if exposure.profile_id is None and not exposure.improve:
            row |= UNTOLD
        for name in ("excluded", "filters", "items", "explored"):
            row[name] = None if row[name] is None else encode(row[name])
        return cls((row,))


Append = AppendEvents | LogExposure


def apply_all(connection: Connection, writes: Sequence[Write[Any]]) -> list[Any]:
    """Execute the writes in their order, neighbouring appends as one.

    Returns:
        For each write its result, or the StoreError for which it, alone, was not stored.
    """
    outcomes: list[Any] = []
    for mergeable, run in groupby(writes, lambda write: isinstance(write, Append)):
        if mergeable:
            outcomes += _append(connection, [write for write in run if isinstance(write, Append)])
        else:
            outcomes += [write.apply(connection) for write in run]
    return outcomes


def _append(connection: Connection, appends: Sequence[Append]) -> list[StoreError | None]:
    known = _Known(connection, appends)
    stored: dict[str, Row] = {}
    while True:
        outcomes: list[StoreError | None] = []
        new_events: dict[str, Row] = {}
        new_exposures: list[Row] = []
        for append in appends:
            try:
                if isinstance(append, AppendEvents):
                    new_events |= _new_events(append, known, ChainMap(new_events, stored))
                else:
                    new_exposures += [known.exposure(row) for row in append.rows]
            except (UnknownReference, ConflictingEvent) as error:
                outcomes.append(error)
            else:
                outcomes.append(None)
        attempt = connection.begin_nested()
        _insert(connection, exposures, new_exposures)
        if _insert(connection, events, new_events.values()) == len(new_events):
            attempt.commit()
            return outcomes
        attempt.rollback()  # Some ids are taken: see by whom.
        found = _rows(connection, events, ["id", *CONTENT], set(new_events))
        stored |= {row.id: dict(row._mapping) for row in found}


def _new_events(
    append: AppendEvents, known: "_Known", earlier: Mapping[str, Row]
) -> dict[str, Row]:
    """Return the events of a list that are not among the earlier ones, by id."""
    new: dict[str, Row] = {}
    for i, sent in enumerate(append.rows):
        row = known.event(i, sent)
        first = new.get(row["id"]) or earlier.get(row["id"])
        if first is None:
            new[row["id"]] = row
        elif any(first[name] != row[name] for name in CONTENT):
            raise ConflictingEvent(i, row["id"])
    return new


def _insert(connection: Connection, table: Table, rows: Iterable[Row]) -> int:
    """Insert the rows whose ids are not taken, and return how many those were."""
    # In one order everywhere: two processes that are sent the same ids do not deadlock.
    ordered = sorted(rows, key=lambda row: str(row["id"]))
    dialect = connection.dialect
    columns = [
        (column.name, column.type.dialect_impl(dialect).bind_processor(dialect))
        for column in table.columns
    ]
    names = ", ".join(name for name, _ in columns)
    row_marks = "({})".format(", ".join("?" if dialect.name == "sqlite" else "%s" for _ in columns))
    inserted = 0
    for start in range(0, len(ordered), ROWS_PER_INSERT):
        some = ordered[start : start + ROWS_PER_INSERT]
        marks = ", ".join([row_marks] * len(some))
        inserted += connection.exec_driver_sql(
            f"INSERT INTO {table.name} ({names}) VALUES {marks} ON CONFLICT DO NOTHING",  # noqa: S608 - no value
            tuple(bind(row[name]) if bind else row[name] for row in some for name, bind in columns),
        ).rowcount
    return inserted


class _Known:
    """Which of the names in some appends are stored, and which exposure is whose."""

    def __init__(self, connection: Connection, appends: Sequence[Append]) -> None:
        rows = [row for append in appends for row in append.rows]
        ids = {row["profile_id"] for row in rows}
        self._profiles = {row.id for row in _rows(connection, profiles, ["id"], ids, lock=True)}
        ids = {row.get("recommendation_id") for row in rows}
        found = _rows(connection, exposures, ["id", "profile_id"], ids, lock=True)
        self._owners: dict[str, str | None] = {row.id: row.profile_id for row in found}

    def exposure(self, row: Row) -> Row:
        """Return the row to store; the events that follow may name it."""
        self._check_profile(0, row["profile_id"])
        self._owners.setdefault(row["id"], row["profile_id"])
        return row

    def event(self, index: int, row: Row) -> Row:
        """Return the row to store, with the profile that the exposure tells."""
        profile_id, recommendation_id = row["profile_id"], row["recommendation_id"]
        self._check_profile(index, profile_id)
        if recommendation_id is None:
            if profile_id is None:
                raise UnknownReference(index, "profile_id", "")
            return row
        owner = self._owners.get(recommendation_id)
        unknown = recommendation_id not in self._owners
        if unknown or (owner and profile_id and owner != profile_id):
            raise UnknownReference(
                index, "recommendation_id", recommendation_id, may_follow=unknown
            )
        return row if profile_id else {**row, "profile_id": owner}

    def _check_profile(self, index: int, id_: str | None) -> None:
        if id_ is not None and id_ not in self._profiles:
            raise UnknownReference(index, "profile_id", id_)


def _rows(
    connection: Connection,
    table: Table,
    columns: Sequence[str],
    ids: set[str | None],
    *,
    lock: bool = False,
) -> list[Any]:
    """Return the rows with these ids; no other process can delete locked ones before the commit."""
    keys = sorted(id_ for id_ in ids if id_ is not None)
    rows: list[Any] = []
    for start in range(0, len(keys), KEYS_PER_QUERY):
        some = {"ids": keys[start : start + KEYS_PER_QUERY]}
        rows += connection.execute(_by_id(table, tuple(columns), lock), some).all()
    return rows


@cache
def _by_id(table: Table, columns: tuple[str, ...], lock: bool) -> Select[Any]:
    """Select rows by `ids`; put together once, as that takes longer than to ask for a few."""
    query = select(*(table.c[name] for name in columns)).where(
        table.c.id.in_(bindparam("ids", expanding=True))
    )
    return query.with_for_update(read=True, key_share=True) if lock else query


def _utc(time: dt.datetime) -> dt.datetime:
    try:
        if time.tzinfo is not None:
            return time.astimezone(dt.UTC)
    except OverflowError:
        raise StoreError(f"the time {time} is outside the years 1 to 9999") from None
    raise StoreError(f"the time {time} has no offset from UTC")
