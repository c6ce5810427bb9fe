"""A model is taken into service without a restart and without a failed request."""

import os
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import groupby

import httpx
import pytest

from service.settings import Settings

CLIENTS = 4

TAKE_OVER = 10.0
"""Seconds that a take-over may last here; two are promised of a machine that does nothing else."""


@dataclass
class Load:
    """What the clients of a server were answered, each in turn, and when.

    Attributes:
        pause: Seconds between an answer and the next request of the same client.
    """

    pause: float
    answers: list[list[tuple[float, str]]] = field(
        default_factory=lambda: [[] for _ in range(CLIENTS)]
    )
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, url, profile, answers):
        with httpx.Client(base_url=url) as client:
            while not self.over.is_set():
                try:
                    response = client.post("/v1/recommendations", json={"profile": profile})
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    continue
                if response.status_code != 200 or len(response.json()["items"]) != 10:
                    self.failures.append(response.text)
                    continue
                answers.append((time.time(), response.json()["model"]["version"]))
                time.sleep(self.pause)

    def all_are_served(self, version):
        return all(answers and answers[-1][1] == version for answers in self.answers)

    def in_turn(self):
        """Return the versions that each client saw, one after the other."""
        return [
            [version for version, _ in groupby(version for _, version in answers)]
            for answers in self.answers
        ]

    def last_of(self, version):
        """Return when the last answer of a model came."""
        return max(at for answers in self.answers for at, found in answers if found == version)


@contextmanager
def load_on(server, profile, pause=0.0):
    """Let clients ask a server all the time."""
    load = Load(pause)
    clients = [
        threading.Thread(target=load.ask, args=(server.url, profile, answers))
        for answers in load.answers
    ]
    for client in clients:
        client.start()
    try:
        yield load
    finally:
        load.over.set()
        for client in clients:
            client.join()


@pytest.fixture
def smedx(models):
    """Run a command of `smedx models` on the test's registry, in a process of its own."""

    def run(*words):
        return subprocess.run(
            [sys.executable, "-m", "service.cli", "models", *words],
            env=os.environ | {"MODELS_DIR": str(models.folder)},
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run


def test_models_are_swapped_under_load_without_a_failed_request(
    start, models, train_on, restaurant
):
    server = start()
    server.wait_until_live()
    versions = [models.current]
    with load_on(server, restaurant) as load:
        server.wait_for(lambda: load.all_are_served(versions[0]))
        for businesses in (40, 44, 48):
            versions.append(train_on(models, businesses).version)
            server.wait_for(lambda: load.all_are_served(versions[-1]))

    assert load.failures == []
    assert len(set(versions)) == 4
    assert load.in_turn() == [versions] * CLIENTS
    assert server.client.get("/health/live").json()["model"] == versions[-1]
    assert server.ready() == (200, "")


def test_promotion_and_rollback_take_effect_under_load_without_a_failed_request(
    start, models, versions, smedx, restaurant, record_property
):
    first, second, third = versions
    damaged = models.folder / third / "model.joblib"
    damaged.write_bytes(damaged.read_bytes()[:-1])
    server = start(MODEL_POLL_SECONDS=Settings().model_poll_seconds)
    server.wait_until_live()
    seconds = {}
    # The pauses leave some of a small machine to the commands.
    with load_on(server, restaurant, pause=0.05) as load:
        server.wait_for(lambda: load.all_are_served(first))
        steps = (
            ("promote", (second, "--why", "better", "--who", "Lan"), first, second),
            ("rollback", ("--why", "it was not"), second, first),
        )
        for command, words, before, after in steps:
            done = smedx(command, *words)
            assert done.returncode == 0, done.stderr
            assert models.current == after
            server.wait_for(lambda after=after: load.all_are_served(after))
            moved = (models.folder / "current").stat().st_mtime
            seconds[command] = load.last_of(before) - moved
        refused = smedx("promote", third, "--why", "newer")
        assert (refused.returncode, models.current) == (1, first)
        assert f"model {third} does not match the checksum" in refused.stderr

    assert load.failures == []
    assert load.in_turn() == [[first, second, first]] * CLIENTS
    assert sum(map(len, load.answers)) > 100
    assert [(line.version, line.why) for line in models.history.read()[-2:]] == [
        (second, "better"),
        (first, "it was not"),
    ]
    assert server.ready() == (200, "")
    for command, took in seconds.items():
        record_property(f"{command}_seconds", round(took, 2))
        print(f"{command}: the last answer of the model before came {took:.2f} s later")
        assert took < TAKE_OVER
