"""The keys as this process knows them, read again every second."""

import asyncio
import logging

from service.access.key_store import MarkUsed, read_ring
from service.access.keys import KeyRing
from service.store.records import now
from service.store.store import Store

logger = logging.getLogger(__name__)


class KeyWatch:
    """Follows the keys in the database, and tells it which of them are used.

    While the database does not answer, what was read last holds.

    Attributes:
        ring: The keys; None until they were read for the first time.
        used: Ids of the keys that were used since the last look.
    """

    def __init__(self, store: Store) -> None:
        self.ring: KeyRing | None = None
        self.used: set[str] = set()
        self._store = store
        self._trouble = ""

    async def refresh(self) -> None:
        """Read the keys, and keep when they were used."""
        try:
            self.ring = await self._store.read(read_ring)
            used, self.used = self.used, set()
            if used:
                await self._store.journal.submit(MarkUsed(frozenset(used), now()))
        except Exception as error:  # whatever is wrong, it must not end here
            if self._trouble != str(error):
                logger.error("the keys cannot be read: %s", error)
            self._trouble = str(error)
        else:
            self._trouble = ""

    async def watch(self, seconds: float) -> None:
        """Look every so many seconds, for ever."""
        while True:
            await asyncio.sleep(seconds)
            await self.refresh()
