"""The database: does it answer, is it of this version, does it take writes, and who has keys."""

import datetime as dt
from collections.abc import Generator, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, func, inspect, make_url, select, text
from sqlalchemy.exc import ArgumentError, SQLAlchemyError

from recommender.domain import Reference
from service.access.key_store import read_ring
from service.access.keys import KeyRing
from service.doctor.finding import Finding, failed, passed, warned
from service.settings import Settings
from service.store.address import shown_url
from service.store.engine import make_engine
from service.store.journal import reason_of
from service.store.migrations import versions
from service.store.records import Draft, now
from service.store.tables import events, exposures
from service.store.writes import SaveDraft

AHEAD = dt.timedelta(minutes=1)
"""How far in the future the newest row may be: machines differ by seconds."""

ASKED_FOR = "expected sqlite:///folder/file.db or postgresql://user:password@host/database"


def check_database(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Look at all of it, as far as it answers."""
    try:
        url = make_url(settings.database_url)
    except ArgumentError:
        yield failed("database", "DATABASE_URL cannot be read", ASKED_FOR)
        return
    if url.get_backend_name() == "sqlite" and not Path(url.database or "").exists():
        told = f"{url.database} is not there yet"
        yield warned("database", told, "`make run` makes it; if there was one, see DATABASE_URL")
        yield from _no_keys(settings)
        return
    try:
        with _opened(settings) as connection:
            yield passed("database", f"{shown_url(settings.database_url)} answers")
            current = yield from _migrations(connection)
            if current:
                yield from _clock(connection)
                yield _keys(read_ring(connection), settings)
            else:
                yield from _no_keys(settings)
    except (ValueError, OSError) as error:
        yield failed("database", str(error), ASKED_FOR)
    except SQLAlchemyError as error:
        todo = "start it, or see DATABASE_URL; meanwhile lists are answered and nothing is kept"
        yield failed("database", f"it does not answer: {reason_of(error)}", todo)
    else:
        if current:
            yield _writing(settings)


@contextmanager
def _opened(settings: Settings, *, writes: bool = False) -> Iterator[Connection]:
    engine = make_engine(settings.database_url, writes=writes)
    try:
        with engine.connect() as connection:
            yield connection
    finally:
        engine.dispose()


def _migrations(connection: Connection) -> Generator[Finding, None, bool]:
    """Tell the version of the tables; return whether it is the one of this service."""
    known = versions()
    found = None
    if inspect(connection).has_table("alembic_version"):
        found = connection.scalar(text("SELECT version_num FROM alembic_version"))
    if found is None:
        yield warned("migrations", "there are no tables yet", "`make run` makes them")
    elif found not in known:
        todo = "install that version, or restore a copy from before it"
        yield failed("migrations", f"{found} is of a newer version of this service", todo)
    elif found != known[0]:
        todo = "`make run` brings it there; copy the database before"
        yield warned("migrations", f"{found}, this service expects {known[0]}", todo)
    else:
        yield passed("migrations", f"{found}, the newest")
    return found == known[0]


def _writing(settings: Settings) -> Finding:
    """Write a row, and take it back."""
    draft = Draft(id="doctor", locale="en", answers={}, updated_at=now())
    try:
        with _opened(settings, writes=True) as connection:
            SaveDraft(draft).apply(connection)
            connection.rollback()
    except SQLAlchemyError as error:
        todo = "see who may write to it, and whether its disk is full"
        return failed("writing", f"it takes no writes: {reason_of(error)}", todo)
    return passed("writing", "it takes writes")


def _clock(connection: Connection) -> Iterator[Finding]:
    """Compare the clock with what is stored, and with the clock of the server."""
    newest = [
        connection.scalar(select(func.max(column)))
        for column in (events.c.received_at, exposures.c.at)
    ]
    last = max((at for at in newest if at is not None), default=None)
    ahead = last - now() if last else dt.timedelta()
    if connection.dialect.name == "postgresql":
        ahead = max(
            ahead, abs(connection.execute(select(func.clock_timestamp())).scalar_one() - now())
        )
    if ahead > AHEAD:
        told = f"{ahead.total_seconds():,.0f} s away from the database's time"
        yield failed(
            "clock", told, "set the clocks of all machines by NTP: rows are sorted by them"
        )
    else:
        stored = f"; the newest row is of {last:%Y-%m-%d %H:%M} UTC" if last else ""
        yield passed("clock", f"{now():%Y-%m-%d %H:%M} UTC{stored}")


def _keys(ring: KeyRing, settings: Settings) -> Finding:
    if ring.any_active(now()):
        return passed("keys", "there are some that work")
    if ring.exist:
        told = "all have ended: the API lets nobody in"
        return failed("keys", told, "`smedx keys create --kind secret --name NAME`")
    return next(_no_keys(settings))


def _no_keys(settings: Settings) -> Iterator[Finding]:
    if settings.loopback:
        yield passed("keys", f"none is there, so the API asks for none on {settings.host}")
    else:
        told = f"none is there, and HOST={settings.host} can be reached from other machines"
        yield failed("keys", told, "`smedx keys create --kind secret --name NAME`")
