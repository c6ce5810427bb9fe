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
    """What the business told of itself; fields as in `POST /v1/profiles`.

    Attributes:
        created_at: When it was first stored.
        updated_at: When it was last stored.
    """

    profile: Stored
    created_at: dt.datetime
    updated_at: dt.datetime


class HeldDraft(Struct, frozen=True, kw_only=True):
    """The questionnaire as it was typed, by question.

    Attributes:
        locale: Language of the questionnaire.
        updated_at: When it was last typed into.
    """

    locale: str
    answers: Stored
    updated_at: dt.datetime


class HeldExposure(Struct, frozen=True, kw_only=True):
    """A list that was shown, and the business as it was seen then; see `docs/privacy.md`.

    Attributes:
        id: That of the recommendation.
        at: When it was shown.
        model_version: Which model ranked.
        policy_version: Which rules made the list from its scores.
        arm: Which side of an experiment, if there was one.
        seed: What the draw started from.
        locale: Language of the list.
        eligible: Platforms that came into question.
        explored: The draw of a slot to explore, if there was one.
    """

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
    """What the business did; fields as in `POST /v1/events`, and when it was received.

    Attributes:
        id: As it was sent.
        kind: What the business did.
        platform_id: With which platform.
        recommendation_id: The list that it follows from.
        rating: From 1 to 5.
        reason: Why not.
        at: When it happened.
        received_at: When it was received.
    """

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

    Attributes:
        format: Grows when a field changes its meaning or goes.
        id: Id of the business.
        profile: What it told; null while the questionnaire is not finished.
        draft: The questionnaire as it was typed; null where the business came through the API.
        consents: What it agreed to, and refused.
        exposures: The lists that it was shown.
        events: What it did.
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
