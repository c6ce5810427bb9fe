import asyncio
import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.store import ConflictingEvent, History, Store, UnknownReference
from service.store.tables import events, exposures

from .samples import NOON, event, exposure, new_id, pause, profile, stored, stored_ids

pytestmark = pytest.mark.anyio


async def test_an_event_sent_twice_is_stored_once_and_answered_alike(store, database):
    await store.save_profile("business-1", profile())
    first = event(id="event-01", kind="rate", rating=5, profile_id="business-1")
    again = event(id="event-01", kind="rate", rating=5, profile_id="business-1", at=NOON)
    await store.append_events([first, again])
    before = stored(database, events)
    assert len(before) == 1
    await store.append_events([again])
    await asyncio.gather(
        *(
            store.append_events([again, event(id="event-02", profile_id="business-1")])
            for _ in range(20)
        )
    )
    assert stored(database, events)[:1] == before
    assert stored_ids(database, events) == ["event-01", "event-02"]


async def test_an_event_that_its_exposure_attributed_may_be_sent_again(store, database):
    await store.save_profile("business-1", profile())
    served = exposure(profile_id="business-1")
    store.log_exposure(served)
    for whose in ({}, {}, {"profile_id": "business-1"}):
        await store.append_events([event(id="event-01", recommendation_id=served.id, **whose)])
    assert len(stored(database, events)) == 1


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "dismiss", "rating": None},
        {"platform_id": "sapo"},
        {"profile_id": "business-2"},
        {"recommendation_id": "list-0001"},
        {"rating": 1},
        {"reason": "too_complex"},
    ],
    ids=lambda changes: next(iter(changes)),
)
@pytest.mark.parametrize("where", ["stored", "same list", "same transaction"])
async def test_an_id_that_bears_another_event_is_refused(store, database, changes, where):
    await store.save_profile("business-1", profile())
    await store.save_profile("business-2", profile())
    store.log_exposure(exposure(id="list-0001"))
    sent = {"id": "event-01", "kind": "rate", "rating": 5, "profile_id": "business-1"}
    first, other, good = event(**sent), event(**(sent | changes)), event(profile_id="business-1")
    lists = [[first, other]] if where == "same list" else [[first], [good, other]]
    if where == "stored":
        await store.append_events(lists.pop(0))
    held, done = await pause(store)
    waiting = [asyncio.ensure_future(store.append_events(each)) for each in lists]
    await asyncio.sleep(0)
    held.go_on.set()
    await done
    with pytest.raises(ConflictingEvent) as caught:
        await asyncio.gather(*waiting)
    assert (caught.value.index, caught.value.id) == (1, "event-01")
    expected = [] if where == "same list" else [5]
    assert [row["rating"] for row in stored(database, events)] == expected


async def test_two_processes_that_are_sent_one_id_do_not_both_succeed(store, database):
    await store.save_profile("business-1", profile())
    other = Store(database)
    other.start()
    for _ in range(20):
        id_ = new_id()
        pair = [event(id=id_, kind=kind, profile_id="business-1") for kind in ("save", "view")]
        outcomes = await asyncio.gather(
            store.append_events(pair[:1]), other.append_events(pair[1:]), return_exceptions=True
        )
        assert sorted(type(outcome).__name__ for outcome in outcomes) == [
            "ConflictingEvent",
            "NoneType",
        ]
    await other.close()


@settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(lists=st.lists(st.lists(st.integers(0, 12), max_size=8), max_size=12))
async def test_each_id_is_stored_once_however_it_is_sent(store, database, lists):
    await store.save_profile("business-1", profile())
    before = set(stored_ids(database, events))
    prefix = new_id()
    submitted = [
        [
            event(id=f"{prefix}-{number}", rating=1 + number % 5, profile_id="business-1")
            for number in numbers
        ]
        for numbers in lists
    ]
    await asyncio.gather(*(store.append_events(each) for each in submitted))
    first = {}
    for each in submitted:
        for sent in each:
            first.setdefault(sent.id, sent.rating)
    new = [row for row in stored(database, events) if row["id"] not in before]
    assert {row["id"]: row["rating"] for row in new} == first
    assert len(new) == len(first)


