"""What a browser may do with the pages, and who may send them forms."""

from typing import Any
from urllib.parse import urlsplit

from litestar import Response
from litestar.connection import ASGIConnection
from litestar.exceptions import PermissionDeniedException
from litestar.handlers import BaseRouteHandler
from litestar.types import Guard

from service.access.addresses import AddressBuckets, address_of
from service.access.bucket import Limit
from service.problems import too_many

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
        "img-src 'self' data:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
}
PRIVATE = "no-store"
PUBLIC = "public, max-age=300"
FORGET = '"cache", "storage"'
"""What a browser has kept of pages that are no longer for it, and what was typed there."""

_SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})


def secure(response: Response[Any]) -> Response[Any]:
    """Add the headers that every page carries; a page is private unless it says otherwise."""
    for name, value in HEADERS.items():
        response.headers[name] = value
    response.headers.setdefault("Cache-Control", PRIVATE)
    return response


def refuse_cross_site(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
    """Refuse a form that another site sends.

    The pages keep no cookie: the token in the address is all that opens the pages of a business,
    so another site cannot act for a visitor without knowing it, and a token against forgery would
    protect nothing more. What another site could do is to make its visitors start questionnaires
    here, or to send forms to an address that has leaked. Browsers say where a form comes from:
    `Sec-Fetch-Site` decides where it is sent, and cannot be forged by a page; browsers that do
    not know it send `Origin`, whose host must be ours. A client that sends neither is no browser
    and carries nothing of a visitor that could be abused.

    Raises:
        PermissionDeniedException: The form comes from another site.
    """
    if connection.scope.get("method") in _SAFE_METHODS:
        return
    site = connection.headers.get("sec-fetch-site")
    if site is not None:
        if site not in {"same-origin", "none"}:
            raise PermissionDeniedException("The form comes from another site.")
        return
    origin = connection.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != connection.headers.get("host"):
        raise PermissionDeniedException("The form comes from another site.")


def limit_forms(a_minute: int) -> Guard:
    """Return a guard that refuses forms of an address that sends too many.

    A questionnaire sends some twenty in four minutes, and a mobile network puts hundreds of phones
    behind one address: the limit stops floods, nobody's neighbours.

    Args:
        a_minute: How many an address may send at once, and in each minute after that.
    """
    buckets = AddressBuckets(Limit(a_minute / 60, a_minute))

    def limit(connection: ASGIConnection[Any, Any, Any, Any], _: BaseRouteHandler) -> None:
        if connection.scope.get("method") not in _SAFE_METHODS:
            taken = buckets.take(address_of(connection.scope))
            if taken.wait:
                raise too_many(taken.wait, "Too many forms came from this address")

    return limit
