"""The record of what administrators did: who, when, what, to what. Lines are only ever added."""

import datetime as dt
from collections.abc import Iterator
from typing import TYPE_CHECKING

from msgspec import Struct
from sqlalchemy import Connection, insert, select

from recommender.training.registry_history import Promotion
from recommender.training.registry_record import login_name
from service.store.engine import make_engine
from service.store.records import now
from service.store.tables import audit

if TYPE_CHECKING:
    from recommender.training.registry_experiment import Experiments


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


def record_in(url: str, action: str, subject: str, detail: str) -> None:
    """Add a line on what the one who is logged in has just done to a whole database.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not take it.
    """
    engine = make_engine(url, writes=True)
    try:
        with engine.begin() as connection:
            record(connection, login_name(), action, subject, detail)
    finally:
        engine.dispose()


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


def experiment_entries(experiments: "Experiments") -> Iterator[Entry]:
    """Yield the beginning and the end of each experiment, recorded beside the models.

    Raises:
        RegistryError: If the file of the one that runs cannot be read.
    """
    ended = experiments.ended()
    running = experiments.running
    for each in [*(line.experiment for line in ended), *([running] if running else ())]:
        yield Entry(
            at=each.started_at,
            who=each.who,
            action="experiments start",
            subject=each.id,
            detail=f"{each.why}; {each.arms.treatment} beside {each.arms.control}",
        )
    for line in ended:
        yield Entry(
            at=line.ended_at,
            who=line.who,
            action="experiments stop",
            subject=line.experiment.id,
            detail=line.why,
        )
