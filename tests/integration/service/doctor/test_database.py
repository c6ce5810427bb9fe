"""What the doctor says of the database, without changing it."""

import datetime as dt
import sqlite3
from collections.abc import Callable

import pytest
from sqlalchemy import text

from service.access.bucket import Limit
from service.access.key_store import create_key, revoke_key
from service.store.engine import make_engine
from service.store.migrations import downgrade, versions
from service.store.records import now
from service.store.tables import events


@pytest.fixture
def change(database) -> Callable:
    """Let a function change the database."""

    def change_now(work):
        engine = make_engine(database, writes=True)
        with engine.begin() as connection:
            result = work(connection)
        engine.dispose()
        return result

    return change_now


def test_a_sound_one_passes(found, database):
    findings = found(database_url=database)
    for check in ("database", "migrations", "writing", "clock", "keys"):
        assert findings[check].verdict == "PASS", findings[check]
    assert findings["migrations"].told == f"{versions()[0]}, the newest"


def test_it_is_not_made_by_looking_at_it(found, tmp_path):
    findings = found()
    assert findings["database"].verdict == "WARN"
    assert "store.db is not there yet" in findings["database"].told
    assert "migrations" not in findings
    assert not (tmp_path / "store.db").exists()


def test_nothing_is_written_into_it(found, database, change):
    tables = ("profiles", "drafts", "exposures", "events", "api_keys", "audit", "alembic_version")

    def rows(connection):
        return {table: connection.execute(text(f"SELECT * FROM {table}")).all() for table in tables}

    before = change(rows)
    found(database_url=database)
    assert change(rows) == before


def test_one_without_tables_is_made_by_the_next_start(found, empty_database):
    if empty_database.startswith("sqlite"):
        make_engine(empty_database)  # makes the folder
        sqlite3.connect(empty_database.removeprefix("sqlite:///")).close()
    findings = found(database_url=empty_database)
    assert (findings["database"].verdict, findings["migrations"].verdict) == ("PASS", "WARN")
    assert "make run" in findings["migrations"].todo
    assert "writing" not in findings


def test_an_older_one_is_brought_up_to_date_by_the_next_start(found, database):
    downgrade(database, versions()[1])
    finding = found(database_url=database)["migrations"]
    assert finding.verdict == "WARN"
    assert finding.told == f"{versions()[1]}, this service expects {versions()[0]}"


def test_one_of_a_newer_service_fails(found, database, change):
    change(lambda each: each.execute(text("UPDATE alembic_version SET version_num = '9999'")))
    finding = found(database_url=database)["migrations"]
    assert finding.verdict == "FAIL"
    assert "9999 is of a newer version" in finding.told


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://user:s3cret@127.0.0.1:1/nothing", "it does not answer: "),
        ("mysql://user:s3cret@host/db", "expected a database URL of sqlite or postgresql"),
        ("user:s3cret@host", "DATABASE_URL cannot be read"),
        ("sqlite:///{folder}", "it does not answer: unable to open database file"),
    ],
)
def test_what_does_not_answer_or_cannot_be_one_fails_without_its_password(
    found, tmp_path, url, told
):
    findings = found(database_url=url.format(folder=tmp_path))
    assert findings["database"].verdict == "FAIL"
    assert told in findings["database"].told
    assert "s3cret" not in str(findings)
    assert "writing" not in findings


def test_one_that_takes_no_writes_fails(found, database, change):
    if database.startswith("sqlite"):
        statement = (
            "CREATE TRIGGER full BEFORE INSERT ON drafts BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )
        change(lambda each: each.execute(text(statement)))
    else:
        for table in ("receipts", "lendings", "drafts"):
            change(lambda each, table=table: each.execute(text(f"DROP TABLE {table}")))
    finding = found(database_url=database)["writing"]
    assert finding.verdict == "FAIL"
    assert finding.told.startswith("it takes no writes: ")


def test_a_clock_behind_the_newest_event_fails(found, database, change):
    def receive(at: dt.datetime) -> Callable:
        row = {
            "id": f"event-{at.isoformat()}",
            "kind": "click",
            "platform_id": "sapo",
            "at": at,
            "received_at": at,
        }
        return lambda connection: connection.execute(events.insert().values(row))

    change(receive(now() - dt.timedelta(hours=3)))
    assert found(database_url=database)["clock"].verdict == "PASS"
    change(receive(now() + dt.timedelta(hours=2)))
    finding = found(database_url=database)["clock"]
    assert finding.verdict == "FAIL"
    assert finding.told.startswith(("7,199 s", "7,200 s"))
    assert "NTP" in finding.todo


def test_where_others_reach_it_a_key_that_works_is_needed(found, database, change):
    assert found(database_url=database)["keys"].verdict == "PASS"
    assert found(database_url=database, host="0.0.0.0")["keys"].verdict == "FAIL"
    limit = Limit(rate=1, burst=1)
    key, _ = change(
        lambda each: create_key(each, kind="secret", name="x", limit=limit, who="tester")
    )
    assert found(database_url=database, host="0.0.0.0")["keys"].verdict == "PASS"
    change(lambda each: revoke_key(each, key.id, "a test", "tester"))
    for host in ("127.0.0.1", "0.0.0.0"):
        finding = found(database_url=database, host=host)["keys"]
        assert finding.verdict == "FAIL"
        assert "all have ended" in finding.told
