"""`POST /v1/recommendations/batch`: many businesses in, the list of each out."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Annotated

import msgspec
from litestar import MediaType, post
from litestar.di import NamedDependency
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import BodyKwarg
from litestar.plugins.problem_details import ProblemDetailsException
from litestar.response import Stream
from msgspec import Meta, Raw, Struct

from recommender.domain import Locale, Reference
from recommender.domain.recommendation import Filters, Recommendation
from recommender.domain.tables import IN_WORDS
from service.access.scopes import needs
from service.api.examples import BATCH
from service.api.recommendations import (
    Business,
    Length,
    check_business,
    check_filters,
    lets_us_learn,
)
from service.problems import ProblemDetails, answers, decode, details_of
from service.recommend_batch import Asking, Known, Wanted, prepare, recommend_each
from service.serving import Serving
from service.settings import Settings
from service.store import Store

MOST_BYTES = 4 * 1024 * 1024
"""A business with every question answered and thirty tools in use takes about 2 KB."""

SECONDS = 60.0

Unread = Annotated[
    Raw,
    Meta(
        extra_json_schema={
            "$ref": "#/components/schemas/Business",
            IN_WORDS: "an object with profile or profile_id",
        }
    ),
]
"""A business that is read by itself, so that its faults are its own."""


class BatchRequest(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Businesses, and what is wanted for each alike.

    Attributes:
        businesses: Each a profile or the id of a stored one.
        filters: What is wanted.
    """

    businesses: Annotated[tuple[Unread, ...], Meta(min_length=1, max_length=1000)]
    n: Length = 10
    filters: Filters = Filters()
    locale: Annotated[Locale, Meta(description="Language of the texts.")] = "vi"


class BatchAnswer(Struct, frozen=True, omit_defaults=True):
    """What one business is answered: its recommendation, or what is wrong with it.

    Attributes:
        recommendation: The list.
        problem: Why there is none.
    """

    recommendation: Recommendation | None = None
    problem: ProblemDetails | None = None


class BatchAnswers(Struct, frozen=True):
    """The answer to each business, in the order in which they were sent.

    Attributes:
        answers: One each.
    """

    answers: tuple[BatchAnswer, ...]


@post(
    "/recommendations/batch",
    status_code=200,
    request_max_body_size=MOST_BYTES,
    responses={
        200: ResponseSpec(BatchAnswers, generate_examples=False, description="One answer each"),
        **answers(400, 408, 413, 415, 422, 503),
    },
    operation_id="recommend_batch",
    summary="Recommend platforms to many businesses",
    tags=["recommendations"],
    **needs("recommend:batch", seconds=SECONDS),
)
async def recommend_batch(
    data: Annotated[BatchRequest, BodyKwarg(examples=[BATCH])],
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
    settings: NamedDependency[Settings],
    turn: NamedDependency[asyncio.Lock],
) -> Stream:
    """Rank the platforms for up to 1,000 businesses, as if each had asked alone.

    What is wrong with one business is its own answer. The answers are sent as they are made.
    """
    check_filters(data.filters, serving.reference)
    asking = await asyncio.to_thread(_read_all, data.businesses, serving.reference, settings)
    ready = await prepare(serving, store, asking)
    wanted = Wanted(data.n, data.filters, data.locale)
    made = recommend_each(serving, store, ready, wanted, turn)
    return Stream(_encoded(made), media_type=MediaType.JSON)


def _read_all(businesses: Sequence[Raw], reference: Reference, settings: Settings) -> list[Asking]:
    return [_read(business, reference, settings) for business in businesses]


def _read(sent: Raw, reference: Reference, settings: Settings) -> Asking:
    try:
        business = decode(sent, Business)
        checked = check_business(business, reference)
    except ProblemDetailsException as error:
        return error
    if isinstance(checked, str):
        return checked
    return Known(checked, improve=lets_us_learn(business, settings))


async def _encoded(
    made: AsyncIterator[Recommendation | ProblemDetailsException],
) -> AsyncIterator[bytes]:
    """Yield `BatchAnswers` as JSON, one business at a time."""
    before, number = b'{"answers":[', 0
    async for each in made:
        if isinstance(each, Recommendation):
            answer = BatchAnswer(recommendation=each)
        else:
            answer = BatchAnswer(problem=details_of(each, f"businesses[{number}]"))
        yield before + msgspec.json.encode(answer)
        before, number = b",", number + 1
    yield b"]}"
