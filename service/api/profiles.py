"""`/v1/profiles`: businesses that want to be remembered."""

import re
from typing import Annotated

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import BodyKwarg
from msgspec import Meta

from recommender.domain import BusinessProfile, Reference
from service.access.scopes import needs
from service.api.examples import NEW_PROFILE, PROFILE
from service.api.parameters import ProfileId
from service.problems import FieldError, answers, invalid, unknown_codes, unknown_profile
from service.recommend import new_id
from service.serving import Serving
from service.store import Choice, Held, Purpose, Store, StoredProfile

ProfileBody = Annotated[BusinessProfile, BodyKwarg(examples=[PROFILE])]

NOT_TOLD = "not told"
"""The version of a text that a website does not name."""

ConsentVersion = Annotated[
    str, Meta(max_length=100, description="Which text the business was asked with, as you call it.")
]

ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""Ids of profiles; others are not looked for: PostgreSQL takes no text with a NUL."""


class NewProfile(BusinessProfile, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A business as its owner describes it, and what the owner agrees to."""

    consent: Annotated[
        frozenset[Purpose],
        Meta(
            description=(
                "What the owner agreed to when your website asked. `service`: keep what was told, "
                "which is what this operation does; `improve`: learn from it, from what is shown "
                "and from what is done. Where it is left out, only `service`: silence is no "
                "consent to more."
            )
        ),
    ] = frozenset({"service"})
    consent_version: ConsentVersion = NOT_TOLD


@post(
    "/profiles",
    request_max_body_size=65_536,
    responses=answers(400, 408, 413, 415, 422, 503),
    operation_id="create_profile",
    summary="Store a business",
    tags=["profiles"],
    **needs("profiles:write"),
)
async def create_profile(
    data: Annotated[NewProfile, BodyKwarg(examples=[NEW_PROFILE])],
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
) -> StoredProfile:
    """Store a profile under a new id that cannot be guessed.

    The website asks the owner first. Without the consent `service` nothing may be stored: send the
    profile to `POST /v1/recommendations` instead.
    """
    if "service" not in data.consent:
        expected = "service among it, or POST /v1/recommendations with the profile, stored nowhere"
        raise invalid([FieldError("consent", "without service nothing may be stored", expected)])
    told = {name: getattr(data, name) for name in BusinessProfile.__struct_fields__}
    profile = _checked(BusinessProfile(**told), serving.reference)
    choice = Choice(granted=data.consent, version=data.consent_version, how="api")
    return await store.save_profile(new_id(), profile, choice)


@get(
    "/profiles/{profile_id:str}",
    responses=answers(400, 404, 409, 503),
    operation_id="get_profile",
    summary="Read a business",
    tags=["profiles"],
    **needs("profiles:read"),
)
async def get_profile(profile_id: ProfileId, store: NamedDependency[Store]) -> StoredProfile:
    """Return a stored profile."""
    stored = await store.profile(profile_id) if ID.fullmatch(profile_id) else None
    if stored is None:
        raise unknown_profile()
    return stored


@put(
    "/profiles/{profile_id:str}",
    request_max_body_size=65_536,
    responses=answers(400, 404, 408, 413, 415, 422, 503),
    operation_id="replace_profile",
    summary="Replace a business",
    tags=["profiles"],
    **needs("profiles:write"),
)
async def replace_profile(
    profile_id: ProfileId,
    data: ProfileBody,
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
) -> StoredProfile:
    """Put a profile in the place of the stored one."""
    profile = _checked(data, serving.reference)
    stored = await store.replace_profile(profile_id, profile) if ID.fullmatch(profile_id) else None
    if stored is None:
        raise unknown_profile()
    return stored


@delete(
    "/profiles/{profile_id:str}",
    responses=answers(400, 404, 503),
    operation_id="delete_profile",
    summary="Erase a business",
    tags=["profiles"],
    **needs("profiles:write"),
)
async def delete_profile(profile_id: ProfileId, store: NamedDependency[Store]) -> None:
    """Erase a business at once: its profile, consents, what it was shown and what it did."""
    if not ID.fullmatch(profile_id) or not await store.erase(profile_id):
        raise unknown_profile()


@get(
    "/profiles/{profile_id:str}/export",
    responses=answers(400, 404, 503),
    operation_id="export_profile",
    summary="Export everything held on a business",
    tags=["profiles"],
    **needs("profiles:read"),
)
async def export_profile(profile_id: ProfileId, store: NamedDependency[Store]) -> Held:
    """Return all that is held on a business, and nothing of others, as one document to hand out."""
    held = await store.held(profile_id) if ID.fullmatch(profile_id) else None
    if held is None:
        raise unknown_profile()
    return held


def _checked(profile: BusinessProfile, reference: Reference) -> BusinessProfile:
    if problems := reference.check(profile):
        raise unknown_codes(problems)
    return reference.normalise(profile)
