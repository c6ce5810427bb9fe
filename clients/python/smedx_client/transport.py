"""How calls are sent, sent again, and read: once for threads and once for asyncio."""

import asyncio
import itertools
import random
import time
import warnings
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, Self, TypeVar
from urllib.parse import quote

import httpx
import msgspec

from smedx_client.errors import UnexpectedAnswer, Unreachable, error_of, retry_after

Answer = TypeVar("Answer")
Outcome = httpx.Response | httpx.TransportError

BUSY = (429, 503)
FIRST_PAUSE_SECONDS = 0.5
MOST_KEPT = 256


@dataclass(frozen=True)
class Call(Generic[Answer]):
    """One call of an operation.

    Attributes:
        method: In capitals.
        path: With its parameters.
        answer: What is answered.
        accepts: The statuses with which it is answered.
        body: What is sent.
        query: What is asked for; None is left out.
        repeatable: Whether it may be sent again when it is not known what became of it.
    """

    method: str
    path: str
    answer: type[Answer]
    accepts: tuple[int, ...] = (200,)
    body: msgspec.Struct | None = None
    query: Mapping[str, str | int | None] = field(default_factory=dict)
    repeatable: bool = False

    @property
    def url(self) -> str:
        """The path with the query."""
        told = {name: str(value) for name, value in self.query.items() if value is not None}
        return f"{self.path}?{httpx.QueryParams(told)}" if told else self.path


def path(template: str, **values: str) -> str:
    """Return a path with its parameters filled in."""
    return template.format_map({name: quote(value, safe="") for name, value in values.items()})


class _Sending:
    """What both ways of sending share.

    Args:
        url: Where the service is, such as `https://recommender.example.vn`.
        key: A key of the API; none for a service on one's own machine that asks for none.
        timeout: Seconds to wait for a connection, or for more of an answer.
        retries: How often a call is sent again, at most, that may be.
        patience: Seconds to wait before sending it again, at most; asked for more, it gives up.
    """

    def __init__(
        self,
        url: str,
        key: str | None = None,
        *,
        timeout: float = 30.0,
        retries: int = 3,
        patience: float = 60.0,
    ) -> None:
        headers = {"User-Agent": "smedx-client"}
        if key is not None:
            headers["Authorization"] = f"Bearer {key}"
        self._retries = retries
        self._patience = patience
        self._kept: dict[str, tuple[str, bytes]] = {}
        self._open(base_url=url, timeout=timeout, headers=headers)

    def _open(self, **options: Any) -> None:
        raise NotImplementedError

    def _sent(self, call: Call[Any]) -> dict[str, Any]:
        headers = {}
        if call.method == "GET" and call.url in self._kept:
            headers["If-None-Match"] = self._kept[call.url][0]
        if call.body is None:
            return {"headers": headers}
        return {
            "headers": headers | {"Content-Type": "application/json"},
            "content": msgspec.json.encode(call.body),
        }

    def _pause(self, call: Call[Any], attempt: int, outcome: Outcome) -> float | None:
        """Return the seconds after which to send a call again, or None if that is no use."""
        if attempt >= self._retries or not call.repeatable:
            return None
        pause = FIRST_PAUSE_SECONDS * 2**attempt * random.uniform(1, 1.5)  # noqa: S311 - no secret
        if isinstance(outcome, httpx.Response):
            if outcome.status_code not in BUSY or outcome.status_code in call.accepts:
                return None
            pause = max(pause, retry_after(outcome) or 0.0)
        return pause if pause <= self._patience else None

    def _read(self, call: Call[Answer], outcome: Outcome) -> Answer:
        """Return the answer.

        Raises:
            SmedxError: If there is none.
        """
        if isinstance(outcome, httpx.TransportError):
            raise Unreachable(f"{call.method} {call.path}: {outcome!r}") from outcome
        if "Deprecation" in outcome.headers:
            told = f"{call.method} {call.path} ends: {outcome.headers.get('Sunset', 'one day')}"
            warnings.warn(told, DeprecationWarning, stacklevel=4)
        content = outcome.content
        if outcome.status_code == 304 and call.url in self._kept:
            content = self._kept[call.url][1]
        elif outcome.status_code not in call.accepts:
            raise error_of(outcome)
        elif tag := outcome.headers.get("ETag"):
            self._keep(call.url, tag, content)
        try:
            return msgspec.json.decode(content or b"null", type=call.answer)
        except msgspec.DecodeError as error:
            raise UnexpectedAnswer(f"{call.method} {call.path}: {error}") from error

    def _keep(self, url: str, tag: str, content: bytes) -> None:
        self._kept.pop(url, None)
        while len(self._kept) >= MOST_KEPT:
            del self._kept[next(iter(self._kept))]
        self._kept[url] = tag, content


class Transport(_Sending):
    """Sends calls one after another; may be shared by threads."""

    def _open(self, **options: Any) -> None:
        self._http = httpx.Client(**options)

    def call(self, call: Call[Answer]) -> Answer:
        """Send a call, again if need be, and return its answer.

        Raises:
            SmedxError: If there is none.
        """
        for attempt in itertools.count():
            outcome: Outcome
            try:
                outcome = self._http.request(call.method, call.url, **self._sent(call))
            except httpx.TransportError as error:
                outcome = error
            pause = self._pause(call, attempt, outcome)
            if pause is None:
                break
            time.sleep(pause)
        return self._read(call, outcome)

    def close(self) -> None:
        """Let go of the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class AsyncTransport(_Sending):
    """Sends calls from coroutines, as many at once as there are."""

    def _open(self, **options: Any) -> None:
        self._http = httpx.AsyncClient(**options)

    async def call(self, call: Call[Answer]) -> Answer:
        """Send a call, again if need be, and return its answer.

        Raises:
            SmedxError: If there is none.
        """
        for attempt in itertools.count():
            outcome: Outcome
            try:
                outcome = await self._http.request(call.method, call.url, **self._sent(call))
            except httpx.TransportError as error:
                outcome = error
            pause = self._pause(call, attempt, outcome)
            if pause is None:
                break
            await asyncio.sleep(pause)
        return self._read(call, outcome)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()
