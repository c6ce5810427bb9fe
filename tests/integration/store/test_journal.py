import asyncio
import threading

import pytest
from sqlalchemy import event as sql_event
from sqlalchemy import select, update

from service.store import Draft, Store, StoreError, StoreUnavailable, UnknownReference
from service.store.appends import AppendEvents
from service.store.engine import make_engine
from service.store.journal import Journal
from service.store.tables import events, exposures, profiles
from service.store.writes import Probe, SaveDraft, Write

from .samples import NOON, Pause, event, exposure, new_id, pause, profile, stored, stored_ids

pytestmark = pytest.mark.anyio


async def test_what_arrives_during_a_commit_goes_into_one_transaction(store, database):
    await store.save_profile("business-1", profile())
    held, done = await pause(store)
    waiting = [store.append_events([event(profile_id="business-1")]) for _ in range(200)]
    waiting += [store.save_draft(Draft(id=new_id(), locale="vi", answers={})) for _ in range(20)]
    gathered = asyncio.gather(*waiting)
    await asyncio.sleep(0)
    assert store.journal.depth == 220
    before, committed = store.journal.commits, store.journal.committed
    held.go_on.set()
    await asyncio.gather(done, gathered)
    assert store.journal.commits == before + 2  # the one that was held, and one for the rest
    assert store.journal.committed == committed + 221
    assert store.journal.depth == 0
    assert len(stored(database, events)) == 200


async def test_an_answer_waits_for_the_commit(store, database):
    await store.save_profile("business-1", profile())
    before, first = await pause(store)
    appended = asyncio.ensure_future(store.append_events([event(profile_id="business-1")]))
    await asyncio.sleep(0)
    within = Pause()  # in the transaction of the event, after it
    second = store.journal.submit(within)
    before.go_on.set()
    assert await asyncio.to_thread(within.reached.wait, 30)
    await first
    await asyncio.sleep(0.05)
    assert not appended.done()
    assert stored(database, events) == []
    within.go_on.set()
    await asyncio.gather(appended, second)
    assert len(stored(database, events)) == 1


async def test_concurrent_load_takes_fewer_transactions_than_writes(store, database):
    await store.save_profile("business-1", profile())

    async def visitor():
        for _ in range(10):
            await store.append_events([event(profile_id="business-1")])

    before = store.journal.commits
    await asyncio.gather(*(visitor() for _ in range(30)))
    assert store.journal.commits - before < 300 / 2
    assert len(stored(database, events)) == 300


async def test_neighbouring_appends_become_few_statements(store):
    await store.save_profile("business-1", profile())
    statements = []
    held, done = await pause(store)
    sql_event.listen(
        store.journal._engine,
        "before_cursor_execute",
        lambda _, cursor, statement, *rest: statements.append(statement.split()[0]),
    )
    waiting = []
    for _ in range(50):
        served = exposure(profile_id="business-1")
        store.log_exposure(served)
        waiting.append(store.append_events([event(recommendation_id=served.id)] * 2))
    gathered = asyncio.gather(*waiting)
    await asyncio.sleep(0)
    held.go_on.set()
    await asyncio.gather(done, gathered)
    assert [word for word in statements if word != "BEGIN"] == [
        *["SELECT"] * 2,
        "SAVEPOINT",
        *["INSERT"] * 2,
        "RELEASE",
    ]


async def test_a_transaction_is_bounded(database):
    journal = Journal(make_engine(database, writes=True), batch_weight=10)
    journal.start()
    held = Pause()
    waiting = [journal.submit(held)]
    await asyncio.to_thread(held.reached.wait)
    waiting += [journal.submit(Probe()) for _ in range(95)]
    held.go_on.set()
    await asyncio.gather(*waiting)
    assert journal.commits == 1 + 10
    journal.close()


@pytest.mark.parametrize("value", ["\ud800", None])  # not a character in UTF-8; not a text
async def test_a_value_that_the_database_refuses_fails_alone(store, database, value):
    await store.save_profile("business-1", profile())
    held, done = await pause(store)
    good = [event(profile_id="business-1") for _ in range(21)]
    bad = event(profile_id="business-1", platform_id=value)
    store.log_exposure(exposure(model_version=value))
    served = exposure()
    store.log_exposure(served)
    sent = [*good[:10], bad, *good[10:]]
    gathered = asyncio.gather(
        *(store.append_events([each]) for each in sent), return_exceptions=True
    )
    await asyncio.sleep(0)
    held.go_on.set()
    await done
    outcomes = await gathered
    refused = outcomes.pop(10)
    assert type(refused) is StoreError
    assert outcomes == [None] * 21
    assert stored_ids(database, events) == sorted(each.id for each in good)
    assert stored_ids(database, exposures) == [served.id]
    assert (store.journal.rejected, store.journal.dropped_exposures) == (2, 1)
    assert store.journal.trouble is None


async def test_a_full_queue_refuses_at_once(database):
    journal = Journal(make_engine(database, writes=True), queue_limit=3)
    journal.start()
    held = Pause()
    waiting = [journal.submit(held)]
    await asyncio.to_thread(held.reached.wait)
    waiting += [journal.submit(Probe()) for _ in range(3)]
    with pytest.raises(StoreUnavailable, match="waiting"):
        journal.submit(Probe())
    journal.post(Probe())
    assert (journal.failed, journal.dropped_exposures, journal.depth) == (1, 1, 3)
    held.go_on.set()
    await asyncio.gather(*waiting)
    await journal.submit(Probe())
    assert journal.committed == 5
    journal.close()


