"""`smedx train`: what it simulates anew, what it trains on, and what it leaves alone."""

import json
import os
import signal
import subprocess
import sys

import pytest
from click.testing import CliRunner

from recommender.simulation import FORMAT
from recommender.training.registry import Registry
from service.cli import main


@pytest.fixture
def environment(tmp_path):
    """Where everything is: a place of the test's own."""
    return {
        "DATABASE_URL": f"sqlite:///{tmp_path}/store.db",
        "MODELS_DIR": f"{tmp_path}/models",
        "SIMULATED_DIR": f"{tmp_path}/simulated",
    }


@pytest.fixture
def invoke(environment):
    """Run `smedx` with these words in that place, whatever comes of it."""
    return lambda *words, **changes: CliRunner().invoke(main, words, env=environment | changes)


@pytest.fixture
def smedx(invoke):
    """Run `smedx` with these words, which it understands; return what it says."""

    def run(*words, **changes):
        result = invoke(*words, **changes)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "models")


@pytest.fixture
def trained_into(smedx, tmp_path):
    """Train into a registry of this name; return the manifest of the one model in it."""

    def train(name, *words, **changes):
        smedx("train", *words, MODELS_DIR=f"{tmp_path}/{name}", **changes)
        registry = Registry(tmp_path / name)
        (version,) = registry.versions()
        return registry.manifest(version)

    return train


def everything(registry):
    """Return each file of the registry with its content."""
    return {path: path.read_bytes() for path in registry.folder.rglob("*") if path.is_file()}


def test_what_gives_the_model_in_service_again_changes_nothing_and_says_so(smedx, registry):
    smedx("simulate", "--businesses", "80")
    smedx("train")
    (version,) = registry.versions()
    registry.promote(version, "for the tests")
    before = everything(registry)
    said = smedx("train")
    assert said == f"Nothing new: the same as {version}, which is in service and stays\n"
    assert everything(registry) == before


def test_a_snapshot_is_trained_on_instead_of_the_database(smedx, trained_into, tmp_path):
    """It may have gone since: what was recorded then stands in the folder."""
    smedx("simulate", "--businesses", "80")
    smedx("snapshot", f"{tmp_path}/kept")
    first = trained_into("first")
    gone = {"DATABASE_URL": "sqlite:////dev/null/no.db"}
    second = trained_into("second", "--snapshot", f"{tmp_path}/kept", **gone)
    assert first.data_sha256 == second.data_sha256
    assert first.sha256 == second.sha256


def test_an_interruption_says_that_nothing_was_changed(tmp_path, smedx, registry, environment):
    smedx("simulate", "--businesses", "4000")
    smedx("train")
    (version,) = registry.versions()
    registry.promote(version, "for the tests")
    before = everything(registry)
    process = subprocess.Popen(
        [sys.executable, "-m", "service.cli", "train", "--seed", "3"],
        env=os.environ | environment,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    for line in process.stderr:
        if "of them recorded" in line:  # what it reads is read: now it trains
            break
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all processes
    said = process.stderr.read()
    assert process.wait(60) == 130, said
    last = said.splitlines()[-1]
    assert last == f"Interrupted: nothing was saved or changed; model {version} is in service"
    assert everything(registry) == before


def test_another_seed_is_another_search_and_is_recorded(smedx, trained_into):
    smedx("simulate", "--businesses", "80")
    first, second = trained_into("first"), trained_into("second", "--seed", "7")
    assert (first.seed, second.seed) == (0, 7)
    assert first.metrics["tried"] != second.metrics["tried"]
    assert first.data_sha256 == second.data_sha256


def test_a_folder_that_is_no_snapshot_is_named(invoke, smedx, tmp_path):
    smedx("simulate", "--businesses", "80")
    result = invoke("train", "--snapshot", f"{tmp_path}/nowhere")
    assert result.exit_code == 1
    assert f"{tmp_path}/nowhere/profiles.parquet is missing" in result.output
    assert "the model in service stays" in result.output
    assert invoke("train", "--seed", "-1").exit_code == 2


@pytest.mark.parametrize("outdated", [{"format": FORMAT - 1}, {"reference": "x"}])
def test_what_was_simulated_before_a_change_is_simulated_again(smedx, tmp_path, outdated):
    path = tmp_path / "simulated" / "manifest.json"
    smedx("simulate", "--businesses", "80", "--seed", "5")
    made = json.loads(path.read_text("utf-8"))
    assert "Simulating again" not in smedx("train")

    path.write_text(json.dumps(made | outdated), "utf-8")
    said = smedx("train")
    assert "Simulating again" in said
    assert "80 simulated businesses" in said
    assert json.loads(path.read_text("utf-8")) == made


def test_what_was_simulated_before_there_was_a_format_is_simulated_again(smedx, tmp_path):
    path = tmp_path / "simulated" / "manifest.json"
    smedx("simulate", "--businesses", "80")
    made = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({k: v for k, v in made.items() if k != "format"}), "utf-8")
    assert "Simulating again" in smedx("train")
    assert json.loads(path.read_text("utf-8")) == made
