"""Two models of the registry on the same states, whatever data each has learned from."""

from typing import NamedTuple

import numpy as np
from threadpoolctl import threadpool_limits

from recommender.domain import Reference
from recommender.engagement import SIMULATED_ATTENTION, estimate_attention
from recommender.model import Model
from recommender.training.holdout import Part
from recommender.training.layout import Layout, layout_of, made_for_of
from recommender.training.learning import learn_chunk
from recommender.training.measure import Gains, by_slice
from recommender.training.registry import Manifest
from recommender.training.served import Served, simulations_of, unseen
from recommender.training.slots import reactions
from recommender.training.snapshot import Snapshot, SnapshotError
from recommender.training.windows import HELD_OUT, Windows

ALL, NEW = "all states", "states that neither can have learned from"


class Saved(NamedTuple):
    """A model of the registry, and what is known of it."""

    model: Model
    manifest: Manifest


class Difference(NamedTuple):
    """What two models reach on some states, and the second minus the first with its interval."""

    states: int
    first: float
    second: float
    value: float
    low: float
    high: float


@threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]  # no stubs
def head_to_head(
    first: Saved, second: Saved, snapshot: Snapshot, reference: Reference, seed: int = 0
) -> dict[str, Difference]:
    """Measure two models on the states of a snapshot, the last 20,000 of them at most.

    Args:
        first: A model.
        second: The one that is compared with it.
        snapshot: Whose states are asked.
        reference: The catalogue.
        seed: Seed of the resampling of businesses.

    Returns:
        What both reach of what was shown (see `measure.MEASURES`) on `ALL` states, where a model
        looks better for knowing the answers, and on those that are `NEW` to both, if any are.

    Raises:
        SnapshotError: If a file cannot be read, or nothing was shown to any business.
        ValueError: If a rank is not from 1.
    """
    layout = layout_of(reference)
    part, made_for = _states(snapshot, layout), made_for_of(layout, reference)
    if not len(part):
        raise SnapshotError("nothing was shown to any business of the snapshot")
    before, after = (
        Gains.of(Served(each.model, layout.platforms), part, made_for) for each in (first, second)
    )
    simulations = simulations_of(snapshot)
    new = np.logical_and(*(unseen(each.manifest, simulations, part) for each in (first, second)))
    rows = {ALL: np.ones(len(part), dtype=bool), NEW: new}
    found = by_slice(after, before, part, {"states": rows}, seed)["states"]
    return {
        name: Difference(
            int(each["states"]),
            each["reranked"] - each["difference"],
            each["reranked"],
            each["difference"],
            each["low"],
            each["high"],
        )
        for name, each in found.items()
    }


def _states(snapshot: Snapshot, layout: Layout) -> Part:
    """Return the last states that were shown anything."""
    attention = estimate_attention(*reactions(snapshot)).attention
    nobody = Windows(())  # is held out
    part = Part.stack(
        [
            learn_chunk(
                chunk,
                nobody,
                layout,
                SIMULATED_ATTENTION if chunk.simulated else attention,
                None if chunk.simulated else snapshot.until,
                1.0,
            ).sample
            for chunk in snapshot.chunks
        ]
    )
    return part[np.sort(np.argsort(part.at, kind="stable")[-HELD_OUT:])]
