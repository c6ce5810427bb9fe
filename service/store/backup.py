"""Copies of the whole store while it is in use, and back."""

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing, suppress
from pathlib import Path

from sqlalchemy import URL, inspect, make_url, select
from sqlalchemy.exc import SQLAlchemyError

from service.store.engine import LOCK_SECONDS, make_engine
from service.store.journal import reason_of
from service.store.migrations import migrate
from service.store.tables import metadata


class BackupError(Exception):
    """A copy cannot be made or taken back; what was there before still is."""


def backup(url: str, file: Path) -> None:
    """Copy a database into a file, as it is at one moment, while others read and write.

    Args:
        url: The database, see `make_engine`.
        file: It must not exist; of SQLite a database, of PostgreSQL an archive for `pg_restore`.

    Raises:
        BackupError: If there is such a file, or the copy is not whole.
    """
    if file.exists():
        raise BackupError(f"{file} exists already: expected a name that nothing has yet")
    parsed = make_url(url)
    beside = file.with_name(f"{file.name}.part")
    try:
        beside.unlink(missing_ok=True)
        beside.touch()  # neither SQLite nor pg_dump says well why it cannot
        if parsed.get_backend_name() == "sqlite":
            _copy(Path(str(parsed.database)), beside)
            _close(beside)
            _check(beside)
        else:
            _run("pg_dump", parsed, "--format=custom", f"--file={beside}")
        with beside.open("rb") as written:
            os.fsync(written.fileno())
        beside.rename(file)
    except (sqlite3.Error, OSError) as error:
        expected = f"expected a folder with room, {file.parent}, that this user may write to"
        raise BackupError(f"no backup was made in {file}: {error}\n{expected}") from error
    finally:
        with suppress(OSError):  # told already, if it is why no backup was made
            beside.unlink(missing_ok=True)


def restore(url: str, file: Path, *, replace: bool = False) -> None:
    """Put a copy into a database, and bring it to the newest version.

    It happens in one transaction: others see the database before or after, never between.

    Args:
        url: The database, of the same kind as the one that the copy is of.
        file: What `backup` wrote.
        replace: Whether what the database holds may be lost.

    Raises:
        BackupError: If the file is no copy of a store, if the database holds something that may
            not be lost, or if it does not answer.
    """
    parsed = make_url(url)
    try:
        if not file.is_file():
            raise BackupError(f"{file} is no file: expected one that `smedx backup` wrote")
        if not replace and (held := _held(url)):
            told = f"the database holds something already: {', '.join(held)}"
            raise BackupError(f"{told}; --replace lets it be lost")
        if parsed.get_backend_name() == "sqlite":
            _check(file)
            _copy(file, Path(str(parsed.database)))
        else:
            options = ("--clean", "--if-exists", "--no-owner", "--single-transaction")
            _run("pg_restore", parsed, *options, str(file))
        migrate(url)
    except SQLAlchemyError as error:
        raise BackupError(f"nothing is restored: {reason_of(error)}") from error
    except (sqlite3.Error, OSError) as error:
        raise BackupError(f"nothing is restored: {error}") from error


def _copy(source: Path, target: Path) -> None:
    """Copy an SQLite database by its online backup: all pages of one moment in one step."""
    with (
        closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as old,
        closing(sqlite3.connect(target, timeout=LOCK_SECONDS)) as new,
    ):
        old.backup(new)


def _close(file: Path) -> None:
    """Make a copy one file: in WAL mode, whoever reads it would leave two more beside it."""
    with closing(sqlite3.connect(file)) as copy:
        copy.execute("PRAGMA journal_mode = DELETE")


def _check(file: Path) -> None:
    """Refuse what is not a sound SQLite database of a store."""
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            (found,) = copy.execute("PRAGMA quick_check").fetchone()
            copy.execute("SELECT version_num FROM alembic_version").fetchone()
    except sqlite3.DatabaseError as error:
        raise BackupError(f"{file} is no backup of a store: {error}") from error
    if found != "ok":
        raise BackupError(f"{file} is damaged: {found}")


def _held(url: str) -> list[str]:
    """Return which tables of a database have rows."""
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            there = set(inspect(connection).get_table_names())
            return [
                table.name
                for table in metadata.sorted_tables
                if table.name in there and connection.execute(select(table).limit(1)).first()
            ]
    finally:
        engine.dispose()


def _run(program: str, url: URL, *options: str) -> None:
    """Run a program of PostgreSQL on a database; the password is in no list of processes."""
    found = shutil.which(program)
    if found is None:
        raise BackupError(f"{program} is not installed: it comes with the clients of PostgreSQL")
    secret = {} if url.password is None else {"PGPASSWORD": str(url.password)}
    address = URL.create(
        "postgresql", url.username, None, url.host, url.port, url.database, url.query
    )
    done = subprocess.run(  # noqa: S603 - a program of PostgreSQL, and no shell
        [found, f"--dbname={address.render_as_string()}", "--no-password", *options],
        env=os.environ | secret,
        capture_output=True,
        text=True,
    )
    if done.returncode:
        raise BackupError(f"{program} failed: {done.stderr.strip()}")
