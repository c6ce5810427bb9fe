"""One pass over a snapshot, in chunks and on every core: sums, and the states held out."""

from collections import Counter
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Self
from zlib import crc32

import numpy as np
import pandas as pd
from joblib import Parallel, cpu_count, delayed
from numpy.typing import NDArray

from recommender.engagement import (
    SIMULATED_ATTENTION,
    WINDOW,
    Attention,
    decay,
    observe,
    simulated_weight,
)
from recommender.rankers import Sums
from recommender.training.holdout import Part
from recommender.training.layout import Layout
from recommender.training.snapshot import Chunk, Snapshot
from recommender.training.windows import Windows, find_windows

SAMPLE = 20_000
"""States of a folder, at most, from which the learning curve is drawn and slow baselines learn."""

SERIAL = 3
"""Chunks up to which starting other processes takes longer than doing without."""


@dataclass(frozen=True)
class Learned:
    """What there is to learn from states of businesses, and whom to try it on.

    Attributes:
        sums: Of all of them.
        choose: Those that choose parameters.
        calibrate: Later ones, that turn scores into probabilities.
        test: The last ones, that measure.
        sample: Some of those that are not held out, `SAMPLE` of a folder at most.
        businesses: How many businesses they are altogether.
        recorded: How many of the recorded ones have each answer, and use each platform, shape
            (n_features + n_platforms,).
    """

    sums: Sums
    choose: Part
    calibrate: Part
    test: Part
    sample: Part
    businesses: int
    recorded: NDArray[np.int64]

    @property
    def held_out(self) -> bool:
        """Whether anybody is held out; else all choose, calibrate and measure."""
        return self.choose is not self.test

    @property
    def sample_before_test(self) -> Part:
        """What the sample has of all states before those that measure: later windows wholly."""
        parts = [self.sample, self.choose, self.calibrate]
        return Part.stack(parts) if self.held_out else self.sample

    def without(self, *parts: Part) -> Sums:
        """Return the sums of all but those held out in some parts: a fold is a subtraction."""
        if not self.held_out:
            return self.sums
        rest = copy_of(self.sums)
        for part in parts:
            rest.subtract(part.add_to(rest.empty()))
        return rest

    def __add__(self, other: Self) -> Self:
        """Return these states and those."""
        return type(self)(
            copy_of(self.sums).merge(other.sums),
            Part.stack([self.choose, other.choose]),
            Part.stack([self.calibrate, other.calibrate]),
            Part.stack([self.test, other.test]),
            Part.stack([self.sample, other.sample]),
            self.businesses + other.businesses,
            self.recorded + other.recorded,
        )

    def weighted(self, weight: float) -> Self:
        """Return the same states, each counting so much more or less."""
        parts = (self.choose, self.calibrate, self.test, self.sample)
        choose, calibrate, test, sample = (part.weighted(weight) for part in parts)
        sums = copy_of(self.sums, weight)
        return replace(
            self, sums=sums, choose=choose, calibrate=calibrate, test=test, sample=sample
        )


def learn(
    snapshot: Snapshot, layout: Layout, attention: Attention = SIMULATED_ATTENTION
) -> tuple[Learned, float]:
    """Read a snapshot once, its chunks on every core; memory does not grow with it.

    What the chunks come to is added in their order: the number of cores changes nothing.

    Args:
        snapshot: What to read.
        layout: The columns.
        attention: How likely recorded businesses look at what they are shown; simulated ones as
            the simulator has it.

    Returns:
        What was learned, where simulated businesses count for less the more are recorded, and the
        share of the total weight that is simulated, 0 to 1.

    Raises:
        SnapshotError: If a chunk cannot be read any more.
        ValueError: If nothing was shown to any business, nothing came of it, or a rank is not
            from 1.
    """
    found = _add_up(snapshot, find_windows(snapshot), layout, attention)
    if not all(part.shown.any() for part in (found[0].choose, found[0].calibrate, found[0].test)):
        # Too few to hold any out: all of them choose, calibrate and measure as well.
        ever = Windows((pd.Timestamp.min.tz_localize("UTC"),))
        found = _add_up(snapshot, dict.fromkeys(snapshot.folders, ever), layout, attention)
        part = found[0].choose
        everybody = replace(found[0], calibrate=part, test=part, sample=part)
        found = everybody, found[1]
    if not found[0].choose.shown.any():
        raise ValueError(
            "nothing was shown to any business: expected exposures of states that are in the "
            "snapshot and of platforms that are in the catalogue"
        )
    if not found[0].sums.responses.moment.any():
        raise ValueError(
            "nothing came of what was shown: expected events of the same businesses and platforms, "
            f"that name the list or come in the {WINDOW.days} days after it"
        )
    return found


