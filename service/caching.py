"""Answers that are sent again only if they have changed (RFC 9110, sections 8.8.3 and 13.1.2).

A strong `ETag` is the hash of the body: whatever the answer comes from, the tables, the language,
the parameters, the model or the code, it changes with it and never without.
"""

import hashlib
import re
from collections.abc import Sequence
from typing import Any

from litestar import Request, Response

_TAG = re.compile(r'(?:W/)?("[\x21\x23-\x7e\x80-\xff]*")')


def tag_of(body: bytes) -> str:
    """Return the entity tag of a body, with its quotes."""
    return f'"{hashlib.sha256(body).hexdigest()[:32]}"'


def cacheable(
    request: Request[Any, Any, Any], body: bytes, *, media_type: str, cache_control: str
) -> Response[Any]:
    """Return a body with its tag, or 304 without it for those who have it."""
    headers = {"ETag": tag_of(body), "Cache-Control": cache_control}
    if has(request.headers.getall("if-none-match", []), headers["ETag"]):
        return Response(b"", status_code=304, headers=headers)
    return Response(body, media_type=media_type, headers=headers)


def has(told: Sequence[str], tag: str) -> bool:
    """Tell whether lines of `If-None-Match` name a tag; weak ones count (RFC 9110, 8.8.3.2)."""
    text = ",".join(told).strip()
    return text == "*" or tag in _TAG.findall(text)
