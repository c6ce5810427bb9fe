"""The OpenAPI document, with the schemas by which requests are really checked."""

import re
from inspect import cleandoc
from typing import Any

import msgspec
from litestar import Litestar, Request
from litestar.openapi.plugins import JsonRenderPlugin
from litestar.openapi.spec import Components, SecurityScheme

from recommender.domain.plan import Plan
from recommender.domain.recommendation import Recommendation, SimilarPlatforms
from service.access.scopes import SCHEME
from service.api.batch import BatchAnswers, BatchRequest
from service.api.consents import ConsentChange, ConsentView
from service.api.events import EventBatch, StoredEvents
from service.api.health import Health
from service.api.links import annotate
from service.api.platforms import PlatformList
from service.api.profiles import NewProfile
from service.api.questionnaire import QuestionnaireView
from service.api.recommendations import Business, RecommendationRequest
from service.problems import ProblemDetails
from service.store import Held, StoredProfile

WIRE_TYPES = (
    RecommendationRequest,
    Recommendation,
    Plan,
    Business,
    BatchRequest,
    BatchAnswers,
    EventBatch,
    StoredEvents,
    NewProfile,
    StoredProfile,
    ConsentChange,
    ConsentView,
    Held,
    PlatformList,
    SimilarPlatforms,
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
    """Serves the document as `exact` makes it."""

    def render(self, request: Request[Any, Any, Any], openapi_schema: dict[str, Any]) -> bytes:
        """Return the document as JSON."""
        return self.render_json(request, exact(openapi_schema))


def exact(document: dict[str, Any]) -> dict[str, Any]:
    """Return a document with msgspec's own schemas instead of Litestar's, and links.

    Litestar's (2.25) leave out bounds of 0 and of optional numbers, and describe the items of a
    `tuple[str, ...]` as `oneOf` text and anything, which no text is: the examples would not pass.
    That the items of a set are unique, which msgspec (0.22) says, is left out: it takes one twice.
    """
    template = "#/components/schemas/{name}"
    _, schemas = msgspec.json.schema_components(WIRE_TYPES, ref_template=template)
    schemas = _without("uniqueItems", schemas)
    for schema in schemas.values():
        _describe(schema)
    paths = {
        path: {name: annotate(each) for name, each in item.items()}
        for path, item in document["paths"].items()
    }
    components = document["components"] | {"schemas": schemas}
    return document | {"paths": paths, "components": components}


def document_of(app: Litestar) -> dict[str, Any]:
    """Return the document of an application, which need not run."""
    return exact(app.openapi_schema.to_schema())


def _describe(schema: dict[str, Any]) -> None:
    """Tell what a docstring says of an attribute with the property itself."""
    text, _, attributes = cleandoc(schema["description"]).partition("\n\nAttributes:\n")
    schema["description"] = text
    for name, said in re.findall(r"^    (\w+): (.+(?:\n     .+)*)", attributes, re.MULTILINE):
        schema["properties"][name]["description"] = " ".join(said.split())


def _without(keyword: str, node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without(keyword, each) for name, each in node.items() if name != keyword}
    return [_without(keyword, each) for each in node] if isinstance(node, list) else node
