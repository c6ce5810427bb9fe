"""The token bucket: one number a bucket, constant cost, exact.

A bucket is described by the moment when it is full again, as the generic cell rate algorithm does
(ITU-T I.371, where it is called the theoretical arrival time): nothing has to be refilled. Moments
are whole nanoseconds, so that no rounding ever adds up to a token too many or too few.
"""

import math
from typing import NamedTuple

from msgspec import Struct

SECOND = 1_000_000_000
"""Nanoseconds."""


class Taken(NamedTuple):
    """What a bucket gave.

    Attributes:
        tokens: How many.
        left: How many more it could give now.
        full_at: When it is full again, in nanoseconds of the same clock.
        wait: Nanoseconds until it can give one; 0 if it gave any.
    """

    tokens: int
    left: int
    full_at: int
    wait: int


class Limit(Struct, frozen=True):
    """At most `burst` requests at once, and `rate` a second in the long run.

    In any time of t seconds a bucket gives at most burst + rate * t tokens.
    """

    rate: float
    burst: int

    @property
    def pause(self) -> int:
        """Nanoseconds until a token comes back."""
        return math.ceil(SECOND / self.rate)

    @property
    def window(self) -> int:
        """Nanoseconds until an empty bucket is full."""
        return self.burst * self.pause

    def take(self, full_at: int, now: int, wanted: int = 1) -> Taken:
        """Take up to so many tokens.

        Args:
            full_at: When the bucket is full again; any past time, such as 0, for a full one.
            now: The time, in nanoseconds of the same clock.
            wanted: How many, at least 1.
        """
        # No further away than an empty bucket: a clock that was set back must not shut a key out.
        full_at, pause = min(max(full_at, now), now + self.window), self.pause
        there = (self.burst * pause - (full_at - now)) // pause
        if there < 1:
            return Taken(0, 0, full_at, full_at - now - (self.burst - 1) * pause)
        tokens = min(wanted, there)
        return Taken(tokens, there - tokens, full_at + tokens * pause, 0)


def seconds_of(nanoseconds: int) -> int:
    """Return a time as headers tell it: whole seconds, rounded up, at least 1."""
    return max(-(-nanoseconds // SECOND), 1)
