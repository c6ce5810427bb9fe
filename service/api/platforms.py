"""`/v1/platforms`: the catalogue."""

from typing import Annotated, Any

from litestar import Request, Response
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from msgspec import Struct

from recommender.domain import FieldProblem
from recommender.domain.catalogue import Platform
from recommender.domain.recommendation import PlatformView, SimilarPlatforms
from recommender.policy.views import platform_view
from service.api.catalogue import cacheable, reads
from service.api.parameters import Category, Language, PlatformId
from service.problems import FieldError, problem, unknown_codes
from service.serving import Serving


class PlatformList(Struct, frozen=True):
    """The catalogue, and what to know about it.

    Attributes:
        platforms: What is in it.
        note: Where it comes from.
    """

    platforms: tuple[PlatformView, ...]
    note: str


@reads(
    "/platforms",
    400,
    422,
    operation_id="list_platforms",
    scope="platforms:read",
    summary="List the platforms",
    tags=["platforms"],
)
def list_platforms(
    request: Request[Any, Any, Any],
    serving: NamedDependency[Serving],
    locale: Language = "vi",
    category: Category = None,
) -> Response[PlatformList]:
    """Return the catalogue, or one category of it."""
    reference = serving.reference
    if category is not None and category not in reference.categories:
        expected = "one of " + ", ".join(reference.categories)
        raise unknown_codes([FieldProblem("category", category, expected)])
    views = tuple(
        platform_view(platform, reference, locale)
        for platform in reference.platforms.values()
        if category in (None, platform.category)
    )
    note = reference.messages.notes["catalogue"].say(locale)
    return cacheable(request, PlatformList(views, note))


@reads(
    "/platforms/{platform_id:str}",
    400,
    404,
    422,
    operation_id="get_platform",
    scope="platforms:read",
    summary="Read a platform",
    tags=["platforms"],
)
def get_platform(
    request: Request[Any, Any, Any],
    platform_id: PlatformId,
    serving: NamedDependency[Serving],
    locale: Language = "vi",
) -> Response[PlatformView]:
    """Return one platform of the catalogue."""
    platform = _known(platform_id, serving)
    return cacheable(request, platform_view(platform, serving.reference, locale))


@reads(
    "/platforms/{platform_id:str}/similar",
    400,
    404,
    422,
    operation_id="similar_platforms",
    scope="platforms:read",
    summary="List platforms that are like one",
    tags=["platforms"],
)
def similar_platforms(
    request: Request[Any, Any, Any],
    platform_id: PlatformId,
    serving: NamedDependency[Serving],
    n: Annotated[int, QueryParameter(ge=1, le=100, description="Length of the list at most.")] = 5,
    locale: Language = "vi",
) -> Response[SimilarPlatforms]:
    """Return platforms that suit the same businesses, those of the same category first."""
    platform = _known(platform_id, serving)
    likeness = serving.recommender.likeness
    return cacheable(request, likeness.similar(platform.id, n, locale, serving.version))


def _known(platform_id: str, serving: Serving) -> Platform:
    platform = serving.reference.platforms.get(platform_id)
    if platform is None:
        expected = "the id of a platform in GET /v1/platforms"
        errors = [FieldError("platform_id", f"{platform_id!r} is not known", expected)]
        raise problem(404, "There is no such platform", errors)
    return platform
