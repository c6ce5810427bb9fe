"""How long what businesses tell is kept, and deleting it when that time is over."""

import asyncio
import datetime as dt
import logging
from collections.abc import Mapping

from service.settings import Settings
from service.store import Store, StoreError
from service.store.expiry import KEPT, Kept
from service.store.records import now

logger = logging.getLogger(__name__)

LOOK_SECONDS = 60.0
"""How often a process looks whether it is time to delete something."""

PAUSE = dt.timedelta(hours=1)
"""From one deletion to the next, by whichever process comes first."""


def terms(settings: Settings) -> Mapping[Kept, dt.timedelta]:
    """Return how long each kind of thing is kept after it was last touched."""
    return {
        "drafts": dt.timedelta(days=settings.retention_days_drafts),
        "refused": dt.timedelta(days=settings.retention_days_refused),
        "businesses": dt.timedelta(days=settings.retention_days),
        "lists": dt.timedelta(days=settings.retention_days_lists),
    }


async def forget_expired(
    store: Store, settings: Settings, at: dt.datetime, *, dry_run: bool = False
) -> dict[Kept, int]:
    """Delete what was kept long enough, a few at a time, and return how many of each kind.

    Args:
        store: Where it is kept.
        settings: How long.
        at: The time (UTC).
        dry_run: Only count what would be deleted.

    Raises:
        StoreUnavailable: If the database does not answer; what was deleted until then is gone.
    """
    kept = terms(settings)
    delete = store.expired if dry_run else store.forget
    return {kind: await delete(kind, at - kept[kind]) for kind in KEPT}


async def watch(store: Store, settings: Settings) -> None:
    """Delete every hour what was kept long enough: of all processes, one at a time."""
    while True:
        await asyncio.sleep(LOOK_SECONDS)
        try:
            at = now()
            if await store.claim("retention", at, at + PAUSE):
                await forget_expired(store, settings, at)
        except StoreError as error:
            logger.warning("what was kept long enough is not deleted yet: %s", error)
