"""What was kept long enough is deleted: by a running service, and by `smedx retention run`."""

import datetime as dt
import re
import time

import pytest
from click.testing import CliRunner
from litestar.testing import TestClient
from sqlalchemy import select, update

from service import retention
from service.access.audit import read_audit
from service.app import create_app
from service.cli import main
from service.retention import terms
from service.retention_cli import NAMES
from service.settings import Settings, SettingsError
from service.store.engine import make_engine
from service.store.records import now
from service.store.tables import consents, drafts, events, exposures, profiles

AGES = {"drafts": 2, "refused": 5, "businesses": 30, "lists": 10}
"""How many days what the tests store is old, and one day longer than it is kept."""

SETTINGS = {
    "RETENTION_DAYS": "29",
    "RETENTION_DAYS_DRAFTS": "1",
    "RETENTION_DAYS_LISTS": "9",
    "RETENTION_DAYS_REFUSED": "4",
}

TIMES = {"at", "created_at", "updated_at", "received_at"}


def aged(engine, days, *statements):
    """Set the times of these tables so many days back."""
    at = now() - dt.timedelta(days=days)
    with engine.begin() as connection:
        for statement in statements:
            times = TIMES & set(statement.table.c.keys())
            connection.execute(statement.values(dict.fromkeys(times, at)))


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def engine(url):
    engine = make_engine(url)
    yield engine
    engine.dispose()


@pytest.fixture
def old(url, models, restaurant, engine):
    """Store one of each kind, as old as it may be, and one of each that is new; return the old."""
    with TestClient(create_app(Settings(database_url=url, models_dir=models.folder))) as client:

        def begin():
            found = client.post("/vi/start", follow_redirects=False)
            return found.headers["location"].split("/")[3]

        def store():
            return client.post("/v1/profiles", json=restaurant).json()["id"]

        def ask(**body):
            found = client.post("/v1/recommendations", json=body)
            return found.json()["recommendation_id"]

        ids = {
            "drafts": [begin(), begin()],
            "refused": [store(), store()],
            "businesses": [store(), store()],
            "lists": [ask(profile=restaurant), ask(profile=restaurant)],
        }
        ask(profile_id=ids["businesses"][0])
        for id_ in ids["refused"]:
            client.put(f"/v1/profiles/{id_}/consent", json={"consent": []})
        event = {"id": "old-visit", "kind": "click", "platform_id": "sapo"}
        business = {"profile_id": ids["businesses"][0]}
        assert client.post("/v1/events", json={"events": [event | business]}).status_code == 200
    first = {kind: both[0] for kind, both in ids.items()}
    aged(engine, AGES["drafts"], update(drafts).where(drafts.c.id == first["drafts"]))
    aged(engine, AGES["lists"], update(exposures).where(exposures.c.id == first["lists"]))
    for kind in ("refused", "businesses"):
        aged(
            engine,
            AGES[kind],
            update(profiles).where(profiles.c.id == first[kind]),
            *(
                update(table).where(table.c.profile_id == first[kind])
                for table in (consents, exposures, events)
            ),
        )
    return first


@pytest.fixture
def left(engine, old):
    """Return which of the old ones are still there."""

    def look():
        with engine.connect() as connection:
            ids = {
                id_
                for table in (drafts, profiles, exposures)
                for id_ in connection.scalars(select(table.c.id))
            }
        return {kind for kind, id_ in old.items() if id_ in ids}

    return look


def count(engine):
    """Return how many rows all tables with something of businesses have."""
    with engine.connect() as connection:
        return sum(
            len(connection.execute(select(table)).all())
            for table in (drafts, profiles, consents, exposures, events)
        )


@pytest.fixture
def command(url):
    def run(*words, **settings):
        result = CliRunner().invoke(main, words, env={"DATABASE_URL": url, **settings})
        assert result.exit_code == 0, result.output
        return {
            kind: tuple(map(int, re.search(rf"{name}\W+(\d+)\W+(\d+)", result.stdout).groups()))
            for kind, name in NAMES.items()
        }

    return run


def test_the_command_deletes_what_is_older_than_the_settings_say_and_nothing_else(
    command, left, engine
):
    kept = {"drafts": 1, "refused": 4, "businesses": 29, "lists": 9}
    before = count(engine)
    told = command("retention", "run", "--dry-run", **SETTINGS)
    assert told == {kind: (kept[kind], 1) for kind in AGES}
    assert (left(), count(engine)) == (set(AGES), before)
    assert command("retention", "run", **SETTINGS) == told
    assert left() == set()
    # What is new stays: a draft, a business with three answers, one with two, and a list.
    assert count(engine) == 1 + (1 + 3) + (1 + 2) + 1
    again = command("retention", "run", **SETTINGS)
    assert {number for _, number in again.values()} == {0}
    with engine.connect() as connection:
        (line,) = read_audit(connection)  # of the dry run and of the last one there is none
    assert line.action == "retention run"
    assert line.detail == ", ".join(f"1 {name}" for name in NAMES.values())


def test_nothing_goes_before_its_time(command, left):
    later = {name: str(int(days) + 2) for name, days in SETTINGS.items()}
    told = command("retention", "run", **later)
    assert {number for _, number in told.values()} == {0}
    assert left() == set(AGES)


def test_a_running_service_deletes_by_itself(url, models, left, monkeypatch):
    monkeypatch.setattr(retention, "LOOK_SECONDS", 0.01)
    settings = Settings.from_environment(
        {**SETTINGS, "DATABASE_URL": url, "MODELS_DIR": str(models.folder)}
    )
    with TestClient(create_app(settings)):
        deadline = time.monotonic() + 60
        while left():
            assert time.monotonic() < deadline
            time.sleep(0.05)


def test_the_settings_are_in_days_and_wrong_ones_are_named():
    found = terms(Settings.from_environment(SETTINGS))
    assert {kind: term.days for kind, term in found.items()} == {
        kind: days - 1 for kind, days in AGES.items()
    }
    for name in SETTINGS:
        with pytest.raises(SettingsError, match=f"{name}='0'"):
            Settings.from_environment({name: "0"})
