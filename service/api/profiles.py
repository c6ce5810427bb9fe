"""`/v1/profiles`: businesses that want to be remembered."""

import re
from typing import Annotated

from litestar import delete, get, post, put
from litestar.di import NamedDependency
from litestar.params import BodyKwarg, FromPath

from recommender.domain import BusinessProfile, Reference
from service.access.scopes import needs
from service.api.examples import PROFILE
from service.problems import answers, unknown_codes, unknown_profile
from service.recommend import new_id
from service.serving import Serving
from service.store import Store, StoredProfile

ProfileBody = Annotated[BusinessProfile, BodyKwarg(examples=[PROFILE])]

ID = re.compile(r"[A-Za-z0-9_-]{8,64}")
"""Ids of profiles; others are not looked for: PostgreSQL takes no text with a NUL."""


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
    data: ProfileBody, serving: NamedDependency[Serving], store: NamedDependency[Store]
) -> StoredProfile:
    """Store a profile under a new id that cannot be guessed."""
    return await store.save_profile(new_id(), _checked(data, serving.reference))


@get(
    "/profiles/{profile_id:str}",
    responses=answers(400, 404, 409, 503),
    operation_id="get_profile",
    summary="Read a business",
    tags=["profiles"],
    **needs("profiles:read"),
)
async def get_profile(profile_id: FromPath[str], store: NamedDependency[Store]) -> StoredProfile:
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
    profile_id: FromPath[str],
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
async def delete_profile(profile_id: FromPath[str], store: NamedDependency[Store]) -> None:
    """Erase a business: its profile, what it was shown and what it did."""
    if not ID.fullmatch(profile_id) or not await store.erase(profile_id):
        raise unknown_profile()


def _checked(profile: BusinessProfile, reference: Reference) -> BusinessProfile:
    if problems := reference.check(profile):
        raise unknown_codes(problems)
    return reference.normalise(profile)
