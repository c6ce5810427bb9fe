"""What is read from the store, one round trip each."""

from collections.abc import Collection
from itertools import groupby
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Connection, Row, Select, func, select

from recommender.domain import BusinessProfile
from service.store.records import LENT_FOR, Draft, History, StoredProfile, Unreadable, now
from service.store.tables import drafts, events, lendings, profiles

Decoded = TypeVar("Decoded")

VERDICTS = ("adopt", "dismiss", "abandon")
"""Kinds of event that say whether a business uses a platform or does not want it."""


def read_profile(connection: Connection, id_: str) -> StoredProfile | None:
    """Return a profile, or None."""
    row = connection.execute(select(profiles).where(profiles.c.id == id_)).first()
    return None if row is None else _stored(row)


def read_history(connection: Connection, profile_id: str) -> History:
    """Return what a business adopted and dismissed; empty if it is not known."""
    latest = _verdicts(profile_id).subquery()
    query = select(latest).where(latest.c.place == 1).order_by(*_time(latest.c))
    return _history(connection.execute(query).all())


def read_profile_with_history(
    connection: Connection, id_: str
) -> tuple[StoredProfile, History] | None:
    """Return a profile and its history, or None."""
    latest = _verdicts(id_).subquery()
    query = (
        select(profiles, latest.c.platform_id, latest.c.kind)
        .select_from(profiles.outerjoin(latest, latest.c.place == 1))
        .where(profiles.c.id == id_)
        .order_by(*_time(latest.c))
    )
    rows = connection.execute(query).all()
    return (_stored(rows[0]), _history(rows)) if rows else None


def read_profiles_with_history(
    connection: Connection, ids: Collection[str]
) -> dict[str, tuple[StoredProfile, History] | Unreadable]:
    """Return the profiles of those ids that are stored, or why one cannot be read, by id."""
    latest = _verdicts(*ids).subquery()
    same = (latest.c.profile_id == profiles.c.id) & (latest.c.place == 1)
    query = (
        select(profiles, latest.c.platform_id, latest.c.kind)
        .select_from(profiles.outerjoin(latest, same))
        .where(profiles.c.id.in_(ids))
        .order_by(profiles.c.id, *_time(latest.c))
    )
    found: dict[str, tuple[StoredProfile, History] | Unreadable] = {}
    for id_, grouped in groupby(connection.execute(query), key=lambda row: row.id):
        rows = list(grouped)
        try:
            found[id_] = _stored(rows[0]), _history(rows)
        except Unreadable as error:
            found[id_] = error
    return found


def read_draft(connection: Connection, address: str) -> Draft | None:
    """Return the draft of this id, or the one that is lent out at this address, or None."""
    lent = select(lendings.c.draft_id).where(
        lendings.c.id == address, lendings.c.lent_at > now() - LENT_FOR
    )
    own = func.coalesce(lent.scalar_subquery(), address)
    row = connection.execute(select(drafts).where(drafts.c.id == own)).first()
    if row is None:
        return None
    answers = _decode(row.answers, dict[str, Any])
    return Draft(id=row.id, locale=row.locale, answers=answers, updated_at=row.updated_at)


def _verdicts(*profile_ids: str) -> Select[Any]:
    """Select the verdicts of businesses; `place` 1 is the last of each on its platform."""
    newest_first = [column.desc() for column in _time(events.c)]
    each = events.c.profile_id, events.c.platform_id
    place = func.row_number().over(partition_by=each, order_by=newest_first)
    return select(
        events.c.profile_id,
        events.c.platform_id,
        events.c.kind,
        events.c.at,
        events.c.received_at,
        events.c.id,
        place.label("place"),
    ).where(events.c.profile_id.in_(profile_ids), events.c.kind.in_(VERDICTS))


def _time(columns: Any) -> tuple[Any, ...]:
    return columns.at, columns.received_at, columns.id


def _stored(row: Row[Any]) -> StoredProfile:
    return StoredProfile(
        id=row.id,
        profile=_decode(row.profile, BusinessProfile),
        created_at=row.created_at,
        updated_at=row.updated_at,
    )


def _decode(text: str, kind: type[Decoded]) -> Decoded:
    try:
        return msgspec.json.decode(text, type=kind)
    except msgspec.DecodeError as error:
        raise Unreadable(str(error)) from error


def _history(rows: Any) -> History:
    verdicts = [(row.platform_id, row.kind == "adopt") for row in rows if row.kind is not None]
    return History(
        adopted=tuple(platform for platform, adopted in verdicts if adopted),
        dismissed=tuple(platform for platform, adopted in verdicts if not adopted),
    )
