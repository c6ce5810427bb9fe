"""What a business saw when it was last here, and what it meant to look at."""

import datetime as dt

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, func, select

from service.store.queries import VERDICTS
from service.store.tables import events, exposures

INTERESTS = ("click", "save", "trial")
"""Kinds of event that say that a business looks at a platform, without saying yes or no."""


class Visit(Struct, frozen=True, kw_only=True):
    """The last list that a business was shown before some moment.

    Attributes:
        at: When.
        platform_ids: The list, in its order.
        features: The business as it was then, see `recommender.profiles.encode_features`.
        chosen: What it clicked, saved or tried until then and has said nothing more of since;
            oldest first.
    """

    at: dt.datetime
    platform_ids: tuple[str, ...]
    features: str
    chosen: tuple[str, ...]


def read_visit(connection: Connection, profile_id: str, before: dt.datetime) -> Visit | None:
    """Return the last visit of a business before some moment, or None."""
    shown = (
        select(exposures.c.at, exposures.c["items"], exposures.c.features)
        .where(exposures.c.profile_id == profile_id, exposures.c.at < before)
        .order_by(exposures.c.at.desc(), exposures.c.id)
        .limit(1)
    )
    row = connection.execute(shown).first()
    if row is None:
        return None
    items = msgspec.json.decode(row[1], type=list[_Shown])
    return Visit(
        at=row.at,
        platform_ids=tuple(item.platform_id for item in items),
        features=row.features,
        chosen=_chosen(connection, profile_id, before),
    )


class _Shown(Struct, frozen=True):
    """What is needed of an item."""

    platform_id: str


def _chosen(connection: Connection, profile_id: str, before: dt.datetime) -> tuple[str, ...]:
    """Return the platforms whose last word is one of interest, said before some moment."""
    newest_first = (events.c.at.desc(), events.c.received_at.desc(), events.c.id.desc())
    place = func.row_number().over(partition_by=events.c.platform_id, order_by=newest_first)
    last = (
        select(events.c.platform_id, events.c.kind, events.c.at, place.label("place"))
        .where(events.c.profile_id == profile_id, events.c.kind.in_((*INTERESTS, *VERDICTS)))
        .subquery()
    )
    query = (
        select(last.c.platform_id)
        .where(last.c.place == 1, last.c.kind.in_(INTERESTS), last.c.at < before)
        .order_by(last.c.at, last.c.platform_id)
    )
    return tuple(connection.execute(query).scalars())
