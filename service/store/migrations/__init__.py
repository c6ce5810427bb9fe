"""The history of the tables: each version is a step that can be done and undone."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import text

from service.store.engine import make_engine

FOLDER = Path(__file__).parent

LOCK = 7_633_920_157
"""Key of the PostgreSQL advisory lock under which one process at a time migrates."""


def migrate(url: str) -> None:
    """Bring a database to the newest version; if it is there already, do nothing.

    It happens in one transaction: a step that fails leaves the database as it was. When several
    processes start at once, one migrates and the others wait for it.

    Args:
        url: The database, see `make_engine`.

    Raises:
        sqlalchemy.exc.OperationalError: If the database does not answer, or stays locked.
    """
    with _locked(url) as config:
        command.upgrade(config, "head")


def downgrade(url: str, to: str) -> None:
    """Undo the versions after `to`; data that only they can hold is lost.

    Args:
        url: The database, see `make_engine`.
        to: A version, or `base` for an empty database.

    Raises:
        sqlalchemy.exc.OperationalError: If the database does not answer, or stays locked.
    """
    with _locked(url) as config:
        command.downgrade(config, to)


def versions() -> list[str]:
    """Return all versions that there are, the newest first."""
    return [step.revision for step in ScriptDirectory(str(FOLDER)).walk_revisions()]


@contextmanager
def _locked(url: str) -> Iterator[Config]:
    engine = make_engine(url, writes=True)
    try:
        with engine.begin() as connection:
            if engine.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL lock_timeout = '60s'"))
                connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": LOCK})
            config = Config()
            config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
            config.attributes["connection"] = connection
            yield config
    finally:
        engine.dispose()
