"""What businesses agreed to: a history to which is only added, whose last answers hold."""

import datetime as dt

from sqlalchemy import Connection, FromClause, Subquery, case, func, insert, select
from sqlalchemy.sql.elements import ColumnElement

from service.store.records import PURPOSES, Choice, Consent, Purpose
from service.store.tables import consents, exposures


def read_consents(connection: Connection, profile_id: str) -> tuple[Consent, ...]:
    """Return all that a business answered, oldest first."""
    columns = (consents.c[field] for field in Consent.__struct_fields__)
    query = select(*columns).where(consents.c.profile_id == profile_id).order_by(consents.c.number)
    return tuple(Consent(**row) for row in connection.execute(query).mappings())


def record_choice(connection: Connection, profile_id: str, choice: Choice, at: dt.datetime) -> None:
    """Add what a business answered; what it has answered just so before is not repeated."""
    last = {each.purpose: each for each in read_consents(connection, profile_id)}
    told = {
        "profile_id": profile_id,
        "version": choice.version,
        "at": at,
        "how": choice.how,
    }
    rows = []
    for purpose in PURPOSES:
        granted, before = purpose in choice.granted, last.get(purpose)
        if before is None or (before.granted, before.version) != (granted, choice.version):
            rows.append({"purpose": purpose, "granted": granted, **told})
    if rows:
        connection.execute(insert(consents), rows)


def last_answers(purpose: Purpose) -> Subquery:
    """Select the last answer of each business about a purpose: profile_id, granted, at."""
    newest_first = consents.c.number.desc()
    place = func.row_number().over(partition_by=consents.c.profile_id, order_by=newest_first)
    answers = select(consents.c.profile_id, consents.c.granted, consents.c.at, place.label("place"))
    numbered = answers.where(consents.c.purpose == purpose).subquery()
    last = select(numbered.c.profile_id, numbered.c.granted, numbered.c.at)
    return last.where(numbered.c.place == 1).subquery()


def willing() -> Subquery:
    """Select the businesses whose last answer is that they may be learned from: profile_id."""
    last = last_answers("improve")
    return select(last.c.profile_id).where(last.c.granted).subquery()


def may_be_learned_from(stored: ColumnElement[str], business: FromClause) -> ColumnElement[bool]:
    """Return whether what was recorded may be learned from.

    Args:
        stored: The id of the business, null where it is not stored: then its list tells.
        business: `willing()`, joined to that id from the left.
    """
    return case((stored.is_(None), exposures.c.improve), else_=business.c.profile_id.is_not(None))
