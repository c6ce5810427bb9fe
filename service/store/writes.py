"""The writes that are done one by one: profiles, drafts, consents."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import msgspec
from sqlalchemy import Connection, Table, select, text, update
from sqlalchemy.dialects import postgresql, sqlite

from recommender.domain import BusinessProfile, Locale
from service.store.consents import record_choice
from service.store.queries import read_draft
from service.store.records import Choice, Draft, StoredProfile, StoreUnavailable
from service.store.tables import drafts, profiles

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
    """Insert a profile, or replace what is stored under its id; with what it answered, if asked."""

    id: str
    profile: BusinessProfile
    at: dt.datetime
    choice: Choice | None = None

    def apply(self, connection: Connection) -> StoredProfile:
        """Execute it."""
        row = {"profile": encode(self.profile), "updated_at": self.at}
        insert = insert_into(connection, profiles).values(id=self.id, created_at=self.at, **row)
        replace = insert.on_conflict_do_update(index_elements=["id"], set_=row)
        created_at = connection.execute(replace.returning(profiles.c.created_at)).scalar_one()
        if self.choice is not None:
            record_choice(connection, self.id, self.choice, self.at)
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
class RecordChoice(Write[bool]):
    """Add what a stored business answered; False if it is not stored (any more)."""

    id: str
    choice: Choice
    at: dt.datetime

    def apply(self, connection: Connection) -> bool:
        """Execute it."""
        business = select(profiles.c.id).where(profiles.c.id == self.id)
        if connection.execute(business.with_for_update()).first() is None:
            return False
        record_choice(connection, self.id, self.choice, self.at)
        return True


@dataclass(frozen=True, slots=True)
class Probe(Write[None]):
    """Store what is there already, to show that something can be stored.

    A database that can only be read begins a transaction and answers, and a full disk takes an
    UPDATE of no row.
    """

    def apply(self, connection: Connection) -> None:
        """Execute it.

        Raises:
            StoreUnavailable: If the database has no tables.
        """
        if connection.execute(text("SELECT version_num FROM alembic_version")).first() is None:
            raise StoreUnavailable("the database has not been migrated")
        connection.execute(text("UPDATE alembic_version SET version_num = version_num"))


def insert_into(connection: Connection, table: Table) -> postgresql.Insert | sqlite.Insert:
    """Start an INSERT that can say what to do when the id is taken."""
    sqlite_used = connection.dialect.name == "sqlite"
    return sqlite.insert(table) if sqlite_used else postgresql.insert(table)


def encode(value: Any) -> str:
    """Return a value as JSON text."""
    return msgspec.json.encode(value).decode()