async def test_an_event_may_follow_its_exposure_at_once(store, database):
    sent = []
    for _ in range(50):
        served = exposure()
        store.log_exposure(served)
        sent.append(store.append_events([event(recommendation_id=served.id)]))
        if len(sent) % 10 == 0:
            await asyncio.gather(*sent[-10:])
    assert len(stored(database, events)) == len(stored(database, exposures)) == 50


async def test_an_event_waits_for_the_exposure_of_another_process(store, database):
    other = Store(database)
    other.start()
    served = exposure()
    early = asyncio.ensure_future(other.append_events([event(recommendation_id=served.id)]))
    await asyncio.sleep(0.2)
    async with asyncio.timeout(0.5):
        await other.ready()  # other writes do not wait with it
    assert not early.done()
    store.log_exposure(served)
    await early
    assert len(stored(database, events)) == 1
    assert (other.journal.rejected, other.journal.depth) == (0, 0)
    await other.close()


async def test_an_event_does_not_wait_for_ever(store, database):
    began = time.monotonic()
    with pytest.raises(UnknownReference):
        await store.append_events([event(recommendation_id="never-made")])
    assert 1 <= time.monotonic() - began < 3
    assert (store.journal.rejected, store.journal.depth) == (1, 0)


async def test_closing_does_not_wait_for_an_exposure(database):
    store = Store(database)
    store.start()
    early = asyncio.ensure_future(store.append_events([event(recommendation_id="never-made")]))
    await asyncio.sleep(0.2)
    async with asyncio.timeout(0.7):
        await store.close()
    with pytest.raises(UnknownReference):
        await early


@pytest.mark.parametrize("field", ["profile_id", "recommendation_id"])
async def test_an_unknown_name_stores_nothing_of_its_list(store, database, field):
    await store.save_profile("business-1", profile())
    good = [event(profile_id="business-1") for _ in range(2)]
    bad = event(**{field: "nobody-knows"})
    with pytest.raises(UnknownReference) as caught:
        await store.append_events([*good, bad, event(profile_id="another")])
    assert (caught.value.index, caught.value.field) == (2, field)
    assert caught.value.value == "nobody-knows"
    assert stored(database, events) == []


async def test_an_unknown_name_fails_no_other_list(store, database):
    await store.save_profile("business-1", profile())
    good = [event(profile_id="business-1") for _ in range(20)]
    bad = [event(profile_id="nobody-knows") for _ in range(20)]
    outcomes = await asyncio.gather(
        *(store.append_events([each]) for pair in zip(good, bad, strict=True) for each in pair),
        return_exceptions=True,
    )
    assert outcomes[::2] == [None] * 20
    assert all(isinstance(outcome, UnknownReference) for outcome in outcomes[1::2])
    assert stored_ids(database, events) == sorted(each.id for each in good)
    assert store.journal.rejected == 20


async def test_an_event_that_names_nobody_is_refused(store, database):
    with pytest.raises(UnknownReference) as caught:
        await store.append_events([event()])
    assert (caught.value.field, caught.value.value) == ("profile_id", "")
    assert stored(database, events) == []


async def test_an_event_takes_its_profile_from_the_exposure(store, database):
    await store.save_profile("business-1", profile())
    owned, anonymous = exposure(profile_id="business-1"), exposure()
    store.log_exposure(owned)
    store.log_exposure(anonymous)
    of_owned, of_anonymous = (event(recommendation_id=each.id) for each in (owned, anonymous))
    both = event(recommendation_id=owned.id, profile_id="business-1")
    later = event(recommendation_id=anonymous.id, profile_id="business-1")
    await store.append_events([of_owned, of_anonymous, both, later])
    found = {row["id"]: row["profile_id"] for row in stored(database, events)}
    assert found == {
        of_owned.id: "business-1",
        of_anonymous.id: None,
        both.id: "business-1",
        later.id: "business-1",
    }


