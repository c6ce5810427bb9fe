"""The gate before the API: who calls, may they, and not too often."""

import datetime as dt
from typing import Final

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.plugins.problem_details import ProblemDetailsException
from litestar.types import ASGIApp, HTTPScope, Receive, Scope, Send

from service.access.addresses import AddressBuckets, address_of
from service.access.bucket import Limit
from service.access.headers import Extra, extra_of
from service.access.key_watch import KeyWatch
from service.access.keys import Key
from service.access.limiter import Limiter
from service.access.scopes import GATED, needed
from service.access.scopes import Scope as KeyScope
from service.problems import FieldError, problem, too_many

WRONG_KEYS: Final = Limit(rate=0.2, burst=20)
"""Keys that are none, from one address, to each process.

A right key from that address goes on to work: behind one address there may be a whole town, and
what stops guessing is the length of a key.
"""

VISITORS: Final = Limit(rate=10, burst=100)
"""Requests with a publishable key from one address, to each process.

Everybody can read such a key in the website that holds it: nobody shall use it up for all.
"""

WITHOUT_KEYS: Final = frozenset[KeyScope]({"recommend", "platforms:read"})
"""What needs no database: open on a developer's machine even before the keys could be read."""


class Gate(ASGIMiddleware):
    """Lets a request through to the API, or answers 401, 403, 429 or 503.

    Args:
        keys: The keys that there are.
        limiter: Counts their requests.
        loopback: Whether the service listens to this machine alone. Then no key is asked for until
            the first one was created.
    """

    scopes = (ScopeType.HTTP,)

    def __init__(self, keys: KeyWatch, limiter: Limiter, *, loopback: bool) -> None:
        self._keys = keys
        self._limiter = limiter
        self._loopback = loopback
        self._wrong = AddressBuckets(WRONG_KEYS)
        self._visitors = AddressBuckets(VISITORS)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Check a request; `request.auth` is then its key, or None where none is asked for."""
        assert scope["type"] == ScopeType.HTTP
        if not scope["route_handler"].opt.get(GATED):
            await next_app(scope, receive, send)
            return
        extra = extra_of(scope)
        authorization = ""
        for name, value in scope["headers"]:
            if name == b"authorization":
                authorization = value.decode("latin-1")
            elif name == b"origin":
                extra.origin = value.decode("latin-1")
        if self._keys.ring is not None:
            extra.readable = extra.origin in self._keys.ring.origins
        if scope["method"] != "OPTIONS":
            key = self._identify(scope, authorization)
            scope["auth"] = key
            if key is not None:
                self._permit(scope, key, extra)
                await self._count(scope, key, extra)
        await next_app(scope, receive, send)

    def _identify(self, scope: HTTPScope, authorization: str) -> Key | None:
        """Return the key of a request, or None if it needs none."""
        ring, scope_needed = self._keys.ring, needed(scope["route_handler"].opt)
        if ring is None:
            if self._loopback and scope_needed in WITHOUT_KEYS:
                return None
            raise problem(503, "The keys cannot be read at the moment")
        if self._loopback and not ring.exist:
            return None
        kind, _, text = authorization.partition(" ")
        if kind.lower() != "bearer":
            raise _refused(401, "A key is needed", "no key was sent", "")
        key = ring.find(text.strip(), dt.datetime.now(dt.UTC))
        if key is None:
            taken = self._wrong.take(address_of(scope))
            if taken.wait:
                raise too_many(taken.wait, "Too many wrong keys came from this address")
            message = "this is no key, or one that has ended"
            raise _refused(401, "The key is not known", message, ', error="invalid_token"')
        self._keys.used.add(key.id)
        return key

    def _permit(self, scope: HTTPScope, key: Key, extra: Extra) -> None:
        """Refuse what a key may not do, and websites that it is not for."""
        extra.readable = extra.origin in key.origins
        if key.origins and not extra.readable:
            found = f"the key is not for {extra.origin or 'requests without an origin'}"
            error = FieldError("Origin", found, "one of the origins of the key")
            raise problem(403, "The key is not for this website", [error])
        wanted = needed(scope["route_handler"].opt)
        if wanted not in key.scopes:
            challenge = f', error="insufficient_scope", scope="{wanted}"'
            message = f"the key lacks the scope {wanted}"
            right = f"a key with the scope {wanted}"
            raise _refused(403, "The key may not do this", message, challenge, right)

    async def _count(self, scope: HTTPScope, key: Key, extra: Extra) -> None:
        """Count a request of a key, and refuse it if there were too many."""
        if key.kind == "publishable" and (taken := self._visitors.take(address_of(scope))).wait:
            raise too_many(taken.wait, "Too many requests came from this address")
        standing = await self._limiter.take(key.id, key.limit)
        extra.tell_limit(key.limit, standing)
        if standing.wait:
            raise too_many(standing.wait, "Too many requests came with this key")


def _refused(
    status: int,
    title: str,
    message: str,
    challenge: str,
    expected: str = "Authorization: Bearer, then a key as `smedx keys create` shows it",
) -> ProblemDetailsException:
    """Return an answer about the key, with the challenge that RFC 6750 asks for."""
    headers = {"WWW-Authenticate": f'Bearer realm="smedx"{challenge}'}
    return problem(status, title, [FieldError("Authorization", message, expected)], headers=headers)
