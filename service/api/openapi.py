"""The OpenAPI document, with the schemas by which requests are really checked."""

from typing import Any

import msgspec
from litestar import Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from recommender.domain.recommendation import Recommendation
from service.access.scopes import SCHEME
from service.api.consents import ConsentChange, ConsentView
from service.api.events import EventBatch, StoredEvents
from service.api.health import Health
from service.api.platforms import PlatformList
from service.api.profiles import NewProfile
from service.api.questionnaire import QuestionnaireView
from service.api.recommendations import RecommendationRequest
from service.problems import ProblemDetails
from service.store import Held, StoredProfile

WIRE_TYPES = (
    RecommendationRequest,
    Recommendation,
    EventBatch,
    StoredEvents,
    NewProfile,
    StoredProfile,
    ConsentChange,
    ConsentView,
    Held,
    PlatformList,
    QuestionnaireView,
    Health,
    ProblemDetails,
)
"""What is sent and answered; everything else in the document is inside one of these."""


KEYS = Components(
    security_schemes={
        SCHEME: SecurityScheme(
            type="http",
            scheme="bearer",
            bearer_format="smedx_pk_, smedx_sk_ or smedx_ak_ and more",
            description=(
                "A key as `smedx keys create` shows it. Publishable keys (`smedx_pk_`) recommend "
                "and take events, from pages of their origins only; secret keys (`smedx_sk_`) do "
                "everything but administration; what each operation needs stands with it. On a "
                "machine where nobody has created a key yet, none is asked for."
            ),
        )
    }
)
"""How requests are authorised, for the OpenAPI document."""


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
