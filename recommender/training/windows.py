"""A split by time: what comes later is what a model is chosen, calibrated and measured on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd

from recommender.training.snapshot import Snapshot, read_columns

Window = Literal["learn", "choose", "calibrate", "test"]

SHARES = {"choose": 0.15, "calibrate": 0.10, "test": 0.15}
"""Shares of the states of a folder, in the order of time; what comes before is learned from."""

HELD_OUT = 20_000
"""States of a folder that a window has at most: more would hardly measure better."""


@dataclass(frozen=True)
class Windows:
    """When each window of a folder begins; one without an end has nobody in it."""

    begins: tuple[pd.Timestamp, ...]

    def of(self, at: pd.Series) -> pd.Series:
        """Return the number of the window of each state: 0 learn, 1 choose, 2 calibrate, 3 test.

        States without a time were never shown anything: they can only be learned from.
        """
        number = pd.Series(0, index=at.index)
        for begin in self.begins:
            number += (at >= begin).astype(int)
        return number


def find_windows(snapshot: Snapshot) -> dict[Path, Windows]:
    """Return the windows of each folder.

    Where all states of a folder are of the same moment, or there are very few, all are learned
    from.

    Raises:
        SnapshotError: If a file cannot be read.
    """
    found = {}
    for folder in snapshot.folders:
        at = read_columns(folder / "profiles.parquet", ("at",)).to_pandas()["at"].dropna()
        found[folder] = _windows(at.sort_values(ignore_index=True))
    return found


def _windows(at: pd.Series) -> Windows:
    sizes = [min(round(share * len(at)), HELD_OUT) for share in SHARES.values()]
    begin = len(at) - sum(sizes)
    begins = []
    for size in sizes:
        if begin < len(at):
            begins.append(at[begin])
        begin += size
    if len(set(begins)) < len(SHARES) or begins[0] == at[0]:
        return Windows(())
    return Windows(tuple(begins))
