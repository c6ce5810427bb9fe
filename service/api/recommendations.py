"""`/v1/recommendations`: a business in, ranked platforms out."""

from typing import Annotated, Literal

from litestar import Response, delete, post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg
from msgspec import Meta, Struct

from recommender.domain import BusinessProfile, FieldProblem, Locale, Reference
from recommender.domain.engagement import Identifier
from recommender.domain.recommendation import Filters, Recommendation
from service.access.scopes import needs
from service.api.encoded import Encoded
from service.api.examples import RECOMMENDATION
from service.api.parameters import RecommendationId
from service.api.profiles import ID
from service.problems import FieldError, answers, invalid, problem, unknown_codes, unknown_profile
from service.recommend import Served, recommend_profile, recommend_stored
from service.serving import Backend
from service.settings import Settings
from service.store import Store

Length = Annotated[int, Meta(ge=1, le=100, description="Length of the list at most.")]


class Business(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Give either a profile or the id of a stored one."""

    profile: Annotated[
        BusinessProfile | None, Meta(description="A business as its owner describes it.")
    ] = None
    profile_id: Annotated[Identifier | None, Meta(description="Id of a stored business.")] = None
    consent: Annotated[
        frozenset[Literal["improve"]] | None,
        Meta(
            description=(
                "With `profile`: what the business agreed to when your website asked. `improve`: "
                "learn from this list and from what comes of it. Otherwise the list is kept "
                "without anything that tells whose it was. Where it is left out, nothing is "
                "agreed to, unless the operator has set that your website asks everybody before "
                "it calls. What a stored business agrees to stands with its profile."
            )
        ),
    ] = None


class RecommendationRequest(Business, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A business, by a profile or by the id of a stored one, and what is wanted for it."""

    n: Length = 10
    filters: Annotated[Filters, Meta(description="What is wanted.")] = Filters()
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
    backend: NamedDependency[Backend],
) -> Response[Recommendation]:
    """Rank the platforms that fit a business, with reasons, support and legal duties."""
    served = await answer_to(data, backend)
    return Encoded(served.encoded)


async def answer_to(data: RecommendationRequest, backend: Backend) -> Served:
    """Check a request and answer it.

    Raises:
        HTTPException: Naming the field and what would be right.
        StoreUnavailable: If a stored profile is asked for and the database does not answer.
    """
    serving, store, settings = backend
    business = check_business(data, serving.reference)
    check_filters(data.filters, serving.reference)
    if isinstance(business, BusinessProfile):
        return recommend_profile(
            serving,
            store,
            business,
            n=data.n,
            filters=data.filters,
            locale=data.locale,
            improve=lets_us_learn(data, settings),
        )
    served = await recommend_stored(
        serving, store, business, n=data.n, filters=data.filters, locale=data.locale
    )
    if served is None:
        raise unknown_profile()
    return served


@delete(
    "/recommendations/{recommendation_id:str}",
    responses=answers(400, 404, 409, 503),
    operation_id="delete_list",
    summary="Erase a list that was served to a business that is not stored",
    tags=["recommendations"],
    **needs("recommend"),
)
async def delete_list(recommendation_id: RecommendationId, store: NamedDependency[Store]) -> None:
    """Take back what a business agreed to that is not stored: its list goes, and what came of it.

    The lists of a stored business go with it: `DELETE /v1/profiles/{profile_id}`.
    """
    known = ID.fullmatch(recommendation_id)
    done = await store.erase_list(recommendation_id) if known else "unknown"
    if done == "of_a_business":
        found = "the list was made for a business that is stored"
        error = FieldError("recommendation_id", found, "DELETE /v1/profiles/{profile_id}")
        raise problem(409, "The list goes with its business", [error])
    if done == "unknown":
        expected = "the recommendation_id of an answer to a profile"
        error = FieldError("recommendation_id", "no such list is stored", expected)
        raise problem(404, "There is no such list", [error])


def check_business(business: Business, reference: Reference) -> BusinessProfile | str:
    """Return a profile as it is known today, or the id of a stored one.

    Raises:
        ProblemDetailsException: If both are given or none, if a stored one consents, or codes are
            not known.
    """
    if (business.profile is None) == (business.profile_id is None):
        expected = "the business itself, or the profile_id of a stored one, not both"
        raise invalid([FieldError("profile", "expected either profile or profile_id", expected)])
    if business.profile is None:
        if business.consent is not None:
            expected = "PUT /v1/profiles/{profile_id}/consent, which holds for all of its lists"
            raise invalid([FieldError("consent", "expected only with profile", expected)])
        return str(business.profile_id)
    if problems := reference.check(business.profile):
        raise unknown_codes(problems, "profile.")
    return reference.normalise(business.profile)


def lets_us_learn(business: Business, settings: Settings) -> bool:
    """Tell whether a business that is not stored agreed that its list is learned from."""
    return settings.passers_by_improve if business.consent is None else bool(business.consent)


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
