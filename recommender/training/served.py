"""The model in service as it is: what it learned from, and states that it has not."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.engagement import simulated_weight
from recommender.model import Model
from recommender.rankers.base import Floats
from recommender.training.holdout import MadeFor, Part
from recommender.training.learning import Learned
from recommender.training.measure import Gains, by_slice
from recommender.training.registry import Manifest
from recommender.training.snapshot import Snapshot, read_columns

KINDS = {True: "simulated", False: "recorded"}


@dataclass(frozen=True)
class Served:
    """A model as it serves, in the columns of a catalogue that may be another one.

    Attributes:
        model: The model.
        platforms: The columns that are asked for.
    """

    model: Model
    platforms: tuple[str, ...]

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Score every platform, shape (n, n_platforms); those it does not know come last."""
        columns = np.array([self.model.column_of.get(id_, -1) for id_ in self.platforms])
        known = np.flatnonzero(columns >= 0)
        place = sparse.csr_array(
            (np.ones(len(known)), (known, columns[known])),
            shape=(len(columns), len(self.model.platforms)),
        )
        found = np.full((profiles.shape[0], len(columns)), -np.inf)
        found[:, known] = self.model.ranker.score(profiles, history @ place)[:, columns[known]]
        return found


def learned_from(found: Learned, simulated_share: float, snapshot: Snapshot) -> dict[str, Any]:
    """Tell how much a model learned from, for later comparison.

    Args:
        found: All states.
        simulated_share: Share of their weight that is simulated.
        snapshot: Where they stand.

    Returns:
        `recorded`: the weight of the recorded businesses, each 1 or less for its age; `simulated`:
        that of the simulated ones before it fades; `simulated_weight`: how much each of these
        counts; `simulations`: those that they are of, see `simulations_of`.
    """
    recorded = found.sums.weight * (1 - simulated_share)
    weight = simulated_weight(recorded)
    return {
        "recorded": round(recorded, 1),
        "simulated": round(found.sums.weight * simulated_share / weight, 1),
        "simulated_weight": round(weight, 6),
        "simulations": simulations_of(snapshot),
    }


def simulations_of(snapshot: Snapshot) -> list[str]:
    """Return by what the simulations are known: their first state, and when it was shown a list.

    Not by a checksum: a simulation of more businesses with the same seed has the same ones first.

    Raises:
        SnapshotError: If a file cannot be read.
    """
    found = []
    for folder, simulated in snapshot.folders.items():
        if simulated:
            states = read_columns(folder / "profiles.parquet", ("state_id", "at")).to_pandas()
            first = states.loc[states["state_id"] == states["state_id"].min()].iloc[0]
            found.append(f"{first['state_id']} {first['at']}")
    return found


def unseen(manifest: Manifest, simulations: Sequence[str], part: Part) -> NDArray[np.bool_]:
    """Return which states a model cannot have learned from, shape (n,).

    These are the states first shown a list after the last list that the model knows of their kind,
    recorded or simulated; and all simulated ones where none is of a simulation that it knows.

    Args:
        manifest: Of the model; where it does not tell what it learned from, there are none.
        simulations: Those that the states are of.
        part: The states.
    """
    rows = np.zeros(len(part), dtype=bool)
    shown: Mapping[str, Any] | None = manifest.metrics.get("shown")
    if shown is None or "learned_from" not in manifest.metrics:
        return rows
    for simulated, kind in KINDS.items():
        of_kind = part.simulated == simulated
        rows |= of_kind & (part.at > _moment(shown[kind][1])) if kind in shown else of_kind
    known = manifest.metrics["learned_from"]["simulations"]
    return rows if set(known) & set(simulations) else rows | part.simulated


def beside_served(
    ours: Gains,
    served: Served,
    part: Part,
    rows: NDArray[np.bool_],
    made_for: MadeFor,
    seed: int = 0,
) -> dict[str, float]:
    """Compare a new ranker with the model in service on states that neither has learned from.

    Args:
        ours: What the new ranker reaches on the states of the part.
        served: The model in service.
        part: States that the new ranker has not learned from.
        rows: Which of them the other one has not learned from either, at least one.
        made_for: Which platforms could be suggested to whom.
        seed: Seed of the resampling of businesses.

    Returns:
        `states`, `reranked`: what the new one reaches of what was shown, and the paired
        `difference` to the one in service with its 95 % interval, `low` to `high`.
    """
    theirs = Gains.of(served, part, made_for)
    return by_slice(ours, theirs, part, {"states": {"unseen": rows}}, seed)["states"]["unseen"]


def _moment(text: str) -> np.datetime64:
    """Return a moment as `Part.at` has it: UTC without saying so."""
    return np.datetime64(dt.datetime.fromisoformat(text).astimezone(dt.UTC).replace(tzinfo=None))
