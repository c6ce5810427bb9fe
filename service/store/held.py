"""Everything that is held on a business, as one document for its owner."""

import datetime as dt
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct
from sqlalchemy import Connection, Table, or_, select

from service.store.consents import read_consents
from service.store.records import Consent
from service.store.tables import drafts, events, exposures, profiles

FORMAT = 1
"""Grows when a field of the document changes its meaning or goes."""

JSON = {"profile", "answers", "features", "excluded", "filters", "items", "explored"}
"""Columns that hold JSON."""

Stored = Annotated[
    dict[str, Any] | list[Any],
    Meta(description="As it is stored, whichever version of the service stored it."),
]


class HeldProfile(Struct, frozen=True, kw_only=True):
    """What the business told of itself; fields as in `POST /v1/profiles`."""

    profile: Stored
    created_at: dt.datetime
    updated_at: dt.datetime


class HeldDraft(Struct, frozen=True, kw_only=True):
    """The questionnaire as it was typed, by question."""

    locale: str
    answers: Stored
    updated_at: dt.datetime


class HeldExposure(Struct, frozen=True, kw_only=True):
    """A list that was shown, and the business as it was seen then; see `docs/privacy.md`."""

    id: str
    at: dt.datetime
    features: Stored
    model_version: str
    policy_version: str
    arm: str | None
    seed: str
    locale: str
    eligible: int
    excluded: Stored
    filters: Stored
    items: Stored
    explored: Stored | None


class HeldEvent(Struct, frozen=True, kw_only=True):
    """What the business did; fields as in `POST /v1/events`, and when it was received."""

    id: str
    kind: str
    platform_id: str
    recommendation_id: str | None
    rating: int | None
    reason: str | None
    at: dt.datetime
    received_at: dt.datetime


class Held(Struct, frozen=True, kw_only=True):
    """Everything that is held on a business: all tables that name it, in the order of time.

    `profile` is null while the questionnaire is not finished, `draft` where the business came
    through the API.
    """

    format: int = FORMAT
    id: str
    profile: HeldProfile | None
    draft: HeldDraft | None
    consents: tuple[Consent, ...]
    exposures: tuple[HeldExposure, ...]
    events: tuple[HeldEvent, ...]


def read_held(connection: Connection, id_: str) -> Held | None:
    """Return what is held on a business, as of one moment; None if nothing is."""
    if connection.dialect.name == "postgresql":  # SQLite reads as of one moment anyway.
        connection = connection.execution_options(isolation_level="REPEATABLE READ")
    own = select(exposures.c.id).where(exposures.c.profile_id == id_)
    held = Held(
        id=id_,
        profile=next(iter(_rows(connection, HeldProfile, profiles, profiles.c.id == id_)), None),
        draft=next(iter(_rows(connection, HeldDraft, drafts, drafts.c.id == id_)), None),
        consents=read_consents(connection, id_),
        exposures=_rows(connection, HeldExposure, exposures, exposures.c.profile_id == id_),
        events=_rows(
            connection,
            HeldEvent,
            events,
            or_(events.c.profile_id == id_, events.c.recommendation_id.in_(own)),
        ),
    )
    return held if held.profile or held.draft else None


def _rows(connection: Connection, kind: type[Any], table: Table, whose: Any) -> tuple[Any, ...]:
    """Read rows, oldest first; columns that hold JSON are decoded."""
    fields = msgspec.structs.fields(kind)
    times = [table.c[name] for name in ("at", "received_at", "id") if name in table.c]
    query = select(*(table.c[field.name] for field in fields)).where(whose).order_by(*times)
    rows = connection.execute(query).mappings()
    return tuple(
        kind(**{name: _decoded(name, value) for name, value in row.items()}) for row in rows
    )


def _decoded(name: str, value: Any) -> Any:
    return msgspec.json.decode(value) if name in JSON and value is not None else value
