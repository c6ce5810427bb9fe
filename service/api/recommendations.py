"""`POST /v1/recommendations`: a business in, ranked platforms out."""

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg
from msgspec import Meta, Struct

from recommender.domain import BusinessProfile, FieldProblem, Locale, Reference
from recommender.domain.engagement import Identifier
from recommender.domain.recommendation import Filters, Recommendation
from service.access.scopes import needs
from service.api.examples import RECOMMENDATION
from service.problems import FieldError, answers, invalid, unknown_codes, unknown_profile
from service.recommend import Served, recommend_profile, recommend_stored
from service.serving import Serving
from service.store import Store


class RecommendationRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give either a profile or the id of a stored one."""

    profile: BusinessProfile | None = None
    profile_id: Identifier | None = None
    n: Annotated[int, Meta(ge=1, le=100, description="Length of the list at most.")] = 10
    filters: Filters = Filters()
    locale: Annotated[Locale, Meta(description="Language of the texts.")] = "vi"


@post(
    "/recommendations",
    status_code=200,
    request_max_body_size=65_536,
    responses=answers(400, 404, 408, 409, 413, 415, 422, 503),
    operation_id="recommend",
    summary="Recommend platforms to a business",
    tags=["recommendations"],
    **needs("recommend", seconds=10),
)
async def recommend(
    data: Annotated[RecommendationRequest, BodyKwarg(examples=[RECOMMENDATION])],
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
) -> Recommendation:
    """Rank the platforms that fit a business, with reasons, support and legal duties."""
    return (await answer_to(data, serving, store)).recommendation


async def answer_to(data: RecommendationRequest, serving: Serving, store: Store) -> Served:
    """Check a request and answer it.

    Raises:
        HTTPException: Naming the field and what would be right.
        StoreUnavailable: If a stored profile is asked for and the database does not answer.
    """
    if (data.profile is None) == (data.profile_id is None):
        message = "expected either profile or profile_id"
        raise invalid([FieldError("profile", message)])
    if problems := list(_unknown_filters(data.filters, serving.reference)):
        raise unknown_codes(problems, "filters.")
    if data.profile is not None:
        if problems := serving.reference.check(data.profile):
            raise unknown_codes(problems, "profile.")
        profile = serving.reference.normalise(data.profile)
        return recommend_profile(
            serving, store, profile, n=data.n, filters=data.filters, locale=data.locale
        )
    answer = await recommend_stored(
        serving,
        store,
        str(data.profile_id),
        n=data.n,
        filters=data.filters,
        locale=data.locale,
    )
    if answer is None:
        raise unknown_profile()
    return answer


def _unknown_filters(filters: Filters, reference: Reference) -> list[FieldProblem]:
    known_ids = "the id of a platform in GET /v1/platforms"
    known_categories = "one of " + ", ".join(reference.categories)
    return [
        FieldProblem(f"{name}[{i}]", code, expected)
        for name, codes, known, expected in (
            ("categories", filters.categories, reference.categories, known_categories),
            ("include", filters.include, reference.platforms, known_ids),
            ("exclude", filters.exclude, reference.platforms, known_ids),
        )
        for i, code in enumerate(codes)
        if code not in known
    ]
