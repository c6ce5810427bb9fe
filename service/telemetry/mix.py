"""Whether those who ask are those whom the model learned from: the mix of the last day."""

import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Mapping
from typing import Any

from recommender.training.drift import drift
from service.telemetry.processes import counted

Kind = tuple[str, ...]
"""Sector, size and legal form."""

FIELDS = ("sector", "size", "legal_form")

WINDOW_SECONDS = 24 * 3600.0
STEP_SECONDS = 900.0
"""How exactly the window is kept: it is up to this much longer."""


class Mix:
    """The businesses that all processes made lists for in the last day, or since this one began.

    Args:
        totals: Returns how many there were of each kind, ever.
        clock: Seconds, never backwards.
    """

    def __init__(
        self,
        totals: Callable[[], Mapping[Kind, float]],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._totals = totals
        self._clock = clock
        self._seen = deque([(clock(), totals())])
        self._lock = threading.Lock()

    def asked(self) -> Counter[Kind]:
        """Return how many there were of each kind in the window; ask now and then to keep it."""
        now, totals = self._clock(), self._totals()
        with self._lock:
            if now - self._seen[-1][0] >= STEP_SECONDS:
                self._seen.append((now, totals))
            while len(self._seen) > 1 and self._seen[1][0] <= now - WINDOW_SECONDS:
                self._seen.popleft()
            before = self._seen[0][1]
        return Counter({kind: int(n - before.get(kind, 0)) for kind, n in totals.items()})


def asked_ever() -> dict[Kind, float]:
    """Return how many businesses of each kind all processes made lists for."""
    return {
        tuple(sample.labels[field] for field in FIELDS): sample.value
        for metric in counted()
        for sample in metric.samples
        if sample.name == "smedx_businesses_total"
    }


def drift_of(asked: Counter[Kind], learned: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    """Compare who asked with whom a model learned from.

    Args:
        asked: How many of each kind.
        learned: As `recommender.training.drift.describe` tells it, from the manifest of the model.

    Returns:
        For each field `distance`, the total variation (0 to 1), and `chance`, below which it would
        stay 95 times in 100 if they were the same; empty if nobody asked.
    """
    businesses = asked.total()
    if not businesses:
        return {}
    fields: dict[str, Counter[str]] = {field: Counter() for field in FIELDS}
    for kind, number in asked.items():
        for field, value in zip(FIELDS, kind, strict=True):
            fields[field][value] += number
    shares = {
        field: {value: number / businesses for value, number in numbers.items()}
        for field, numbers in fields.items()
    }
    return drift(learned, {"businesses": businesses, "fields": shares})
