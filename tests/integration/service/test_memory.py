"""Requests leave nothing behind in memory; a million of them: `make bench-memory`."""

import gc
import tracemalloc
from collections.abc import Callable, Iterator
from itertools import count

import pytest

WARM, STEP, HALF = 100, 100, 6
"""Rounds before anything is measured and between two measurements; measurements in each half.

SQLAlchemy keeps statements until there are half as many again as it wants, then forgets a third:
what is in use rises and falls by some 300 kB every 500 rounds. The lowest of a half that is longer
than that is compared with the lowest of the other.
"""

LEAST_LEAK = 500
"""Bytes that a round may leave behind while caches fill up: a write kept for each adds 1,289."""


@pytest.fixture
def in_use() -> Iterator[Callable[[], int]]:
    """Tell how many bytes Python uses."""

    def measure() -> int:
        gc.collect()
        return tracemalloc.get_traced_memory()[0]

    tracemalloc.start()
    yield measure
    tracemalloc.stop()


def test_requests_leave_nothing_behind(api_on, models, restaurant, in_use):
    numbers = count()
    with api_on(models) as client:
        profile_id = client.post("/v1/profiles", json=restaurant).json()["id"]

        def use(times: int) -> int:
            """Use the service so many times, and return the bytes in use afterwards."""
            for _ in range(times):
                asked = {"profile": restaurant | {"employees": 1 + next(numbers) % 9}}
                listed = client.post("/v1/recommendations", json=asked).json()
                on_list = {"recommendation_id": listed["recommendation_id"]}
                for of in (on_list, {"profile_id": profile_id}):
                    event = {
                        "id": f"event-{next(numbers):05}",
                        "kind": "view",
                        "platform_id": "sapo",
                    }
                    told = client.post("/v1/events", json={"events": [event | of]})
                    assert told.status_code == 200
                # Litestar keeps the last 1,024 addresses: those here are always the same.
                assert client.get("/v1/platforms/sapo").status_code == 200
                assert client.get("/vi/nowhere").status_code == 404
                wrong = {"sector": f"{next(numbers)}"}
                assert client.post("/v1/profiles", json=wrong).status_code == 422
            assert client.get("/health/ready").status_code == 200
            return in_use()

        use(WARM)
        before, after = (min(use(STEP) for _ in range(HALF)) for _ in range(2))
    assert (after - before) / (STEP * HALF) < LEAST_LEAK
