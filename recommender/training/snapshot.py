"""What a model is trained on: folders of Parquet files, simulated or recorded, read in chunks."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from recommender.profiles import STATE_COLUMNS

EXPOSURE_COLUMNS = (
    "recommendation_id", "business_id", "state_id", "at", "platform_id", "rank", "inclusion",
)  # fmt: skip
EVENT_COLUMNS = (
    "event_id", "business_id", "recommendation_id", "platform_id", "kind", "rating", "at",
)  # fmt: skip
COLUMNS = {
    "profiles.parquet": STATE_COLUMNS,
    "exposures.parquet": EXPOSURE_COLUMNS,
    "events.parquet": EVENT_COLUMNS,
}
"""The files of a folder; what more stands in them, or beside them, is left alone."""

UNTOLD = {"rating", "recommendation_id"}
"""Columns of events that may be empty; the others, and those of exposures, may not."""

MOMENT = pa.timestamp("us", tz="UTC")
TYPES = {
    **dict.fromkeys(("recommendation_id", "platform_id", "event_id", "kind"), pa.large_string()),
    "at": MOMENT,
    "rank": pa.int64(),
    "inclusion": pa.float64(),
    "rating": pa.int64(),
}
"""As which columns are read, whoever wrote them; columns with nothing but nulls may be of any."""

CHUNK = 50_000
"""Businesses in memory at a time, in each process."""


class SnapshotError(Exception):
    """A snapshot cannot be trained on; the message names the file and what would be right."""


class Tables(NamedTuple):
    """The rows of some businesses: their states, what they were shown, and what they did."""

    states: pd.DataFrame
    exposures: pd.DataFrame
    events: pd.DataFrame


@dataclass(frozen=True)
class Chunk:
    """The businesses of one folder whose ids are from `first` to `last`.

    Where the files are sorted by business, most of their rows are skipped unread.
    """

    folder: Path
    simulated: bool
    first: str
    last: str
    businesses: int

    def read(self) -> Tables:
        """Return all rows of its businesses.

        Raises:
            SnapshotError: If a file cannot be read, or a row does not tell what it must.
        """
        states, exposures, events = (
            read_columns(self.folder / name, columns, self._inside)
            for name, columns in COLUMNS.items()
        )
        _require(self.folder / "exposures.parquet", exposures, set(EXPOSURE_COLUMNS))
        _require(self.folder / "events.parquet", events, set(EVENT_COLUMNS) - UNTOLD)
        profiles = states.to_pandas().astype({"maturity_level": "Int64"})
        return Tables(profiles, exposures.to_pandas(), events.to_pandas())

    def read_profiles(self, columns: tuple[str, ...]) -> pd.DataFrame:
        """Return some columns of the states of its businesses.

        Raises:
            SnapshotError: If the file cannot be read.
        """
        path = self.folder / "profiles.parquet"
        found: pd.DataFrame = read_columns(path, columns, self._inside).to_pandas()
        return found

    @property
    def _inside(self) -> pc.Expression:
        ids = pc.field("business_id")
        return (ids >= self.first) & (ids <= self.last)


@dataclass(frozen=True)
class Snapshot:
    """Chunks that can be read one by one, in any process, and a digest of the files.

    Attributes:
        chunks: By folder, then by id.
        businesses: How many they are.
        sha256: Of all files.
        shown: When the first and the last list was shown, simulated ones by True and recorded ones
            by False; without those of which there is none.
        digests: SHA-256 of the files of each folder.
    """

    chunks: tuple[Chunk, ...]
    businesses: int
    sha256: str
    shown: Mapping[bool, tuple[pd.Timestamp, pd.Timestamp]]
    digests: Mapping[Path, str] = field(default_factory=dict)

    @property
    def until(self) -> pd.Timestamp | None:
        """The last moment at which anything recorded was shown; None where nothing was."""
        return self.shown[False][1] if False in self.shown else None

    @property
    def folders(self) -> dict[Path, bool]:
        """Each folder, and whether what is in it was simulated."""
        return {chunk.folder: chunk.simulated for chunk in self.chunks}


def open_snapshot(folders: Mapping[Path, bool], chunk: int = CHUNK) -> Snapshot:
    """Check snapshot folders and cut them into chunks; of the rows, only ids are read.

    Args:
        folders: Each folder, and whether what is in it was simulated.
        chunk: Businesses of a chunk at most.

    Raises:
        SnapshotError: If a file is missing, cannot be read or lacks a column, a business stands in
            two folders, a state stands there twice, or no business does.
    """
    if not folders:
        raise SnapshotError("no snapshot folder is given")
    digest = hashlib.sha256()
    chunks: list[Chunk] = []
    everybody = []
    shown: dict[bool, tuple[pd.Timestamp, pd.Timestamp]] = {}
    digests = {}
    for folder, simulated in folders.items():
        files = b"".join(_checked(folder / name, columns) for name, columns in COLUMNS.items())
        digest.update(files)
        digests[folder] = hashlib.sha256(files).hexdigest()
        ids = _ids(folder / "profiles.parquet")
        everybody.append(ids)
        for begin in range(0, len(ids), chunk):
            some = ids[begin : begin + chunk]
            chunks.append(Chunk(folder, simulated, str(some[0]), str(some[-1]), len(some)))
        ends = pc.min_max(read_columns(folder / "exposures.parquet", ("at",))["at"]).as_py()
        if ends["min"] is not None:
            first, last = shown.get(simulated, (ends["min"], ends["max"]))
            both = min(first, ends["min"]), max(last, ends["max"])
            shown[simulated] = pd.Timestamp(both[0]), pd.Timestamp(both[1])
    ids = pa.chunked_array(everybody)
    if not len(ids):
        raise SnapshotError("no business to learn from: record or simulate some first")
    if (twice := _twice(ids)) is not None:
        raise SnapshotError(f"business {twice} stands in two folders of the snapshot")
    return Snapshot(tuple(chunks), len(ids), digest.hexdigest(), shown, digests)


def read_columns(
    path: Path, columns: tuple[str, ...], where: pc.Expression | None = None
) -> pa.Table:
    """Read columns of a Parquet file, those of `TYPES` as these.

    Raises:
        SnapshotError: If it cannot be read, or holds something else in a column.
    """
    try:
        table = pq.read_table(path, columns=list(columns), filters=where, use_threads=False)
    except (OSError, ValueError, pa.ArrowException) as error:
        raise SnapshotError(f"{path} cannot be read: {error}") from error
    for number, column in enumerate(table.schema):
        expected = TYPES.get(column.name, column.type)
        timeless = expected == MOMENT and getattr(column.type, "tz", None) is None
        try:
            if timeless and not pa.types.is_null(column.type):
                raise pa.ArrowInvalid("moments need a time zone")
            typed = table[number].cast(expected)
        except pa.ArrowException as error:
            raise SnapshotError(
                f"{path}: expected {expected} in {column.name}, found {column.type}: {error}"
            ) from error
        table = table.set_column(number, column.with_type(expected), typed)
    return table.replace_schema_metadata(None)  # pandas would go back to other types


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
    """Return the ids of the businesses, each once, sorted."""
    columns = read_columns(path, ("business_id", "state_id"))
    if not len(columns):
        return pa.array([], pa.string())
    for name in ("business_id", "state_id"):
        kind = columns[name].type
        if not (pa.types.is_string(kind) or pa.types.is_large_string(kind)):
            raise SnapshotError(f"{path}: expected texts in {name}, found {kind}")
    _require(path, columns, {"business_id", "state_id"})
    if (twice := _twice(columns["state_id"])) is not None:
        raise SnapshotError(f"{path}: state {twice} stands there twice")
    return pc.unique(columns["business_id"]).cast(pa.string()).sort()


def _require(path: Path, table: pa.Table, columns: set[str]) -> None:
    """Refuse rows that leave one of the columns empty."""
    for name in table.column_names:
        if name in columns and table[name].null_count:
            raise SnapshotError(f"{path} has a row without {name}")


def _twice(ids: pa.ChunkedArray) -> str | None:
    """Return an id that stands there more than once."""
    if pc.count_distinct(ids).as_py() == len(ids):
        return None
    counts = pc.value_counts(ids)
    return str(counts.field("values").filter(pc.greater(counts.field("counts"), 1))[0])
