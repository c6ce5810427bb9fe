"""Pages of a business whose data went away, or that another version stored."""

import sqlite3

import pytest
from litestar.testing import TestClient

from service.app import create_app
from service.settings import Settings
from service.store import Store
from tests.owners import AGREED, RESTAURANT


@pytest.fixture
def database(tmp_path):
    return tmp_path / "store.db"


@pytest.fixture
def client(database, tmp_path):
    settings = Settings(database_url=f"sqlite:///{database}", models_dir=tmp_path / "models")
    with TestClient(create_app(settings)) as client:
        client.follow_redirects = False
        yield client


@pytest.fixture
def token(client):
    return client.post("/vi/start").headers["location"].split("/")[3]


def fill(client, token):
    """Answer every step and agree; return the answer to that, or to the step that failed."""
    form = {**RESTAURANT, "go": "next"}
    response = client.post(f"/vi/form/{token}/legal-form", data=form)
    while response.status_code == 303:
        place = response.headers["location"]
        if place.endswith("/check"):
            response = client.post(place)
        elif place.endswith("/consent"):
            response = client.post(place, data=AGREED)
        elif place.startswith("/vi/result/"):
            break
        else:
            response = client.post(place, data=form)
    return response


def rows(database):
    with sqlite3.connect(database) as connection:
        tables = ("drafts", "profiles")
        return [connection.execute(f"SELECT count(*) FROM {name}").fetchone()[0] for name in tables]


@pytest.mark.parametrize("name", ["answer_draft", "finish_draft"])
def test_a_form_sent_while_everything_is_deleted_brings_nothing_back(
    client, token, database, monkeypatch, name
):
    change = getattr(Store, name)

    async def erased_first(store, *arguments):
        await store.erase(token)
        return await change(store, *arguments)

    monkeypatch.setattr(Store, name, erased_first)
    response = fill(client, token)
    assert response.status_code == 404
    assert response.headers["Content-Type"].startswith("text/html")
    assert rows(database) == [0, 0]


def test_a_form_that_is_filled_leads_to_its_result(client, token, database):
    assert fill(client, token).headers["location"] == f"/vi/result/{token}"
    assert rows(database) == [1, 1]


@pytest.mark.parametrize(("table", "column"), [("drafts", "answers"), ("profiles", "profile")])
def test_what_another_version_stored_gives_the_page_for_it(client, token, database, table, column):
    fill(client, token)
    with sqlite3.connect(database) as connection:
        connection.execute(f"UPDATE {table} SET {column} = '[]'")
    response = client.get(f"/vi/result/{token}")
    assert response.status_code == 409
    assert response.headers["Content-Type"].startswith("text/html")
    if table == "profiles":  # the answers are still there: sent again, they replace it
        assert fill(client, token).status_code == 303
        assert client.get(f"/vi/result/{token}").status_code == 200


def test_a_button_pressed_again_with_another_reason_gives_the_page_for_it(client, token):
    fill(client, token)
    page = client.get(f"/vi/result/{token}").text
    recommendation_id = page.split('name="recommendation_id" value="')[1].split('"')[0]
    form = {"recommendation_id": recommendation_id, "platform_id": "sapo", "kind": "dismiss"}
    statuses = [
        client.post(f"/vi/result/{token}/feedback", data=form | {"reason": reason}).status_code
        for reason in ("too_expensive", "too_expensive", "too_complex")
    ]
    assert statuses == [303, 303, 409]
