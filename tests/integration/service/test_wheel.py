"""The built wheel holds all that the service needs, and runs by itself."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
PIP = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = ("wheel", "--no-deps", "--no-build-isolation", "--no-index", "--wheel-dir", folder)
    subprocess.run([*PIP, *build, ROOT], check=True)
    (built,) = folder.glob("smedx-*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory) -> Path:
    """A folder with nothing but what the wheel installs."""
    folder = tmp_path_factory.mktemp("installed")
    install = ("install", "--no-deps", "--no-index", "--target", folder)
    subprocess.run([*PIP, *install, wheel], check=True)
    return folder


def test_the_wheel_holds_every_file_of_the_packages_and_the_data(wheel):
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())
    packages = {
        path.relative_to(ROOT).as_posix()
        for package in ("recommender", "service")
        for path in (ROOT / package).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    data = {f"recommender/data/{path.name}" for path in (ROOT / "data").iterdir()}
    assert packages | data <= held
    assert not any(name.startswith(("tests/", "models/", "var/", ".")) for name in held)
    for kind in (
        "recommender/data/platforms.csv",
        "recommender/data/questionnaire.toml",
        "service/web/templates/base.html",
        "service/web/static/base.css",
        "service/store/migrations/versions/v0001_first_tables.py",
    ):
        assert kind in held
    assert any(name.endswith(".po") for name in held)


def test_the_service_runs_from_the_wheel_alone(start, installed, models, tmp_path, restaurant):
    only = os.environ | {"PYTHONPATH": str(installed)}
    where = "import service, recommender; print(service.__file__, recommender.__file__)"
    command = [sys.executable, "-c", where]
    found = subprocess.run(
        command, cwd=tmp_path, env=only, check=True, capture_output=True, text=True
    )
    assert all(Path(path).is_relative_to(installed) for path in found.stdout.split())

    server = start(PYTHONPATH=installed)
    server.wait_until_live()
    assert server.ready() == (200, "")
    answer = server.client.post("/v1/recommendations", json={"profile": restaurant})
    assert answer.status_code == 200
    assert len(answer.json()["items"]) == 10
    for path, kind in (("/vi/", "text/html"), ("/en/", "text/html")):
        page = server.client.get(path)
        assert page.status_code == 200
        assert page.headers["Content-Type"].startswith(kind)
    assert server.client.get("/vi/").text != server.client.get("/en/").text
    style = server.client.get("/static/base.css")
    assert style.status_code == 200
    assert style.headers["Content-Type"].startswith("text/css")
    assert style.content == (installed / "service/web/static/base.css").read_bytes()
