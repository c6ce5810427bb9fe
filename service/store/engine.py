"""Connections to the database, with the settings that durability asks for."""

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.exc import DisconnectionError

LOCK_SECONDS = 5
"""How long a connection waits for a lock, or for a server to answer."""


def make_engine(url: str, *, writes: bool = False) -> Engine:
    """Open a database; nothing is connected yet.

    Args:
        url: `sqlite:///folder/file.db` (the folder is created) or `postgresql://...`.
        writes: Whether it is for a single writer: one connection, transactions that take the
            write lock at once (SQLite) and wait for locks at most `LOCK_SECONDS` (PostgreSQL).

    Raises:
        ValueError: If the URL is of no such database, or of an SQLite database in memory.
        OSError: If the folder cannot be created.
    """
    parsed = make_url(url)
    pool: dict[str, Any] = {"pool_size": 1 if writes else 8, "max_overflow": 0, "pool_timeout": 5}
    if parsed.get_backend_name() == "sqlite":
        return _sqlite(parsed, writes, pool)
    if parsed.get_backend_name() in ("postgresql", "postgres"):
        return _postgresql(parsed.set(drivername="postgresql+psycopg"), writes, pool)
    raise ValueError(f"expected a database URL of sqlite or postgresql, found {parsed.drivername}")


def _sqlite(url: URL, writes: bool, pool: dict[str, Any]) -> Engine:
    if not url.database or url.database.startswith((":memory:", "file:")):
        raise ValueError("expected the path of a file: sqlite:///folder/file.db")
    path = Path(url.database)
    path.parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(
        url, hide_parameters=True, connect_args={"timeout": LOCK_SECONDS}, **pool
    )

    @event.listens_for(engine, "connect")
    def configure(connection: sqlite3.Connection, record: Any) -> None:
        # The driver would start transactions only at the first write; `begin` below does it.
        connection.isolation_level = None
        _use_wal(connection)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute("PRAGMA foreign_keys = ON")
        if writes:
            # 64 MiB each. With 2 million events stored, 100 events a call from 50 callers: 23,000
            # events/s instead of 18,000 with the defaults (1,000 pages, 2 MiB).
            connection.execute("PRAGMA wal_autocheckpoint = 16000")
            connection.execute("PRAGMA cache_size = -65536")
            # An INSERT of many rows keeps the pages that it changes, to undo it if it fails half
            # way: in a temporary file, that takes longer than to insert them.
            connection.execute("PRAGMA temp_store = MEMORY")
        record.info["file"] = _identity(path)

    @event.listens_for(engine, "checkout")
    def check(connection: sqlite3.Connection, record: Any, proxy: Any) -> None:
        # SQLite goes on writing, without an error, into a file that was moved or deleted.
        if _identity(path) != record.info["file"]:
            raise DisconnectionError("the database file was moved or deleted")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _use_wal(connection: sqlite3.Connection) -> None:
    """Switch to WAL. SQLite does not wait for the lock that this needs, so wait here."""
    deadline = time.monotonic() + LOCK_SECONDS
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)
        else:
            return


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = os.stat(path)  # noqa: PTH116 - 1 µs, Path.stat() takes 3
    except OSError:
        return None
    return status.st_dev, status.st_ino


def _postgresql(url: URL, writes: bool, pool: dict[str, Any]) -> Engine:
    # Without these a server that vanished from the network holds a write for many minutes.
    limits = {"connect_timeout": LOCK_SECONDS, "tcp_user_timeout": LOCK_SECONDS * 1000}
    own = {name: value for name, value in limits.items() if name not in url.query}
    engine = create_engine(url, hide_parameters=True, pool_pre_ping=True, connect_args=own, **pool)

    @event.listens_for(engine, "connect")
    def configure(connection: Any, record: Any) -> None:
        connection.execute("SET TIME ZONE 'UTC'")
        if writes:
            connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        connection.commit()

    return engine
