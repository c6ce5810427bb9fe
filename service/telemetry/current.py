"""The request that is being answered: what logs, traces and error messages tell of it.

The id of a caller is taken where it is a UUID or 32 hexadecimal digits, as proxies make them:
nothing that means a person or a business looks like that. Otherwise it is made here. It stands in
the header `X-Request-Id` of the answer, in problem details and in every line of the log.
"""

import itertools
import re
import secrets
from contextvars import ContextVar
from typing import Any

HEADER = b"x-request-id"
ID = re.compile(rb"[0-9a-fA-F]{32}|[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}")

PROCESS, NUMBERS = secrets.token_hex(8), itertools.count(1)
"""The two halves of an id that is made here: of this process, and of the request in it."""

UNKNOWN = "unknown"
"""The route of what no handler is for."""

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Methods that are told apart; a client may send any word."""

GONE = 499
"""What is told as the status where the client went away before it was answered, as nginx does: it
is no failure of ours."""


class Answering:
    """A request on its way through the service.

    Args:
        scope: As ASGI gives it; Litestar adds the template of its path.

    Attributes:
        id: What it is known by.
        method: How it was sent.
        started: The status that was sent, or 0 as long as none was.
        is_gone: Whether whoever asked went away before that.
    """

    __slots__ = ("_scope", "id", "is_gone", "method", "started")

    def __init__(self, scope: Any) -> None:
        sent = b""
        for name, value in scope["headers"]:  # half the time of a generator
            if name == HEADER:
                sent = value
        self.id = sent.decode() if ID.fullmatch(sent) else f"{PROCESS}{next(NUMBERS):016x}"
        self.method = scope["method"] if scope["method"] in METHODS else "other"
        self.started = 0
        self.is_gone = False
        self._scope = scope

    @property
    def route(self) -> str:
        """The template of its path; never the path itself, in which there are ids."""
        route: str = self._scope.get("path_template") or UNKNOWN
        return route

    @property
    def status(self) -> int:
        """How it ended, once it has; what fails without an answer is answered 500 by the server."""
        return GONE if self.is_gone else self.started or 500


CURRENT: ContextVar[Answering | None] = ContextVar("request", default=None)
"""None outside of a request."""
