"""Businesses, events and exposures to store, and what is stored of them."""

import asyncio
import datetime as dt
import secrets
import threading
from typing import Any

from sqlalchemy import Table, select

from recommender.domain import BusinessProfile, Event
from recommender.domain.recommendation import Filters
from service.store import ExposedItem, Exposure, Store
from service.store.engine import make_engine
from service.store.writes import Write

NOON = dt.datetime(2026, 3, 1, 12, 0, 0, 123456, tzinfo=dt.UTC)


def new_id() -> str:
    return secrets.token_urlsafe(12)


def profile(**changes: Any) -> BusinessProfile:
    answers = {
        "legal_form": "household",
        "sector": "I",
        "employees": 4,
        "revenue_bn_vnd": 1.5,
        "province": "48",
        "sells_to_consumers": True,
        "functions": {"finance": "paper", "sales": "separate_tool"},
        "needs": ("sell-online",),
        "platforms_in_use": ("misa-cukcuk",),
    }
    return BusinessProfile(**(answers | changes))


def event(**changes: Any) -> Event:
    return Event(**({"id": new_id(), "kind": "click", "platform_id": "misa-cukcuk"} | changes))


def exposure(**changes: Any) -> Exposure:
    items = tuple(
        ExposedItem(
            platform_id=platform,
            rank=rank,
            score=1 / rank,
            probability=0.25,
            propensity=1.0,
            slot="ranked",
        )
        for rank, platform in enumerate(("sapo", "misa-cukcuk"), 1)
    )
    served = {
        "id": new_id(),
        "at": NOON,
        "profile_id": None,
        "profile": profile(),
        "model_version": "m1",
        "policy_version": "p1",
        "locale": "vi",
        "eligible": 90,
        "excluded": {"in_use": 1, "sector": 3},
        "filters": Filters(exclude=("sapo",)),
        "items": items,
    }
    return Exposure(**(served | changes))


def stored(url: str, table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table, by id."""
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(table).order_by(table.c.id)).mappings().all()
    engine.dispose()
    return [dict(row) for row in rows]


def stored_ids(url: str, table: Table) -> list[str]:
    return [row["id"] for row in stored(url, table)]


class Pause(Write[None]):
    """Holds its transaction open until told to go on."""

    def __init__(self) -> None:
        self.reached, self.go_on = threading.Event(), threading.Event()

    def apply(self, connection: Any) -> None:
        self.reached.set()
        assert self.go_on.wait(30)


async def pause(store: Store) -> tuple[Pause, asyncio.Future[None]]:
    """Hold the writer inside a transaction; what is submitted now goes into the next one."""
    held = Pause()
    done = store.journal.submit(held)
    assert await asyncio.to_thread(held.reached.wait, 30)
    return held, done
