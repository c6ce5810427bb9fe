"""What was kept long enough goes, a few at a time, unless it was touched since."""

import asyncio
import datetime as dt

import pytest
from sqlalchemy import update

from service.store import Draft, Store, expiry
from service.store.engine import make_engine
from service.store.expiry import KEPT
from service.store.tables import consents, drafts, events, exposures, profiles

from .samples import NOON, Pause, choice, event, exposure, pause, profile, stored, stored_ids

pytestmark = pytest.mark.anyio
DAY = dt.timedelta(days=1)
BEFORE = NOON + 10 * DAY
"""What was last touched before is to go."""

EARLY, LATE = NOON, NOON + 20 * DAY


@pytest.fixture
def at(monkeypatch):
    """Move the clock of the store."""

    def move(moment):
        monkeypatch.setattr("service.store.store.now", lambda: moment)

    move(EARLY)
    return move


async def expect_to_go(store, kept, number):
    """Count, delete, and see that there is nothing left to delete."""
    assert await store.expired(kept, BEFORE) == number
    assert await store.forget(kept, BEFORE) == number
    assert await store.expired(kept, BEFORE) == 0


async def test_a_questionnaire_that_is_not_finished_goes_after_its_last_change(store, database, at):
    for id_, changed in (("draft-01", EARLY), ("draft-02", LATE), ("draft-03", EARLY)):
        await store.save_draft(Draft(id=id_, locale="vi", answers={}, updated_at=changed))
    await store.finish_draft("draft-03", profile(), choice("service"))
    await expect_to_go(store, "drafts", 1)
    assert stored_ids(database, drafts) == ["draft-02", "draft-03"]
    assert stored_ids(database, profiles) == ["draft-03"]


async def test_a_business_goes_with_everything_once_it_has_not_come_back(store, database, at):
    for id_ in ("business-1", "business-2"):
        await store.save_draft(Draft(id=id_, locale="vi", answers={}, updated_at=EARLY))
        await store.finish_draft(id_, profile(), choice("service", "improve"))
        shown = exposure(id=f"list-of-{id_}", profile_id=id_, at=EARLY)
        store.log_exposure(shown)
        await store.append_events([event(recommendation_id=shown.id), event(profile_id=id_)])
    at(LATE)
    await store.replace_profile("business-2", profile())
    await expect_to_go(store, "businesses", 1)
    for table, column in (
        (profiles, "id"),
        (drafts, "id"),
        (consents, "profile_id"),
        (exposures, "profile_id"),
        (events, "profile_id"),
    ):
        assert {row[column] for row in stored(database, table)} == {"business-2"}, table.name


async def changes_an_answer(store):
    draft = Draft(id="business-1", locale="vi", answers={"sector": "?"}, updated_at=LATE)
    await store.save_draft(draft)


async def looks_at_its_result(store):
    store.log_exposure(exposure(profile_id="business-1", at=LATE))
    await store.ready()


async def presses_a_button(store):
    await store.append_events([event(profile_id="business-1", at=EARLY)])


async def changes_its_choice(store):
    assert await store.record_choice("business-1", choice("service", "improve"))


async def sends_its_profile(store):
    assert await store.replace_profile("business-1", profile(employees=9))


COMES_BACK = [
    changes_an_answer,
    looks_at_its_result,
    presses_a_button,
    changes_its_choice,
    sends_its_profile,
]


@pytest.mark.parametrize("comes_back", COMES_BACK)
async def test_whatever_a_business_does_it_stays(store, database, at, comes_back):
    await store.save_draft(Draft(id="business-1", locale="vi", answers={}, updated_at=EARLY))
    await store.finish_draft("business-1", profile(), choice("service"))
    assert await store.expired("businesses", BEFORE) == 1
    at(LATE)
    await comes_back(store)
    await expect_to_go(store, "businesses", 0)
    assert stored_ids(database, profiles) == ["business-1"]


async def test_a_business_that_does_not_let_us_keep_it_goes_and_others_stay(store, database, at):
    answers = {"refused-1": (), "improve-1": ("improve",), "service-1": ("service",)}
    for id_, granted in answers.items():
        await store.save_profile(id_, profile(), choice(*granted))
    await store.save_profile("never-asked", profile())
    await store.save_profile("taken-back", profile(), choice("service"))
    await store.save_profile("given-again", profile(), choice())
    await store.record_choice("taken-back", choice())
    await store.record_choice("given-again", choice("service"))
    at(LATE)
    await store.save_profile("refuses-now", profile(), choice())
    await expect_to_go(store, "refused", 3)
    left = ["given-again", "never-asked", "refuses-now", "service-1"]
    assert stored_ids(database, profiles) == left
    assert {row["profile_id"] for row in stored(database, consents)} == set(left) - {"never-asked"}


