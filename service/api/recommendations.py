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
from service.recommend import recommend_profile, recommend_stored
from service.serving import Serving
from service.store import Store

Length = Annotated[int, Meta(ge=1, le=100, description="Length of the list at most.")]


class Business(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give either a profile or the id of a stored one."""

    profile: BusinessProfile | None = None
    profile_id: Identifier | None = None


class RecommendationRequest(Business, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A business, by a profile or by the id of a stored one, and what is wanted for it."""

    n: Length = 10
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
    business = check_business(data, serving.reference)
    check_filters(data.filters, serving.reference)
    if isinstance(business, BusinessProfile):
        return recommend_profile(
            serving, store, business, n=data.n, filters=data.filters, locale=data.locale
        )
    answer = await recommend_stored(
        serving, store, business, n=data.n, filters=data.filters, locale=data.locale
    )
    if answer is None:
        raise unknown_profile()
    return answer


def check_business(business: Business, reference: Reference) -> BusinessProfile | str:
    """Return a profile as it is known today, or the id of a stored one.

    Raises:
        ProblemDetailsException: If both are given or none, or codes are not known.
    """
    if business.profile is None and business.profile_id is not None:
        return business.profile_id
    if business.profile is None or business.profile_id is not None:
        raise invalid([FieldError("profile", "expected either profile or profile_id")])
    if problems := reference.check(business.profile):
        raise unknown_codes(problems, "profile.")
    return reference.normalise(business.profile)


def check_filters(filters: Filters, reference: Reference) -> None:
    """Refuse filters with codes that are not known.

    Raises:
        ProblemDetailsException: Naming each.
    """
    known_ids = "the id of a platform in GET /v1/platforms"
    known_categories = "one of " + ", ".join(reference.categories)
    problems = [
        FieldProblem(f"{name}[{i}]", code, expected)
        for name, codes, known, expected in (
            ("categories", filters.categories, reference.categories, known_categories),
            ("include", filters.include, reference.platforms, known_ids),
            ("exclude", filters.exclude, reference.platforms, known_ids),
        )
        for i, code in enumerate(codes)
        if code not in known
    ]
    if problems:
        raise unknown_codes(problems, "filters.")
