"""Does the service stay as large as it is? `make bench-memory`.

Sends a million requests of all kinds to the real service, and reads after each twentieth of them
how much memory its process holds. The table goes to `benchmarks/faults.md`; the last line is JSON.
"""

import argparse
import json
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import psutil

from benchmarks.machine import machine_and_commit
from benchmarks.page import write_part
from benchmarks.plain_client import plain_client
from benchmarks.server import start_server
from benchmarks.small_model import train_small
from benchmarks.visitors import RESTAURANT

REQUESTS, STEPS, CLIENTS = 1_000_000, 20, 3


def send(url: str, name: str, profile_id: str, requests: int) -> None:
    """Send so many requests, one after the other: of three, one list, one event, one to read.

    Raises:
        AssertionError: If one is not answered as it should be.
    """
    with plain_client(url) as client:
        for number in range(requests // 3):
            # No two alike: the lists that are kept for those who ask again come and go.
            profile = RESTAURANT | {"revenue_bn_vnd": 1 + number / 1e7}
            listed = client.ask("POST", "/v1/recommendations", {"profile": profile, "n": 3})
            event = {
                "id": f"visit-{name}-{number}",
                "kind": "view",
                "platform_id": listed["items"][0]["platform"]["id"],
                "profile_id": profile_id,
            }
            client.ask("POST", "/v1/events", {"events": [event]})
            client.ask("GET", f"/v1/platforms/sapo?visit={name}-{number}")


def main() -> None:
    """Send them and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--requests", type=int, default=REQUESTS)
    asked = parser.parse_args()
    each = asked.requests // STEPS
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        train_small(folder)
        settings = {
            "MODELS_DIR": folder / "models",
            "DATABASE_URL": f"sqlite:///{folder}/store.sqlite3",
        }
        server = start_server(folder / "log", settings, folder)
        try:
            server.wait_until_ready()
            profile_id = server.client.post("/v1/profiles", json=RESTAURANT).json()["id"]
            process = psutil.Process(server.process.pid)
            held = [process.memory_info().rss / 1e6]
            started = time.monotonic()
            with ProcessPoolExecutor(CLIENTS) as clients:
                for step in range(STEPS):
                    sent = [
                        clients.submit(
                            send, server.url, f"{step}-{client}", profile_id, each // CLIENTS
                        )
                        for client in range(CLIENTS)
                    ]
                    for client in sent:
                        client.result()
                    held.append(process.memory_info().rss / 1e6)
                    line = {"requests": (step + 1) * each, "mb": round(held[-1], 1)}
                    print(json.dumps(line), flush=True)
            seconds = time.monotonic() - started
        finally:
            server.close()
    write_part("faults.md", "Memory", _table(held, each))
    half = len(held) // 2
    found = {
        "requests": STEPS * each,
        "requests_per_s": round(STEPS * each / seconds),
        "start_mb": round(held[0], 1),
        "half_mb": round(held[half], 1),
        "end_mb": round(held[-1], 1),
    }
    print(json.dumps(found))


def _table(held: list[float], each: int) -> str:
    lines = [
        f"Made by `make bench-memory` on {machine_and_commit()}. A third of the requests are",
        "lists, a third events, a third reads, each of another address. SQLite fills its page",
        "cache first, 64 MiB for the writer.",
        "",
        "| requests | MB held |",
        "|---|---|",
    ]
    lines += [f"| {step * each:,} | {megabytes:.0f} |" for step, megabytes in enumerate(held)]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
