"""All of telemetry, put together for one application."""

import asyncio
import logging

from litestar.types import ASGIApp

from recommender.training.registry import Registry
from service.serving import ServingSlot
from service.settings import Settings
from service.store import Store
from service.telemetry.journal import JournalCounts
from service.telemetry.mix import Mix, asked_ever
from service.telemetry.processes import exposition
from service.telemetry.requests import Observed
from service.telemetry.state import State
from service.telemetry.tracing import tracing_from

logger = logging.getLogger(__name__)

PUBLISH_SECONDS = 1.0
"""How often a process that nobody asks for its metrics adds its own to those of all."""

KEEP_SECONDS = 60.0
"""How often it looks who asked, so that its window does not depend on being asked."""


class Telemetry:
    """What the application is given.

    Args:
        settings: Those of the service.
        slot: What is in service.
        store: Whose journal is counted.
    """

    def __init__(self, settings: Settings, slot: ServingSlot, store: Store) -> None:
        self._access_log = settings.access_log
        self._tracing = tracing_from()
        self._journal = JournalCounts(store.journal)
        self._mix = Mix(asked_ever)
        self._state = State(slot, Registry(settings.models_dir), self._mix)

    def observe(self, app: ASGIApp) -> Observed:
        """Return an application whose answers are counted, logged and traced."""
        return Observed(app, access_log=self._access_log, tracing=self._tracing)

    async def exposition(self) -> bytes:
        """Return all metrics in the text format of Prometheus."""
        self._journal.publish()
        return await asyncio.to_thread(lambda: exposition() + self._state.exposition())

    async def watch(self) -> None:
        """Publish what is counted elsewhere, for ever."""
        loop = asyncio.get_running_loop()
        keep_at = loop.time()
        while True:
            await asyncio.sleep(PUBLISH_SECONDS)
            try:
                self._journal.publish()
                if loop.time() >= keep_at:
                    keep_at = loop.time() + KEEP_SECONDS
                    await asyncio.to_thread(self._mix.asked)
            except Exception:
                logger.exception("the metrics cannot be kept")

    def close(self) -> None:
        """Publish the last of it, and send the last traces."""
        self._journal.publish()
        if self._tracing is not None:
            self._tracing.close()
