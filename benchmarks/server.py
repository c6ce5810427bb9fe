"""The service in processes of its own, as `smedx serve` starts it: for benchmarks and tests."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import msgspec
import psutil

from service.settings import Settings

PATIENCE = 180.0
"""Seconds after which waiting is given up: nothing waits that long unless it is broken."""


@dataclass
class Server:
    """The service, and a client of it.

    Attributes:
        process: The first of its process group.
        client: Sends requests to it.
        log: What it prints.
    """

    process: subprocess.Popen[bytes]
    client: httpx.Client
    log: Path

    @property
    def url(self) -> str:
        """Return its address."""
        return str(self.client.base_url)

    def said(self) -> str:
        """Return what it printed so far."""
        return self.log.read_text("utf-8")

    def wait_until_live(self) -> None:
        """Wait until it answers."""
        self.wait_for(lambda: self.client.get("/health/live").status_code == 200)

    def wait_until_ready(self) -> None:
        """Wait until it answers well and stores."""
        self.wait_for(lambda: self.client.get("/health/ready").status_code == 200)

    def ready(self) -> tuple[int, str]:
        """Return the status and the problems that `/health/ready` tells."""
        response = self.client.get("/health/ready")
        return response.status_code, "; ".join(response.json()["problems"])

    def wait_for(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so.

        Raises:
            AssertionError: If it has not come to be, or the service has ended.
        """
        deadline = time.monotonic() + PATIENCE
        while True:
            try:
                if condition():
                    return
            except httpx.TransportError:
                assert self.process.poll() is None, self.said()
            assert time.monotonic() < deadline, self.said()
            time.sleep(0.02)

    def cpu_seconds(self) -> float:
        """Return how long its processes have used a processor."""
        first = psutil.Process(self.process.pid)
        family = [first, *first.children(recursive=True)]
        return sum(sum(each.cpu_times()[:2]) for each in family)

    def end(self, signal: int) -> int:
        """Send a signal to the first process and return its exit code."""
        self.process.send_signal(signal)
        return self.process.wait(PATIENCE)

    def kill(self) -> None:
        """End all its processes at once, in the middle of whatever they do."""
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()

    def close(self) -> None:
        """Kill it and let go of the client."""
        self.client.close()
        self.kill()


SERVE = ("service.cli", "serve")


def start_server(
    log: Path, settings: Mapping[str, Any], folder: Path, module: Sequence[str] = SERVE
) -> Server:
    """Start `smedx serve` on a free port.

    Args:
        log: Where what it prints is written.
        settings: By the names of their environment variables; others have their default.
        folder: Where it runs.
        module: What is started in its place, and with which words.
    """
    known = {field.name.upper() for field in msgspec.structs.fields(Settings)}
    inherited = {name: text for name, text in os.environ.items() if name not in known}
    port = free_port()
    chosen = {"PORT": str(port)} | {name: str(value) for name, value in settings.items()}
    with log.open("wb") as output:
        process = subprocess.Popen(
            [sys.executable, "-m", *module],
            cwd=folder,
            env=inherited | chosen,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE)
    return Server(process, client, log)


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
