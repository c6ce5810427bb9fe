"""Links by which owners receive what was filled in for them: each gives its draft away once."""

import datetime as dt
from dataclasses import dataclass

import msgspec
from sqlalchemy import Connection, delete, or_, select, update

from service.store.records import RECEIVABLE_FOR, Receipt, now
from service.store.tables import lendings, receipts
from service.store.writes import Write, insert_into


@dataclass(frozen=True, slots=True)
class MakeReceipt(Write[Receipt | None]):
    """Store a receipt unless its draft has one; return what there is, None if the draft is gone."""

    receipt: Receipt

    def apply(self, connection: Connection) -> Receipt | None:
        """Execute it; receipts that can be taken no more are forgotten."""
        old = self.receipt.made_at - RECEIVABLE_FOR
        connection.execute(delete(receipts).where(receipts.c.made_at <= old))
        lent = select(lendings.c.id).where(lendings.c.draft_id == self.receipt.draft_id)
        if connection.execute(lent).first() is None:
            return None
        insert = insert_into(connection, receipts).values(msgspec.structs.asdict(self.receipt))
        connection.execute(insert.on_conflict_do_nothing(index_elements=["draft_id"]))
        own = select(receipts).where(receipts.c.draft_id == self.receipt.draft_id)
        return Receipt(**connection.execute(own).one()._mapping)


@dataclass(frozen=True, slots=True)
class TakeReceipt(Write[str | None]):
    """Give a draft to the first who takes it, and again to whoever that was; return its id.

    What its owner has taken is lent no more.
    """

    id: str
    by: str
    at: dt.datetime

    def apply(self, connection: Connection) -> str | None:
        """Execute it."""
        free = or_(receipts.c.taken_by.is_(None), receipts.c.taken_by == self.by)
        mine = receipts.c.id == self.id, free, receipts.c.made_at > self.at - RECEIVABLE_FOR
        take = update(receipts).where(*mine).values(taken_by=self.by)
        draft_id: str | None = connection.scalar(take.returning(receipts.c.draft_id))
        if draft_id is not None:
            lent = lendings.c.draft_id == draft_id
            returned = {"draft_id": None, "returned_at": self.at}
            connection.execute(update(lendings).where(lent).values(returned))
        return draft_id


def read_receipt(connection: Connection, id_: str) -> Receipt | None:
    """Return a receipt that can be taken, or None."""
    free = receipts.c.taken_by.is_(None), receipts.c.made_at > now() - RECEIVABLE_FOR
    row = connection.execute(select(receipts).where(receipts.c.id == id_, *free)).first()
    return None if row is None else Receipt(**row._mapping)
