"""A time limit for every request: a slow body is cut, a handler that hangs is ended."""

import asyncio
import logging

from litestar.enums import ScopeType
from litestar.middleware import ASGIMiddleware
from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send

from service.problems import problem

logger = logging.getLogger(__name__)

SECONDS = 30.0
"""How long a request may take unless its handler says otherwise: the store gives up before."""


class TimeLimit(ASGIMiddleware):
    """Ends requests that take too long: 408 if the client is slow, 503 if we are.

    A handler that computes without ever waiting cannot be ended; none computes for long.
    """

    scopes = (ScopeType.HTTP,)

    async def handle(self, scope: Scope, receive: Receive, send: Send, next_app: ASGIApp) -> None:
        """Hand a request on, for so long."""
        assert scope["type"] == ScopeType.HTTP
        seconds = scope["route_handler"].opt.get("seconds", SECONDS)
        waiting = started = False

        async def receive_and_note() -> ReceiveMessage:
            nonlocal waiting
            waiting = True
            message = await receive()
            waiting = False
            return message

        async def send_and_note(message: Message) -> None:
            nonlocal started
            started = True
            await send(message)

        try:
            async with asyncio.timeout(seconds) as limit:
                await next_app(scope, receive_and_note, send_and_note)
        except TimeoutError:
            if not limit.expired():
                raise
            if started:  # nothing else can be answered now: the server closes the connection
                return
            if waiting:
                told = f"expected all of it within {seconds:g} seconds"
                # What is still to come of the body must not be taken for the next request.
                close = {"Connection": "close"}
                raise problem(408, "The body came too slowly", (), told, close) from None
            logger.error("the request took too long")
            raise problem(503, "This takes too long at the moment") from None
