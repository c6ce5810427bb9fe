"""`/v1/profiles/{profile_id}/consent`: what a business agreed to, and when."""

from typing import Annotated, Literal

from litestar import get, put
from litestar.di import NamedDependency
from litestar.params import BodyKwarg
from msgspec import Meta, Struct

from service.access.scopes import needs
from service.api.examples import CONSENT
from service.api.parameters import ProfileId
from service.api.profiles import ID, NOT_TOLD, ConsentVersion
from service.problems import answers, unknown_profile
from service.store import Choice, Consent, Purpose, Store, in_force


class ConsentChange(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the owner of a business agrees to from now on; everything else is taken back."""

    consent: Annotated[
        frozenset[Purpose],
        Meta(
            description=(
                "`service`: keep what was told; `improve`: learn from it. Without `service` the "
                "business is erased a day later, unless the operator chose another time."
            )
        ),
    ]
    consent_version: ConsentVersion = NOT_TOLD
    how: Annotated[
        Literal["api", "volunteer"],
        Meta(description="`volunteer` if somebody passed on what the owner said."),
    ] = "api"


class ConsentView(Struct, frozen=True):
    """What a business agrees to now, and all that it answered, oldest first.

    Attributes:
        consent: What is in force.
        history: Each answer.
    """

    consent: tuple[Purpose, ...]
    history: tuple[Consent, ...]


@get(
    "/profiles/{profile_id:str}/consent",
    responses=answers(400, 404, 503),
    operation_id="get_consent",
    summary="Read what a business agreed to",
    tags=["profiles"],
    **needs("profiles:read"),
)
async def get_consent(profile_id: ProfileId, store: NamedDependency[Store]) -> ConsentView:
    """Return what is in force, and the history of it.

    The history is empty for a business that was stored before consent was asked for. It is kept,
    but not learned from.
    """
    stored = await store.profile(profile_id) if ID.fullmatch(profile_id) else None
    if stored is None:
        raise unknown_profile()
    return await _view(profile_id, store)


@put(
    "/profiles/{profile_id:str}/consent",
    request_max_body_size=65_536,
    responses=answers(400, 404, 408, 413, 415, 422, 503),
    operation_id="set_consent",
    summary="Record what a business agrees to",
    tags=["profiles"],
    **needs("profiles:write"),
)
async def set_consent(
    profile_id: ProfileId,
    data: Annotated[ConsentChange, BodyKwarg(examples=[CONSENT])],
    store: NamedDependency[Store],
) -> ConsentView:
    """Record an answer; it holds from the next training on, also for what was recorded before."""
    choice = Choice(granted=data.consent, version=data.consent_version, how=data.how)
    if not ID.fullmatch(profile_id) or not await store.record_choice(profile_id, choice):
        raise unknown_profile()
    return await _view(profile_id, store)


async def _view(profile_id: str, store: Store) -> ConsentView:
    history = await store.consents(profile_id)
    return ConsentView(tuple(sorted(in_force(history))), history)
