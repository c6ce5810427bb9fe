"""What is promised of the service: how many answers are good, and how many of them fast.

A table, as in Polar's `server/polar/observability/slo.py`; `alerts.py` makes the rules of it. Bad
is what is answered 5xx, slow what takes longer than is written here; over 30 days, as many may be
bad as the availability leaves, and one in a hundred slow.
"""

from typing import NamedTuple

from service.telemetry.metrics import SECONDS

FAST = 0.99
"""Share of the answers that have to be fast."""


class Objective(NamedTuple):
    """What is promised of some routes together.

    Attributes:
        name: What it is called in alerts.
        routes: Templates, as the metrics name them.
        p99_ms: Milliseconds within which 99 of 100 requests are answered: the bound of a bucket.
        availability: Share of the requests that are not answered 5xx.
    """

    name: str
    routes: tuple[str, ...]
    p99_ms: float
    availability: float

    @property
    def seconds(self) -> float:
        """The bound in seconds.

        Raises:
            ValueError: If no bucket has it.
        """
        if self.p99_ms / 1000 not in SECONDS:
            raise ValueError(f"{self.name}: {self.p99_ms} ms is not the bound of a bucket")
        return self.p99_ms / 1000


OBJECTIVES = (
    Objective("recommendations", ("/v1/recommendations", "/v1/plans"), 50, 0.999),
    Objective("events", ("/v1/events",), 250, 0.999),
    Objective("profiles", ("/v1/profiles", "/v1/profiles/{profile_id}"), 250, 0.999),
    Objective("catalogue", ("/v1/platforms", "/v1/platforms/{platform_id}"), 50, 0.999),
    Objective(
        "questionnaire pages", ("/vi/form/{token}/{step}", "/en/form/{token}/{step}"), 250, 0.995
    ),
    Objective("result pages", ("/vi/result/{token}", "/en/result/{token}"), 250, 0.995),
)
