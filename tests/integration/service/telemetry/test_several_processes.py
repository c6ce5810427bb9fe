"""Several processes behind one port tell one set of metrics, whoever of them is asked."""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

WORKERS, CLIENTS, REQUESTS = 2, 4, 40
COUNTED = {
    "smedx_requests_total": {"route": "/v1/recommendations", "status": "200"},
    "smedx_request_seconds_count": {"route": "/v1/recommendations"},
    "smedx_answers_total": {},
    "smedx_businesses_total": {"sector": "I56"},
    "smedx_journal_writes_total": {},
    "smedx_journal_commit_rows_sum": {},
}


@pytest.fixture
def server(start, models):
    server = start(WORKERS=WORKERS, ACCESS_LOG="true")
    server.wait_for(lambda: server.ready() == (200, ""))
    return server


@pytest.fixture
def ask(server, restaurant):
    """Let some clients ask at once, each on new connections, as many times as is said in all."""

    def client(_: int) -> None:
        for _ in range(REQUESTS):
            with httpx.Client(base_url=server.url, timeout=60) as own:
                answer = own.post("/v1/recommendations", json={"profile": restaurant})
                assert answer.status_code == 200

    def ask_all() -> int:
        with ThreadPoolExecutor(CLIENTS) as pool:
            list(pool.map(client, range(CLIENTS)))
        return CLIENTS * REQUESTS

    return ask_all


@pytest.fixture
def told(server, read_metrics):
    """Return the figures that one process tells, by a connection of its own."""

    def read() -> dict[str, float]:
        with httpx.Client(base_url=server.url, timeout=60) as client:
            found = read_metrics(client)
        return {name: found.value(name, **labels) for name, labels in COUNTED.items()}

    return read


def test_each_tells_what_all_of_them_counted_and_those_that_were_killed(
    server, ask, told, log_lines
):
    number = ask()
    processes = {line["process"] for line in log_lines(server, route="/v1/recommendations")}
    assert len(processes) == WORKERS
    server.wait_for(lambda: min(told().values()) >= number)  # the journal is told once a second
    figures = [told() for _ in range(30)]
    assert len({line["process"] for line in log_lines(server, route="/metrics")}) == WORKERS
    for each in figures:
        # Each look at the health asks the journal to store nothing, and counts as a write.
        stored = each.pop("smedx_journal_writes_total"), each.pop("smedx_journal_commit_rows_sum")
        assert min(stored) >= number
        assert set(each.values()) == {number}

    os.kill(processes.pop(), signal.SIGKILL)
    number += ask()
    server.wait_for(lambda: told()["smedx_answers_total"] == number)
    assert told()["smedx_requests_total"] == number
    assert "Traceback" not in server.said()


HOLD = """
from service.telemetry.processes import shared_folder

with shared_folder(2):
    print(flush=True)
    input()
"""


def test_the_next_start_removes_what_one_that_was_killed_left_and_nothing_else(tmp_path):
    def begin() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-c", HOLD],
            env=os.environ | {"TMPDIR": str(tmp_path)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        process.stdout.readline()
        for folder in tmp_path.iterdir():
            os.utime(folder, (0, 0))  # long ago
        return process

    def folders() -> set[str]:
        return {path.name for path in tmp_path.iterdir()}

    with begin() as killed, begin() as running:
        both = folders()
        killed.kill()
        killed.wait()
        with begin() as last:
            kept = folders()
            assert len(kept & both) == len(kept - both) == 1
            last.communicate("\n")
        assert folders() == kept & both
        running.communicate("\n")
    assert folders() == set()
