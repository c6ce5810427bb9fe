"""What is read from the store, one round trip each."""

from collections.abc import Collection
from itertools import groupby
from typing import Any, TypeVar

import msgspec
from sqlalchemy import BindParameter, Connection, Row, Select, bindparam, func, select

from recommender.domain import BusinessProfile
from service.store.records import LENT_FOR, Draft, History, StoredProfile, Unreadable, now
from service.store.tables import drafts, events, lendings, profiles

Decoded = TypeVar("Decoded")

VERDICTS = ("adopt", "dismiss", "abandon", "withdraw")
"""Kinds of event that say whether a business uses a platform or does not want it, or lift that."""


def _profiles_with_history() -> Select[Any]:
    """Select businesses with their last word on each platform, the oldest first."""
    ids: BindParameter[list[str]] = bindparam("ids", expanding=True)

    def time(columns: Any) -> tuple[Any, ...]:
        return columns.at, columns.received_at, columns.id

    place = func.row_number().over(
        partition_by=(events.c.profile_id, events.c.platform_id),
        order_by=[column.desc() for column in time(events.c)],
    )
    verdicts = select(events, place.label("place")).where(
        events.c.profile_id.in_(ids), events.c.kind.in_(VERDICTS)
    )
    last = verdicts.subquery()
    same = (last.c.profile_id == profiles.c.id) & (last.c.place == 1)
    return (
        select(profiles, last.c.platform_id, last.c.kind)
        .select_from(profiles.outerjoin(last, same))
        .where(profiles.c.id.in_(ids))
        .order_by(profiles.c.id, *time(last.c))
    )


PROFILES_WITH_HISTORY = _profiles_with_history()
"""Put together once: that takes longer than to ask for a business."""


def read_profile(connection: Connection, id_: str) -> StoredProfile | None:
    """Return a profile, or None."""
    row = connection.execute(select(profiles).where(profiles.c.id == id_)).first()
    return None if row is None else _stored(row)


def read_profiles_with_history(
    connection: Connection, ids: Collection[str]
) -> dict[str, tuple[StoredProfile, History] | Unreadable]:
    """Return the profiles of those ids that are stored, or why one cannot be read, by id."""
    found: dict[str, tuple[StoredProfile, History] | Unreadable] = {}
    read = connection.execute(PROFILES_WITH_HISTORY, {"ids": list(ids)})
    for id_, grouped in groupby(read, key=lambda row: row.id):
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
    verdicts = [
        (row.platform_id, row.kind == "adopt") for row in rows if row.kind not in (None, "withdraw")
    ]
    return History(
        adopted=tuple(platform for platform, adopted in verdicts if adopted),
        dismissed=tuple(platform for platform, adopted in verdicts if not adopted),
    )
