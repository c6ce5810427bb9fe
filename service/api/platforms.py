"""`/v1/platforms`: the catalogue."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from msgspec import Struct

from recommender.domain import FieldProblem, Locale
from recommender.domain.recommendation import PlatformView
from recommender.policy.views import platform_view
from service.access.scopes import needs
from service.problems import FieldError, answers, problem, unknown_codes
from service.serving import Serving


class PlatformList(Struct, frozen=True):
    """The catalogue, and what to know about it."""

    platforms: tuple[PlatformView, ...]
    note: str


@get(
    "/platforms",
    sync_to_thread=False,
    responses=answers(400, 422),
    operation_id="list_platforms",
    summary="List the platforms",
    tags=["platforms"],
    **needs("platforms:read"),
)
def list_platforms(
    serving: NamedDependency[Serving],
    locale: FromQuery[Locale] = "vi",
    category: FromQuery[str | None] = None,
) -> PlatformList:
    """Return the catalogue, or one category of it."""
    reference = serving.reference
    if category is not None and category not in reference.categories:
        expected = "one of " + ", ".join(reference.categories)
        raise unknown_codes([FieldProblem("category", category, expected)])
    return PlatformList(
        tuple(
            platform_view(platform, reference, locale)
            for platform in reference.platforms.values()
            if category in (None, platform.category)
        ),
        reference.messages.notes["catalogue"].say(locale),
    )


@get(
    "/platforms/{platform_id:str}",
    sync_to_thread=False,
    responses=answers(400, 404, 422),
    operation_id="get_platform",
    summary="Read a platform",
    tags=["platforms"],
    **needs("platforms:read"),
)
def get_platform(
    platform_id: FromPath[str],
    serving: NamedDependency[Serving],
    locale: FromQuery[Locale] = "vi",
) -> PlatformView:
    """Return one platform of the catalogue."""
    platform = serving.reference.platforms.get(platform_id)
    if platform is None:
        expected = "the id of a platform in GET /v1/platforms"
        errors = [FieldError("platform_id", f"{platform_id!r} is not known", expected)]
        raise problem(404, "There is no such platform", errors)
    return platform_view(platform, serving.reference, locale)
