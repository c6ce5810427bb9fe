"""Export what was recorded to Parquet, for training."""

import secrets
import shutil
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import msgspec
import pandas as pd
from sqlalchemy import Connection, Engine, Row, func, select, union_all

from recommender.domain import BusinessProfile, Reference
from recommender.profiles import profile_table
from service.store import snapshot_files as files
from service.store.engine import make_engine
from service.store.records import ExposedItem
from service.store.tables import events, exposures, profiles

CHUNK = 10_000
"""Rows of the database in memory at a time."""

SOURCE = "recorded"

_items = msgspec.json.Decoder(tuple[ExposedItem, ...])
_profile = msgspec.json.Decoder(BusinessProfile)


class SnapshotCounts(msgspec.Struct, frozen=True, kw_only=True):
    """Rows written to each file, and what was left out and why.

    Attributes:
        profiles: Businesses written.
        exposures: Lines of lists written, one for each platform shown.
        events: Events written.
        invalid_profiles: Businesses that the reference data no longer knows how to read.
        unreadable_exposures: Lists that another version stored, and that this one cannot read.
        exposures_without_business: Lists that were served to those.
        events_without_business: Events of those, or of nobody known.
        events_without_platform: Events of platforms that left the catalogue.
    """

    profiles: int = 0
    exposures: int = 0
    events: int = 0
    invalid_profiles: int = 0
    unreadable_exposures: int = 0
    exposures_without_business: int = 0
    events_without_business: int = 0
    events_without_platform: int = 0


def export_snapshot(
    engine_or_url: Engine | str, folder: Path, reference: Reference
) -> SnapshotCounts:
    """Write `profiles.parquet`, `exposures.parquet` and `events.parquet`, as of one moment.

    A business is a stored profile under its id or, for a list served to one that is not stored,
    the profile as seen then under the id of the recommendation. Rows are sorted by id; the same
    content gives the same bytes on both databases. Memory does not grow with the content, but for
    the ids of businesses left out.

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
        self._invalid: set[str] = set()
        self._left_out: Counter[str] = Counter()

    def write(self, folder: Path) -> SnapshotCounts:
        """Write the three files; profiles first, as the others refer to them."""
        written = {
            "profiles": files.write_frames(
                folder / "profiles.parquet", files.PROFILES, self._profiles()
            ),
            "exposures": files.write_rows(
                folder / "exposures.parquet", files.EXPOSURES, self._exposures()
            ),
            "events": files.write_rows(folder / "events.parquet", files.EVENTS, self._events()),
        }
        return SnapshotCounts(**written, invalid_profiles=len(self._invalid), **self._left_out)

    def _profiles(self) -> Iterator[pd.DataFrame]:
        unknown = exposures.outerjoin(profiles, profiles.c.id == exposures.c.profile_id)
        seen = select(exposures.c.id, exposures.c.profile).select_from(unknown)
        everybody = union_all(
            select(profiles.c.id, profiles.c.profile), seen.where(profiles.c.id.is_(None))
        )
        for rows in self._chunks(everybody.order_by("id")):
            sound = []
            for row in rows:
                profile = self._decode(row.profile)
                if profile is None:
                    self._invalid.add(row.id)
                else:
                    sound.append((row.id, profile))
            yield profile_table(sound, self._reference)

    def _decode(self, text: str) -> BusinessProfile | None:
        try:
            profile = self._reference.normalise(_profile.decode(text))
        except msgspec.DecodeError:  # Written by a version with other fields.
            return None
        return None if self._reference.check(profile) else profile

    def _exposures(self) -> Iterator[list[dict[str, Any]]]:
        owned = exposures.outerjoin(profiles, profiles.c.id == exposures.c.profile_id)
        business = func.coalesce(profiles.c.id, exposures.c.id).label("business_id")
        shown = exposures.c["items"].label("shown")
        query = select(exposures.c.id, exposures.c.at, shown, business)
        for rows in self._chunks(query.select_from(owned).order_by(exposures.c.id)):
            lines = []
            for row in rows:
                try:
                    items = _items.decode(row.shown)
                except msgspec.DecodeError:
                    self._left_out["unreadable_exposures"] += 1
                    continue
                if row.business_id in self._invalid:
                    self._left_out["exposures_without_business"] += len(items)
                    continue
                lines += [
                    {
                        "recommendation_id": row.id,
                        "business_id": row.business_id,
                        "at": row.at,
                        "platform_id": item.platform_id,
                        "rank": item.rank,
                        "score": item.score,
                        "propensity": item.propensity,
                        "slot": item.slot,
                        "source": SOURCE,
                    }
                    for item in items
                ]
            yield lines

    def _events(self) -> Iterator[list[dict[str, Any]]]:
        shown_to = profiles.alias()
        linked = (
            events.outerjoin(profiles, profiles.c.id == events.c.profile_id)
            .outerjoin(exposures, exposures.c.id == events.c.recommendation_id)
            .outerjoin(shown_to, shown_to.c.id == exposures.c.profile_id)
        )
        business = func.coalesce(profiles.c.id, shown_to.c.id, exposures.c.id)
        query = select(events, business.label("business_id")).select_from(linked)
        for rows in self._chunks(query.order_by(events.c.id)):
            lines = []
            for row in rows:
                if row.platform_id not in self._reference.platforms:
                    self._left_out["events_without_platform"] += 1
                elif row.business_id is None or row.business_id in self._invalid:
                    self._left_out["events_without_business"] += 1
                else:
                    line = {name: row._mapping[name] for name in files.EVENTS.names[1:-1]}
                    lines.append({"event_id": row.id, **line, "source": SOURCE})
            yield lines

    def _chunks(self, query: Any) -> Iterator[Sequence[Row[Any]]]:
        result = self._connection.execute(query, execution_options={"yield_per": CHUNK})
        yield from result.partitions()
