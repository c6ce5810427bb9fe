"""The record of what administrators did: who, when, what, to what. Lines are only ever added."""

import datetime as dt

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from recommender.training.registry_history import Promotion
from service.store.records import now
from service.store.tables import audit


class Entry(Struct, frozen=True, kw_only=True):
    """One line of the record.

    Attributes:
        at: When.
        who: A person or a program.
        action: What was done, as the command that does it is called: "keys revoke".
        subject: To what: the id of a key, the version of a model.
        detail: What else is to be known, in words.
    """

    at: dt.datetime
    who: str
    action: str
    subject: str
    detail: str


def record(connection: Connection, who: str, action: str, subject: str, detail: str) -> None:
    """Add a line, in the transaction of what it tells: both are stored or none."""
    row = {"at": now(), "who": who, "action": action, "subject": subject, "detail": detail}
    connection.execute(insert(audit).values(row))


def read_audit(connection: Connection) -> list[Entry]:
    """Return the record, oldest first."""
    columns = (audit.c[field] for field in Entry.__struct_fields__)
    rows = connection.execute(select(*columns).order_by(audit.c.number))
    return [Entry(**row) for row in rows.mappings()]


def promotion_entry(promotion: Promotion) -> Entry:
    """Return a promotion, recorded beside the models, as a line of this record."""
    instead = f", instead of {promotion.previous}" if promotion.previous else ""
    return Entry(
        at=promotion.at,
        who=promotion.who,
        action="models promote",
        subject=promotion.version,
        detail=promotion.why + instead,
    )
