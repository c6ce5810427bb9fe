import sqlite3
import threading

import pytest
from sqlalchemy import text

from service.store.engine import make_engine


def test_sqlite_is_durable_and_checks_keys(sqlite_database):
    for writes in (False, True):
        with make_engine(sqlite_database, writes=writes).connect() as connection:
            names = ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
            found = [connection.execute(text(f"PRAGMA {name}")).scalar() for name in names]
        assert found == ["wal", 2, 1, 5000]


def test_a_writer_takes_the_lock_at_once_and_a_reader_never(sqlite_database, monkeypatch):
    monkeypatch.setattr("service.store.engine.LOCK_SECONDS", 0.05)
    writer = make_engine(sqlite_database, writes=True)
    other = make_engine(sqlite_database, writes=True)
    with writer.begin(), make_engine(sqlite_database).begin() as reading:
        assert reading.execute(text("SELECT count(*) FROM events")).scalar() == 0
        with pytest.raises(Exception, match="locked"):
            other.connect().begin()


def test_a_file_that_another_process_is_making_is_waited_for(tmp_path):
    """SQLite itself gives up at once if it cannot switch to WAL."""
    path = tmp_path / "store.db"
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("CREATE TABLE started (id)")
    other.execute("BEGIN IMMEDIATE")
    later = threading.Timer(0.3, other.commit)
    later.start()
    with make_engine(f"sqlite:///{path}").connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
    later.join()
    other.close()


def test_the_folder_is_created(tmp_path):
    make_engine(f"sqlite:///{tmp_path}/a/b/store.db").connect().close()
    assert (tmp_path / "a" / "b" / "store.db").exists()


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_each_spelling_of_postgresql_is_understood(postgresql_database, scheme):
    url = scheme + postgresql_database.removeprefix("postgresql")
    with make_engine(url, writes=True).connect() as connection:
        assert connection.execute(text("SHOW TIME ZONE")).scalar() == "UTC"
        assert connection.execute(text("SHOW lock_timeout")).scalar() == "5s"


@pytest.mark.parametrize("url", ["sqlite://", "sqlite:///:memory:", "mysql://a/b"])
def test_other_databases_are_refused(url):
    with pytest.raises(ValueError, match="expected"):
        make_engine(url)


def test_an_error_does_not_tell_what_was_stored(database):
    engine = make_engine(database, writes=True)
    with pytest.raises(Exception, match="drafts") as caught, engine.begin() as connection:
        connection.execute(text("INSERT INTO drafts (id) VALUES (:id)"), {"id": "secret-answer"})
    assert "secret-answer" not in str(caught.value).partition("DETAIL")[0]
