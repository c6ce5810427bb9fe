"""What a business saw and said before: its last list, and what it looks at."""

import datetime as dt
from typing import Literal

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, select

from service.store.queries import VERDICTS
from service.store.tables import events, exposures

Interested = Literal["click", "save", "trial"]
INTERESTED: tuple[Interested, ...] = ("click", "save", "trial")
"""Kinds of event that say that a business looks at a platform, without saying yes or no."""


class LastList(Struct, frozen=True, kw_only=True):
    """The last list that a business was shown before some moment.

    Attributes:
        at: When.
        platform_ids: What stood in it, in its order.
        features: The business as it was then, see `recommender.profiles.encode_features`.
    """

    at: dt.datetime
    platform_ids: tuple[str, ...]
    features: str


class Interest(Struct, frozen=True):
    """The last word of a business on a platform, where it says neither yes nor no."""

    platform_id: str
    kind: Interested
    at: dt.datetime


class Past(Struct, frozen=True, kw_only=True):
    """What is remembered of the visits of a business; `interests` oldest first."""

    last: LastList | None
    interests: tuple[Interest, ...]


def read_past(connection: Connection, profile_id: str, before: dt.datetime) -> Past:
    """Return the last list before some moment, and all that the business looks at by now."""
    return Past(
        last=_last(connection, profile_id, before), interests=_interests(connection, profile_id)
    )


class _Item(Struct, frozen=True):
    """What is needed of an item of a list."""

    platform_id: str


def _last(connection: Connection, profile_id: str, before: dt.datetime) -> LastList | None:
    query = (
        select(exposures.c.at, exposures.c["items"].label("shown"), exposures.c.features)
        .where(exposures.c.profile_id == profile_id, exposures.c.at < before)
        .order_by(exposures.c.at.desc(), exposures.c.id)
        .limit(1)
    )
    row = connection.execute(query).first()
    if row is None:
        return None
    items = msgspec.json.decode(row.shown, type=list[_Item])
    shown = tuple(item.platform_id for item in items)
    return LastList(at=row.at, platform_ids=shown, features=row.features)


def _interests(connection: Connection, profile_id: str) -> tuple[Interest, ...]:
    newest_first = (events.c.at.desc(), events.c.received_at.desc(), events.c.id.desc())
    place = func.row_number().over(partition_by=events.c.platform_id, order_by=newest_first)
    said = (
        select(events.c.platform_id, events.c.kind, events.c.at, place.label("place"))
        .where(events.c.profile_id == profile_id, events.c.kind.in_((*INTERESTED, *VERDICTS)))
        .subquery()
    )
    query = (
        select(said.c.platform_id, said.c.kind, said.c.at)
        .where(said.c.place == 1, said.c.kind.in_(INTERESTED))
        .order_by(said.c.at, said.c.platform_id)
    )
    return tuple(Interest(*row) for row in connection.execute(query))
