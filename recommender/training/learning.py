"""One pass over a snapshot, in chunks and on every core: sums, and the businesses held out."""

import zlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Self

import numpy as np
from joblib import Parallel, cpu_count, delayed

from recommender.engagement import build_engagement, simulated_weight
from recommender.features import OneHotProfiles
from recommender.rankers import Sums
from recommender.rankers.sums import Groups
from recommender.training.holdout import Part
from recommender.training.snapshot import Chunk, Snapshot

HELD_OUT = 20_000
"""Businesses of a folder, at most, that choose, and as many that measure; of fewer than 100,000, a
fifth each. A mean NDCG over 20,000 is known to .003: more would hardly measure better.
"""

SERIAL = 3
"""Chunks up to which starting other processes takes longer than doing without."""


@dataclass(frozen=True)
class Learned:
    """What there is to learn from businesses, and whom to try it on.

    Attributes:
        sums: Of all of them.
        choose: Those that choose parameters and ranker, and calibrate.
        test: Those that measure.
        businesses: How many they are altogether.
    """

    sums: Sums
    choose: Part
    test: Part
    businesses: int

    def rest(self) -> Sums:
        """Return the sums of those that are not held out: a fold is a subtraction."""
        if self.choose is self.test:
            return self.sums
        rest = _copy(self.sums).subtract(self.choose.sums(self.sums.groups))
        return rest.subtract(self.test.sums(self.sums.groups))

    def __add__(self, other: Self) -> Self:
        """Return these businesses and those."""
        return type(self)(
            _copy(self.sums).merge(other.sums),
            Part.stack([self.choose, other.choose]),
            Part.stack([self.test, other.test]),
            self.businesses + other.businesses,
        )

    def weighted(self, weight: float) -> Self:
        """Return the same businesses, each counting so much more or less."""
        choose, test = self.choose.weighted(weight), self.test.weighted(weight)
        return type(self)(_copy(self.sums, weight), choose, test, self.businesses)


def learn(
    snapshot: Snapshot, encoder: OneHotProfiles, platforms: Sequence[str], groups: Groups
) -> tuple[Learned, float]:
    """Read a snapshot once, its chunks on every core; memory does not grow with it.

    What the chunks come to is added in their order: the number of cores changes nothing.

    Args:
        snapshot: What to read.
        encoder: The feature columns.
        platforms: The columns of the interactions.
        groups: Feature columns that make the segments.

    Returns:
        What was learned, where simulated businesses count for less the more are recorded, and the
        share of the total weight that is simulated, 0 to 1.

    Raises:
        SnapshotError: If a chunk cannot be read any more.
        ValueError: If nothing is known of any business.
    """
    size = {chunk.folder: 0 for chunk in snapshot.chunks}
    for chunk in snapshot.chunks:
        size[chunk.folder] += chunk.businesses
    shares = [min(1 / 5, HELD_OUT / size[chunk.folder]) for chunk in snapshot.chunks]
    found = _add_up(snapshot.chunks, shares, encoder, platforms, groups)
    if not (len(found[0].choose) and len(found[0].test)):
        # Too few to hold any out: all of them choose and measure as well.
        everybody, share = _add_up(snapshot.chunks, [1.0] * len(shares), encoder, platforms, groups)
        found = replace(everybody, choose=everybody.test), share
    if not found[0].businesses:
        raise ValueError("expected at least one business of which something is known")
    return found


def _add_up(
    chunks: Sequence[Chunk],
    shares: Sequence[float],
    encoder: OneHotProfiles,
    platforms: Sequence[str],
    groups: Groups,
) -> tuple[Learned, float]:
    jobs = min(cpu_count(), len(chunks)) if len(chunks) > SERIAL else 1
    parts = Parallel(n_jobs=jobs, return_as="generator")(
        delayed(learn_chunk)(chunk, encoder, platforms, groups, share)
        for chunk, share in zip(chunks, shares, strict=True)
    )
    kinds: dict[bool, Learned] = {}
    for chunk, part in zip(chunks, parts, strict=True):
        kind = chunk.simulated
        kinds[kind] = kinds[kind] + part if kind in kinds else part
    fade = simulated_weight(kinds[False].businesses if False in kinds else 0)
    weighted = [part.weighted(fade) if kind else part for kind, part in kinds.items()]
    found = weighted[0] if len(weighted) == 1 else weighted[0] + weighted[1]
    simulated = fade * kinds[True].businesses if True in kinds else 0.0
    return found, simulated / found.sums.weight if found.businesses else 0.0


def learn_chunk(
    chunk: Chunk,
    encoder: OneHotProfiles,
    platforms: Sequence[str],
    groups: Groups,
    share: float,
) -> Learned:
    """Read a chunk; each of its businesses counts 1.

    Args:
        chunk: What to read.
        encoder: The feature columns.
        platforms: The columns of the interactions.
        groups: Feature columns that make the segments.
        share: Share of the businesses that measure, by a hash of their ids; as many choose.

    Raises:
        SnapshotError: If it cannot be read any more.
    """
    profiles, events = chunk.read()
    engagement = build_engagement(profiles, events, platforms)
    known = Part.of(encoder.transform(profiles), engagement)
    ids = profiles["business_id"][engagement.known]
    place = np.array([zlib.crc32(id_.encode()) for id_ in ids]) / 2**32
    test, choose = place < share, (place >= share) & (place < 2 * share)
    return Learned(known.sums(groups), known[choose], known[test], len(known))


def _copy(sums: Sums, weight: float = 1.0) -> Sums:
    return Sums(sums.n_features, sums.n_platforms, sums.groups).merge(sums, weight)
