"""However the process ends, what it answered is stored, and the next one goes on from there."""

import random
import signal
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import closing, contextmanager

import httpx

CLIENTS, PER_REQUEST = 6, 3


class Senders:
    """Clients that send events as fast as they are answered, until the service is gone."""

    def __init__(self, url: str, profile_id: str, prefix: str) -> None:
        self.sent: list[dict] = []
        self.answered: list[str] = []
        self.refused: list[str] = []
        self.over = threading.Event()
        self._url, self._profile_id, self._prefix = url, profile_id, prefix
        self._threads = [threading.Thread(target=self._send, args=(i,)) for i in range(CLIENTS)]

    @contextmanager
    def running(self) -> Iterator[None]:
        for thread in self._threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in self._threads:
                thread.join()

    def _send(self, number: int) -> None:
        count = 0
        with httpx.Client(base_url=self._url) as client:
            while not self.over.is_set():
                batch = [self._event(f"{number}-{count + i}") for i in range(PER_REQUEST)]
                count += PER_REQUEST
                self.sent += batch
                try:
                    response = client.post("/v1/events", json={"events": batch})
                except httpx.TransportError:
                    return
                if response.status_code == 200:
                    self.answered += response.json()["stored"]
                else:
                    self.refused.append(response.text)

    def _event(self, name: str) -> dict:
        return {
            "id": f"{self._prefix}-event-{name}",
            "kind": "click",
            "platform_id": "sapo",
            "profile_id": self._profile_id,
        }


def stored_events(folder) -> Counter[str]:
    """Return how often each event id is stored."""
    with closing(sqlite3.connect(folder / "store.db")) as connection:
        return Counter(id_ for (id_,) in connection.execute("SELECT id FROM events"))


def test_killing_it_at_any_moment_loses_no_answered_event_and_doubles_none(
    start, models, restaurant, tmp_path
):
    chance = random.Random(20260301)
    server = start()
    server.wait_until_live()
    profile_id = server.client.post("/v1/profiles", json=restaurant).json()["id"]
    expected: Counter[str] = Counter()
    for round_ in range(3):
        senders = Senders(server.url, profile_id, f"round-{round_}")
        moment = chance.randint(20, 400)
        with senders.running():
            server.wait_for(lambda: len(senders.answered) > moment)  # noqa: B023
            server.end(signal.SIGKILL)
        assert senders.refused == []

        server = start()
        server.wait_until_live()
        stored = stored_events(tmp_path)
        assert set(senders.answered) <= set(stored)
        assert set(stored) - set(expected) <= {event["id"] for event in senders.sent}

        # The clients do not know which ones arrived: they send them all again.
        for i in range(0, len(senders.sent), 1000):
            again = {"events": senders.sent[i : i + 1000]}
            assert server.client.post("/v1/events", json=again).status_code == 200
        expected.update(event["id"] for event in senders.sent)
        assert stored_events(tmp_path) == expected


def test_a_term_signal_lets_it_finish_and_the_next_start_keeps_everything(
    start, models, restaurant, tmp_path
):
    server = start()
    server.wait_until_live()
    stored = server.client.post("/v1/profiles", json=restaurant).json()
    of = {"profile_id": stored["id"]}
    before = server.client.post("/v1/recommendations", json=of).json()
    dismissed = before["items"][0]["platform"]["id"]
    event = {"id": "dismissed-before", "kind": "dismiss", "platform_id": dismissed} | of
    assert server.client.post("/v1/events", json={"events": [event]}).status_code == 200

    senders = Senders(server.url, stored["id"], "drained")
    with senders.running():
        server.wait_for(lambda: len(senders.answered) > 100)
        assert server.end(signal.SIGTERM) == 0, server.said()
    assert senders.refused == []
    assert stored_events(tmp_path) == Counter([*senders.answered, "dismissed-before"])
    assert "Traceback" not in server.said()

    server = start()
    server.wait_until_live()
    assert server.ready() == (200, "")
    assert server.client.get(f"/v1/profiles/{stored['id']}").json() == stored
    after = server.client.post("/v1/recommendations", json=of).json()
    assert after["model"] == before["model"]
    assert after["excluded"]["dismissed"] == 1
    assert dismissed not in [item["platform"]["id"] for item in after["items"]]
    on_the_first_list = {"recommendation_id": before["recommendation_id"], "id": "clicked-after"}
    event = {"kind": "click", "platform_id": dismissed} | on_the_first_list
    assert server.client.post("/v1/events", json={"events": [event]}).status_code == 200
