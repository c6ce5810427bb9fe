"""`POST /v1/events`: what businesses do with what they were shown."""

import datetime as dt
from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg
from msgspec import Meta, Struct

from recommender.domain import Event, Reference
from service.access.scopes import needs
from service.api.examples import EVENTS
from service.problems import FieldError, answers, invalid
from service.serving import Backend


class EventBatch(Struct, frozen=True, forbid_unknown_fields=True):
    """One event or many; all of them are stored or none.

    Attributes:
        events: What happened.
    """

    events: Annotated[tuple[Event, ...], Meta(min_length=1, max_length=1000)]


class StoredEvents(Struct, frozen=True):
    """The ids that are now stored, whether they were sent for the first time or again.

    Attributes:
        stored: Ids as they were sent.
    """

    stored: tuple[str, ...]


@post(
    "/events",
    status_code=200,
    request_max_body_size=1_048_576,
    responses=answers(400, 408, 409, 413, 415, 422, 503),
    operation_id="record_events",
    summary="Record what a business did",
    tags=["events"],
    **needs("events"),
)
async def record_events(
    data: Annotated[EventBatch, BodyKwarg(examples=[EVENTS])],
    backend: NamedDependency[Backend],
) -> StoredEvents:
    """Store events; answered once they are committed. An event that is sent twice counts once."""
    if errors := check_events(data.events, backend.serving.reference):
        raise invalid(errors)
    await backend.store.append_events(data.events)
    return StoredEvents(tuple(event.id for event in data.events))


def check_events(events: tuple[Event, ...], reference: Reference) -> list[FieldError]:
    """Return what is wrong with events beyond their types; empty when all is well."""
    errors = []
    for i, event in enumerate(events):
        if event.platform_id not in reference.platforms:
            message = f"{event.platform_id!r} is not known"
            expected = "the id of a platform in GET /v1/platforms"
            errors.append(FieldError(f"events[{i}].platform_id", message, expected))
        if event.profile_id is None and event.recommendation_id is None:
            message = "expected profile_id or recommendation_id: whose event is it?"
            errors.append(FieldError(f"events[{i}].profile_id", message, "the id of either"))
        if (event.kind == "rate") != (event.rating is not None):
            message = "expected with kind rate, and with no other"
            errors.append(FieldError(f"events[{i}].rating", message, "a whole number from 1 to 5"))
        if event.reason is not None and event.kind not in ("dismiss", "abandon"):
            message = "expected only with kind dismiss or abandon"
            errors.append(FieldError(f"events[{i}].reason", message, "no reason"))
        if event.at is not None and not _in_utc(event.at):
            message = f"{event.at} is outside the years 1 to 9999"
            errors.append(FieldError(f"events[{i}].at", message, "the time when it happened"))
    return errors


def _in_utc(time: dt.datetime) -> bool:
    try:
        time.astimezone(dt.UTC)
    except OverflowError:
        return False
    return True
