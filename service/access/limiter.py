"""The limit of a key, kept over all processes of an installation.

The bucket of a key stands in the database. A process takes tokens from it a slice at a time, a
tenth of a burst, and serves requests from its slice: most requests cost a subtraction. What is
taken is never given back and never lapses, so that with n processes a key gets, in any time of t
seconds, at most

    burst + rate * t + n * slice

requests: what the bucket gives, and what the processes may have held when that time began.
"""

import asyncio
import time
from collections.abc import Callable
from typing import NamedTuple, Protocol

from service.access.bucket import Limit, Taken

SLICES = 10
"""How many slices make a burst."""


class Source(Protocol):
    """Where slices come from."""

    async def lease(self, id_: str, limit: Limit, wanted: int) -> Taken:
        """Take up to so many tokens from the bucket of a key."""
        ...


class Standing(NamedTuple):
    """What the limit says to a request: how many more may come, or how long to wait.

    Attributes:
        left: Requests that may follow at once, as far as this process knows.
        wait: Nanoseconds until this one may come again; 0 if it may pass.
    """

    left: int
    wait: int


def slice_of(limit: Limit) -> int:
    """Return how many tokens a process takes at a time."""
    return max(limit.burst // SLICES, 1)


class Limiter:
    """Counts the requests of each key.

    Args:
        source: Where slices come from.
        clock: Nanoseconds, never backwards.
    """

    def __init__(self, source: Source, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._source = source
        self._clock = clock
        self._purses: dict[str, _Purse] = {}

    async def take(self, id_: str, limit: Limit) -> Standing:
        """Count a request of a key."""
        purse = self._purses.get(id_)
        if purse is None:
            purse = self._purses[id_] = _Purse()
        if not purse.held:
            async with purse.lock:
                await self._fill(purse, id_, limit)
        if not purse.held:
            return Standing(0, max(purse.empty_until - self._clock(), 1))
        purse.held -= 1
        return Standing(purse.held + purse.left, 0)

    async def _fill(self, purse: "_Purse", id_: str, limit: Limit) -> None:
        if purse.held or self._clock() < purse.empty_until:  # another request has asked
            return
        taken = await self._source.lease(id_, limit, slice_of(limit))
        purse.held, purse.left = taken.tokens, taken.left
        purse.empty_until = self._clock() + taken.wait


class _Purse:
    """What this process holds of the bucket of one key."""

    __slots__ = ("empty_until", "held", "left", "lock")

    def __init__(self) -> None:
        self.held = self.left = self.empty_until = 0
        self.lock = asyncio.Lock()


class LocalBuckets:
    """Buckets in the memory of this process: exact where it is the only one."""

    def __init__(self, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._clock = clock
        self._full_at: dict[str, int] = {}

    async def lease(self, id_: str, limit: Limit, wanted: int) -> Taken:
        """Take up to so many tokens from the bucket of a key."""
        taken = limit.take(self._full_at.get(id_, 0), self._clock(), wanted)
        self._full_at[id_] = taken.full_at
        return taken
