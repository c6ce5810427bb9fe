"""What the running service does while something that it needs is missing or broken."""

import hashlib
import json
import shutil
import socket

import pytest
from click.testing import CliRunner

from service.cli import main
from service.settings import packaged_data

from .load import CLIENTS, load_on

EVENT = {"id": "of-a-fault", "kind": "click", "platform_id": "sapo", "profile_id": "nobody-there"}


def recommends_by_popularity(server, restaurant, reference) -> bool:
    response = server.client.post(
        "/v1/recommendations", json={"profile": restaurant, "locale": "en"}
    )
    assert response.status_code == 200, response.text
    model = response.json()["model"]
    assert len(response.json()["items"]) == 10
    return model == {
        "version": "none",
        "ranker": "popularity",
        "simulated_share": 0.0,
        "note": reference.messages.notes["fallback"].say("en"),
    }


def flip_a_byte(registry, version) -> None:
    artefact = registry.folder / version / "model.joblib"
    data = bytearray(artefact.read_bytes())
    data[len(data) // 2] ^= 1
    artefact.write_bytes(data)


def test_without_a_model_popularity_is_served_until_there_is_one(
    start, models, versions, restaurant, reference
):
    (models.folder / "current").unlink()
    server = start()
    server.wait_until_live()
    assert server.ready() == (503, "model: no model has been trained yet")
    assert server.client.get("/health/live").json()["model"] == "none"
    assert recommends_by_popularity(server, restaurant, reference)

    flip_a_byte(models, versions[1])
    models.promote(versions[1])
    server.wait_for(lambda: "checksum" in server.ready()[1])
    status, problems = server.ready()
    assert (status, versions[1] in problems) == (503, True)
    assert recommends_by_popularity(server, restaurant, reference)

    models.promote(versions[0])
    server.wait_for(lambda: server.ready() == (200, ""))
    assert not recommends_by_popularity(server, restaurant, reference)


def test_a_good_model_stays_when_a_broken_one_is_promoted(
    start, models, versions, restaurant, reference
):
    server = start()
    server.wait_until_live()
    assert server.ready() == (200, "")

    def serves(version: str) -> bool:
        answer = server.client.post("/v1/recommendations", json={"profile": restaurant})
        return answer.json()["model"]["version"] == version

    flip_a_byte(models, versions[1])
    models.promote(versions[1])
    server.wait_for(lambda: "checksum" in server.ready()[1])
    assert server.ready()[0] == 503
    assert serves(versions[0])

    # Its checksum is right, but it is no model.
    (models.folder / versions[2] / "model.joblib").write_bytes(b"no model")
    manifest = json.loads((models.folder / versions[2] / "manifest.json").read_bytes())
    manifest["sha256"] = hashlib.sha256(b"no model").hexdigest()
    (models.folder / versions[2] / "manifest.json").write_text(json.dumps(manifest))
    models.promote(versions[2])
    server.wait_for(lambda: versions[2] in server.ready()[1])
    assert "cannot be used" in server.ready()[1]
    assert serves(versions[0])

    (models.folder / "current").write_bytes(b"\xff\xfe")
    server.wait_for(lambda: versions[2] not in server.ready()[1])
    assert server.ready()[0] == 503
    assert serves(versions[0])

    models.promote(versions[0])
    server.wait_for(lambda: server.ready() == (200, ""))
    assert server.said().count("Traceback") == 0


def test_damage_to_the_artefact_in_service_is_not_served_and_stops_nothing(
    start, models, versions, restaurant, reference
):
    server = start()
    server.wait_until_ready()
    with load_on(server, [restaurant] * CLIENTS) as load:
        server.wait_for(lambda: load.all_are_served(versions[0]))
        flip_a_byte(models, versions[0])
        served = len(load.answers[0])
        server.wait_for(lambda: len(load.answers[0]) > served + 50)
    assert load.failures == []
    assert load.in_turn() == [[versions[0]]] * CLIENTS

    again = start()
    again.wait_for(lambda: "checksum" in again.ready()[1])
    assert recommends_by_popularity(again, restaurant, reference)


@pytest.mark.parametrize(
    "broken",
    [
        lambda folder: (folder / "model.joblib").unlink(),
        lambda folder: (folder / "manifest.json").write_bytes(b"{"),
        lambda folder: (folder / "manifest.json").write_bytes(b"\xff"),
        shutil.rmtree,
    ],
    ids=["no artefact", "half a manifest", "no text as manifest", "nothing"],
)
def test_a_model_that_is_broken_from_the_start_is_named(
    api_on, models, versions, restaurant, broken
):
    broken(models.folder / versions[0])
    with api_on(models) as client:
        ready = client.get("/health/ready")
        assert ready.status_code == 503
        assert versions[0] in ready.json()["problems"][0]
        assert client.get("/health/live").status_code == 200
        answer = client.post("/v1/recommendations", json={"profile": restaurant})
        assert answer.status_code == 200
        assert answer.json()["model"]["version"] == "none"


def test_a_broken_data_file_stops_the_start_and_is_named(start, tmp_path):
    shutil.copytree(packaged_data(), tmp_path / "data")
    table = tmp_path / "data" / "platforms.csv"
    lines = table.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace(",accounting,", ",acounting,")
    table.write_text("\n".join(lines), "utf-8")
    server = start(DATA_DIR=tmp_path / "data")
    assert server.process.wait(60) == 1
    assert "FAIL: platforms.csv, row 3, column category: expected one of" in server.said()
    assert "'acounting'" in server.said()
    assert "Traceback" not in server.said()


def test_a_port_that_is_taken_stops_the_start_before_anything_is_trained(start, tmp_path):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        result = CliRunner().invoke(
            main,
            ["serve", "--prepare"],
            env={"PORT": str(port), "MODELS_DIR": str(tmp_path / "models")},
        )
    assert result.exit_code == 1
    told = f"Error: HOST=127.0.0.1 PORT={port}: something listens there already"
    assert result.output.startswith(told), "nothing before it sounds as if it were running"
    assert "choose another PORT" in result.output
    assert "Training" not in result.output


def test_a_host_that_is_not_of_this_machine_stops_the_start(smedx, monkeypatch):
    smedx("keys", "create", "--kind", "secret", "--name", "server")
    monkeypatch.setenv("HOST", "203.0.113.1")
    result = smedx("serve")
    assert result.returncode == 1
    assert "HOST=203.0.113.1" in result.stderr
    assert "Expected an address of this machine" in result.stderr


def test_a_wrong_setting_stops_the_start_and_is_named(start):
    server = start(PORT="abc")
    assert server.process.wait(60) == 1
    assert server.said().startswith("Error: PORT='abc'")
    assert "Traceback" not in server.said()


@pytest.mark.parametrize("command", ["serve", "train"])
@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("mysql://user:secret@nowhere/db", "expected a database URL of sqlite or postgresql"),
        ("user:secret@nowhere", "such as sqlite:///folder/file.db or postgresql://"),
        ("sqlite://", "expected the path of a file"),
        ("sqlite:///a-file/store.db", "File exists"),
        ("sqlite:///a-file/store.db", "Expected a folder that can be written to"),
    ],
)
def test_an_address_that_can_never_be_a_database_is_refused(
    tmp_path, monkeypatch, command, address, told
):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a-file").touch()
    result = CliRunner().invoke(main, [command], env={"DATABASE_URL": address})
    assert result.exit_code == 1
    assert result.output.startswith("Error: DATABASE_URL cannot be used: ")
    assert told in result.output
    assert "secret" not in result.output


