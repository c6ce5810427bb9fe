"""The buckets of the keys in the database, which all processes share."""

import asyncio
import logging
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from sqlalchemy import BigInteger, cast, event, extract, func, literal, select, update
from sqlalchemy.exc import SQLAlchemyError

from service.access.bucket import SECOND, Limit, Taken
from service.access.limiter import LocalBuckets
from service.store.engine import make_engine
from service.store.tables import api_keys

logger = logging.getLogger(__name__)

PATIENCE_SECONDS = 1.0
"""How long a request waits for the database to count it."""

PAUSE = 5 * SECOND
"""How long the database is left alone once it did not answer."""


class SharedBuckets:
    """Takes slices from the database; from memory while that does not answer.

    Then each process keeps the limit by itself, so that n of them let n times as much through:
    better than to refuse requests that need no database.

    Args:
        url: The database; it is asked from one thread, over one connection.
        clock: Nanoseconds, never backwards.
    """

    def __init__(self, url: str, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self._engine = make_engine(url, writes=True)
        event.listen(self._engine, "connect", self._hurry)
        self._thread = ThreadPoolExecutor(1, "buckets")
        self._clock = clock
        self._alone = LocalBuckets(clock)
        self._alone_until = 0

    async def lease(self, id_: str, limit: Limit, wanted: int) -> Taken:
        """Take up to so many tokens from the bucket of a key."""
        if self._clock() >= self._alone_until:
            loop = asyncio.get_running_loop()
            asked = loop.run_in_executor(self._thread, self._lease, id_, limit, wanted)
            try:
                return await asyncio.wait_for(asked, PATIENCE_SECONDS)
            except (SQLAlchemyError, OSError, TimeoutError) as error:
                logger.warning("limits are kept by each process alone: %r", error)
                self._alone_until = self._clock() + PAUSE
        return await self._alone.lease(id_, limit, wanted)

    def close(self) -> None:
        """Let go of the database."""
        self._thread.shutdown(wait=False, cancel_futures=True)
        self._engine.dispose()

    def _hurry(self, connection: Any, record: Any) -> None:
        """Wait for no disk: what a crash forgets of a bucket are a few tokens."""
        postgres = self._engine.dialect.name == "postgresql"
        connection.execute(
            "SET synchronous_commit = off" if postgres else "PRAGMA synchronous = NORMAL"
        )
        connection.commit()

    def _lease(self, id_: str, limit: Limit, wanted: int) -> Taken:
        # On PostgreSQL its own clock: those of several machines differ.
        postgres = self._engine.dialect.name == "postgresql"
        epoch = extract("epoch", func.clock_timestamp()) * SECOND
        clock = cast(epoch, BigInteger) if postgres else literal(time.time_ns(), BigInteger)
        own = api_keys.c.id == id_
        with self._engine.begin() as connection:
            found = select(api_keys.c.full_at, clock.label("now")).where(own).with_for_update()
            row = connection.execute(found).one()
            taken = limit.take(row.full_at, row.now, wanted)
            if taken.full_at != row.full_at:
                connection.execute(update(api_keys).where(own).values(full_at=taken.full_at))
        return taken
