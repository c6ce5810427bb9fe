"""`smedx train`: what it simulates anew before it trains."""

import json

import pytest
from click.testing import CliRunner

from recommender.simulation import FORMAT
from service.cli import main


@pytest.fixture
def smedx(tmp_path):
    """Run `smedx` with these words in a place of its own."""
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/store.db",
        "MODELS_DIR": f"{tmp_path}/models",
        "SIMULATED_DIR": f"{tmp_path}/simulated",
    }

    def run(*words):
        result = CliRunner().invoke(main, words, env=environment)
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


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
