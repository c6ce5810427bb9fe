"""Changed data tables are taken into service without a restart and without a failed request."""

import csv
import shutil
import time
from pathlib import Path

import pytest

from recommender.domain import load_reference
from service import data_folder
from service.data_folder import DataFolder
from service.serving import ServingSlot
from service.settings import Settings, packaged_data

from .load import CLIENTS, TAKE_OVER, load_on

SHOWN = "misa-cukcuk"
"""A platform that restaurants are shown."""


@pytest.fixture
def data(tmp_path) -> Path:
    """The test's own copy of the data tables."""
    return shutil.copytree(packaged_data(), tmp_path / "data")


def change(folder, edit, file="platforms.csv") -> None:
    """Rewrite a table row by row, in one step; a row that becomes None is left out."""
    path = folder / file
    with path.open(encoding="utf-8", newline="") as old:
        rows = list(csv.DictReader(old))
    columns = list(rows[0])
    beside = folder.parent / file
    with beside.open("w", encoding="utf-8", newline="") as new:
        writer = csv.DictWriter(new, columns)
        writer.writeheader()
        writer.writerows(row for row in map(edit, rows) if row)
    beside.replace(path)


def numbered(number):
    """Return an edit that gives the names of all platforms a number."""
    return lambda row: row | {"name": f"{row['name'].partition(' #')[0]} #{number}"}


def number_of(answer) -> str:
    """Return the number that all names of an answer have; no two may differ."""
    (number,) = {item["platform"]["name"].partition("#")[2] for item in answer["items"]}
    return number


def without(*ids):
    return lambda row: row if row["id"] not in ids else None


def test_catalogues_are_swapped_under_load_without_a_failed_request(
    start, models, data, restaurant, record_property
):
    server = start(DATA_DIR=data, MODEL_POLL_SECONDS=Settings().model_poll_seconds)
    server.wait_until_live()
    slowest = 0.0
    with load_on(server, [restaurant] * CLIENTS, pause=0.02, told=number_of) as load:
        server.wait_for(lambda: load.all_are_served(""))
        for before, number in (("", "1"), ("1", "2"), ("2", "3")):
            change(data, numbered(number))
            changed = time.time()
            server.wait_for(lambda number=number: load.all_are_served(number))
            slowest = max(slowest, load.last_of(before) - changed)

    assert load.failures == []
    assert load.in_turn() == [["", "1", "2", "3"]] * CLIENTS
    assert server.ready() == (200, "")
    record_property("catalogue_seconds", round(slowest, 2))
    print(f"the last answer of the catalogue before came {slowest:.2f} s later at most")
    assert slowest < TAKE_OVER


def test_all_of_the_service_goes_by_the_new_catalogue(start, models, data, restaurant):
    server = start(DATA_DIR=data)
    server.wait_until_live()
    shown = server.client.post("/v1/recommendations", json={"profile": restaurant, "n": 100})
    assert SHOWN in [item["platform"]["id"] for item in shown.json()["items"]]

    change(data, without(SHOWN))
    server.wait_for(lambda: server.client.get(f"/v1/platforms/{SHOWN}").status_code == 404)
    answer = server.client.post("/v1/recommendations", json={"profile": restaurant, "n": 100})
    assert SHOWN not in [item["platform"]["id"] for item in answer.json()["items"]]
    assert answer.json()["model"]["version"] == models.current
    event = {"id": "too-late-for-it", "kind": "click", "platform_id": SHOWN}
    event["recommendation_id"] = shown.json()["recommendation_id"]
    refused = server.client.post("/v1/events", json={"events": [event]})
    assert refused.json()["errors"][0]["field"] == "events[0].platform_id"
    assert server.client.get("/vi/platforms").status_code == 200


