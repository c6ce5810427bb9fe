"""The OpenAPI document, with the schemas by which requests are really checked."""

from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin

from recommender.domain.recommendation import Recommendation
from service.api.events import EventBatch, StoredEvents
from service.api.health import Health
from service.api.platforms import PlatformList
from service.api.questionnaire import QuestionnaireView
from service.api.recommendations import RecommendationRequest
from service.problems import ProblemDetails
from service.store import StoredProfile

WIRE_TYPES = (
    RecommendationRequest,
    Recommendation,
    EventBatch,
    StoredEvents,
    StoredProfile,
    PlatformList,
    QuestionnaireView,
    Health,
    ProblemDetails,
)
"""What is sent and answered; everything else in the document is inside one of these."""


class ExactSchemas(JsonRenderPlugin):
    """Serves the document with msgspec's own schemas in the place of Litestar's.

    Those (2.25) leave out bounds of 0 and of optional numbers, and describe the items of a
    `tuple[str, ...]` as `oneOf` text and anything, which no text is: the examples would not pass.
    """

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the document as JSON."""
        template = "#/components/schemas/{name}"
        _, exact = msgspec.json.schema_components(WIRE_TYPES, ref_template=template)
        components = openapi_schema["components"] | {"schemas": exact}
        return self.render_json(request, openapi_schema | {"components": components})
