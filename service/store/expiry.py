"""What has been kept long enough: found, and deleted a few at a time if it still is so."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, get_args

from sqlalchemy import Connection, Select, func, select
from sqlalchemy.sql.elements import ColumnElement

from service.store.consents import last_answers
from service.store.erasure import erase_businesses, erase_lists
from service.store.tables import consents, drafts, events, exposures, profiles, tasks
from service.store.writes import Write, insert_into

Kept = Literal["drafts", "refused", "businesses", "lists"]
"""`drafts`: questionnaires that were not finished. `refused`: businesses that did not let us keep
them. `businesses`: the others. `lists`: lists that were served to businesses that are not stored.
"""

KEPT: tuple[Kept, ...] = get_args(Kept)

BATCH = 200
"""Businesses or lists that one write deletes: on SQLite the journal is held up for some 20 ms."""


def count_expired(connection: Connection, kept: Kept, before: dt.datetime) -> int:
    """Count what was last touched before some moment."""
    found = _expired(kept, before).subquery()
    return connection.execute(select(func.count()).select_from(found)).scalar_one()


def find_expired(connection: Connection, kept: Kept, before: dt.datetime) -> Sequence[str]:
    """Return the ids of some of what was last touched before some moment; empty if none is left."""
    return list(connection.scalars(_expired(kept, before).limit(BATCH)))


@dataclass(frozen=True, slots=True)
class Forget(Write[int]):
    """Delete those of these that are still untouched since some moment; return how many."""

    kept: Kept
    ids: Sequence[str]
    before: dt.datetime

    @property
    def weight(self) -> int:
        """How many rows it deletes, at least."""
        return len(self.ids)

    def apply(self, connection: Connection) -> int:
        """Execute it.

        What another process is doing with one of them is waited for, then looked at again.
        """
        table = {"drafts": drafts, "lists": exposures}.get(self.kept, profiles)
        rows = select(table.c.id).where(table.c.id.in_(self.ids)).order_by(table.c.id)
        connection.execute(rows.with_for_update())
        still = select((expired := _expired(self.kept, self.before).subquery()).c.id)
        ids = list(connection.scalars(still.where(expired.c.id.in_(self.ids))))
        if self.kept == "lists":
            return erase_lists(connection, ids)
        erase_businesses(connection, ids)
        return len(ids)


@dataclass(frozen=True, slots=True)
class Claim(Write[bool]):
    """Take a task upon oneself if it is due; whoever claims it next waits until then."""

    task: str
    at: dt.datetime
    until: dt.datetime

    def apply(self, connection: Connection) -> bool:
        """Execute it."""
        insert = insert_into(connection, tasks).values(name=self.task, due_at=self.until)
        claim = insert.on_conflict_do_update(
            index_elements=["name"], set_={"due_at": self.until}, where=tasks.c.due_at <= self.at
        )
        return connection.execute(claim.returning(tasks.c.name)).first() is not None


def _expired(kept: Kept, before: dt.datetime) -> Select[Any]:
    """Select the ids."""
    if kept == "drafts":
        unfinished = drafts.outerjoin(profiles, profiles.c.id == drafts.c.id)
        query = select(drafts.c.id).select_from(unfinished)
        return query.where(profiles.c.id.is_(None), drafts.c.updated_at < before)
    if kept == "lists":
        return select(exposures.c.id).where(
            exposures.c.profile_id.is_(None), exposures.c.at < before
        )
    if kept == "refused":
        last = last_answers("service")
        query = select(last.c.profile_id.label("id"))
        return query.where(~last.c.granted, last.c.at < before)
    seen_since = (
        (drafts.c.id, drafts.c.updated_at),
        (exposures.c.profile_id, exposures.c.at),
        (events.c.profile_id, events.c.received_at),
        (consents.c.profile_id, consents.c.at),
    )
    return select(profiles.c.id).where(
        profiles.c.updated_at < before, *(_not_since(*columns, before) for columns in seen_since)
    )


def _not_since(
    whose: ColumnElement[Any], at: ColumnElement[Any], before: dt.datetime
) -> ColumnElement[bool]:
    return ~select(at).where(whose == profiles.c.id, at >= before).exists()
