"""`POST /v1/plans`: a business in, what to do and in which order out."""

from typing import Annotated

from litestar import post
from litestar.di import NamedDependency
from litestar.params import BodyKwarg

from recommender.domain.plan import Plan
from service.access.scopes import needs
from service.api.examples import PLAN
from service.api.recommendations import RecommendationRequest, answer_to
from service.problems import answers
from service.serving import Backend


@post(
    "/plans",
    status_code=200,
    request_max_body_size=65_536,
    responses=answers(400, 404, 408, 409, 413, 415, 422, 503),
    operation_id="make_plan",
    summary="Make a plan for a business",
    tags=["plans"],
    **needs("recommend", seconds=10),
)
async def make_plan(
    data: Annotated[RecommendationRequest, BodyKwarg(examples=[PLAN])],
    backend: NamedDependency[Backend],
) -> Plan:
    """Recommend as `POST /v1/recommendations` does, and say what to do now and later.

    Beside the list: the eight functions compared with others of the same line and size, a road map
    in which each step comes after what it needs, and what each platform means beside those in use.
    Filters hold for the road map, too.
    """
    return (await answer_to(data, backend)).plan()
