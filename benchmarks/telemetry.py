"""What telemetry costs a request, and what it costs to read the metrics.

`python -m benchmarks.telemetry` calls it as the application does, with the answer left out: alone,
then as one of several processes, whose counts stand in files.
"""

import asyncio
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np

from service.store.engine import make_engine
from service.store.journal import Journal
from service.telemetry.answers import count_answer
from service.telemetry.journal import JournalCounts
from service.telemetry.mix import drift_of
from service.telemetry.processes import FOLDER, exposition, shared_folder
from service.telemetry.requests import Observed

REQUESTS, ROUNDS = 20_000, 5
SECTORS, SIZES, FORMS = 21, 5, 3

START = {"type": "http.response.start", "status": 200, "headers": []}


async def measure_requests() -> None:
    """Print the best of some rounds for what every request passes."""

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        await receive()
        scope["path_template"] = "/v1/recommendations"
        await send({**START})

    async def receive() -> Any:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:
        pass

    headers = [(f"header-{i}".encode(), b"value") for i in range(8)]

    async def took(app: Any) -> float:
        rounds = []
        for _ in range(ROUNDS):
            began = time.perf_counter()
            for _ in range(REQUESTS):
                await app({"type": "http", "method": "POST", "headers": headers}, receive, send)
            rounds.append((time.perf_counter() - began) / REQUESTS * 1e6)
        return min(rounds)

    extra = -await took(answer) + await took(Observed(answer))
    print(f"{'a request (id, route, status, duration)':<44}{extra:6.2f} µs")


def measure(name: str, work: Callable[[], object], times: int, unit: str) -> None:
    """Print the best of some rounds."""
    rounds = []
    for _ in range(ROUNDS):
        began = time.perf_counter()
        for _ in range(times):
            work()
        rounds.append((time.perf_counter() - began) / times)
    print(f"{name:<44}{min(rounds) * {'µs': 1e6, 'ms': 1e3}[unit]:6.2f} {unit}")


def main() -> None:
    """Print the figures of this process."""
    asyncio.run(measure_requests())
    profile = SimpleNamespace(sector="I", legal_form="household")
    items = [SimpleNamespace(slot="ranked")] * 9 + [SimpleNamespace(slot="explore")]
    answer: Any = SimpleNamespace(
        items=items,
        model=SimpleNamespace(version="20260101T000000Z-0000"),
        size_class=SimpleNamespace(code="household"),
    )
    measure(
        "a list (model, arm, business)", lambda: count_answer(profile, answer, None), REQUESTS, "µs"
    )  # type: ignore[arg-type]
    journal = JournalCounts(Journal(make_engine("sqlite:///never-opened.sqlite3")))
    measure("the journal, once a second", journal.publish, REQUESTS, "µs")
    measure("reading the metrics", exposition, 20, "ms")
    random = np.random.default_rng(0)
    kinds = [
        (f"s{s}", f"z{z}", f"f{f}")
        for s in range(SECTORS)
        for z in range(SIZES)
        for f in range(FORMS)
    ]
    asked = Counter(dict(zip(kinds, random.integers(1, 200, len(kinds)).tolist(), strict=True)))
    learned = {
        "businesses": 50_000,
        "fields": {
            name: {f"{name[0] if name != 'size' else 'z'}{i}": 1 / n for i in range(n)}
            for name, n in (("sector", SECTORS), ("size", SIZES), ("form", FORMS))
        },
    }
    measure("the drift, when the metrics are read", lambda: drift_of(asked, learned), 20, "ms")


if __name__ == "__main__":
    main()
    if FOLDER not in __import__("os").environ:
        with shared_folder(2):
            print("\nas one of several processes")
            subprocess.run([sys.executable, "-m", "benchmarks.telemetry"], check=True)
