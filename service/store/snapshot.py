"""Export what was recorded to Parquet, for training."""

import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import CompoundSelect, Connection, Engine, Row, Select

from recommender.domain import BusinessProfile, Reference
from recommender.domain.recommendation import Explored
from recommender.profiles import FEATURE_COLUMNS, profile_row
from service.store import snapshot_files as files
from service.store import snapshot_queries as queries
from service.store.engine import make_engine
from service.store.records import ExposedItem

CHUNK = 10_000
"""Rows of the database, or of a file, in memory at a time."""

SOURCE = "recorded"

_items = msgspec.json.Decoder(tuple[ExposedItem, ...])
_explored = msgspec.json.Decoder(Explored | None)
_features = msgspec.json.Decoder(dict[str, Any])
_profile = msgspec.json.Decoder(BusinessProfile)


class SnapshotCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows written to each file, and what was left out and why.

    Attributes:
        profiles: States of businesses written.
        exposures: Lines of lists written, one for each platform shown.
        slots: Candidates for drawn slots written.
        events: Events written.
        unreadable_states: States of businesses that another version stored, or whose size the
            reference data no longer knows how to tell.
        unreadable_exposures: Lists that another version stored, and that this one cannot read.
        exposures_without_state: Lines of lists that were served to unreadable states.
        events_without_business: Events of businesses without a readable state, or of nobody known.
        events_without_platform: Events of platforms that left the catalogue.
        states_without_consent: States of businesses that did not agree to be learned from.
        lists_without_consent: Lists that were served to them.
        events_without_consent: What they did.
    """

    profiles: int = 0
    exposures: int = 0
    slots: int = 0
    events: int = 0
    unreadable_states: int = 0
    unreadable_exposures: int = 0
    exposures_without_state: int = 0
    events_without_business: int = 0
    events_without_platform: int = 0
    states_without_consent: int = 0
    lists_without_consent: int = 0
    events_without_consent: int = 0


def export_snapshot(
    engine_or_url: Engine | str, folder: Path, reference: Reference
) -> SnapshotCounts:
    """Write `profiles`, `exposures`, `slots` and `events`, each `.parquet`, as of one moment.

    Only what businesses agreed to be learned from is written: those that are stored by their last
    answer, others by that which came with their list.

    A business is a stored profile under its id or, for a list served to one that is not stored,
    who was shown it, under the id of the recommendation. A state is a business as it was seen: all
    lists that were served to a business with the same features were served to one state of it.
    Businesses that were shown no list have one state, from their stored profile. Lists from before
    the database had features hold a profile, of which size and maturity are derived with the
    tables of today.

    Rows are sorted by business, then time, then id; states by number. The same content gives the
    same bytes on both databases. Memory does not grow with the content, but for the ids of what is
    left out.

    Args:
        engine_or_url: The database, migrated.
        folder: Where to write; must not exist, or be empty. It appears only when complete.
        reference: The tables that profiles and platforms are checked against.

    Raises:
        FileExistsError: If there is something in the folder.
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    if folder.exists() and any(folder.iterdir()):
        raise FileExistsError(f"there is something in {folder} already")
    engine = make_engine(engine_or_url) if isinstance(engine_or_url, str) else engine_or_url
    draft = folder.with_name(f".{folder.name}.{secrets.token_hex(4)}")
    draft.mkdir(parents=True)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":  # SQLite reads as of one moment anyway.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            counts = _Export(connection, reference).write(draft)
        if folder.exists():
            folder.rmdir()
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
        if engine is not engine_or_url:
            engine.dispose()
    return counts


