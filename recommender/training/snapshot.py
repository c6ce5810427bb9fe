"""What a model is trained on: folders of Parquet files, simulated or recorded, read in chunks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.profiles import PROFILE_COLUMNS

EVENT_COLUMNS = ("event_id", "business_id", "platform_id", "kind", "rating", "at")
COLUMNS = {"profiles.parquet": PROFILE_COLUMNS, "events.parquet": EVENT_COLUMNS}

CHUNK = 50_000
"""Businesses in memory at a time, in each process."""


class SnapshotError(Exception):
    """A snapshot cannot be trained on; the message names the file and what would be right."""


@dataclass(frozen=True)
class Chunk:
    """The businesses of one folder whose ids are from `first` to `last`, each in its first state.

    Where the files are sorted by business, most of their rows are skipped unread.
    """

    folder: Path
    simulated: bool
    first: str
    last: str
    businesses: int

    def read(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return profiles, with a boolean column `shown` for those shown a list, and their events.

        Who asked once without a profile of their own, and did nothing, is left out: each such
        request is another business, and anybody could fill the training with them.

        Raises:
            SnapshotError: If a file cannot be read.
        """
        profiles, events = (self._frame(name, columns) for name, columns in COLUMNS.items())
        profiles = profiles.drop_duplicates("business_id", ignore_index=True)
        profiles = profiles.astype({"maturity_level": "Int64"})
        if self.simulated:
            return profiles.assign(shown=True), events
        if not (self.folder / "exposures.parquet").exists():
            return profiles.assign(shown=False), events
        lists = self._frame("exposures.parquet", ("recommendation_id", "business_id"))
        visitor = profiles["business_id"].isin(lists["recommendation_id"])
        silent = visitor & ~profiles["business_id"].isin(events["business_id"])
        profiles = profiles[~silent].reset_index(drop=True)
        return profiles.assign(shown=profiles["business_id"].isin(lists["business_id"])), events

    def _frame(self, name: str, columns: tuple[str, ...]) -> pd.DataFrame:
        ids = pc.field("business_id")
        inside = (ids >= self.first) & (ids <= self.last)
        return _read(self.folder / name, columns, inside).to_pandas()


@dataclass(frozen=True)
class Snapshot:
    """Chunks that can be read one by one, in any process, and a digest of the files."""

    chunks: tuple[Chunk, ...]
    businesses: int
    sha256: str


def open_snapshot(folders: Mapping[Path, bool], chunk: int = CHUNK) -> Snapshot:
    """Check snapshot folders and cut them into chunks; of the rows, only ids are read.

    Args:
        folders: Each folder, and whether what is in it was simulated.
        chunk: Businesses of a chunk at most.

    Raises:
        SnapshotError: If a file is missing, cannot be read or lacks a column, a business stands in
            two of them, or none does.
    """
    if not folders:
        raise SnapshotError("no snapshot folder is given")
    digest = hashlib.sha256()
    chunks: list[Chunk] = []
    everybody = []
    for folder, simulated in folders.items():
        for name, columns in COLUMNS.items():
            digest.update(_checked(folder / name, columns))
        ids = _ids(folder / "profiles.parquet")
        everybody.append(ids)
        for begin in range(0, len(ids), chunk):
            some = ids[begin : begin + chunk]
            chunks.append(Chunk(folder, simulated, str(some[0]), str(some[-1]), len(some)))
    ids = pa.chunked_array(everybody)
    if not len(ids):
        raise SnapshotError("no business to learn from: record or simulate some first")
    if pc.count_distinct(ids).as_py() < len(ids):
        counts = pc.value_counts(ids)
        twice = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
        raise SnapshotError(f"business {twice[0]} stands in the snapshot twice")
    return Snapshot(tuple(chunks), len(ids), digest.hexdigest())


def _checked(path: Path, columns: tuple[str, ...]) -> bytes:
    """Return the digest of a file with all of its columns."""
    if not path.exists():
        raise SnapshotError(f"{path} is missing")
    try:
        found = pq.read_schema(path).names
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{path} cannot be read: {error}") from error
    if missing := [column for column in columns if column not in found]:
        raise SnapshotError(f"{path} lacks the columns {', '.join(missing)}")
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _ids(path: Path) -> pa.Array:
    """Return the id of each business once, sorted."""
    ids = _read(path, ("business_id",))["business_id"].combine_chunks()
    if len(ids) and not (pa.types.is_string(ids.type) or pa.types.is_large_string(ids.type)):
        raise SnapshotError(f"{path}: expected texts in business_id, found {ids.type}")
    if ids.null_count:
        raise SnapshotError(f"{path} has a row without a business_id")
    return ids.cast(pa.string()).unique().sort()


def _read(path: Path, columns: tuple[str, ...], where: pc.Expression | None = None) -> pa.Table:
    try:
        return pq.read_table(path, columns=list(columns), filters=where, use_threads=False)
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{path} cannot be read: {error}") from error
