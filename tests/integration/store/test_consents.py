"""What businesses answer is added to a history, and decides what is learned from."""

import asyncio
import datetime as dt

import pytest

from service.store import Store, in_force
from service.store.records import PURPOSES
from service.store.snapshot import SnapshotCounts, export_snapshot
from service.store.tables import consents, exposures

from .samples import DRAW, FILES, choice, event, exposure, profile, remember, run, stored

pytestmark = pytest.mark.anyio


def answering(url):
    return [row["profile_id"] for row in stored(url, consents)]


def told(history):
    return [(each.purpose, each.granted, each.version, each.how) for each in history]


async def test_an_answer_about_each_purpose_is_kept_with_its_text_time_and_way(store):
    before = dt.datetime.now(dt.UTC)
    await store.save_profile("business-1", profile(), choice("service", how="volunteer"))
    history = await store.consents("business-1")
    assert told(history) == [
        ("service", True, "vi-1", "volunteer"),
        ("improve", False, "vi-1", "volunteer"),
    ]
    assert all(before <= each.at <= dt.datetime.now(dt.UTC) for each in history)
    assert in_force(history) == {"service"}


async def test_the_last_answer_holds_and_those_before_stay(store):
    await remember(store, "business-1", profile())
    for granted in (("service",), ("service", "improve"), ()):
        assert await store.record_choice("business-1", choice(*granted, version=str(granted)))
    history = await store.consents("business-1")
    assert len(history) == 4 * len(PURPOSES)
    assert [each.granted for each in history if each.purpose == "improve"] == [1, 0, 1, 0]
    assert in_force(history) == frozenset()
    assert in_force(history[:6]) == {"service", "improve"}


async def test_the_same_answer_to_the_same_text_is_not_repeated(store):
    await store.save_profile("business-1", profile(), choice("service"))
    before = await store.consents("business-1")
    await store.record_choice("business-1", choice("service", how="api"))
    assert await store.consents("business-1") == before
    await store.record_choice("business-1", choice("service", "improve"))
    (added,) = (await store.consents("business-1"))[len(before) :]
    assert (added.purpose, added.granted) == ("improve", True)
    await store.record_choice("business-1", choice("service", "improve", version="vi-2"))
    assert len(await store.consents("business-1")) == len(before) + 1 + len(PURPOSES)


async def test_a_profile_that_is_replaced_keeps_its_answers(store):
    await remember(store, "business-1", profile())
    before = await store.consents("business-1")
    await store.replace_profile("business-1", profile(employees=9))
    await store.save_profile("business-1", profile(employees=10))
    assert await store.consents("business-1") == before


async def test_who_is_not_stored_has_no_answers(store, database):
    assert await store.record_choice("nobody-there", choice("service")) is False
    assert await store.consents("nobody-there") == ()
    assert answering(database) == []


async def test_nothing_of_an_answer_comes_back_that_is_given_while_all_is_erased(store, database):
    other = Store(database)
    other.start()
    for i in range(20):
        id_ = f"business-{i}"
        await remember(store, id_, profile())
        answers = [store.record_choice(id_, choice(version=str(n))) for n in range(5)]
        await asyncio.gather(*answers[:2], other.erase(id_), *answers[2:])
    await other.close()
    assert answering(database) == []


async def test_a_list_of_one_that_agreed_to_nothing_is_kept_without_telling_whose(store, database):
    store.log_exposure(exposure(id="list-0001"))
    store.log_exposure(exposure(id="list-0002", improve=False))
    await store.append_events([event(recommendation_id="list-0002")])
    agreed, refused = stored(database, exposures)
    assert (refused["features"], refused["seed"], refused["improve"]) == ("{}", "", False)
    assert "employees" in agreed["features"]
    assert (agreed["seed"] != "", agreed["improve"]) == (True, True)
    assert refused["items"] == agreed["items"]


async def everybody(store, ids, agreed):
    """Store businesses, with all that can be recorded, that agree to these purposes."""
    for id_ in ids:
        await store.save_profile(id_, profile(), choice(*agreed))
        shown = exposure(id=f"list-of-{id_}", profile_id=id_, explored=DRAW)
        store.log_exposure(shown)
        store.log_exposure(exposure(id=f"passer-{id_}", improve="improve" in agreed, explored=DRAW))
        await store.append_events(
            [
                event(id=f"{id_}-by-profile", profile_id=id_),
                event(id=f"{id_}-by-list", kind="adopt", recommendation_id=shown.id),
                event(id=f"{id_}-passing", recommendation_id=f"passer-{id_}"),
            ]
        )
        await store.save_profile(f"{id_}-shown-nothing", profile(), choice(*agreed))


AGREED, REFUSED = ("agreed-01", "agreed-02"), ("refused-1", "refused-2")


@pytest.fixture
def files(database, reference, tmp_path):
    """Export a database: what was counted, and the bytes of each file."""

    def export(name):
        counts = export_snapshot(database, tmp_path / name, reference)
        return counts, [(tmp_path / name / f"{file}.parquet").read_bytes() for file in FILES]

    return export


def test_what_was_not_agreed_to_is_not_learned_from_and_counted(database, files):
    run(database, lambda store: everybody(store, AGREED, PURPOSES))
    alone, whole = files("alone")
    assert alone == SnapshotCounts(profiles=6, exposures=8, slots=8, events=6)
    run(database, lambda store: everybody(store, REFUSED, ("service",)))
    counts, beside = files("beside")
    assert beside == whole
    assert counts == SnapshotCounts(
        profiles=6,
        exposures=8,
        slots=8,
        events=6,
        states_without_consent=6,
        lists_without_consent=4,
        events_without_consent=6,
    )


def test_what_is_taken_back_is_not_learned_from_any_more_and_may_be_given_again(database, files):
    run(database, lambda store: everybody(store, AGREED, PURPOSES))
    _, whole = files("whole")

    async def take_back(store):
        for id_ in (AGREED[0], f"{AGREED[0]}-shown-nothing"):
            await store.record_choice(id_, choice("service"))

    run(database, take_back)
    counts, _ = files("taken back")
    assert (counts.profiles, counts.exposures, counts.events) == (4, 6, 4)
    assert counts.states_without_consent == 2

    async def give_again(store):
        for id_ in (AGREED[0], f"{AGREED[0]}-shown-nothing"):
            await store.record_choice(id_, choice("service", "improve"))

    run(database, give_again)
    assert files("given again")[1] == whole


def test_who_was_never_asked_is_not_learned_from(database, files):
    async def fill(store):
        await store.save_profile("business-1", profile())
        store.log_exposure(exposure(profile_id="business-1"))
        await store.append_events([event(profile_id="business-1")])

    run(database, fill)
    counts, _ = files("snapshot")
    assert counts == SnapshotCounts(
        states_without_consent=1, lists_without_consent=1, events_without_consent=1
    )
