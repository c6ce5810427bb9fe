"""What the doctor says of the machine, the port and the settings."""

import socket
from collections import namedtuple
from importlib import metadata
from pathlib import Path

import pytest

from service.doctor import machine, shown_settings
from service.settings import Proxies
from service.store.address import shown_url

Usage = namedtuple("Usage", ("total", "used", "free"))


def test_this_environment_has_the_libraries_that_are_asked_for(found):
    findings = found()
    assert findings["libraries"].verdict == "PASS", findings["libraries"]
    assert "scikit-learn" in findings["libraries"].told
    assert "3." in findings["python"].told


def test_libraries_that_are_missing_or_of_another_version_are_named(found, monkeypatch):
    asked = ["no-such-library>=1", "numpy>=99", "scipy>=1", 'only-elsewhere; extra == "dev"']
    monkeypatch.setattr(machine, "requires", lambda name: asked)
    finding = found()["libraries"]
    assert finding.verdict == "FAIL"
    told = f"no-such-library is missing; numpy is {metadata.version('numpy')}, expected >=99"
    assert finding.told == told


@pytest.mark.parametrize(
    ("free", "verdict"), [(50_000_000_000, "PASS"), (1_000_000_000, "WARN"), (1_000_000, "FAIL")]
)
def test_room_on_the_disks_is_told(found, monkeypatch, free, verdict):
    monkeypatch.setattr(machine.shutil, "disk_usage", lambda place: Usage(10**11, 0, free))
    findings = found()
    for name in ("models", "simulated data", "database"):
        assert findings[f"room for {name}"].verdict == verdict
    away = found(database_url="postgresql://postgres@127.0.0.1:1/nothing")
    assert "room for database" not in away


def test_a_folder_that_is_not_there_yet_is_looked_for_above(tmp_path):
    assert machine.nearest(tmp_path / "not" / "there") == tmp_path
    assert machine.nearest(Path("not/there")) == Path.cwd()


def test_a_port_is_free_or_ours_or_taken(found, start, models):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        finding = found(port=other.getsockname()[1])["port"]
        assert finding.verdict == "FAIL"
        assert "in use by something else" in finding.told
    server = start()
    server.wait_until_live()
    finding = found(port=server.client.base_url.port)["port"]
    assert finding.verdict == "PASS"
    assert "this service runs there" in finding.told
    assert models.current in finding.told
    server.process.kill()
    server.process.wait()
    assert found(port=server.client.base_url.port)["port"].told.endswith("is free")


def test_a_host_that_is_not_of_this_machine_fails(found):
    finding = found(host="203.0.113.1", port=8000)["port"]
    assert finding.verdict == "FAIL"
    assert "HOST" in finding.todo


@pytest.mark.parametrize(
    ("environment", "verdict", "told"),
    [
        ({}, "PASS", "off"),
        ({"OTEL_TRACES_EXPORTER": "console"}, "PASS", "on, as OTEL_TRACES_EXPORTER says"),
        ({"OTEL_TRACES_EXPORTER": "zipkin"}, "WARN", "expected otlp, console or none"),
    ],
)
def test_tracing_is_told(found, monkeypatch, environment, verdict, told):
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    finding = found()["tracing"]
    assert (finding.verdict, told in finding.told) == (verdict, True)


def test_settings_are_shown_without_passwords(settings_of):
    shown = shown_settings(
        settings_of(
            database_url="postgresql://app:s3cret@db/smedx", trusted_proxies=Proxies("10.0.0.0/8")
        )
    )
    assert shown["DATABASE_URL"] == "postgresql://app:***@db/smedx"
    assert (shown["TRUSTED_PROXIES"], shown["PORT"], shown["ACCESS_LOG"]) == (
        "10.0.0.0/8",
        0,
        False,
    )
    assert "s3cret" not in str(shown)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sqlite:///var/smedx.sqlite3", "sqlite:///var/smedx.sqlite3"),
        ("postgresql:///smedx?user=app&password=s3cret", "postgresql:///smedx?password=%2A%2A%2A&user=app"),
        ("postgresql://app@db/smedx?sslpassword=s3cret", "postgresql://app@db/smedx?sslpassword=%2A%2A%2A"),
        ("app:s3cret@db", "***"),
    ],
)  # fmt: skip
def test_a_password_is_hidden_wherever_it_stands(url, shown):
    assert shown_url(url) == shown


def test_a_check_that_fails_itself_ends_no_other(found, monkeypatch):
    def broken(path):
        raise RuntimeError("no such device")

    monkeypatch.setattr(machine.shutil, "disk_usage", broken)
    findings = found()
    assert findings["disk"].verdict == "FAIL"
    assert "no such device" in findings["disk"].told
    assert findings["model"].verdict == "PASS"
