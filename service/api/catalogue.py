"""How what changes seldom is read: again only if it has changed."""

from collections.abc import Callable
from typing import Any

import msgspec
from litestar import MediaType, Request, Response, get
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec

from service import caching
from service.access.scopes import Scope, needs
from service.problems import answers

KEEP = "private, max-age=300"
"""Browsers and clients keep an answer for five minutes; it is for holders of a key."""

UNCHANGED = ResponseSpec(
    None, generate_examples=False, description="It is what `If-None-Match` names"
)

TAG = ResponseHeader("ETag", description="Names what was answered.", documentation_only=True)


def reads(
    path: str, *statuses: int, operation_id: str, scope: Scope, **terms: Any
) -> Callable[[Any], Any]:
    """Declare a handler that reads; it returns what `cacheable` makes.

    Args:
        path: Its address.
        statuses: The errors that it answers with.
        operation_id: Its name in the OpenAPI document.
        scope: What a key must be allowed to call it.
        terms: Whatever else Litestar takes.
    """
    return get(
        path,
        sync_to_thread=False,
        response_headers=[TAG],
        responses={304: UNCHANGED, **answers(*statuses)},
        operation_id=operation_id,
        **needs(scope),
        **terms,
    )


def cacheable(request: Request[Any, Any, Any], answer: msgspec.Struct) -> Response[Any]:
    """Return an answer with its tag, or 304 without it for those who have it."""
    body = msgspec.json.encode(answer)
    return caching.cacheable(request, body, media_type=MediaType.JSON, cache_control=KEEP)