async def test_a_full_queue_is_one_full_of_rows(database):
    journal = Journal(make_engine(database, writes=True), queue_limit=100)
    journal.start()
    rows = AppendEvents.of([event(profile_id="nobody")] * 60, NOON)
    held = Pause()
    waiting = [journal.submit(held)]
    await asyncio.to_thread(held.reached.wait)
    waiting.append(journal.submit(rows))
    with pytest.raises(StoreUnavailable, match="60 rows are waiting"):
        journal.submit(rows)
    waiting += [journal.submit(Probe()) for _ in range(40)]
    with pytest.raises(StoreUnavailable, match="100 rows are waiting"):
        journal.submit(Probe())
    held.go_on.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    large = AppendEvents.of([event(profile_id="nobody")] * 101, NOON)
    with pytest.raises(UnknownReference):  # it is not the queue that refuses it
        await journal.submit(large)
    journal.close()


async def test_closing_stores_what_is_queued(database):
    store = Store(database)
    store.start()
    await store.save_profile("business-1", profile())
    held, done = await pause(store)
    served = [exposure(profile_id="business-1") for _ in range(20)]
    for each in served:
        store.log_exposure(each)
    waiting = asyncio.gather(
        *(store.append_events([event(recommendation_id=each.id)]) for each in served)
    )
    await asyncio.sleep(0)
    closing = asyncio.ensure_future(store.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    held.go_on.set()
    await asyncio.gather(done, waiting, closing)
    assert len(stored(database, events)) == len(stored(database, exposures)) == 20
    with pytest.raises(StoreUnavailable, match="closed"):
        await store.ready()
    store.log_exposure(exposure())
    assert store.journal.dropped_exposures == 1


async def test_a_store_that_was_not_started_is_not_ready(database):
    store = Store(database)
    with pytest.raises(StoreUnavailable, match="not started"):
        await store.ready()
    await store.close()


async def test_who_stops_waiting_disturbs_nobody(store, database):
    await store.save_profile("business-1", profile())
    held, done = await pause(store)
    leaving = asyncio.ensure_future(store.append_events([event(profile_id="business-1")]))
    staying = asyncio.ensure_future(store.append_events([event(profile_id="business-1")]))
    await asyncio.sleep(0)
    leaving.cancel()
    held.go_on.set()
    await asyncio.gather(done, staying)
    with pytest.raises(asyncio.CancelledError):
        await leaving
    assert len(stored(database, events)) == 2


def test_one_journal_answers_several_event_loops(database):
    journal = Journal(make_engine(database, writes=True))
    journal.start()

    async def submit():
        for _ in range(20):
            await journal.submit(Probe())

    threads = [threading.Thread(target=lambda: asyncio.run(submit())) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    assert journal.committed == 60
    journal.close()


def test_an_event_loop_that_ended_does_not_stop_the_journal(database):
    journal = Journal(make_engine(database, writes=True))
    journal.start()
    held = Pause()

    async def submit_and_leave():
        journal.submit(held)
        journal.submit(SaveDraft(Draft(id="draft-01", locale="vi", answers={})))

    asyncio.run(submit_and_leave())
    held.go_on.set()

    async def probe():
        await journal.submit(Probe())

    asyncio.run(probe())
    assert journal.committed == 3
    journal.close()


async def test_a_fault_in_the_writer_itself_leaves_nobody_waiting(database, monkeypatch):
    journal = Journal(make_engine(database, writes=True))
    journal.start()
    monkeypatch.setattr("service.store.journal.apply_all", lambda *_: [])  # too few outcomes
    monkeypatch.setattr(threading, "excepthook", lambda _: None)
    journal.post(Probe())
    with pytest.raises(StoreUnavailable):
        await journal.submit(Probe())
    with pytest.raises(StoreUnavailable):
        journal.submit(Probe())
    assert journal.dropped_exposures == 1
    journal.close()


class Cross(Write[None]):
    """Changes two rows, in the other order than another process."""

    def __init__(self, first, second, meet):
        self.names, self.meet, self.tries = (first, second), meet, 0

    def apply(self, connection):
        self.tries += 1
        for name in self.names:
            row = select(profiles).where(profiles.c.id == name).with_for_update()
            connection.execute(row).all()
            change = update(profiles).where(profiles.c.id == name)
            connection.execute(change.values(profile="{}"))
            if self.tries == 1 and name == self.names[0]:
                self.meet.wait(30)


async def test_a_deadlock_between_processes_is_resolved(postgresql_database):
    stores = [Store(postgresql_database) for _ in range(2)]
    for each in stores:
        each.start()
    for name in ("business-1", "business-2"):
        await stores[0].save_profile(name, profile())
    meet = threading.Barrier(2)
    one = Cross("business-1", "business-2", meet)
    two = Cross("business-2", "business-1", meet)
    await asyncio.gather(stores[0].journal.submit(one), stores[1].journal.submit(two))
    assert one.tries + two.tries == 3
    assert [each.journal.failed for each in stores] == [0, 0]
    for each in stores:
        await each.close()
