import subprocess
import sys
import time

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import exc, inspect, text
from sqlalchemy.dialects import postgresql

from service.store.appends import LogExposure, apply_all
from service.store.engine import make_engine
from service.store.migrations import downgrade, migrate
from service.store.tables import metadata

from .samples import DRAW, exposure, features

ALL = {"alembic_version", "profiles", "drafts", "exposures", "events", "consents", "tasks"}
ALL |= {"api_keys", "audit", "lendings", "receipts"}


def tables(url):
    engine = make_engine(url)
    try:
        return set(inspect(engine).get_table_names())
    finally:
        engine.dispose()


def test_the_migrations_lead_to_the_tables_of_the_code(database):
    with make_engine(database).connect() as connection:
        exact = {"compare_type": True, "compare_server_default": True}
        context = MigrationContext.configure(connection, opts=exact)
        assert compare_metadata(context, metadata) == []


def test_postgresql_sorts_ids_by_their_bytes_whatever_its_language(postgresql_database):
    query = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE collation_name = 'C'"
        " AND table_schema = 'public' AND table_name <> 'alembic_version'"
    )
    with make_engine(postgresql_database).connect() as connection:
        found = {tuple(row) for row in connection.execute(text(query))}
    columns = [column for table in metadata.tables.values() for column in table.columns]
    of_the_code = {
        (column.table.name, column.name)
        for column in columns
        if column.type.compile(postgresql.dialect()) == 'TEXT COLLATE "C"'
    }
    ids = {"id", "profile_id", "recommendation_id", "draft_id"}
    expected = {(column.table.name, column.name) for column in columns if column.name in ids}
    assert found == of_the_code == expected


def test_up_down_and_up_again(empty_database):
    migrate(empty_database)
    assert tables(empty_database) == ALL
    downgrade(empty_database, "base")
    assert tables(empty_database) == {"alembic_version"}
    migrate(empty_database)
    migrate(empty_database)
    assert tables(empty_database) == ALL


LIST_OF_VERSION_1 = """
INSERT INTO exposures (id, at, profile_id, profile, model_version, policy_version, locale, eligible,
                       excluded, filters, items)
VALUES ('list-0001', '2026-03-01 12:00:00.000000', NULL, '{"of": "version 1"}', 'm1', 'p1', 'vi', 9,
        '{}', '{}', '[]')
"""


def rows(url, columns):
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            query = text(f"SELECT {columns} FROM exposures ORDER BY id")
            return [tuple(row) for row in connection.execute(query)]
    finally:
        engine.dispose()


def test_lists_keep_what_they_hold_on_the_way_up_down_and_up_again(empty_database):
    migrate(empty_database)
    downgrade(empty_database, "0001")
    with make_engine(empty_database, writes=True).begin() as connection:
        connection.execute(text(LIST_OF_VERSION_1))
    migrate(empty_database)
    first = ("list-0001", '{"of": "version 1"}', None, "", None, "m1", 9)
    told = "id, features, arm, seed, explored, model_version, eligible"
    assert rows(empty_database, told) == [first]

    engine = make_engine(empty_database, writes=True)
    with engine.begin() as connection:
        apply_all(connection, [LogExposure.of(exposure(id="list-0002", arm="b", explored=DRAW))])
    engine.dispose()
    assert [(arm, seed != "") for arm, seed in rows(empty_database, "arm, seed")] == [
        (None, False),
        ("b", True),
    ]
    downgrade(empty_database, "0001")
    assert rows(empty_database, "id, profile") == [first[:2], ("list-0002", features())]
    migrate(empty_database)
    second = ("list-0002", features(), None, "", None, "m1", 90)
    assert rows(empty_database, told) == [first, second]


def test_a_step_that_fails_leaves_nothing_behind(empty_database):
    engine = make_engine(empty_database, writes=True)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE exposures (id TEXT)"))
    with pytest.raises(exc.DBAPIError, match="exposures"):
        migrate(empty_database)
    assert tables(empty_database) == {"exposures"}


MIGRATE_WHEN_TOLD = """
import sys, time
from service.store import migrate
for line in sys.stdin:
    url, start = line.split()
    while time.time() < float(start):
        pass
    migrate(url)
    print("done", flush=True)
"""


def test_processes_that_start_at_once_migrate_once(empty_database):
    on_sqlite = empty_database.startswith("sqlite")
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", MIGRATE_WHEN_TOLD],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for _ in range(3)
    ]
    for number in range(5):
        # The first round is before their imports are done; then they start within microseconds.
        url = f"{empty_database}.{number}" if on_sqlite else empty_database
        for process in processes:
            process.stdin.write(f"{url} {time.time() + 0.02}\n")
            process.stdin.flush()
        assert [process.stdout.readline() for process in processes] == ["done\n"] * 3
        assert tables(url) == ALL
        downgrade(url, "base")
    for process in processes:
        process.communicate()
        assert process.returncode == 0
