"""While the database takes nothing, the service recommends; then it goes on by itself."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import make_url

from benchmarks.server import Server
from benchmarks.visitors import Batch, Visitors

FAULTS = ("server stopped", "file locked", "file gone", "disk full")

LEAST_FILE = 65_536
"""Bytes that the log of the process does not reach, and that of the database soon does."""


@dataclass
class Fault:
    """Something that happens to a database.

    Attributes:
        url: The database.
        on: Lets it happen for as long as the context lasts.
    """

    url: str
    on: Callable[[Server], AbstractContextManager[None]]


@pytest.fixture(params=FAULTS)
def fault(request) -> Fault:
    if request.param == "server stopped":
        server = request.getfixturevalue("postgres")

        @contextmanager
        def stopped(_: Server) -> Iterator[None]:
            server.stop()
            try:
                yield
            finally:
                server.ensure_postgres_running()

        return Fault(request.getfixturevalue("postgresql_database"), stopped)

    url = request.getfixturevalue("sqlite_database")
    path = Path(make_url(url).database)

    @contextmanager
    def locked(_: Server) -> Iterator[None]:
        with closing(sqlite3.connect(path, isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield

    @contextmanager
    def gone(_: Server) -> Iterator[None]:
        away = path.parent.rename(path.parent.with_name("away"))
        yield
        away.rename(path.parent)

    @contextmanager
    def full(server: Server) -> Iterator[None]:
        """Let none of its files grow any more, as if the disk had no room."""
        log = path.with_name(f"{path.name}-wal")
        server.wait_for(lambda: log.stat().st_size > LEAST_FILE)
        limit, process = resource.RLIMIT_FSIZE, server.process.pid
        before = resource.prlimit(process, limit, (LEAST_FILE, resource.RLIM_INFINITY))
        yield
        resource.prlimit(process, limit, before)

    return Fault(url, {"file locked": locked, "file gone": gone, "disk full": full}[request.param])


def test_through_an_outage_it_recommends_answers_for_nothing_unstored_and_then_goes_on(
    start, models, restaurant, fault
):
    server = start(DATABASE_URL=fault.url)
    server.wait_until_ready()
    profile_id = server.client.post("/v1/profiles", json=restaurant).json()["id"]
    event = {"id": "visit-in-it", "kind": "save", "platform_id": "sapo", "profile_id": profile_id}

    def send():
        return server.client.post("/v1/events", json={"events": [event]})

    visitors = Visitors(server.url, "visit", [profile_id])
    with visitors.running():
        server.wait_for(lambda: len(visitors.answered) > 50)
        with fault.on(server):
            refused = send()
            assert refused.status_code == 503, refused.text
            assert int(refused.headers["Retry-After"]) > 0
            status, problems = server.ready()
            assert (status, problems.startswith("database: ")) == (503, True)
            answer = server.client.post("/v1/recommendations", json={"profile": restaurant})
            assert answer.status_code == 200
            assert answer.json()["model"]["version"] == models.current
            assert server.client.get("/health/live").status_code == 200
        server.wait_for(lambda: server.ready() == (200, ""))
        answered = len(visitors.answered)
        server.wait_for(lambda: len(visitors.answered) > answered + 50)
    assert {'"status":503' in text for text in visitors.refused} == {True}
    assert not visitors.judge(fault.url, 0.0).faulty

    visitors.send_again(server.client)
    for _ in range(2):
        assert send().status_code == 200
    visitors.batches.append(Batch([event], answered=True))
    found = visitors.judge(fault.url, 0.0)
    assert found.answered == sum(len(batch.events) for batch in visitors.batches)
    assert (found.faulty, found.lists_lost) == (False, 0)
    assert server.said().count("Traceback") == 0


@pytest.mark.parametrize("fault", ["disk full"], indirect=True)
def test_a_full_disk_is_told_though_nobody_else_writes(start, models, restaurant, fault):
    server = start(DATABASE_URL=fault.url)
    server.wait_until_ready()
    for _ in range(40):
        assert server.client.post("/v1/profiles", json=restaurant).status_code == 201
    with fault.on(server):
        status, problems = server.ready()
        assert (status, problems.startswith("database: ")) == (503, True)
    server.wait_for(lambda: server.ready() == (200, ""))
