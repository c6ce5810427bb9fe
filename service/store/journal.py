"""The one writer of a process: many writes become one transaction.

Whatever arrives while a transaction is being committed goes into the next one. So one write alone
waits for one commit, and a thousand at once wait for one or two.
"""

import asyncio
import logging
import threading
import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from typing import Any, NamedTuple, TypeVar

from sqlalchemy import Engine
from sqlalchemy.exc import (
    DataError,
    DBAPIError,
    IntegrityError,
    OperationalError,
    SQLAlchemyError,
    StatementError,
)

from service.store.appends import apply_all
from service.store.records import StoreError, StoreUnavailable, UnknownReference
from service.store.writes import Write

Result = TypeVar("Result")
logger = logging.getLogger(__name__)

TRIES = 3
"""How often a transaction is tried that the database ended to resolve a deadlock."""

DEADLOCKS = ("40001", "40P01")
"""SQLSTATE codes of PostgreSQL: serialization failure, deadlock detected."""


EARLY_SECONDS = 1.0
"""How long an event waits for an exposure that another process is about to store."""

EARLY_PAUSE_SECONDS = 0.1


class Pending(NamedTuple):
    """A write on its way, who waits for it, if anybody, and until when it may be early."""

    write: Write[Any]
    waiter: asyncio.Future[Any] | None
    deadline: float | None = None


