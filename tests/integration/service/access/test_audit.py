"""The record of what administrators did can be added to, and nothing else."""

import json
import re

import pytest
from sqlalchemy import delete, insert, text, update
from sqlalchemy.exc import DBAPIError

from service.access.audit import Entry, read_audit, record
from service.store.engine import make_engine
from service.store.records import now
from service.store.tables import audit

AGAIN = {"number": 1, "at": now(), "who": "b", "action": "x", "subject": "y", "detail": "z"}


@pytest.fixture
def engine(database):
    engine = make_engine(database, writes=True)
    with engine.begin() as connection:
        record(connection, "An", "keys create", "sk_1", "a test")
        record(connection, "Bình", "keys revoke", "sk_1", "lost")
    yield engine
    engine.dispose()


def told(engine) -> list[Entry]:
    with engine.connect() as connection:
        return read_audit(connection)


def test_the_record_tells_who_did_what_and_when_in_order(engine):
    first, second = told(engine)
    assert (first.who, first.action, first.subject, first.detail) == (
        "An",
        "keys create",
        "sk_1",
        "a test",
    )
    assert second.who == "Bình"
    assert first.at <= second.at <= now()


@pytest.mark.parametrize(
    "change",
    [
        update(audit).values(who="somebody else"),
        update(audit).where(audit.c.number == 2).values(detail=""),
        delete(audit),
        delete(audit).where(audit.c.number == 2),
        insert(audit).values(AGAIN),
    ],
    ids=["update all", "update one", "delete all", "delete one", "insert in place of one"],
)
def test_no_line_is_changed_or_deleted(engine, change):
    before = told(engine)
    with (
        pytest.raises(DBAPIError, match=r"append-only|duplicate key"),
        engine.begin() as connection,
    ):
        connection.execute(change)
    assert told(engine) == before


WAYS_AROUND = {
    "sqlite": (
        "INSERT OR REPLACE INTO audit SELECT 1, at, 'b', action, subject, 'z' FROM audit",
        "UPDATE OR IGNORE audit SET who = 'b'",
    ),
    "postgresql": (
        "INSERT INTO audit SELECT 1, at, 'b', action, subject, 'z' FROM audit WHERE number = 1"
        " ON CONFLICT (number) DO UPDATE SET who = 'b'",
        "TRUNCATE audit",
    ),
}


def test_not_by_a_way_around_either(engine):
    before = told(engine)
    for change in WAYS_AROUND[engine.dialect.name]:
        with pytest.raises(DBAPIError, match="append-only"), engine.begin() as connection:
            connection.execute(text(change))
        assert told(engine) == before


def test_a_change_and_its_line_are_stored_together_or_not_at_all(engine):
    with engine.connect() as connection:
        transaction = connection.begin()
        record(connection, "An", "keys create", "sk_2", "a test")
        transaction.rollback()
    assert len(told(engine)) == 2


def test_who_restores_a_copy_or_deletes_what_was_due_is_told(smedx, tmp_path):
    smedx("keys", "create", "--kind", "secret", "--name", "server")
    assert smedx("backup", str(tmp_path / "copy")).returncode == 0
    for more in ([], ["--replace"]):
        smedx("restore", str(tmp_path / "copy"), *more)
    smedx("retention", "run")  # nothing is due, and nothing is told
    entries = json.loads(smedx("audit", "--json").stdout)
    assert [entry["action"] for entry in entries if "models" not in entry["action"]] == [
        "keys create",
        "restore",
    ]
    assert entries[-1]["subject"] == str(tmp_path / "copy")
    assert entries[-1]["detail"] == "whatever it held is replaced"
    assert entries[-1]["who"]


def test_experiments_are_told_from_beginning_to_end(smedx, versions):
    started = smedx("experiments", "start", versions[1], "--why", "to see", "--who", "An")
    assert started.returncode == 0, started.stderr
    (begun,) = (
        entry
        for entry in json.loads(smedx("audit", "--json").stdout)
        if entry["action"] == "experiments start"
    )
    assert begun["who"] == "An"
    assert begun["detail"] == f"to see; {versions[1]} beside {versions[0]}"
    assert re.fullmatch(r"[0-9a-f]{8}", begun["subject"])
    assert smedx("experiments", "stop", "--why", "seen enough").returncode == 0
    *_, ended = json.loads(smedx("audit", "--json").stdout)
    assert (ended["action"], ended["subject"]) == ("experiments stop", begun["subject"])
    assert ended["detail"] == "seen enough"
