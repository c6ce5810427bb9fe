import asyncio
import contextlib

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import make_url, text

from service.store import Store, StoreUnavailable
from service.store.engine import make_engine
from service.store.journal import Journal
from service.store.tables import events, exposures
from service.store.writes import Probe, Write

from .samples import event, exposure, new_id, pause, profile, stored_ids

pytestmark = pytest.mark.anyio


@pytest.fixture
def outage(database, postgres, tmp_path):
    """Takes the database away within the context, and brings it back."""

    @contextlib.contextmanager
    def sqlite():
        folder = tmp_path / "data"
        folder.rename(tmp_path / "away")
        yield
        (tmp_path / "away").rename(folder)

    @contextlib.contextmanager
    def postgresql():
        postgres.stop()
        try:
            yield
        finally:
            postgres.ensure_postgres_running()

    return sqlite if database.startswith("sqlite") else postgresql


async def until(condition):
    async with asyncio.timeout(30):
        while not condition():
            await asyncio.sleep(0.02)


async def refused(store):
    """Every kind of request fails, with the right error."""
    requests = [
        store.append_events([event(profile_id="business-1")]),
        store.save_profile("business-2", profile()),
        store.erase("business-1"),
        store.profile("business-1"),
        store.profile_with_history("business-1"),
        store.draft("business-1"),
        store.ready(),
    ]
    outcomes = await asyncio.gather(*requests, return_exceptions=True)
    return [type(outcome) for outcome in outcomes] == [StoreUnavailable] * len(requests)


async def test_the_store_goes_on_when_the_database_is_back(store, database, outage):
    await store.save_profile("business-1", profile())
    kept = event(profile_id="business-1")
    await store.append_events([kept])
    with outage():
        assert await refused(store)
        assert store.journal.trouble
    await store.ready()
    assert store.journal.trouble is None
    again = event(profile_id="business-1")
    await store.append_events([again])
    assert await store.profile("business-1")
    assert await store.profile("business-2") is None
    assert stored_ids(database, events) == sorted([kept.id, again.id])


async def test_a_database_that_can_only_be_read_is_not_ready(store, database):
    await store.ready()
    sqlite = database.startswith("sqlite")
    statement = "PRAGMA query_only = ON" if sqlite else "SET default_transaction_read_only = on"

    def only_read(connection, _record):
        connection.execute(statement)
        connection.commit()

    engine = store.journal._engine
    engine.dispose()
    sql_event.listen(engine, "connect", only_read)
    for _ in range(2):
        with pytest.raises(StoreUnavailable, match=r"read-?only"):
            await store.ready()
    assert await store.profile("business-1") is None
    sql_event.remove(engine, "connect", only_read)
    engine.dispose()
    await store.ready()


async def test_exposures_of_an_outage_are_stored_after_it_by_themselves(database, outage):
    store = Store(database)
    store.journal = Journal(store.journal._engine, retry_seconds=0.05)
    store.start()
    await store.save_profile("business-1", profile())
    served = [exposure(profile_id="business-1") for _ in range(3)]
    with outage():
        for each in served:
            store.log_exposure(each)
        assert await refused(store)
        await until(lambda: store.journal.depth == 3)
    await until(lambda: store.journal.depth == 0)
    await store.close()
    assert stored_ids(database, exposures) == sorted(each.id for each in served)
    assert store.journal.dropped_exposures == 0


async def test_only_the_newest_exposures_are_kept(database, outage):
    store = Store(database)
    store.journal = Journal(store.journal._engine, keep_limit=5, retry_seconds=60)
    store.start()
    await store.ready()
    served = [exposure() for _ in range(12)]
    with outage():
        for each in served:
            store.log_exposure(each)
            with pytest.raises(StoreUnavailable):
                await store.ready()
        assert (store.journal.depth, store.journal.dropped_exposures) == (5, 7)
    # They are older than this event, so it may name them.
    await store.append_events([event(recommendation_id=served[-1].id)])
    assert stored_ids(database, exposures) == sorted(each.id for each in served[-5:])
    await store.close()


async def test_closing_in_an_outage_ends_and_counts_what_is_lost(database, outage):
    store = Store(database)
    store.start()
    await store.ready()
    with outage():
        for _ in range(4):
            store.log_exposure(exposure())
        await store.close()
    assert store.journal.dropped_exposures == 4


async def test_a_store_may_start_before_its_database(database, outage):
    with outage():
        store = Store(database)
        store.start()
        if not database.startswith("sqlite"):  # SQLite needs no server: it makes a new file.
            with pytest.raises(StoreUnavailable):
                await store.ready()
        await store.close()


async def test_a_database_without_tables_is_not_ready(empty_database):
    store = Store(empty_database)
    store.start()
    with pytest.raises(StoreUnavailable, match="alembic_version"):
        await store.ready()
    await store.close()


@contextlib.contextmanager
def locked(url):
    """Another process holds a lock that every write needs."""
    engine = make_engine(url, writes=True)
    with engine.begin() as connection:
        if not url.startswith("sqlite"):
            connection.execute(text("LOCK TABLE profiles, events, exposures"))
        yield
    engine.dispose()


