"""Clients that ask a server all the time, and what they were answered."""

import threading
import time
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import cycle, groupby
from typing import Any

import httpx

CLIENTS = 4

PROMISED = 2.0
"""Seconds within which a model takes over: so fast is one of several take-overs here, at least."""

TAKE_OVER = 10.0
"""Seconds that any take-over may last on a machine that is busy with other things."""


@dataclass
class Load:
    """What the businesses were answered, each in turn, and when.

    Attributes:
        pause: Seconds between an answer and the next request of the same client.
        told: Says by what an answer was made: by which version of the model, where left out.
        answers: The times and versions, a list for each business.
    """

    pause: float
    told: Callable[[Any], str]
    answers: list[list[tuple[float, str]]]
    failures: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def ask(self, url, businesses):
        asked = {"consent": ["improve"]}
        with httpx.Client(base_url=url) as client:
            for profile, answers in cycle(businesses):
                if self.over.is_set():
                    return
                try:
                    response = client.post("/v1/recommendations", json=asked | {"profile": profile})
                except httpx.HTTPError as error:
                    self.failures.append(repr(error))
                    continue
                if response.status_code != 200 or len(response.json()["items"]) != 10:
                    self.failures.append(response.text)
                    continue
                answers.append((time.time(), self.told(response.json())))
                time.sleep(self.pause)

    def are_served(self, versions):
        """Return whether each business was last served by its version."""
        pairs = zip(self.answers, versions, strict=True)
        return all(answers and answers[-1][1] == version for answers, version in pairs)

    def all_are_served(self, version):
        return self.are_served([version] * len(self.answers))

    def in_turn(self):
        """Return the versions that each business saw, one after the other."""
        return [
            [version for version, _ in groupby(version for _, version in answers)]
            for answers in self.answers
        ]

    def last_of(self, version, businesses=None):
        """Return when the last answer of a model came, to some businesses or to any."""
        numbers = range(len(self.answers)) if businesses is None else businesses
        found = (answer for number in numbers for answer in self.answers[number])
        return max(at for at, by in found if by == version)


@contextmanager
def load_on(server, profiles, pause=0.0, told=lambda answer: answer["model"]["version"]):
    """Let clients ask a server for these businesses, each client for its own, all the time."""
    load = Load(pause, told, [[] for _ in profiles])
    businesses = list(zip(profiles, load.answers, strict=True))
    clients = [
        threading.Thread(target=load.ask, args=(server.url, businesses[number::CLIENTS]))
        for number in range(CLIENTS)
    ]
    for client in clients:
        client.start()
    try:
        yield load
    finally:
        load.over.set()
        for client in clients:
            client.join()
