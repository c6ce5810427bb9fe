"""Folders that commands cannot write to: said before the work, with the setting that names them."""

import pytest
from click.testing import CliRunner

from service.cli import main

RIGHT = "Expected a folder that this user may write to"


@pytest.fixture
def refused(tmp_path):
    """Run `smedx` with a file in the place of a folder; return what it says."""
    (tmp_path / "file").write_text("", "utf-8")
    environment = {
        "DATABASE_URL": f"sqlite:///{tmp_path}/store.db",
        "MODELS_DIR": f"{tmp_path}/models",
        "SIMULATED_DIR": f"{tmp_path}/simulated",
    }

    def run(*words, **changes):
        result = CliRunner().invoke(main, words, env=environment | changes)
        assert result.exit_code == 1
        assert isinstance(result.exception, SystemExit), "said, not raised"
        return result.output

    return run


@pytest.mark.parametrize("place", ["file", "file/models"])
def test_training_refuses_a_folder_of_models_before_it_simulates(refused, tmp_path, place):
    said = refused("train", MODELS_DIR=f"{tmp_path}/{place}")
    assert f"MODELS_DIR={tmp_path}/{place}: nothing can be written there: " in said
    assert RIGHT in said
    assert not (tmp_path / "simulated").exists()


@pytest.mark.parametrize("words", [("simulate", "--businesses", "50"), ("train",)])
def test_a_folder_of_simulated_data_that_cannot_be_made_is_named(refused, tmp_path, words):
    said = refused(*words, SIMULATED_DIR=f"{tmp_path}/file/simulated")
    assert f"SIMULATED_DIR={tmp_path}/file/simulated: nothing can be written there: " in said
    assert RIGHT in said


def test_what_is_no_simulation_is_not_replaced(refused, tmp_path):
    said = refused("simulate", "--businesses", "50", SIMULATED_DIR=f"{tmp_path}/file")
    assert f"SIMULATED_DIR={tmp_path}/file" in said
    assert "holds something else than a simulation" in said
    assert "Expected a folder that is new or empty" in said


def test_a_broken_description_of_simulated_data_is_named(refused, tmp_path):
    broken = tmp_path / "simulated" / "manifest.json"
    broken.parent.mkdir()
    for text in ("{", "[]", '{"reference": ""}', '{"reference": "", "settings": {}}'):
        broken.write_text(text, "utf-8")
        said = refused("train")
        assert f"{broken} cannot be read: " in said
        assert f"Delete {broken.parent}; the next training simulates again" in said


def test_a_folder_that_a_snapshot_cannot_be_written_to_is_named(refused, tmp_path):
    said = refused("snapshot", f"{tmp_path}/file/snapshot")
    assert f"FOLDER {tmp_path}/file/snapshot: nothing can be written there: " in said
    assert RIGHT in said
    said = refused("snapshot", f"{tmp_path}")
    assert f"there is something in {tmp_path} already" in said
    assert "Expected a new or an empty FOLDER" in said
