"""Four workers on one PostgreSQL are one service: they serve, log and keep limits together."""

import signal
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest
from click.testing import CliRunner

from benchmarks.server import PATIENCE
from benchmarks.visitors import Visitors
from service.access.bucket import Limit
from service.access.limiter import slice_of
from service.cli import main

WORKERS = 4
PLATFORM = "/v1/platforms/sapo"


@pytest.fixture
def new_key(postgresql_database):
    """Create a key with a limit, and return the header that shows it."""

    def create(limit: Limit) -> dict[str, str]:
        line = f"keys create --kind secret --name test --rate {limit.rate} --burst {limit.burst}"
        settings = {"DATABASE_URL": postgresql_database}
        result = CliRunner().invoke(main, line.split(), env=settings)
        assert result.exit_code == 0, result.output
        return {"Authorization": f"Bearer {result.stdout.strip()}"}

    return create


def those_that_serve(server) -> set[int]:
    """Return which of its processes have a connection with a client."""
    return {
        process.pid
        for process in psutil.Process(server.process.pid).children(recursive=True)
        for connection in process.net_connections("tcp4")
        if connection.status == psutil.CONN_ESTABLISHED
    }


def test_four_workers_serve_log_keep_a_limit_and_drain(
    start, models, restaurant, postgresql_database, new_key
):
    free, limit = Limit(rate=100_000, burst=100_000), Limit(rate=5, burst=40)
    many, few = new_key(free), new_key(limit)
    server = start(HOST="0.0.0.0", WORKERS=WORKERS, DATABASE_URL=postgresql_database)
    server.wait_until_ready()
    serving: set[int] = set()

    def ask(headers: dict[str, str]) -> int:
        with httpx.Client(base_url=server.url, headers=headers, timeout=PATIENCE) as client:
            status = client.get(PLATFORM).status_code
            serving.update(those_that_serve(server) if len(serving) < WORKERS else ())
        return status

    server.wait_for(lambda: ask(many) == 200 and len(serving) == WORKERS)

    started = time.monotonic()
    with ThreadPoolExecutor(8) as clients:
        statuses = list(clients.map(ask, [few] * 400))
    seconds = time.monotonic() - started
    assert set(statuses) == {200, 429}
    held = WORKERS * slice_of(limit)
    assert limit.burst - held <= statuses.count(200) <= limit.burst + limit.rate * seconds + held

    stored = server.client.post("/v1/profiles", json=restaurant, headers=many)
    visitors = Visitors(server.url, "visit", [stored.json()["id"]], many)
    with visitors.running():
        server.wait_for(lambda: len(visitors.answered) > 400 and len(visitors.lists) > 50)
        assert server.end(signal.SIGTERM) == 0, server.said()
    assert visitors.refused == []
    found = visitors.judge(postgresql_database, 0.0)
    assert (found.faulty, found.lists_lost) == (False, 0)
    assert found.lists > 50
    assert "Traceback" not in server.said()
