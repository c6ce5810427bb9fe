"""Load on a server, and how soon it answers: by `wrk` where it is installed, else by our own.

What stands as `NUMBER` in a body becomes the number of the request, so that no two are the same.
"""

import http.client
import itertools
import json
import multiprocessing
import os
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

NUMBER = "@@@@@@@@"
SCRIPT = Path(__file__).with_name("load.lua")
HAS_WRK = shutil.which("wrk") is not None


class Target(NamedTuple):
    """What is asked: one body after the other is posted to an address.

    Attributes:
        address: Host and port.
        path: Of the handler.
        bodies: JSON, each on one line.
        key: Sent as a bearer token where it is not empty.
    """

    address: str
    path: str
    bodies: Sequence[str]
    key: str = ""

    @property
    def authorization(self) -> str:
        """Return the header that tells the key."""
        return f"Bearer {self.key}"


class Figures(NamedTuple):
    """How a target answered under load.

    Attributes:
        answered: Requests that were answered as they should.
        failed: Those that were not.
        seconds: How long it lasted.
        p50: Median time to answer, milliseconds.
        p95: Time within which 95 of 100 were answered, milliseconds.
        p99: Likewise, 99 of 100.
    """

    answered: int
    failed: int
    seconds: float
    p50: float
    p95: float
    p99: float

    @property
    def rps(self) -> float:
        """Return answered requests a second."""
        return self.answered / self.seconds


def drive(target: Target, concurrency: int, seconds: int) -> Figures:
    """Keep so many requests under way for so many seconds."""
    return (_by_wrk if HAS_WRK else _by_processes)(target, concurrency, seconds)


def _by_wrk(target: Target, concurrency: int, seconds: int) -> Figures:
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file:
        file.write("\n".join(target.bodies))
        file.flush()
        wrk = ["wrk", "-t1", f"-c{concurrency}", f"-d{seconds}", "--timeout=60", f"-s{SCRIPT}"]
        url = f"http://{target.address}{target.path}"
        script = ["--", file.name, target.authorization]
        told = subprocess.run([*wrk, url, *script], check=True, capture_output=True, text=True)
    return Figures(**json.loads(told.stdout.splitlines()[-1]))


def _by_processes(target: Target, concurrency: int, seconds: int) -> Figures:
    """Share the clients out to as many processes as there are cores."""
    processes = min(concurrency, os.cpu_count() or 1)
    shares = [len(range(number, concurrency, processes)) for number in range(processes)]
    asked = [(target, share, seconds, number) for number, share in enumerate(shares)]
    started = time.perf_counter()
    with multiprocessing.get_context("spawn").Pool(processes) as pool:
        parts = pool.starmap(_ask, asked)
    took = min(seconds, time.perf_counter() - started)
    times = 1000 * np.concatenate([part[0] for part in parts])
    p50, p95, p99 = np.percentile(times, [50, 95, 99]).tolist()
    failed = sum(part[1] for part in parts)
    return Figures(len(times) - failed, failed, took, p50, p95, p99)


def _ask(target: Target, clients: int, seconds: int, part: int) -> tuple[list[float], int]:
    """Return the times of all requests of some clients, in seconds, and how many failed."""
    times: list[float] = []
    failures: list[int] = []
    numbers = itertools.count(part * 10_000_000)
    headers = {"Content-Type": "application/json", "Authorization": target.authorization}
    until = time.perf_counter() + seconds

    def ask() -> None:
        connection = http.client.HTTPConnection(target.address)
        while (begun := time.perf_counter()) < until:
            number = next(numbers)
            body = target.bodies[number % len(target.bodies)].replace(NUMBER, f"{number:08}")
            connection.request("POST", target.path, body.encode(), headers)
            answer = connection.getresponse()
            answer.read()
            times.append(time.perf_counter() - begun)
            if answer.status != 200:
                failures.append(answer.status)

    threads = [threading.Thread(target=ask) for _ in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return times, len(failures)
