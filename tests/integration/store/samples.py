"""Businesses, events and exposures to store, and what is stored and exported of them."""

import asyncio
import datetime as dt
import secrets
import threading
from collections.abc import Awaitable, Callable
from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd
from sqlalchemy import Table, select

from recommender.domain import BusinessProfile, Event, Reference, load_reference
from recommender.domain.recommendation import Explored, Filters
from recommender.profiles import encode_features, profile_row
from service.settings import packaged_data
from service.store import Choice, ExposedItem, Exposure, Store
from service.store.engine import make_engine
from service.store.records import PURPOSES
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


@cache
def reference() -> Reference:
    return load_reference(packaged_data())


def features(**changes: Any) -> str:
    """Return a business as it is seen."""
    seen = reference().normalise(profile(**changes))
    return encode_features(profile_row("", seen, reference()))


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
        "features": features(),
        "model_version": "m1",
        "policy_version": "p1",
        "seed": "business-1:2026-03-01",
        "locale": "vi",
        "eligible": 90,
        "excluded": {"in_use": 1, "sector": 3},
        "filters": Filters(exclude=("sapo",)),
        "items": items,
        "explored": None,
        "improve": "profile_id" not in changes,
    }
    return Exposure(**(served | changes))


def choice(*granted: str, **changes: Any) -> Choice:
    return Choice(**({"granted": frozenset(granted), "version": "vi-1", "how": "page"} | changes))


async def remember(store: Store, id_: str, told: BusinessProfile) -> None:
    """Store a business that agreed to everything."""
    await store.save_profile(id_, told, choice(*PURPOSES))


DRAW = Explored(
    rank=2, ranks=(1, 2), platform_ids=("misa-cukcuk", "kiotviet"), chances=(0.75, 0.25)
)
"""A draw from which that list comes."""


def stored(url: str, table: Table) -> list[dict[str, Any]]:
    """Return the rows of a table, in the order of its key."""
    engine = make_engine(url)
    with engine.connect() as connection:
        rows = connection.execute(select(table).order_by(*table.primary_key)).mappings().all()
    engine.dispose()
    return [dict(row) for row in rows]


def stored_ids(url: str, table: Table) -> list[str]:
    return [row["id"] for row in stored(url, table)]


def run(url: str, work: Callable[[Store], Awaitable[object]]) -> None:
    """Fill a database through the store."""

    async def fill() -> None:
        store = Store(url)
        store.start()
        await work(store)
        await store.close()

    asyncio.run(fill())


FILES = ("profiles", "exposures", "slots", "events")


def read_snapshot(folder: Path) -> dict[str, pd.DataFrame]:
    return {name: pd.read_parquet(folder / f"{name}.parquet") for name in FILES}


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
