"""All of access control, put together for one application."""

from service.access.gate import Gate
from service.access.key_watch import KeyWatch
from service.access.limiter import Limiter, LocalBuckets
from service.access.shared_buckets import SharedBuckets
from service.settings import Settings
from service.store import Store


class Access:
    """What the application is given: the gate, and the keys that it follows.

    The buckets of the keys stand in the memory of the process where it is the only one.
    """

    def __init__(self, settings: Settings, store: Store) -> None:
        alone = settings.workers == 1 and settings.database_url.startswith("sqlite")
        self._buckets = None if alone else SharedBuckets(settings.database_url)
        self.keys = KeyWatch(store)
        limiter = Limiter(self._buckets or LocalBuckets())
        self.gate = Gate(self.keys, limiter, loopback=settings.loopback)

    def close(self) -> None:
        """Let go of the database."""
        if self._buckets is not None:
            self._buckets.close()