def test_broken_tables_are_refused_and_the_ones_before_stay(start, models, data, restaurant):
    server = start(DATA_DIR=data)
    server.wait_until_live()

    def number() -> str:
        answer = server.client.post("/v1/recommendations", json={"profile": restaurant})
        return number_of(answer.json())

    good = (data / "platforms.csv").read_bytes()
    change(data, lambda row: numbered(1)(row) | {"category": "no-such-thing"})
    server.wait_for(lambda: server.ready()[1] != "")
    status, told = server.ready()
    assert status == 200, "what was in service before goes on"
    assert told.startswith("data: platforms.csv, row 2, column category: expected one of")
    assert told.endswith("(and 93 more)")
    assert number() == ""
    assert "platforms.csv, row 2, column category" in server.said()

    data.rename(data.with_name("away"))
    server.wait_for(lambda: "the folder cannot be read" in server.ready()[1])
    assert number() == ""
    data.with_name("away").rename(data)
    server.wait_for(lambda: "no-such-thing" in server.ready()[1])

    (data / "platforms.csv").write_bytes(good)
    server.wait_for(lambda: server.ready() == (200, ""))
    change(data, numbered(2))
    server.wait_for(lambda: number() == "2")
    assert server.said().count("Traceback") == 0


def test_tables_that_the_model_cannot_serve_with_wait_for_one_that_can(
    models, data, train_on, caplog
):
    slot = ServingSlot(models, DataFolder(data))
    before = slot.serving
    change(data, lambda row: row if row["code"] != "get-paid" else None, "needs.csv")
    for _ in range(2):
        slot.refresh()
    assert slot.serving is before
    assert slot.problem is None
    assert "made for other feature columns: train again" in slot.data_problem
    assert caplog.text.count("train again") == 1

    version = train_on(models, 40, load_reference(data)).version
    slot.refresh()
    assert slot.serving.version == version
    assert slot.serving.reference.version == load_reference(data).version
    assert (slot.problem, slot.data_problem) == (None, None)


def test_a_broken_model_does_not_keep_new_tables_out_nor_the_other_way_round(
    models, versions, data
):
    slot = ServingSlot(models, DataFolder(data))
    artefact = models.folder / versions[1] / "model.joblib"
    good = artefact.read_bytes()
    artefact.write_bytes(good[:-1])
    models.promote(versions[1], "for the tests")
    change(data, numbered(1))
    slot.refresh()
    assert slot.serving.version == versions[0]
    assert slot.serving.reference.platforms[SHOWN].name.endswith("#1")
    assert "checksum" in slot.problem
    assert slot.data_problem is None

    artefact.write_bytes(good)
    change(data, lambda row: numbered(2)(row) | {"provider": ""})
    slot.refresh()
    assert slot.serving.version == versions[1]
    assert slot.serving.reference.platforms[SHOWN].name.endswith("#1")
    assert slot.problem is None
    assert "platforms.csv" in slot.data_problem


def test_no_problem_is_forgotten_before_what_mends_it_is_in_service(models, versions, data, caplog):
    (models.folder / "current").unlink()
    slot = ServingSlot(models, DataFolder(data))
    models.promote(versions[0], "for the tests")
    caplog.set_level("INFO")
    told = []
    caplog.handler.addFilter(
        lambda record: told.append((record.getMessage(), slot.problem)) is None
    )
    slot.refresh()
    assert told == [(f"model {versions[0]} is in service", "no model has been trained yet")]
    assert slot.problem is None


def test_files_that_still_change_are_left_until_they_do_not(data, monkeypatch):
    folder = DataFolder(data)
    first = folder.newest
    copies = iter([numbered(2), numbered(3)])
    monkeypatch.setattr(data_folder.time, "sleep", lambda _: change(data, next(copies)))
    change(data, numbered(1))
    folder.look()
    folder.look()
    assert folder.newest is first
    monkeypatch.setattr(data_folder.time, "sleep", lambda _: None)
    folder.look()
    assert folder.newest.platforms[SHOWN].name.endswith("#3")


def test_what_is_no_table_and_what_says_the_same_changes_nothing(data):
    folder = DataFolder(data)
    first = folder.newest
    (data / "notes.txt").write_text("not a table")
    (data / "platforms.csv").touch()
    folder.look()
    assert folder.newest is first
    assert folder.problem is None