class _Export:
    """One export: what it reads, and what it had to leave out so far."""

    def __init__(self, connection: Connection, reference: Reference) -> None:
        self._connection = connection
        self._reference = reference
        self._unreadable_states: set[str] = set()
        self._unreadable_businesses: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def write(self, folder: Path) -> SnapshotCounts:
        """Write the four files; profiles first, as the others refer to them."""
        parts = {
            "profiles": (files.PROFILES, self._profiles()),
            "exposures": (files.EXPOSURES, self._exposures()),
            "slots": (files.SLOTS, self._slots()),
            "events": (files.EVENTS, self._events()),
        }
        written = {
            name: files.write_rows(folder / f"{name}.parquet", schema, rows, CHUNK)
            for name, (schema, rows) in parts.items()
        }
        return SnapshotCounts(
            **written, unreadable_states=len(self._unreadable_states), **self._left_out
        )

    def _profiles(self) -> Iterator[dict[str, Any]]:
        rows = self._allowed(queries.states(), "states")
        for business_id, states in groupby(rows, key=lambda row: row.business_id):
            readable = False
            for state in states:
                state_id = _state_id(state)
                if (features := self._features(state.features)) is None:
                    self._unreadable_states.add(state_id)
                    continue
                readable = True
                told = {name: features[name] for name in FEATURE_COLUMNS}
                yield {"state_id": state_id, "business_id": business_id, **told, "at": state.at}
            if not readable:
                self._unreadable_businesses.add(business_id)

    def _features(self, text: str) -> Mapping[str, Any] | None:
        """Return what was seen of a business, or what follows from its profile; None if neither."""
        try:
            features = _features.decode(text)
            if features.keys() >= set(FEATURE_COLUMNS):
                return features
            profile = self._reference.normalise(_profile.decode(text))
        except msgspec.DecodeError:  # Written by a version with other fields.
            return None
        if self._reference.check(profile):
            return None
        return profile_row("", profile, self._reference)

    def _exposures(self) -> Iterator[dict[str, Any]]:
        for row in self._allowed(queries.lists(), "lists"):
            try:
                items, explored = _items.decode(row.shown), _explored.decode(row.explored or "null")
            except msgspec.DecodeError:
                self._left_out["unreadable_exposures"] += 1
                continue
            if _state_id(row) in self._unreadable_states:
                self._left_out["exposures_without_state"] += len(items)
                continue
            for item in items:
                drawn = explored is not None and item.rank == explored.rank
                first, last = explored.ranks if explored and drawn else (None, None)
                yield _head(row) | {
                    "platform_id": item.platform_id,
                    "rank": item.rank,
                    "score": item.score,
                    "propensity": item.propensity,
                    "inclusion": item.inclusion,
                    "slot": item.slot,
                    "explored_first": first,
                    "explored_last": last,
                    "model_version": row.model_version,
                    "policy_version": row.policy_version,
                    "arm": row.arm,
                    "source": SOURCE,
                }

    def _slots(self) -> Iterator[dict[str, Any]]:
        for row in self._allowed(queries.lists(drawn=True)):
            try:
                items, explored = _items.decode(row.shown), _explored.decode(row.explored)
            except msgspec.DecodeError:  # Counted among the exposures.
                continue
            if explored is None or _state_id(row) in self._unreadable_states:
                continue
            drawn = {item.platform_id for item in items if item.rank == explored.rank}
            for id_, chance in sorted(zip(explored.platform_ids, explored.chances, strict=True)):
                yield _head(row) | {"platform_id": id_, "chance": chance, "drawn": id_ in drawn}

    def _events(self) -> Iterator[dict[str, Any]]:
        for row in self._allowed(queries.happened(), "events"):
            if row.platform_id not in self._reference.platforms:
                self._left_out["events_without_platform"] += 1
            elif row.business_id is None or row.business_id in self._unreadable_businesses:
                self._left_out["events_without_business"] += 1
            else:
                line = {name: row._mapping[name] for name in files.EVENTS.names[1:-1]}
                yield {"event_id": row.id, **line, "source": SOURCE}

    def _allowed(
        self, query: Select[Any] | CompoundSelect[Any], count_as: str | None = None
    ) -> Iterator[Row[Any]]:
        """Yield the rows that may be learned from, and count the others."""
        for row in self._read(query):
            if row.agreed:
                yield row
            elif count_as:
                self._left_out[f"{count_as}_without_consent"] += 1

    def _read(self, query: Select[Any] | CompoundSelect[Any]) -> Iterator[Row[Any]]:
        yield from self._connection.execute(query, execution_options={"yield_per": CHUNK})


def _head(row: Row[Any]) -> dict[str, Any]:
    """Return what every line of a list has: which list it is, whose and of when."""
    return {
        "recommendation_id": row.id,
        "business_id": row.business_id,
        "state_id": _state_id(row),
        "at": row.at,
    }


def _state_id(row: Row[Any]) -> str:
    return f"{row.business_id}.{row.number}"