def test_until_there_is_a_database_it_recommends_but_stores_nothing_and_says_why(
    start, models, restaurant, tmp_path, subtests
):
    (tmp_path / "folder.db").mkdir()
    addresses = {
        "nobody listens": "postgresql://postgres@127.0.0.1:1/nothing",
        "path is a folder": f"sqlite:///{tmp_path}/folder.db",
    }
    servers = {name: start(DATABASE_URL=url) for name, url in addresses.items()}
    for name, server in servers.items():
        with subtests.test(name):
            server.wait_until_live()
            status, problems = server.ready()
            assert status == 503
            assert problems.startswith("database: ")
            assert len(problems) > len("database: ")
            server.wait_for(lambda said=server.said: "`smedx doctor` tells what to" in said())
            answer = server.client.post("/v1/recommendations", json={"profile": restaurant})
            assert answer.status_code == 200
            assert answer.json()["model"]["version"] == models.current
            for method, path, body in (
                ("POST", "/v1/events", {"events": [EVENT]}),
                ("POST", "/v1/profiles", restaurant),
                ("GET", "/v1/profiles/nobody-there", None),
                ("DELETE", "/v1/profiles/nobody-there", None),
                ("POST", "/v1/recommendations", {"profile_id": "nobody-there"}),
            ):
                refused = server.client.request(method, path, json=body)
                assert refused.status_code == 503, (path, refused.text)
                assert refused.headers["Content-Type"] == "application/problem+json"
                assert int(refused.headers["Retry-After"]) > 0
            assert server.client.get("/health/live").status_code == 200
            assert server.client.get("/v1/platforms").status_code == 200

    (tmp_path / "folder.db").rmdir()
    server = servers["path is a folder"]
    server.wait_for(lambda: server.ready() == (200, ""))
    assert server.client.post("/v1/profiles", json=restaurant).status_code == 201
