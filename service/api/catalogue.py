"""How what changes seldom is read: by GET and HEAD, and again only if it has changed.

A strong `ETag` is the hash of the body (RFC 9110, section 8.8.3): whatever the answer comes from,
the tables, the language, the parameters, the model or the code, it changes with it and never
without. A request that sends it back in `If-None-Match` (section 13.1.2) is answered 304.
"""

import hashlib
import re
from collections.abc import Callable, Sequence
from typing import Any

import msgspec
from litestar import HttpMethod, MediaType, Request, Response, route
from litestar.datastructures import ResponseHeader
from litestar.openapi.datastructures import ResponseSpec

from service.access.scopes import Scope, needs
from service.problems import answers

KEEP = "private, max-age=300"
"""Browsers and clients keep an answer for five minutes; it is for holders of a key."""

UNCHANGED = ResponseSpec(
    None, generate_examples=False, description="It is what `If-None-Match` names"
)

TAG = ResponseHeader("ETag", description="Names what was answered.", documentation_only=True)

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def reads(
    path: str, *statuses: int, operation_id: str, scope: Scope, **terms: Any
) -> Callable[[Any], Any]:
    """Declare a handler that reads; it returns what `cacheable` makes.

    Args:
        path: Its address.
        statuses: The errors that it answers with.
        operation_id: Its name in the OpenAPI document, where GET stands for HEAD as well.
        scope: What a key must be allowed to call it.
        terms: Whatever else Litestar takes.
    """
    return route(
        path,
        http_method=[HttpMethod.GET, HttpMethod.HEAD],
        sync_to_thread=False,
        response_headers=[TAG],
        responses={304: UNCHANGED, **answers(*statuses)},
        operation_id=lambda _, method, __: operation_id + ":HEAD" * (method == HttpMethod.HEAD),
        **needs(scope),
        **terms,
    )


def cacheable(request: Request[Any, Any, Any], answer: msgspec.Struct) -> Response[Any]:
    """Return an answer with its tag, or 304 without it for those who have it.

    The server leaves the body out where HEAD asks.
    """
    body = msgspec.json.encode(answer)
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    headers = {"ETag": tag, "Cache-Control": KEEP}
    if has(request.headers.getall("if-none-match", []), tag):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=MediaType.JSON, headers=headers)


def has(told: Sequence[str], tag: str) -> bool:
    """Tell whether lines of `If-None-Match` name a tag; weak ones count (RFC 9110, 8.8.3.2)."""
    text = ",".join(told).strip()
    return text == "*" or tag in _TAG.findall(text)
