"""All that is held on a business is handed out, and nothing of others."""

import datetime as dt

import msgspec
import pytest

from service.store import Draft, ExposedItem
from service.store.held import FORMAT
from service.store.tables import consents, drafts, events, exposures, profiles

from .samples import DRAW, NOON, choice, event, exposure, profile, run, stored

pytestmark = pytest.mark.anyio
TABLES = (profiles, drafts, consents, exposures, events)
OWN, OTHER = "business-1", "business-2"


async def fill(store, id_):
    await store.save_draft(Draft(id=id_, locale="vi", answers={"who": id_}, updated_at=NOON))
    await store.finish_draft(id_, profile(employees=int(id_[-1])), choice("service", "improve"))
    await store.record_choice(id_, choice("service", version=f"text of {id_}", how="api"))
    for hours in (3, 1, 2):
        served = exposure(
            id=f"list-{hours}-of-{id_}",
            at=NOON + dt.timedelta(hours=hours),
            profile_id=id_,
            explored=DRAW if hours == 1 else None,
            arm=f"arm of {id_}",
        )
        store.log_exposure(served)
    await store.append_events(
        [
            event(id=f"rate-{id_}", kind="rate", rating=4, profile_id=id_, at=NOON),
            event(
                id=f"dismiss-{id_}",
                kind="dismiss",
                reason="too_complex",
                recommendation_id=f"list-1-of-{id_}",
                at=NOON + dt.timedelta(hours=2),
            ),
        ]
    )
    store.log_exposure(exposure(id=f"passer-by-after-{id_}"))


def as_json(value):
    return msgspec.json.decode(msgspec.json.encode(value))


async def both(store):
    await fill(store, OWN)
    await fill(store, OTHER)
    await store.ready()  # once it is, all that was logged before is stored


async def test_every_table_that_names_a_business_is_in_it_oldest_first(store, database):
    await both(store)
    held = await store.held(OWN)
    assert (held.format, held.id) == (FORMAT, OWN)
    assert held.profile.profile == as_json(profile(employees=1))
    assert (held.draft.answers, held.draft.locale) == ({"who": OWN}, "vi")
    answers = [(each.purpose, each.granted, each.version, each.how) for each in held.consents]
    assert answers[:2] == [("service", True, "vi-1", "page"), ("improve", True, "vi-1", "page")]
    assert answers[3] == ("improve", False, f"text of {OWN}", "api")
    assert [each.id for each in held.exposures] == [f"list-{h}-of-{OWN}" for h in (1, 2, 3)]
    first = held.exposures[0]
    assert first.features["employees"] == 4
    assert msgspec.convert(first.items, tuple[ExposedItem, ...]) == exposure().items
    assert first.explored == as_json(DRAW)
    assert held.exposures[1].explored is None
    assert (first.excluded, first.arm) == ({"in_use": 1, "sector": 3}, f"arm of {OWN}")
    told = [(each.id, each.kind, each.rating, each.reason) for each in held.events]
    assert told == [
        (f"rate-{OWN}", "rate", 4, None),
        (f"dismiss-{OWN}", "dismiss", None, "too_complex"),
    ]
    assert all(each.received_at for each in held.events)


async def test_every_column_of_these_tables_is_in_it(store):
    """A column that is added must be handed out, too, unless it only links the tables."""
    await both(store)
    held = as_json(await store.held(OWN))
    parts = dict(zip(TABLES, ("profile", "draft", "consents", "exposures", "events"), strict=True))
    linking = {"number", "profile_id"}
    for table, part in parts.items():
        found = held[part][0] if isinstance(held[part], list) else held[part]
        left_out = {column.name for column in table.columns} - found.keys() - linking
        assert left_out <= ({"id"} if part in ("profile", "draft") else {"improve"}), table.name


async def test_nothing_of_others_is_in_it(store):
    await both(store)
    text = msgspec.json.encode(await store.held(OWN)).decode()
    assert OWN in text
    assert OTHER not in text
    assert "passer-by" not in text


async def test_what_is_held_is_what_is_erased(store, database):
    """Whatever goes with a business was in its document: nothing is kept that it does not tell."""
    await both(store)
    held = await store.held(OWN)
    before = {table.name: len(stored(database, table)) for table in TABLES}
    assert await store.erase(OWN)
    gone = {table.name: before[table.name] - len(stored(database, table)) for table in TABLES}
    assert gone == {
        "profiles": 1,
        "drafts": 1,
        "consents": len(held.consents),
        "exposures": len(held.exposures),
        "events": len(held.events),
    }
    assert await store.held(OWN) is None
    assert await store.held(OTHER) is not None


async def test_an_event_that_only_names_its_list_is_in_it(store, database):
    await both(store)
    with store._reader.begin() as connection:
        named = events.c.recommendation_id == f"list-1-of-{OWN}"
        connection.execute(events.update().where(named).values(profile_id=None))
    assert len((await store.held(OWN)).events) == 2


async def test_what_another_version_stored_is_handed_out_as_it_is(store):
    await both(store)
    with store._reader.begin() as connection:
        connection.execute(profiles.update().values(profile='{"of": "an older version"}'))
        connection.execute(exposures.update().values(items='[{"of": "an older version"}]'))
    held = await store.held(OWN)
    assert held.profile.profile == {"of": "an older version"}
    assert held.exposures[0].items == [{"of": "an older version"}]


async def test_a_questionnaire_that_is_not_finished_is_handed_out(store):
    await store.save_draft(Draft(id="draft-01", locale="en", answers={"who": "?"}))
    held = await store.held("draft-01")
    assert (held.profile, held.exposures, held.events) == (None, (), ())
    assert held.draft.answers == {"who": "?"}


async def test_of_nobody_nothing_is_held(store):
    await both(store)
    for id_ in ("nobody-there", f"list-1-of-{OWN}"):
        assert await store.held(id_) is None


def test_both_databases_give_the_same_document(sqlite_database, postgresql_database, monkeypatch):
    monkeypatch.setattr("service.store.store.now", lambda: NOON)
    documents = []

    async def export(store):
        await both(store)
        documents.append(msgspec.json.encode(await store.held(OWN)))

    for url in (sqlite_database, postgresql_database):
        run(url, export)
    assert documents[0] == documents[1]
