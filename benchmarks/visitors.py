"""Clients that ask for lists and tell what they do with them; and what must then be stored."""

import random
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx
from sqlalchemy import select

from benchmarks.server import PATIENCE
from service.store.engine import make_engine
from service.store.tables import events, exposures

CLIENTS = 6
KINDS = ("view", "click", "save", "trial")

RESTAURANT = {
    "legal_form": "household",
    "sector": "I",
    "employees": 4,
    "province": "48",
    "sells_to_consumers": True,
}


@dataclass
class Batch:
    """Events that were sent together, and whether that was answered."""

    events: list[dict[str, Any]]
    answered: bool = False


@dataclass
class Judgement:
    """What of some events is stored.

    Attributes:
        answered: Events that were answered.
        lost: Those of them that are not stored, or not as they were sent.
        duplicates: Events that are stored more than once, or that nobody sent.
        torn: Batches that are stored in part.
        lists: Lists that were answered.
        lists_lost: Those of them that are not stored.
        lists_lost_ms: How long before the kill the first of these was answered, in milliseconds.
        orphans: Stored events on lists that are not stored.
    """

    answered: int = 0
    lost: int = 0
    duplicates: int = 0
    torn: int = 0
    lists: int = 0
    lists_lost: int = 0
    lists_lost_ms: float = 0.0
    orphans: int = 0

    @property
    def faulty(self) -> bool:
        """Whether anything is not as it was answered."""
        return any((self.lost, self.duplicates, self.torn, self.orphans))

    def add(self, other: "Judgement") -> None:
        """Add another one's figures; of the time, the longer counts."""
        longest = max(self.lists_lost_ms, other.lists_lost_ms)
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)
        self.lists_lost_ms = longest


@dataclass
class Visitors:
    """Clients that go on until the service is gone, or until they are stopped.

    Attributes:
        url: Where the service is.
        prefix: How the ids of their events begin; those of others do not.
        profiles: Ids of stored businesses.
        headers: Of each request.
        batches: What was sent.
        lists: When each answered list was answered, by id (monotonic seconds).
        refused: What was answered with anything but 200.
    """

    url: str
    prefix: str
    profiles: list[str]
    headers: dict[str, str] = field(default_factory=dict)
    batches: list[Batch] = field(default_factory=list)
    lists: dict[str, float] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    @contextmanager
    def running(self) -> Iterator[None]:
        """Let them visit."""
        threads = [threading.Thread(target=self._visit, args=(i,)) for i in range(CLIENTS)]
        for thread in threads:
            thread.start()
        try:
            yield
        finally:
            self.over.set()
            for thread in threads:
                thread.join()

    @property
    def answered(self) -> list[str]:
        """Ids of the events that were answered."""
        return [event["id"] for batch in self.batches if batch.answered for event in batch.events]

    def send_again(self, client: httpx.Client) -> None:
        """Send what was not answered once more, with the same ids."""
        for batch in self.batches:
            if not batch.answered:
                self._tell(client, batch)

    def judge(self, database: str, killed: float) -> Judgement:
        """Compare what was answered with what is stored.

        Args:
            database: Its URL.
            killed: When the service was killed (monotonic seconds).
        """
        rows, lists = stored(database, self.prefix)
        found = {row["id"]: row for row in rows}
        sent = {event["id"]: event for batch in self.batches for event in batch.events}
        times = Counter(row["id"] for row in rows)
        answered = self.answered
        gone = {id_: at for id_, at in list(self.lists.items()) if id_ not in lists}
        parts = [sum(event["id"] in found for event in batch.events) for batch in self.batches]
        named = [row["recommendation_id"] for row in rows if row["recommendation_id"]]
        return Judgement(
            answered=len(answered),
            lost=sum(not _same(sent[id_], found.get(id_)) for id_ in answered),
            duplicates=sum(times.values()) - len(set(times) & set(sent)),
            torn=sum(
                0 < part < len(batch.events)
                for part, batch in zip(parts, self.batches, strict=True)
            ),
            lists=len(self.lists),
            lists_lost=len(gone),
            lists_lost_ms=1000 * max((killed - at for at in gone.values()), default=0.0),
            orphans=sum(id_ not in lists for id_ in named),
        )

    def _visit(self, number: int) -> None:
        chance = random.Random(f"{self.prefix}{number}")
        count = 0
        with httpx.Client(base_url=self.url, headers=self.headers, timeout=PATIENCE) as client:
            while not self.over.is_set():
                whose = {"profile_id": chance.choice(self.profiles)}
                try:
                    if chance.random() < 0.5:
                        asked = whose if chance.random() < 0.5 else {"profile": RESTAURANT}
                        answer = client.post("/v1/recommendations", json={**asked, "n": 3})
                        if answer.status_code != 200:
                            self.refused.append(answer.text)
                            continue
                        id_ = answer.json()["recommendation_id"]
                        self.lists[id_] = time.monotonic()
                        whose = {"recommendation_id": id_}
                    size = chance.choice((1, 1, 3, 20))
                    batch = Batch(
                        [
                            {
                                "id": f"{self.prefix}-{number}-{count + i}",
                                "kind": chance.choice(KINDS),
                                "platform_id": "sapo",
                                **whose,
                            }
                            for i in range(size)
                        ]
                    )
                    count += size
                    self.batches.append(batch)
                    self._tell(client, batch)
                except httpx.TransportError:
                    return

    def _tell(self, client: httpx.Client, batch: Batch) -> None:
        answer = client.post("/v1/events", json={"events": batch.events})
        batch.answered = answer.status_code == 200
        if not batch.answered:
            self.refused.append(answer.text)


def stored(database: str, prefix: str) -> tuple[list[dict[str, Any]], set[str]]:
    """Return the stored events whose ids begin so, and the ids of all stored lists."""
    engine = make_engine(database)
    try:
        with engine.connect() as connection:
            own = select(events).where(events.c.id >= prefix, events.c.id < f"{prefix}~")
            rows = [dict(row) for row in connection.execute(own).mappings()]
            return rows, set(connection.scalars(select(exposures.c.id)))
    finally:
        engine.dispose()


def _same(sent: dict[str, Any], found: dict[str, Any] | None) -> bool:
    return found is not None and all(found[name] == value for name, value in sent.items())
