"""Every request passes here, whatever it is for: it is counted, timed, logged and traced."""

import logging
import time

from litestar.types import ASGIApp, Message, Receive, ReceiveMessage, Scope, Send
from prometheus_client import Counter, Histogram

from service.telemetry.current import CURRENT, HEADER, Answering
from service.telemetry.metrics import REQUEST_SECONDS, REQUESTS
from service.telemetry.tracing import Tracing

logger = logging.getLogger(__name__)


class Observed:
    """The application as it is seen from outside.

    It wraps all of Litestar: a middleware of it would not see what no handler is for.

    Args:
        app: Answers.
        access_log: Whether each answer gets a line in the log.
        tracing: Makes spans, or None.
    """

    def __init__(
        self, app: ASGIApp, *, access_log: bool = False, tracing: Tracing | None = None
    ) -> None:
        self._app = app
        self._access_log = access_log
        self._tracing = tracing
        self._counted: dict[tuple[str, str, int], tuple[Counter, Histogram]] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Hand a request on."""
        request = Answering(scope)
        token = CURRENT.set(request)
        began = time.perf_counter()

        async def receive_and_note() -> ReceiveMessage:
            message = await receive()
            if message["type"] == "http.disconnect" and not request.started:
                request.is_gone = True
            return message

        async def send_and_note(message: Message) -> None:
            if message["type"] == "http.response.start":
                request.started = message["status"]
                message["headers"] = [*message["headers"], (HEADER, request.id.encode())]
            await send(message)

        try:
            if self._tracing is None:
                await self._app(scope, receive_and_note, send_and_note)
            else:
                with self._tracing.span(scope["headers"], request):
                    await self._app(scope, receive_and_note, send_and_note)
        finally:
            self._tell(request, time.perf_counter() - began)
            CURRENT.reset(token)

    def _tell(self, request: Answering, seconds: float) -> None:
        told = request.route, request.method, request.status
        if told not in self._counted:
            self._counted[told] = REQUESTS.labels(*told), REQUEST_SECONDS.labels(told[0])
        requests, durations = self._counted[told]
        requests.inc()
        durations.observe(seconds)
        if self._access_log:
            ended = {"status": request.status, "duration_ms": round(seconds * 1000, 3)}
            logger.info("answered", extra=ended)
