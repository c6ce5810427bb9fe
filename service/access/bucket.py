"""The token bucket: one number a bucket, constant cost, exact.

A bucket is described by the moment when it is full again, as the generic cell rate algorithm does
(ITU-T I.371, where it is called the theoretical arrival time): nothing has to be refilled.
"""

import math
from typing import NamedTuple

from msgspec import Struct


class Taken(NamedTuple):
    """What a bucket gave.

    Attributes:
        tokens: How many.
        left: How many more it could give now.
        full_at: When it is full again, in seconds of the same clock.
        wait: Seconds until it can give one; 0 if it gave any.
    """

    tokens: int
    left: int
    full_at: float
    wait: float


class Limit(Struct, frozen=True):
    """At most `burst` requests at once, and `rate` a second in the long run.

    In any time of t seconds a bucket gives at most burst + rate * t tokens.
    """

    rate: float
    burst: int

    @property
    def window(self) -> float:
        """Seconds until an empty bucket is full."""
        return self.burst / self.rate

    def take(self, full_at: float, now: float, wanted: int = 1) -> Taken:
        """Take up to so many tokens.

        Args:
            full_at: When the bucket is full again; any past time for a full one.
            now: The time, in seconds of the same clock.
            wanted: How many, at least 1.
        """
        missing = max(full_at - now, 0.0) * self.rate
        there = max(math.floor(self.burst - missing), 0)
        tokens = min(wanted, there)
        if not tokens:
            return Taken(0, 0, full_at, (missing + 1 - self.burst) / self.rate)
        return Taken(tokens, there - tokens, max(full_at, now) + tokens / self.rate, 0.0)