async def test_an_exposure_of_another_business_is_unknown(store, database):
    await store.save_profile("business-1", profile())
    await store.save_profile("business-2", profile())
    served = exposure(profile_id="business-1")
    store.log_exposure(served)
    with pytest.raises(UnknownReference) as caught:
        async with asyncio.timeout(0.8):  # no use in waiting
            await store.append_events([event(recommendation_id=served.id, profile_id="business-2")])
    assert (caught.value.index, caught.value.field) == (0, "recommendation_id")
    assert stored(database, events) == []


async def test_more_names_than_a_statement_may_hold(store, database, monkeypatch):
    monkeypatch.setattr("service.store.appends.KEYS_PER_QUERY", 3)
    names = [f"business-{i}" for i in range(8)]
    await asyncio.gather(*(store.save_profile(name, profile()) for name in names))
    await store.append_events([event(profile_id=name) for name in names])
    with pytest.raises(UnknownReference) as caught:
        await store.append_events([event(profile_id=name) for name in [*names, "zzzzzzzz"]])
    assert caught.value.index == 8
    assert len(stored(database, events)) == 8


async def test_a_list_of_many_thousand(store, database):
    await store.save_profile("business-1", profile())
    sent = [event(profile_id="business-1") for _ in range(12_000)]
    await store.append_events(sent)
    assert stored_ids(database, events) == sorted(each.id for each in sent)


def verdict(kind, platform, minute, **changes):
    at = NOON + dt.timedelta(minutes=minute)
    return event(kind=kind, platform_id=platform, profile_id="business-1", at=at, **changes)


async def test_history_is_the_last_word_on_each_platform_oldest_first(store):
    await store.save_profile("business-1", profile())
    await store.save_profile("business-2", profile())
    await store.append_events([event(kind="adopt", platform_id="zalo", profile_id="business-2")])
    sent = [
        verdict("dismiss", "sapo", 9),
        verdict("adopt", "kiotviet", 5),
        verdict("adopt", "sapo", 1),  # older, though it arrives later
        verdict("click", "kiotviet", 20),
        verdict("adopt", "misa-cukcuk", 2),
        verdict("abandon", "misa-cukcuk", 3),
        verdict("adopt", "haravan", 4),
        verdict("rate", "only-rated", 4, rating=5),
    ]
    await store.append_events(sent)
    expected = History(adopted=("haravan", "kiotviet"), dismissed=("misa-cukcuk", "sapo"))
    assert (await store.profile_with_history("business-1"))[1] == expected


async def test_a_fast_clock_does_not_keep_the_last_word(store, database):
    await store.save_profile("business-1", profile())
    before = dt.datetime.now(dt.UTC)
    future = before + dt.timedelta(days=900)
    await store.append_events([event(kind="adopt", profile_id="business-1", at=future)])
    (row,) = stored(database, events)
    assert before <= row["at"] == row["received_at"] < future
    await store.append_events([event(kind="dismiss", profile_id="business-1")])
    _, history = await store.profile_with_history("business-1")
    assert history == History(dismissed=("misa-cukcuk",))


async def test_of_two_events_at_one_time_the_one_received_later_counts(store):
    await store.save_profile("business-1", profile())
    for platform, kinds in (("sapo", ("adopt", "dismiss")), ("zalo", ("dismiss", "adopt"))):
        for kind in kinds:
            await store.append_events([verdict(kind, platform, 0)])
    # Ids against the order of the list: they must not decide.
    pair = [
        verdict("adopt", "tiki", 0, id="zzzzzzzz"),
        verdict("dismiss", "tiki", 0, id="aaaaaaaa"),
    ]
    await store.append_events(pair)
    _, history = await store.profile_with_history("business-1")
    assert history == History(adopted=("zalo",), dismissed=("sapo", "tiki"))
