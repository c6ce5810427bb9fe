"""The headers of every answer: what protects it, who may read it, and how much is left."""

from litestar.enums import ScopeType
from litestar.routes import HTTPRoute
from litestar.types import HTTPScope, Message, Scope

from service.access.bucket import Limit, seconds_of
from service.access.limiter import Standing
from service.access.retirement import Retirement
from service.access.scopes import ENDS
from service.methods import allow_header

Headers = list[tuple[bytes, bytes]]

SECURITY = (
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
    (b"cache-control", b"no-store"),
)
"""What an answer carries unless it says otherwise, as pages and static files do."""

ENCRYPTED = (b"strict-transport-security", b"max-age=31536000")

PREFLIGHT = (
    (b"access-control-allow-methods", b"GET, POST, PUT, DELETE"),
    (b"access-control-allow-headers", b"Authorization, Content-Type, If-None-Match"),
    (b"access-control-max-age", b"600"),
)
EXPOSED = (
    b"access-control-expose-headers",
    b"Deprecation, ETag, Link, RateLimit, RateLimit-Policy, Retry-After, Sunset, X-Request-Id",
)


class Extra:
    """What the gate found out about a request, for the headers of its answer.

    Attributes:
        origin: The website that sends it; empty if it does not come from a page.
        readable: Whether that website may read the answer.
        limit: The headers that tell the limit.
    """

    __slots__ = ("limit", "origin", "readable")

    def __init__(self) -> None:
        self.origin = ""
        self.readable = False
        self.limit: tuple[tuple[bytes, bytes], ...] = ()

    def tell_limit(self, limit: Limit, standing: Standing) -> None:
        """Tell a limit as draft-ietf-httpapi-ratelimit-headers-11 (May 2026) does.

        `q` requests in `w` seconds are the bucket and the time that it takes to fill; `r` may
        come within `t` seconds: the time until it is full, or until one may come again.
        """
        left = standing.left
        seconds = seconds_of(standing.wait or (limit.burst - left) * limit.pause)
        window = seconds_of(limit.window)
        self.limit = (
            (b"ratelimit-policy", f'"key";q={limit.burst};w={window}'.encode()),
            (b"ratelimit", f'"key";r={left};t={seconds}'.encode()),
        )


def extra_of(scope: Scope) -> Extra:
    """Return what is known for the headers of the answer to a request, and may be added to."""
    extra: Extra = scope["state"].setdefault("extra", Extra())
    return extra


async def add_headers(message: Message, scope: Scope) -> None:
    """Add headers to an answer, whatever it is and whoever made it: a hook before sending."""
    if message["type"] != "http.response.start" or scope["type"] != ScopeType.HTTP:
        return
    headers: Headers = list(message.get("headers", ()))
    present = {name for name, _ in headers}
    headers += [header for header in SECURITY if header[0] not in present]
    if scope["scheme"] == "https":
        headers.append(ENCRYPTED)
    if "route_handler" in scope:  # none may have been found
        ends: Retirement | None = scope["route_handler"].opt.get(ENDS)
        headers += () if ends is None else ends.headers
    extra: Extra | None = scope["state"].get("extra")
    if extra is not None:
        headers += extra.limit
        headers.append((b"vary", b"Origin"))
        if extra.readable:
            headers.append((b"access-control-allow-origin", extra.origin.encode("latin-1")))
            headers += PREFLIGHT if scope["method"] == "OPTIONS" else (EXPOSED,)
    message["headers"] = _every_method(headers, scope) if scope["method"] == "OPTIONS" else headers


def _every_method(headers: Headers, scope: HTTPScope) -> Headers:
    """Let OPTIONS tell all methods: Litestar (2.25) forgets those of a path's further handlers."""
    route = next(
        (
            each
            for each in scope["litestar_app"].routes
            if each.path_format == scope.get("path_template") and isinstance(each, HTTPRoute)
        ),
        None,
    )
    if route is None:
        return headers
    allow = allow_header(route.methods).encode()
    return [*(each for each in headers if each[0] != b"allow"), (b"allow", allow)]