def learn_chunk(
    chunk: Chunk,
    windows: Windows,
    layout: Layout,
    attention: Attention,
    until: pd.Timestamp | None,
    share: float,
) -> Learned:
    """Read a chunk; each of its businesses counts 1, or less for its age.

    Args:
        chunk: What to read.
        windows: Who is held out.
        layout: The columns.
        attention: How likely its businesses look at what they are shown.
        until: What is recorded counts less the longer ago this was; None for simulated chunks.
        share: Share of those that are not held out that goes into the sample.

    Raises:
        SnapshotError: If it cannot be read any more.
    """
    states, exposures, events = chunk.read()
    found = observe(states, exposures, events, layout.platforms, attention)
    weights = found.weights if until is None else found.weights * decay(states["at"], until)
    part = Part(
        businesses=states["business_id"].to_numpy(dtype=object),
        states=states["state_id"].to_numpy(dtype=object),
        at=states["at"].dt.tz_convert("UTC").dt.tz_localize(None).to_numpy(),
        simulated=np.full(len(states), chunk.simulated),
        profiles=layout.encoder.transform(states),
        used=found.used,
        examined=found.examined,
        inclusion=found.inclusion,
        strength=found.strength,
        chosen=found.chosen,
        weights=weights,
    )
    number = np.where(part.shown, windows.of(states["at"]), -1)
    choose, calibrate, test = (part[number == window] for window in (1, 2, 3))
    place = np.array([crc32(id_.encode()) for id_ in part.businesses]) / 2**32
    sample = part[(number == 0) & (place < share)]
    sums = part.add_to(layout.sums())
    recorded = part[~part.simulated].holders()
    return Learned(sums, choose, calibrate, test, sample, chunk.businesses, recorded)


def _add_up(
    snapshot: Snapshot, windows: dict[Path, Windows], layout: Layout, attention: Attention
) -> tuple[Learned, float]:
    chunks = snapshot.chunks
    sizes: Counter[Path] = Counter()
    for chunk in chunks:
        sizes[chunk.folder] += chunk.businesses
    jobs = min(cpu_count(), len(chunks)) if len(chunks) > SERIAL else 1
    parts = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(partial(learn_chunk, chunk, windows[chunk.folder], layout))(
            SIMULATED_ATTENTION if chunk.simulated else attention,
            None if chunk.simulated else snapshot.until,
            min(1.0, SAMPLE / sizes[chunk.folder]),
        )
        for chunk in chunks
    )
    kinds: dict[bool, Learned] = {}
    for chunk, part in zip(chunks, parts, strict=True):
        kind = chunk.simulated
        kinds[kind] = kinds[kind] + part if kind in kinds else part
    fade = simulated_weight(kinds[False].sums.weight if False in kinds else 0)
    weighted = [part.weighted(fade) if kind else part for kind, part in kinds.items()]
    found = weighted[0] if len(weighted) == 1 else weighted[0] + weighted[1]
    simulated = fade * kinds[True].sums.weight if True in kinds else 0.0
    return found, simulated / found.sums.weight


def copy_of(sums: Sums, weight: float = 1.0) -> Sums:
    """Return the same sums, each business counting so much more or less."""
    return sums.empty().merge(sums, weight)
