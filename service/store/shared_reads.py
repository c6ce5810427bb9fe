"""Reads that share a round trip: who asks during one is read for in the next, with all others."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping
from contextvars import Context
from typing import Generic, TypeVar

Found = TypeVar("Found")


class SharedReads(Generic[Found]):
    """Reads by id, one after another, each for all who wait.

    Who asks alone waits for nobody. A read that is under way is never shared by who asks now: it
    may have missed what was stored meanwhile.

    Args:
        read: Returns what is found, by id.
    """

    def __init__(self, read: Callable[[Collection[str]], Awaitable[Mapping[str, Found]]]) -> None:
        self._read = read
        self._waiting: list[tuple[str, asyncio.Future[Found | None]]] = []
        self._reading: asyncio.Task[None] | None = None

    async def get(self, id_: str) -> Found | None:
        """Return what is found of an id, or None.

        Raises:
            Exception: Whatever the read raises that was for this id.
        """
        answer: asyncio.Future[Found | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((id_, answer))
        if self._reading is None:
            # In a context of its own: what is logged there is of no request.
            self._reading = asyncio.create_task(self._read_all(), context=Context())
        return await answer

    async def _read_all(self) -> None:
        asked: list[tuple[str, asyncio.Future[Found | None]]] = []
        try:
            while self._waiting:
                asked, self._waiting = self._waiting, []
                try:
                    found = await self._read({id_ for id_, _ in asked})
                except Exception as error:
                    for _, answer in asked:
                        if not answer.done():  # else who asked has gone
                            answer.set_exception(error)
                else:
                    for id_, answer in asked:
                        if not answer.done():
                            answer.set_result(found.get(id_))
        finally:
            for _, answer in [*asked, *self._waiting]:
                answer.cancel()  # nothing, if it is answered
            self._waiting, self._reading = [], None
