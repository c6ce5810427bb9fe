"""Addresses at which a volunteer fills in what is somebody else's, until it is handed over."""

import datetime as dt
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, select, update

from service.store.records import LENDINGS_KEPT_FOR, Draft, Lending
from service.store.tables import drafts, lendings
from service.store.writes import SaveDraft, Write, insert_into


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


def read_lending(connection: Connection, id_: str) -> Lending | None:
    """Return what is known of a lent address, or None."""
    row = connection.execute(select(lendings).where(lendings.c.id == id_)).first()
    return None if row is None else Lending(**row._mapping)


def read_round(connection: Connection, round_: str) -> list[Lending]:
    """Return what was lent in a round of a volunteer, in the order in which it was begun."""
    query = select(lendings).where(lendings.c.round == round_)
    rows = connection.execute(query.order_by(lendings.c.lent_at, lendings.c.id))
    return [Lending(**row._mapping) for row in rows]
