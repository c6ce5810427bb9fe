import datetime as dt

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from recommender.domain.recommendation import Explored, Filters
from service.store import Draft, ExposedItem, History, StoreError, Unreadable
from service.store.engine import make_engine
from service.store.tables import drafts, events, exposures, profiles

from .samples import DRAW, NOON, event, exposure, features, new_id, profile, stored

pytestmark = pytest.mark.anyio
same_database = settings(
    deadline=None, max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture]
)

HANOI = dt.timezone(dt.timedelta(hours=7))


async def test_a_profile_comes_back_as_it_was(store):
    full = profile(strategy="plan", data_use="recorded", security="backups", budget="200k_1m")
    saved = await store.save_profile("business-1", full)
    assert saved.profile == full
    assert saved.created_at == saved.updated_at
    assert await store.profile("business-1") == saved
    assert await store.profile("business-2") is None


async def test_a_profile_saved_again_is_replaced_and_keeps_its_first_time(store):
    first = await store.save_profile("business-1", profile(employees=4))
    second = await store.save_profile("business-1", profile(employees=5))
    assert second.profile.employees == 5
    assert second.created_at == first.created_at < second.updated_at
    assert await store.profile("business-1") == second


async def test_a_profile_comes_with_its_history(store):
    assert await store.profile_with_history("business-1") is None
    saved = await store.save_profile("business-1", profile())
    assert await store.profile_with_history("business-1") == (saved, History())
    await store.append_events([event(kind="adopt", profile_id="business-1")])
    adopted = History(adopted=("misa-cukcuk",))
    assert await store.profile_with_history("business-1") == (saved, adopted)
    await store.append_events([event(kind="withdraw", profile_id="business-1")])
    assert await store.profile_with_history("business-1") == (saved, History())


async def test_a_draft_is_replaced_by_its_next_state(store):
    draft = Draft(id="draft-01", locale="vi", answers={"employees": 3}, updated_at=NOON)
    await store.save_draft(draft)
    assert await store.draft("draft-01") == draft
    later = Draft(id="draft-01", locale="en", answers={"needs": ["Chợ đêm", None], "x": {"y": 1.5}})
    await store.save_draft(later)
    assert await store.draft("draft-01") == later
    assert later.updated_at.tzinfo is dt.UTC
    assert await store.draft("draft-02") is None


@pytest.mark.parametrize("text", ['{"of": "an older version"}', "[]", "{", ""])
async def test_what_another_version_stored_is_unreadable_until_it_is_replaced(
    store, database, text
):
    await store.save_profile("business-1", profile())
    await store.save_draft(Draft(id="business-1", locale="vi", answers={}))
    with make_engine(database, writes=True).begin() as connection:
        connection.execute(update(profiles).values(profile=text))
        connection.execute(update(drafts).values(answers="[]"))
    for read in (store.profile, store.profile_with_history, store.draft):
        with pytest.raises(Unreadable):
            await read("business-1")
    assert await store.replace_profile("business-1", profile())
    await store.save_draft(Draft(id="business-1", locale="vi", answers={}))
    assert await store.profile("business-1")
    assert await store.draft("business-1")


@pytest.mark.parametrize("draw", [None, DRAW])
async def test_an_exposure_is_stored_as_served(store, database, draw):
    await store.save_profile("business-1", profile())
    served = exposure(profile_id="business-1", features=features(employees=9), explored=draw)
    store.log_exposure(served)
    await store.ready()
    (row,) = stored(database, exposures)
    assert row == {
        "id": served.id,
        "at": NOON,
        "profile_id": "business-1",
        "features": served.features,
        "model_version": "m1",
        "policy_version": "p1",
        "arm": None,
        "seed": "business-1:2026-03-01",
        "locale": "vi",
        "eligible": 90,
        "excluded": '{"in_use":1,"sector":3}',
        "filters": row["filters"],
        "items": row["items"],
        "explored": row["explored"],
        "improve": False,
    }
    assert (row["explored"] is None) == (draw is None)
    assert msgspec.json.decode(row["explored"] or "null", type=Explored | None) == draw
    assert msgspec.json.decode(row["filters"], type=Filters) == served.filters
    assert msgspec.json.decode(row["items"], type=tuple[ExposedItem, ...]) == served.items


async def test_an_event_without_a_time_has_that_of_its_receipt(store, database):
    await store.save_profile("business-1", profile())
    before = dt.datetime.now(dt.UTC)
    await store.append_events([event(profile_id="business-1")])
    (row,) = stored(database, events)
    assert before <= row["at"] == row["received_at"] <= dt.datetime.now(dt.UTC)


async def test_times_are_kept_to_the_microsecond_in_utc(store, database):
    await store.save_profile("business-1", profile())
    local = NOON.astimezone(HANOI)
    rated = event(kind="rate", rating=4, profile_id="business-1", at=local)
    left = event(kind="dismiss", reason="too_complex", profile_id="business-1", at=local)
    await store.append_events([rated, left])
    for row in stored(database, events):
        assert row["at"] == NOON
        assert row["at"].utcoffset() == dt.timedelta(0)
        assert row["at"].microsecond == 123456
    by_id = {row["id"]: row for row in stored(database, events)}
    assert by_id[rated.id]["rating"] == 4
    assert by_id[left.id]["reason"] == "too_complex"


OFFSETS = st.timedeltas(dt.timedelta(hours=-14), dt.timedelta(hours=14)).map(dt.timezone)


@same_database
@given(at=st.datetimes(timezones=OFFSETS))
async def test_any_time_that_has_a_utc_time_comes_back(store, database, at):
    id_ = new_id()
    await store.save_profile("business-1", profile())
    try:
        utc = at.astimezone(dt.UTC)
    except OverflowError:
        with pytest.raises(StoreError, match="years"):
            await store.append_events([event(id=id_, profile_id="business-1", at=at)])
    else:
        await store.append_events([event(id=id_, profile_id="business-1", at=at)])
        (row,) = [row for row in stored(database, events) if row["id"] == id_]
        assert row["at"] == min(utc, row["received_at"])


async def test_a_time_without_an_offset_is_refused(store, database):
    with pytest.raises(StoreError, match="offset"):
        await store.append_events([event(recommendation_id="rec", at=NOON.replace(tzinfo=None))])
    with pytest.raises(StoreError, match="offset"):
        store.log_exposure(exposure(at=NOON.replace(tzinfo=None)))
    await store.ready()
    assert stored(database, events) == stored(database, exposures) == []


TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53), 2**53) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner, max_size=3),
)


@same_database
@given(answers=st.dictionaries(TEXT, JSON, max_size=4))
async def test_any_answers_come_back(store, answers):
    await store.save_draft(Draft(id="draft-01", locale="vi", answers=answers))
    draft = await store.draft("draft-01")
    assert draft.answers == answers
