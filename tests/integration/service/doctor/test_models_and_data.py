"""What the doctor says of models, experiments, simulated data and data tables."""

import json
import shutil

import pytest

from recommender.evaluation.comparison import Plan
from recommender.simulation import FORMAT
from recommender.training.registry_experiment import Experiments
from service.settings import packaged_data


def spoil(registry, version) -> None:
    (registry.folder / version / "model.joblib").write_bytes(b"no model")


def test_the_model_in_service_is_loaded_as_the_service_does(found, models, versions):
    findings = found()
    assert findings["model"].verdict == "PASS"
    assert findings["model"].told.startswith(versions[0])
    assert "100% simulated" in findings["model"].told
    assert findings["other models"].told == "2, all of which can be loaded"
    spoil(models, versions[0])
    findings = found()
    assert findings["model"].verdict == "FAIL"
    assert "checksum" in findings["model"].told
    assert "smedx models rollback" in findings["model"].todo


def test_without_a_model_it_is_a_warning(found, tmp_path):
    findings = found(models_dir=tmp_path / "none")
    assert findings["model"].verdict == "WARN"
    assert "make train" in findings["model"].todo
    assert not (tmp_path / "none").exists()


def test_another_model_that_cannot_be_loaded_is_a_warning(found, models, versions):
    spoil(models, versions[1])
    (models.folder / versions[2] / "manifest.json").write_text("{")
    findings = found()
    assert findings["model"].verdict == "PASS"
    assert findings["other models"].verdict == "WARN"
    assert findings["other models"].told.startswith("2 of 2 cannot be loaded: ")


def test_a_model_of_other_libraries_is_told(found, models, versions):
    place = models.folder / versions[0] / "manifest.json"
    manifest = json.loads(place.read_bytes())
    manifest["libraries"]["numpy"] = "1.0"
    place.write_text(json.dumps(manifest))
    finding = found()["model"]
    assert finding.verdict == "FAIL"
    assert "was made with" in finding.told


def test_an_experiment_is_told_and_whether_it_can_go_on(found, models, versions):
    assert found()["experiment"].told == "none is under way"
    running = Experiments(models).start(versions[1], Plan(share=0.3), "for the test")
    finding = found()["experiment"]
    assert (finding.verdict, finding.told) == ("PASS", f"{running.id}: {versions[1]} for 30%")
    spoil(models, versions[1])
    assert found()["experiment"].verdict == "FAIL"
    (models.folder / "current").write_text(versions[2])
    assert "not with the model in service" in found()["experiment"].told
    (models.folder / "experiment.json").write_text("{")
    finding = found()["experiment"]
    assert (finding.verdict, "is broken" in finding.told) == ("FAIL", True)


@pytest.mark.parametrize(
    ("change", "verdict"),
    [
        ({}, "PASS"),
        ({"format": FORMAT - 1}, "WARN"),
        ({"reference": "of other tables"}, "WARN"),
        ("no JSON", "FAIL"),
        ("[]", "FAIL"),
        ("{}", "FAIL"),
        (None, "PASS"),
    ],
)
def test_simulated_data_are_of_this_version_or_simulated_again(
    found, reference, tmp_path, change, verdict
):
    place = tmp_path / "simulated" / "manifest.json"
    if change is not None:
        place.parent.mkdir()
        sound = {"reference": reference.version, "format": FORMAT}
        text = change if isinstance(change, str) else json.dumps(sound | change)
        place.write_text(text)
    assert found()["simulated data"].verdict == verdict


def test_a_fault_in_a_data_table_is_named_and_ends_no_other_check(found, tmp_path):
    shutil.copytree(packaged_data(), tmp_path / "data")
    table = tmp_path / "data" / "platforms.csv"
    table.write_text(table.read_text("utf-8").replace(",accounting,", ",acounting,", 1), "utf-8")
    findings = found(data_dir=tmp_path / "data")
    assert findings["data tables"].verdict == "FAIL"
    assert "platforms.csv" in findings["data tables"].told
    assert findings["experiment"].verdict == "PASS"
    assert found(data_dir=tmp_path / "nowhere")["data tables"].verdict == "FAIL"