class Journal:
    """Stores writes in the order in which they were submitted, and answers once committed.

    Args:
        engine: With one connection, for writing; see `make_engine`.
        queue_limit: Rows that may wait; more are refused.
        batch_weight: Rows that a transaction takes, more or less.
        linger_seconds: How long writes that nobody waits for wait for one that somebody waits for:
            they are many, and each transaction takes its time.
        keep_limit: Writes that nobody waits for, kept while the database is gone.
        retry_seconds: How soon these are tried again if nothing else arrives.

    Attributes:
        committed: Writes that are stored.
        commits: Transactions that this took.
        rejected: Writes that could not be stored themselves, whatever the state of the database.
        failed: Writes that were refused because the database or the queue did not take them.
        dropped_exposures: Writes that nobody waited for and that are lost.
        trouble: Why the last transaction failed; None if it did not.
        on_commit: Told the rows of each transaction, by the writer's thread.
    """

    def __init__(
        self,
        engine: Engine,
        *,
        queue_limit: int = 50_000,
        batch_weight: int = 5_000,
        linger_seconds: float = 0.05,
        keep_limit: int = 10_000,
        retry_seconds: float = 1.0,
    ) -> None:
        self.committed = self.commits = self.rejected = self.failed = 0
        self.dropped_exposures = 0
        self.trouble: str | None = None
        self.on_commit: Callable[[int], object] = lambda rows: None
        self._engine = engine
        self._queue_limit = queue_limit
        self._batch_weight = batch_weight
        self._linger_seconds = linger_seconds
        self._keep_limit = keep_limit
        self._retry_seconds = retry_seconds
        self._queue: deque[Pending] = deque()
        self._early: deque[tuple[float, Pending]] = deque()
        self._waiting_weight = self._waiters = 0
        self._kept: list[Pending] = []
        self._changed = threading.Condition()
        self._open = True
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)

    @property
    def depth(self) -> int:
        """How many writes wait, those kept from failed transactions included."""
        return len(self._queue) + len(self._early) + len(self._kept)

    def start(self) -> None:
        """Start the writer."""
        self._thread.start()

    def submit(self, write: Write[Result]) -> asyncio.Future[Result]:
        """Queue a write; the future is done once it is committed, rejected or failed.

        Raises:
            StoreUnavailable: If the queue is full or the journal closed.
        """
        waiter: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        with self._changed:
            if reason := self._refusal(write):
                self.failed += 1
                raise StoreUnavailable(reason)
            self._enqueue(Pending(write, waiter))
        return waiter

    def post(self, write: Write[Any]) -> None:
        """Queue a write that nobody waits for; it is counted as dropped if there is no room."""
        with self._changed:
            if self._refusal(write):
                self.dropped_exposures += 1
                return
            self._enqueue(Pending(write, None))

    def close(self) -> None:
        """Store what is queued, then end; blocks until done."""
        with self._changed:
            self._open = False
            self._changed.notify()
        if self._thread.ident is not None:
            self._thread.join()

    def _enqueue(self, pending: Pending) -> None:
        self._queue.append(pending)
        self._waiting_weight += pending.write.weight
        self._waiters += pending.waiter is not None
        if len(self._queue) == 1 or self._is_due():
            self._changed.notify()

    def _is_due(self) -> bool:
        """Return whether what is queued should be stored now rather than in a moment."""
        full = self._waiting_weight >= self._batch_weight
        return bool(self._waiters) or full or not self._open

    def _refusal(self, write: Write[Any]) -> str | None:
        if not self._open:
            return "the store is closed"
        if not self._thread.is_alive():
            return "the store is not started"
        if 0 < self._waiting_weight > self._queue_limit - write.weight:
            return f"{self._waiting_weight} rows are waiting"
        return None

    def _run(self) -> None:
        batch: list[Pending] = []
        try:
            while True:
                batch = self._next()
                if batch:
                    self._store(batch)
                if not (self._open or self._queue or self._early):
                    batch = []
                    break  # What is kept has just been tried for the last time.
        finally:  # Also after a fault of our own: nobody may wait for ever.
            with self._changed:
                self._open = False
                early = [pending for _, pending in self._early]
                left = [*batch, *self._kept, *self._queue, *early]
                self._kept.clear()
                self._queue.clear()
                self._early.clear()
            waiters = [pending.waiter for pending in left if pending.waiter is not None]
            self.dropped_exposures += len(left) - len(waiters)
            _answer((waiter, StoreUnavailable("the store is closed")) for waiter in waiters)

    def _next(self) -> list[Pending]:
        """Wait; return what was kept, about a transaction full of new writes, and what was early.

        Empty if the journal was closed meanwhile, or if nothing is due yet.
        """
        with self._changed:
            if self._open and not self._queue:
                pauses = [self._retry_seconds] if self._kept else []
                if self._early:
                    pauses.append(max(0.0, self._early[0][0] - time.monotonic()))
                self._changed.wait_for(
                    lambda: self._queue or not self._open, min(pauses, default=None)
                )
            if self._queue:
                self._changed.wait_for(self._is_due, self._linger_seconds)
            batch, self._kept = self._kept, []
            kept = len(batch)
            room = self._batch_weight
            while self._queue and room > 0:
                batch.append(self._queue.popleft())
                room -= batch[-1].write.weight
                self._waiters -= batch[-1].waiter is not None
            while self._early and not (self._open and self._early[0][0] > time.monotonic()):
                batch.append(self._early.popleft()[1])
            self._waiting_weight -= sum(pending.write.weight for pending in batch[kept:])
            return batch

    def _store(self, batch: Sequence[Pending]) -> None:
        try:
            outcomes = self._commit([pending.write for pending in batch])
        except Exception as error:
            if _is_outage(error):
                self._fail(batch, reason_of(error))
            elif len(batch) > 1:  # One write is at fault: find it, and store the others.
                middle = len(batch) // 2
                self._store(batch[:middle])
                self._store(batch[middle:])
            else:
                logger.exception("A write cannot be stored")
                self._settle(batch, [StoreError(f"this cannot be stored: {reason_of(error)}")])
        else:
            if self.trouble is not None:
                logger.warning("The store is available again")
            self.trouble = None
            self.commits += 1
            self.on_commit(sum(pending.write.weight for pending in batch))
            self._settle(batch, outcomes)

    def _commit(self, writes: Sequence[Write[Any]]) -> list[Any]:
        for attempt in range(1, TRIES + 1):
            with self._engine.connect() as connection:
                try:
                    with connection.begin():
                        outcomes = apply_all(connection, writes)
                except OperationalError as error:
                    connection.invalidate()
                    if attempt < TRIES and getattr(error.orig, "sqlstate", None) in DEADLOCKS:
                        continue
                    raise
                except BaseException:
                    connection.invalidate()
                    raise
                return outcomes
        raise AssertionError("unreachable")

    def _fail(self, batch: Sequence[Pending], reason: str) -> None:
        if self.trouble is None:
            logger.warning("The store is unavailable: %s", reason)
        self.trouble = reason
        waiters = [pending.waiter for pending in batch if pending.waiter is not None]
        kept = [*self._kept, *(pending for pending in batch if pending.waiter is None)]
        with self._changed:
            self.failed += len(waiters)
            self.dropped_exposures += max(0, len(kept) - self._keep_limit)
            self._kept = kept[-self._keep_limit :]
        _answer((waiter, StoreUnavailable(reason)) for waiter in waiters)

    def _settle(self, batch: Sequence[Pending], outcomes: Sequence[Any]) -> None:
        answers = []
        with self._changed:
            for pending, outcome in zip(batch, outcomes, strict=True):
                if self._postpone(pending, outcome):
                    continue
                rejected = isinstance(outcome, StoreError)
                self.rejected += rejected
                self.committed += not rejected
                if pending.waiter is not None:
                    answers.append((pending.waiter, outcome))
                else:
                    self.dropped_exposures += rejected
        _answer(answers)

    def _postpone(self, pending: Pending, outcome: Any) -> bool:
        """Put a write aside whose exposure may follow; False once that has lasted too long."""
        if not (self._open and isinstance(outcome, UnknownReference) and outcome.may_follow):
            return False
        time_now = time.monotonic()
        deadline = pending.deadline or time_now + EARLY_SECONDS
        if time_now >= deadline:
            return False
        due = time_now + EARLY_PAUSE_SECONDS
        self._early.append((due, pending._replace(deadline=deadline)))
        self._waiting_weight += pending.write.weight
        return True


def _answer(answers: Iterable[tuple[asyncio.Future[Any], Any]]) -> None:
    """Resolve futures from the writer's thread: each event loop is woken once, not per answer."""
    by_loop = defaultdict(list)
    for waiter, outcome in answers:
        by_loop[waiter.get_loop()].append((waiter, outcome))
    for loop, own in by_loop.items():
        with suppress(RuntimeError):  # The loop is closed: nobody waits any more.
            loop.call_soon_threadsafe(_resolve, own)


def _resolve(answers: Sequence[tuple[asyncio.Future[Any], Any]]) -> None:
    for waiter, outcome in answers:
        if waiter.done():  # Whoever asked has gone.
            continue
        if isinstance(outcome, StoreError):
            waiter.set_exception(outcome)
        else:
            waiter.set_result(outcome)


def _is_outage(error: Exception) -> bool:
    """Tell a database that does not work from a value that it does not take."""
    if isinstance(error, DBAPIError):
        return not isinstance(error, DataError | IntegrityError)
    known = isinstance(error, SQLAlchemyError | StoreUnavailable)
    return known and not isinstance(error, StatementError)


def reason_of(error: Exception) -> str:
    """Return the first line of what the database said, without the statement and its values."""
    said = str(getattr(error, "orig", None) or error).strip()
    return said.partition("\n")[0]
