"""What a model is trained on: folders of Parquet files, simulated or recorded, read as one."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recommender.profiles import PROFILE_COLUMNS

EVENT_COLUMNS = ("event_id", "business_id", "platform_id", "kind", "rating", "at")
FILES = ("profiles.parquet", "events.parquet")


class SnapshotError(Exception):
    """A snapshot cannot be trained on; the message names the file and what would be right."""


@dataclass(frozen=True)
class Snapshot:
    """Profiles, with a boolean column `simulated`, their events, and a digest of the files."""

    profiles: pd.DataFrame
    events: pd.DataFrame
    sha256: str


def read_snapshot(folders: Mapping[Path, bool]) -> Snapshot:
    """Read and join snapshot folders.

    Args:
        folders: Each folder, and whether what is in it was simulated.

    Raises:
        SnapshotError: If a file is missing, cannot be read or lacks a column, or no business is in
            any of them.
    """
    if not folders:
        raise SnapshotError("no snapshot folder is given")
    digest = hashlib.sha256()
    profiles, events = [], []
    for folder, simulated in folders.items():
        for name in FILES:
            if not (folder / name).exists():
                raise SnapshotError(f"{folder / name} is missing")
            digest.update((folder / name).read_bytes())
        told = _read(folder / FILES[0], PROFILE_COLUMNS).astype({"maturity_level": "Int64"})
        events.append(_read(folder / FILES[1], EVENT_COLUMNS))
        told = told[~told["business_id"].isin(_silent_visitors(folder, events[-1]))]
        profiles.append(told.assign(simulated=simulated))
    table = pd.concat([part for part in profiles if len(part)] or profiles, ignore_index=True)
    if table.empty:
        raise SnapshotError("no business to learn from: record or simulate some first")
    if table["business_id"].duplicated().any():
        twice = table["business_id"][table["business_id"].duplicated()].iloc[0]
        raise SnapshotError(f"business {twice} stands in the snapshot twice")
    return Snapshot(
        table,
        pd.concat([part for part in events if len(part)] or events, ignore_index=True),
        digest.hexdigest(),
    )


def _silent_visitors(folder: Path, events: pd.DataFrame) -> set[str]:
    """Return the businesses that asked once without a profile of their own, and did nothing.

    Each such request would be another business: anybody could fill the training with them.
    """
    if not (folder / "exposures.parquet").exists():
        return set()
    shown = _read(folder / "exposures.parquet", ("recommendation_id", "business_id"))
    visitors = shown.loc[shown["recommendation_id"] == shown["business_id"], "business_id"]
    return set(visitors) - set(events["business_id"])


def _read(path: Path, columns: tuple[str, ...]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise SnapshotError(f"{path} cannot be read: {error}") from error
    if missing := [column for column in columns if column not in table.columns]:
        raise SnapshotError(f"{path} lacks the columns {', '.join(missing)}")
    return table[list(columns)]
