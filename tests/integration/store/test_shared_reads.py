"""Whoever asks for a stored business at once shares a read, and sees what was stored before."""

import asyncio

import pytest
from sqlalchemy import event as listen
from sqlalchemy import update

from service.store import History, StoreUnavailable, Unreadable
from service.store.engine import make_engine
from service.store.shared_reads import SharedReads
from service.store.tables import profiles

from .samples import event, profile

pytestmark = pytest.mark.anyio

AT_ONCE = 40


@pytest.fixture
def reads(store):
    """The statements that the store reads with, as they are executed."""
    executed = []

    def note(connection, cursor, statement, *_):
        executed.append(statement)

    listen.listen(store._reader, "before_cursor_execute", note)
    yield executed
    listen.remove(store._reader, "before_cursor_execute", note)


async def test_many_at_once_share_two_reads_and_each_gets_its_own(store, reads):
    names = [f"business-{number}" for number in range(AT_ONCE)]
    for number, name in enumerate(names, start=1):
        await store.save_profile(name, profile(employees=number))
    reads.clear()
    asked = [*names, "nobody", names[0]]
    *found, nobody, again = await asyncio.gather(*map(store.profile_with_history, asked))
    assert [each[0].profile.employees for each in found] == list(range(1, AT_ONCE + 1))
    assert (nobody, again) == (None, found[0])
    assert len([each for each in reads if "SELECT" in each]) <= 2


async def test_who_asks_during_a_read_sees_what_was_stored_before_that(store):
    await store.save_profile("business-1", profile())
    stop = asyncio.Event()

    async def ask_all_the_time():
        while not stop.is_set():
            await store.profile_with_history("business-1")

    others = [asyncio.create_task(ask_all_the_time()) for _ in range(3)]
    for kind, adopted in [("adopt", ("misa-cukcuk",)), ("withdraw", ())] * 10:
        await store.append_events([event(kind=kind, profile_id="business-1")])
        _, history = await store.profile_with_history("business-1")
        assert history == History(adopted=adopted)
    stop.set()
    await asyncio.gather(*others)


async def test_what_cannot_be_read_keeps_nobody_else_from_an_answer(store, database):
    for name in ("business-1", "business-2"):
        await store.save_profile(name, profile())
    with make_engine(database, writes=True).begin() as connection:
        spoil = update(profiles).where(profiles.c.id == "business-1").values(profile="[]")
        connection.execute(spoil)
    asked = map(store.profile_with_history, ("business-1", "business-2"))
    spoilt, sound = await asyncio.gather(*asked, return_exceptions=True)
    assert isinstance(spoilt, Unreadable)
    assert sound[0].id == "business-2"


async def test_a_read_that_fails_fails_for_whom_it_was_and_the_next_one_is_tried():
    begun, fail = asyncio.Event(), asyncio.Event()
    asked = []

    async def read(ids):
        asked.append(ids)
        if len(asked) == 1:
            begun.set()
            await fail.wait()
            raise StoreUnavailable("gone")
        return {id_: id_.upper() for id_ in ids}

    shared = SharedReads(read)
    first = asyncio.create_task(shared.get("a"))
    await begun.wait()
    second = asyncio.create_task(shared.get("b"))
    await asyncio.sleep(0)
    fail.set()
    with pytest.raises(StoreUnavailable, match="gone"):
        await first
    assert await second == "B"
    assert asked == [{"a"}, {"b"}]


async def test_nobody_waits_for_a_read_that_was_given_up():
    begun = asyncio.Event()

    async def read(ids):
        begun.set()
        await asyncio.sleep(3600)
        return {}

    shared = SharedReads(read)
    first = asyncio.create_task(shared.get("a"))
    await begun.wait()
    second = asyncio.create_task(shared.get("b"))
    await asyncio.sleep(0)
    shared._reading.cancel()
    for waiting in (first, second):
        with pytest.raises(asyncio.CancelledError):
            await waiting


async def test_who_goes_away_keeps_nobody_else_from_an_answer():
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def read(ids):
        begun.set()
        await go_on.wait()
        return {id_: id_.upper() for id_ in ids}

    shared = SharedReads(read)
    gone, stays = (asyncio.create_task(shared.get(id_)) for id_ in "ab")
    await begun.wait()
    gone.cancel()
    await asyncio.sleep(0)
    go_on.set()
    assert await stays == "B"
    assert gone.cancelled()
    assert await shared.get("c") == "C"
