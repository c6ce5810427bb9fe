"""The writes that are done one by one: profiles, drafts, erasure."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, Table, delete, or_, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain import BusinessProfile, Locale
from service.store.queries import read_draft
from service.store.records import (
    LENDINGS_KEPT_FOR,
    Draft,
    Lending,
    StoredProfile,
    StoreUnavailable,
)
from service.store.tables import drafts, events, exposures, lendings, profiles

Result = TypeVar("Result")


class Write(Generic[Result]):
    """Something to be stored; its Result is what is answered once that is committed."""

    __slots__ = ()

    @property
    def weight(self) -> int:
        """How many rows it adds to a transaction, about."""
        return 1

    def apply(self, connection: Connection) -> Result:
        """Execute it."""
        raise NotImplementedError


@dataclass(frozen=True, slots=True)
class SaveProfile(Write[StoredProfile]):
    """Insert a profile, or replace what is stored under its id."""

    id: str
    profile: BusinessProfile
    at: dt.datetime

    def apply(self, connection: Connection) -> StoredProfile:
        """Execute it."""
        row = {"profile": encode(self.profile), "updated_at": self.at}
        insert = insert_into(connection, profiles).values(id=self.id, created_at=self.at, **row)
        replace = insert.on_conflict_do_update(index_elements=["id"], set_=row)
        created_at = connection.execute(replace.returning(profiles.c.created_at)).scalar_one()
        return StoredProfile(
            id=self.id, profile=self.profile, created_at=created_at, updated_at=self.at
        )


@dataclass(frozen=True, slots=True)
class ReplaceProfile(Write[StoredProfile | None]):
    """Replace a profile that is stored; None if it is not, as when it was erased meanwhile."""

    id: str
    profile: BusinessProfile
    at: dt.datetime

    def apply(self, connection: Connection) -> StoredProfile | None:
        """Execute it."""
        change = update(profiles).where(profiles.c.id == self.id)
        change = change.values(profile=encode(self.profile), updated_at=self.at)
        row = connection.execute(change.returning(profiles.c.created_at)).first()
        if row is None:
            return None
        return StoredProfile(
            id=self.id, profile=self.profile, created_at=row.created_at, updated_at=self.at
        )


@dataclass(frozen=True, slots=True)
class FinishDraft(Write[StoredProfile | None]):
    """Save the profile that a draft adds up to; None if the draft is not stored (any more)."""

    save: SaveProfile

    def apply(self, connection: Connection) -> StoredProfile | None:
        """Execute it."""
        draft = select(drafts.c.id).where(drafts.c.id == self.save.id)
        found = connection.execute(draft.with_for_update()).first()
        return None if found is None else self.save.apply(connection)


@dataclass(frozen=True, slots=True)
class SaveDraft(Write[None]):
    """Insert a draft, or replace what is stored under its id."""

    draft: Draft

    def apply(self, connection: Connection) -> None:
        """Execute it."""
        row = msgspec.structs.asdict(self.draft) | {"answers": encode(self.draft.answers)}
        insert = insert_into(connection, drafts).values(row)
        connection.execute(insert.on_conflict_do_update(index_elements=["id"], set_=row))


@dataclass(frozen=True, slots=True)
class AnswerDraft(Write[Draft | None]):
    """Put answers into a draft beside those that are there; None if it is not stored (any more).

    The same answers again change nothing, and those to other questions are never lost, whichever
    arrives first.
    """

    id: str
    told: Mapping[str, Any]
    locale: Locale
    at: dt.datetime

    def apply(self, connection: Connection) -> Draft | None:
        """Execute it."""
        own = drafts.c.id == self.id
        connection.execute(select(drafts.c.id).where(own).with_for_update())
        draft = read_draft(connection, self.id)
        if draft is None:
            return None
        answers = {**draft.answers, **self.told}
        row = {"answers": encode(answers), "locale": self.locale, "updated_at": self.at}
        connection.execute(update(drafts).where(own).values(row))
        return Draft(id=self.id, locale=self.locale, answers=answers, updated_at=self.at)


@dataclass(frozen=True, slots=True)
class LendDraft(Write[None]):
    """Store a new draft with an address for who helps its owner; nothing if that is taken."""

    draft: Draft
    lending: Lending

    def apply(self, connection: Connection) -> None:
        """Execute it; addresses that were lent long ago are forgotten."""
        SaveDraft(self.draft).apply(connection)
        row = msgspec.structs.asdict(self.lending)
        lend = insert_into(connection, lendings).values(row)
        lent = lend.on_conflict_do_nothing(index_elements=["id"]).returning(lendings.c.id)
        if connection.execute(lent).first() is None:
            connection.execute(delete(drafts).where(drafts.c.id == self.draft.id))
        old = self.lending.lent_at - LENDINGS_KEPT_FOR
        connection.execute(delete(lendings).where(lendings.c.lent_at < old))


@dataclass(frozen=True, slots=True)
class ReturnDraft(Write[bool]):
    """Make a lent address open nothing any more; False if it did not."""

    id: str
    at: dt.datetime

    def apply(self, connection: Connection) -> bool:
        """Execute it."""
        lent = lendings.c.id == self.id, lendings.c.draft_id.is_not(None)
        change = update(lendings).where(*lent).values(draft_id=None, returned_at=self.at)
        return connection.execute(change).rowcount > 0


@dataclass(frozen=True, slots=True)
class Erase(Write[bool]):
    """Delete a business: its profile, draft, exposures and events."""

    id: str

    def apply(self, connection: Connection) -> bool:
        """Execute it.

        The draft and the profile go first and the exposures are locked before the events go: what
        has checked them in another process is waited for, what comes later finds nothing.
        """
        own = select(exposures.c.id).where(exposures.c.profile_id == self.id)
        found = connection.execute(delete(drafts).where(drafts.c.id == self.id)).rowcount
        found += connection.execute(delete(profiles).where(profiles.c.id == self.id)).rowcount
        found += len(connection.execute(own.with_for_update()).all())
        for statement in (
            delete(events).where(
                or_(events.c.profile_id == self.id, events.c.recommendation_id.in_(own))
            ),
            delete(exposures).where(exposures.c.profile_id == self.id),
        ):
            found += connection.execute(statement).rowcount
        return found > 0


@dataclass(frozen=True, slots=True)
class Probe(Write[None]):
    """Store nothing, but show that something could be stored."""

    def apply(self, connection: Connection) -> None:
        """Execute it.

        Raises:
            StoreUnavailable: If the database has no tables.
        """
        if connection.execute(text("SELECT version_num FROM alembic_version")).first() is None:
            raise StoreUnavailable("the database has not been migrated")


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that can say what to do when the id is taken."""
    sqlite_used = connection.dialect.name == "sqlite"
    return sqlite.insert(table) if sqlite_used else postgresql.insert(table)


def encode(value: Any) -> str:
    """Return a value as JSON text."""
    return msgspec.json.encode(value).decode()