async def test_one_that_refused_goes_when_its_time_is_over_however_often_it_comes(store, at):
    await store.save_profile("refused-1", profile(), choice())
    at(LATE)
    await store.record_choice("refused-1", choice())  # once more the same
    store.log_exposure(exposure(profile_id="refused-1", at=LATE))
    await store.ready()
    await expect_to_go(store, "refused", 1)


async def test_lists_of_businesses_that_are_not_stored_go_with_what_came_of_them(
    store, database, at
):
    await store.save_profile("business-1", profile(), choice("service"))
    for id_, changes in {
        "list-early": {"at": EARLY},
        "list-untold": {"at": EARLY, "improve": False},
        "list-late": {"at": LATE},
        "list-stored": {"at": EARLY, "profile_id": "business-1"},
    }.items():
        store.log_exposure(exposure(id=id_, **changes))
        await store.append_events([event(id=f"of-{id_}", recommendation_id=id_)])
    await store.append_events(
        [event(id="of-business", profile_id="business-1", recommendation_id="list-early")]
    )
    await expect_to_go(store, "lists", 2)
    assert stored_ids(database, exposures) == ["list-late", "list-stored"]
    assert stored_ids(database, events) == ["of-business", "of-list-late", "of-list-stored"]


@pytest.mark.parametrize("kept", KEPT)
async def test_of_nothing_nothing_goes(store, at, kept):
    await expect_to_go(store, kept, 0)


async def test_many_go_in_small_transactions_between_which_others_write(
    store, database, at, monkeypatch
):
    monkeypatch.setattr(expiry, "BATCH", 3)
    for i in range(20):
        await store.save_profile(f"business-{i:02}", profile(), choice("service"))
        store.log_exposure(exposure(at=EARLY))
    await store.ready()
    commits = store.journal.commits
    at(LATE)

    async def write_on():
        for i in range(5):
            await store.save_profile(f"new-business-{i}", profile(), choice("service"))

    gone, _ = await asyncio.gather(store.forget("businesses", BEFORE), write_on())
    assert gone == 20
    assert await store.forget("lists", BEFORE) == 20
    assert store.journal.commits - commits >= 14
    assert len(stored_ids(database, profiles)) == 5


COMING = {
    "drafts": lambda store: store.finish_draft("business-1", profile(), choice("service")),
    "businesses": lambda store: store.replace_profile("business-1", profile(employees=9)),
    "refused": lambda store: store.record_choice("business-1", choice("service")),
}


@pytest.mark.parametrize("kept", COMING)
async def test_a_business_that_comes_back_meanwhile_in_another_process_stays(
    postgresql_database, at, kept
):
    store, other = Store(postgresql_database), Store(postgresql_database)
    store.start()
    other.start()
    await store.save_draft(Draft(id="business-1", locale="vi", answers={}, updated_at=EARLY))
    if kept != "drafts":
        await store.finish_draft(
            "business-1", profile(), choice(*(() if kept == "refused" else ("service",)))
        )
    assert await store.expired(kept, BEFORE) == 1
    at(LATE)
    before, first = await pause(other)
    coming = asyncio.ensure_future(COMING[kept](other))
    await asyncio.sleep(0)
    within = Pause()  # in the same transaction, after it
    second = other.journal.submit(within)
    before.go_on.set()
    assert await asyncio.to_thread(within.reached.wait, 30)
    going = asyncio.ensure_future(store.forget(kept, BEFORE))
    await asyncio.sleep(0.2)  # it has found the business, and must wait
    within.go_on.set()
    await asyncio.gather(first, second)
    assert await coming
    assert await going == 0
    assert await store.profile("business-1") is not None
    await other.close()
    await store.close()


async def test_a_task_is_done_by_one_at_a_time_and_again_when_it_is_due(store, database):
    other = Store(database)
    other.start()
    for moment in (NOON, NOON + DAY, NOON + 3 * DAY):
        claims = [each.claim("tidy", moment, moment + DAY) for each in (store, other) * 5]
        assert sorted(await asyncio.gather(*claims)) == [False] * 9 + [True]
        assert await other.claim("tidy", moment + DAY / 2, moment + DAY) is False
    assert await other.claim("another", NOON, NOON + DAY) is True
    await other.close()


async def test_the_time_of_a_visit_is_that_of_its_list_not_of_what_it_tells(store, database, at):
    """An event that says it is old was still sent now."""
    await store.save_profile("business-1", profile(), choice("service"))
    at(LATE)
    await store.append_events([event(profile_id="business-1", at=EARLY)])
    with make_engine(database, writes=True).begin() as connection:
        connection.execute(update(events).values(at=EARLY))
    await expect_to_go(store, "businesses", 0)
