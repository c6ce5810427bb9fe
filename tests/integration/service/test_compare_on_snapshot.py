"""`smedx models compare A B --snapshot FOLDER`: two models on the same states."""

import re

import pandas as pd
import pytest
from click.testing import CliRunner

from recommender.domain import BusinessProfile
from recommender.training.snapshot import open_snapshot
from service.cli import main

from .conftest import GROUPS

SHOWN = ["misa-meinvoice", *(platform for *_, uses in GROUPS for platform in uses)]


@pytest.fixture
def folder_of(write_lists, tmp_path):
    """Write what was recorded of businesses that were shown lists: as `smedx snapshot` does."""

    def write(businesses, days=0):
        made = [
            BusinessProfile(
                legal_form=GROUPS[i % 4][0],
                sector=GROUPS[i % 4][1],
                employees=5,
                province="48",
                sells_to_consumers=GROUPS[i % 4][2],
            )
            for i in range(businesses)
        ]
        adopted = {i: GROUPS[i % 4][3][:1] for i in range(businesses)}
        folder = write_lists(tmp_path / "kept", made, SHOWN, adopted)
        for name in ("profiles", "exposures", "events"):
            path = folder / f"{name}.parquet"
            table = pd.read_parquet(path)
            table["at"] += pd.Timedelta(days=days)
            if name == "exposures":
                table = table.assign(explored_first=None, explored_last=None)
            table.to_parquet(path)
        return folder

    return write


@pytest.fixture
def compare(models):
    def run(*words):
        settings = {"MODELS_DIR": str(models.folder)}
        return CliRunner().invoke(main, ["models", "compare", *words], env=settings)

    return run


def rows(output):
    """Return the rows of the table of both models by their first cell."""
    table = output[output.index("reached of what was shown") :].splitlines()
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in table]
    return {each[0]: each[1:] for each in cells if len(each) == 5}


def test_models_of_different_data_are_measured_on_the_same_states(compare, versions, folder_of):
    result = compare(*versions[:2], "--snapshot", str(folder_of(40)))
    assert result.exit_code == 0, result.output
    found = rows(result.stdout)
    states, first, second, difference = found["all states"]
    assert states == "40"
    value, low, high = map(float, re.findall(r"[-+]\d\.\d+", difference))
    assert value == pytest.approx(float(second) - float(first), abs=2e-4)
    assert low <= value <= high
    assert 0 < float(first) <= 1


def test_a_model_beside_itself_differs_by_nothing(compare, versions, folder_of):
    result = compare(versions[0], versions[0], "--snapshot", str(folder_of(40)))
    assert rows(result.stdout)["all states"][-1] == "+0.0000 (+0.0000 to +0.0000)"


def test_states_that_are_new_to_both_are_told_apart(compare, models, versions, folder_of):
    """The models have learned from no recorded business, so that all of these are new."""
    found = rows(compare(*versions[:2], "--snapshot", str(folder_of(40))).stdout)
    assert found["states that neither can have learned from"] == found["all states"]


def test_states_that_one_has_learned_from_are_warned_of(compare, models, versions, tmp_path):
    """On the folder of one of them, nothing is sure to be new to both."""
    (folder,) = (
        path.parent
        for path in tmp_path.parent.glob("simulated*/profiles.parquet")
        if open_snapshot({path.parent: True}).sha256 == models.manifest(versions[0]).data_sha256
    )
    (folder / "manifest.json").touch()  # as the simulator leaves one
    result = compare(*versions[:2], "--snapshot", str(folder))
    assert result.exit_code == 0, result.output
    assert "simulated; 95 % interval" in result.stdout
    assert list(rows(result.stdout)) == ["all states"]
    assert "No state is sure to be new to both" in result.stdout


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (lambda folder: (folder / "events.parquet").unlink(), "events.parquet is missing"),
        (lambda folder: (folder / "events.parquet").write_bytes(b"x"), "cannot be read"),
    ],
)
def test_a_folder_that_cannot_be_read_is_named(compare, versions, folder_of, spoil, told):
    folder = folder_of(8)
    spoil(folder)
    result = compare(*versions[:2], "--snapshot", str(folder))
    assert result.exit_code == 1
    assert told in result.stderr
    assert len(result.stderr.splitlines()) == 1


def test_a_folder_in_which_nothing_was_shown_is_told(compare, versions, folder_of):
    folder = folder_of(8)
    path = folder / "exposures.parquet"
    pd.read_parquet(path).iloc[:0].to_parquet(path)
    result = compare(*versions[:2], "--snapshot", str(folder))
    assert result.exit_code == 1
    assert "nothing was shown to any business" in result.stderr