async def test_a_lock_that_is_held_too_long_is_an_outage(database, monkeypatch):
    monkeypatch.setattr("service.store.engine.LOCK_SECONDS", 1)
    store = Store(database)
    store.start()
    await store.save_profile("business-1", profile())
    with locked(database):
        appended = event(profile_id="business-1")
        with pytest.raises(StoreUnavailable, match="lock"):
            await store.append_events([appended])
    await store.append_events([event(profile_id="business-1", id="event-02")])
    assert stored_ids(database, events) == ["event-02"]
    await store.close()


async def test_a_lock_that_is_let_go_in_time_is_waited_for(store, database):
    await store.save_profile("business-1", profile())
    with locked(database):
        appended = asyncio.ensure_future(store.append_events([event(profile_id="business-1")]))
        await asyncio.sleep(0.2)
        assert not appended.done()
    await appended
    assert len(stored_ids(database, events)) == 1


async def test_a_full_disk_fails_the_batch_and_is_got_over(sqlite_database):
    store = Store(sqlite_database)
    pages = {"limit": 0}

    @sql_event.listens_for(store.journal._engine, "checkout")
    def limit(connection, *_):
        if pages["limit"]:
            connection.execute(f"PRAGMA max_page_count = {pages['limit']}")
        else:
            connection.execute("PRAGMA max_page_count = 1073741823")

    store.start()
    await store.save_profile("business-1", profile())
    pages["limit"] = 1  # SQLite takes the size of the file instead: nothing may be added.
    sent = [[event(profile_id="business-1") for _ in range(50)] for _ in range(40)]
    outcomes = [
        (await asyncio.gather(store.append_events(each), return_exceptions=True))[0]
        for each in sent
    ]
    failed = [outcome for outcome in outcomes if outcome is not None]
    assert failed
    assert {(type(each), "full" in str(each)) for each in failed} == {(StoreUnavailable, True)}
    answered = [
        each.id
        for batch, outcome in zip(sent, outcomes, strict=True)
        for each in batch
        if outcome is None
    ]
    assert stored_ids(sqlite_database, events) == sorted(answered)
    pages["limit"] = 0
    await store.append_events([event(profile_id="business-1", id="the-last")])
    assert stored_ids(sqlite_database, events) == sorted([*answered, "the-last"])
    await store.close()


class LoseConnection(Write[None]):
    """The server ends the session in the middle of its transaction."""

    def apply(self, connection):
        connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))


async def test_a_lost_connection_fails_its_whole_transaction_and_no_other(postgresql_database):
    store = Store(postgresql_database)
    store.start()
    await store.save_profile("business-1", profile())
    held, done = await pause(store)
    waiting = [
        asyncio.ensure_future(store.append_events([event(profile_id="business-1")])),
        asyncio.ensure_future(store.save_profile("business-2", profile())),
    ]
    await asyncio.sleep(0)
    waiting.append(store.journal.submit(LoseConnection()))
    held.go_on.set()
    await done
    outcomes = await asyncio.gather(*waiting, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [StoreUnavailable] * 3
    assert store.journal.failed == 3
    await store.append_events([event(profile_id="business-1", id="event-02")])
    assert stored_ids(postgresql_database, events) == ["event-02"]
    await store.close()


async def test_connections_that_died_while_idle_are_replaced(postgresql_database):
    store = Store(postgresql_database)
    store.start()
    await store.save_profile("business-1", profile())
    await store.profile("business-1")
    name = make_url(postgresql_database).database
    admin = make_engine(postgresql_database)
    with admin.connect() as connection:
        ended = connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = :name AND pid <> pg_backend_pid()"
            ),
            {"name": name},
        )
        assert len(ended.all()) == 2
    await store.append_events([event(profile_id="business-1")])
    assert await store.profile("business-1")
    assert store.journal.failed == 0
    await store.close()


async def test_a_file_put_in_place_of_the_database_is_noticed(sqlite_database, tmp_path):
    """SQLite itself would go on writing into the file that is gone."""
    store = Store(sqlite_database)
    store.start()
    await store.save_profile("business-1", profile())
    (tmp_path / "data").rename(tmp_path / new_id())
    (tmp_path / "data").mkdir()
    with pytest.raises(StoreUnavailable, match="no such table"):
        await store.append_events([event(profile_id="business-1")])
    with pytest.raises(StoreUnavailable, match="no such table"):
        await store.profile("business-1")
    await store.close()


async def test_the_probe_is_stored_nowhere_and_needs_the_lock(sqlite_database, monkeypatch):
    monkeypatch.setattr("service.store.engine.LOCK_SECONDS", 0.1)
    journal = Journal(make_engine(sqlite_database, writes=True))
    journal.start()
    with locked(sqlite_database), pytest.raises(StoreUnavailable, match="locked"):
        await journal.submit(Probe())
    await journal.submit(Probe())
    journal.close()
