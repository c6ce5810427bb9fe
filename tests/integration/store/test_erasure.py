import asyncio

import pytest
from sqlalchemy import update

from service.store import Draft, Store
from service.store.engine import make_engine
from service.store.tables import consents, drafts, events, exposures, profiles

from .samples import (
    DRAW,
    Pause,
    choice,
    event,
    exposure,
    pause,
    profile,
    remember,
    stored,
    stored_ids,
)

pytestmark = pytest.mark.anyio
EVERYTHING = (profiles, drafts, exposures, events, consents)


async def fill(store, id_):
    await remember(store, id_, profile())
    await store.save_draft(Draft(id=id_, locale="vi", answers={}))
    served = exposure(profile_id=id_, seed=id_, explored=DRAW, arm="b")
    store.log_exposure(served)
    await store.append_events([event(profile_id=id_), event(recommendation_id=served.id)])


async def test_nothing_of_an_erased_business_remains(store, database):
    await fill(store, "business-1")
    await fill(store, "business-2")
    assert await store.erase("business-1") is True
    assert await store.erase("business-1") is False
    counts = [len(stored(database, table)) for table in EVERYTHING]
    assert counts == [1, 1, 1, 2, 2]
    assert await store.profile("business-1") is None
    assert await store.profile("business-2") is not None


async def test_a_profile_alone_is_erased(store):
    await store.save_profile("business-1", profile())
    assert await store.erase("business-1") is True
    assert await store.erase("business-1") is False


async def test_what_is_erased_does_not_come_back(store, database):
    answer = ("business-1", {"sector": "I"}, "vi")
    await fill(store, "business-1")
    assert await store.replace_profile("business-1", profile(employees=9))
    assert await store.answer_draft(*answer)
    assert await store.finish_draft("business-1", profile())
    await store.erase("business-1")
    assert await store.replace_profile("business-1", profile()) is None
    assert await store.answer_draft(*answer) is None
    assert await store.finish_draft("business-1", profile(), choice("service")) is None
    assert await store.record_choice("business-1", choice("service")) is False
    assert [len(stored(database, table)) for table in EVERYTHING] == [0] * 5


@pytest.mark.parametrize("change", ["replace_profile", "answer_draft", "finish_draft"])
async def test_erasing_in_another_process_meanwhile_leaves_nothing(store, database, change):
    other = Store(database)
    other.start()
    for i in range(20):
        id_ = f"business-{i}"
        await store.save_draft(Draft(id=id_, locale="vi", answers={}))
        if change != "finish_draft":
            await store.save_profile(id_, profile())
        arguments = (id_, {}, "vi") if change == "answer_draft" else (id_, profile())
        changing = [getattr(store, change)(*arguments) for _ in range(5)]
        await asyncio.gather(*changing[:2], other.erase(id_), *changing[2:])
    await other.close()
    assert stored_ids(database, profiles) == stored_ids(database, drafts) == []


async def test_a_draft_alone_is_erased(store):
    await store.save_draft(Draft(id="draft-01", locale="vi", answers={}))
    assert await store.erase("draft-01") is True
    assert await store.draft("draft-01") is None


async def test_an_event_that_only_names_its_exposure_is_erased(store, database):
    await fill(store, "business-1")
    with make_engine(database, writes=True).begin() as connection:
        named = events.c.recommendation_id.is_not(None)
        connection.execute(update(events).where(named).values(profile_id=None))
    assert await store.erase("business-1") is True
    assert [len(stored(database, table)) for table in EVERYTHING] == [0] * 5


async def test_a_list_served_while_its_business_is_erased_is_not_stored(store, database):
    await store.save_profile("business-1", profile())
    await store.erase("business-1")
    store.log_exposure(exposure(profile_id="business-1"))
    await store.ready()
    assert stored(database, exposures) == []
    assert store.journal.dropped_exposures == 1


@pytest.mark.parametrize("named_by", ["profile_id", "recommendation_id", "exposure"])
async def test_what_another_process_is_storing_is_erased_too(store, database, named_by):
    await store.save_profile("business-1", profile())
    served = exposure(profile_id="business-1")
    store.log_exposure(served)
    before, first = await pause(store)
    if named_by == "exposure":
        store.log_exposure(exposure(profile_id="business-1"))
    else:
        name = {"profile_id": "business-1", "recommendation_id": served.id}[named_by]
        waiting = asyncio.ensure_future(store.append_events([event(**{named_by: name})]))
        await asyncio.sleep(0)
    within = Pause()  # in the same transaction, after it
    second = store.journal.submit(within)
    before.go_on.set()
    assert await asyncio.to_thread(within.reached.wait, 30)

    other = Store(database)
    other.start()
    erased = asyncio.ensure_future(other.erase("business-1"))
    await asyncio.sleep(0.2)  # it has begun, and must wait
    within.go_on.set()
    await asyncio.gather(first, second)
    assert await erased is True
    if named_by != "exposure":
        await waiting
    await other.close()
    assert stored_ids(database, events) == stored_ids(database, exposures) == []


async def test_a_list_of_a_passer_by_is_erased_with_what_came_of_it_and_no_other(store, database):
    await fill(store, "business-1")
    for id_ in ("passer-by-1", "passer-by-2"):
        store.log_exposure(exposure(id=id_))
        await store.append_events([event(id=f"of-{id_}", recommendation_id=id_)])
    own = event(id="of-business", profile_id="business-1", recommendation_id="passer-by-1")
    await store.append_events([own])
    (of_business,) = {row["id"] for row in stored(database, exposures) if row["profile_id"]}
    assert await store.erase_list("passer-by-1") == "erased"
    assert await store.erase_list("passer-by-1") == "unknown"
    assert await store.erase_list(of_business) == "of_a_business"
    assert sorted(stored_ids(database, exposures)) == sorted([of_business, "passer-by-2"])
    left = {"of-business", "of-passer-by-2"}
    assert {id_ for id_ in stored_ids(database, events) if id_.startswith("of-")} == left
    assert len(stored(database, events)) == 4
