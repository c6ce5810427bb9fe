"""Drawn slots of recorded lists: what they tell of attention, and of another ranking."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np
import pandas as pd
import pyarrow.compute as pc
from numpy.typing import NDArray

from recommender.engagement import STRENGTH
from recommender.evaluation.off_policy.estimate import compare
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import SNIPS
from recommender.policy.exploration import Exploration, chances_of
from recommender.rankers import Ranker
from recommender.rankers.base import Floats
from recommender.training.holdout import Part
from recommender.training.snapshot import Snapshot, read_columns

REACTIONS = tuple(kind for kind, strength in STRENGTH.items() if strength >= STRENGTH["click"])
"""Kinds of event that count as a reaction to what stands in a slot."""

PAIR = ("recommendation_id", "platform_id")


class Reactions(NamedTuple):
    """Rank of each drawn slot that was reacted to, and between which it was drawn, (n,) each."""

    rank: NDArray[np.int64]
    first: NDArray[np.int64]
    last: NDArray[np.int64]


def reactions(snapshot: Snapshot) -> Reactions:
    """Find the drawn slots of recorded lists that businesses reacted to.

    Raises:
        SnapshotError: If a file cannot be read, or lacks a column.
    """
    ranks = ("rank", "explored_first", "explored_last")
    found = [pd.DataFrame(columns=list(ranks), dtype=np.int64)]
    for folder in _recorded(snapshot):
        drawn = pc.field("explored_first").is_valid()
        slots = read_columns(folder / "exposures.parquet", (*PAIR, *ranks), drawn).to_pandas()
        found.append(slots[_reacted(folder, slots)][list(ranks)].astype(np.int64))
    table = pd.concat(found)
    return Reactions(*(table[name].to_numpy() for name in ranks))


@dataclass(frozen=True)
class DrawnSlots:
    """Slots of states that a ranker has not seen, and what could have stood in them.

    Attributes:
        rows: The state of each in its part, shape (n,).
        candidates: What could have been drawn, shape (n, n_platforms).
        log: What was, with which probability, and whether there was a reaction.
    """

    rows: NDArray[np.intp]
    candidates: NDArray[np.bool_]
    log: Log

    @classmethod
    def of(cls, snapshot: Snapshot, part: Part, platforms: Sequence[str]) -> Self | None:
        """Return the recorded slots of the states of a part; None if there are none.

        Raises:
            SnapshotError: If a file cannot be read, or lacks a column.
        """
        rows = {id_: row for row, id_ in enumerate(part.states.tolist())}
        column = {id_: number for number, id_ in enumerate(platforms)}
        tables = []
        for folder in _recorded(snapshot):
            names = (*PAIR, "state_id", "chance", "drawn")
            table = read_columns(folder / "slots.parquet", names).to_pandas()
            table = table[table["state_id"].isin(rows) & table["platform_id"].isin(column)]
            tables.append(table.assign(reacted=_reacted(folder, table)))
        table = pd.concat(tables) if tables else pd.DataFrame()
        drawn = table[table["drawn"]] if len(table) else table
        if not len(drawn):
            return None
        slot = pd.Index(drawn["recommendation_id"])
        table = table[table["recommendation_id"].isin(slot)]
        candidates = np.zeros((len(slot), len(platforms)), dtype=bool)
        candidates[
            slot.get_indexer(table["recommendation_id"]), table["platform_id"].map(column)
        ] = True
        log = Log(
            actions=drawn["platform_id"].map(column).to_numpy(dtype=np.intp),
            rewards=drawn["reacted"].to_numpy(dtype=float),
            propensities=drawn["chance"].to_numpy(dtype=float),
        )
        return cls(drawn["state_id"].map(rows).to_numpy(dtype=np.intp), candidates, log)

    def compare(
        self, ours: Ranker, theirs: Ranker, part: Part, exploration: Exploration, seed: int = 0
    ) -> dict[str, Any]:
        """Estimate how much more a ranker's slots would be reacted to than another's.

        Both draw as the service does, each by its own scores; SNIPS, with paired intervals.

        Args:
            ours: A ranker fitted on other states.
            theirs: The one that it is compared with.
            part: The states of the slots.
            exploration: How the service draws.
            seed: Seed of the resampling.
        """
        targets = [Target(self._chosen(ranker, part, exploration)) for ranker in (ours, theirs)]
        found = compare(SNIPS(), self.log, targets[0], targets[1], seed)
        return {
            "slots": len(self.log),
            "new": round(found.first.value, 5),
            "in_service": round(found.second.value, 5),
            "difference": round(found.difference, 5),
            "low": round(found.low, 5),
            "high": round(found.high, 5),
            "believable": found.believable,
            "warnings": list(found.warnings),
        }

    def _chosen(self, ranker: Ranker, part: Part, exploration: Exploration) -> Floats:
        """Return how likely each slot's platform is drawn by a ranker's scores, shape (n,)."""
        scores = ranker.score(part.profiles, part.used)
        found = np.empty(len(self.rows))
        for slot, (row, open_) in enumerate(zip(self.rows, self.candidates, strict=True)):
            columns = np.flatnonzero(open_)
            chances = chances_of(scores[row, columns], exploration.temperature, exploration.floor)
            found[slot] = chances[columns == self.log.actions[slot]][0]
        return found


def _recorded(snapshot: Snapshot) -> list[Path]:
    return [folder for folder, simulated in snapshot.folders.items() if not simulated]


def _reacted(folder: Path, slots: pd.DataFrame) -> NDArray[np.bool_]:
    """Return which slots were reacted to, shape (n,)."""
    events = read_columns(folder / "events.parquet", (*PAIR, "kind"))
    some = events.filter(pc.field("kind").isin(REACTIONS)).select(PAIR)
    told = pd.MultiIndex.from_frame(some.to_pandas())
    return np.asarray(pd.MultiIndex.from_frame(slots[list(PAIR)]).isin(told))
