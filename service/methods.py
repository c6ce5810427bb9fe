"""HEAD wherever GET is (RFC 9110, section 9.3.2), for every handler at once.

Litestar (2.25) answers it only where a handler names it. Here it sees GET: status and headers,
`Content-Length` and `ETag` among them, are then those of GET, whoever makes them.
"""

from collections.abc import Iterable

from litestar.enums import ScopeType
from litestar.types import ASGIApp, Message, Receive, Scope, Send


def with_head(app: ASGIApp) -> ASGIApp:
    """Return an application that answers HEAD as GET, without the body."""

    async def answer(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != ScopeType.HTTP or scope["method"] != "HEAD":
            await app(scope, receive, send)
            return

        async def send_without_body(message: Message) -> None:
            scope["method"] = "HEAD"  # the server looks there how long the body should be
            if message["type"] == "http.response.body":
                message["body"] = b""
            await send(message)

        scope["method"] = "GET"
        try:
            await app(scope, receive, send_without_body)
        finally:
            scope["method"] = "HEAD"

    return answer


def allow_header(methods: Iterable[str]) -> str:
    """Return the methods of an address, as the header `Allow` has them."""
    known = set(methods)
    return ", ".join(sorted(known | {"HEAD"} if "GET" in known else known))
