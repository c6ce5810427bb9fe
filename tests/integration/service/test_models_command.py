"""`smedx models`: what it prints, what it refuses, and that a refusal changes nothing."""

import hashlib
import json
import shutil
import subprocess
import sys

import msgspec
import pytest
from click.testing import CliRunner

from recommender.training import registry as registry_module
from service.cli import main
from service.settings import packaged_data


@pytest.fixture
def run(models):
    """Run `smedx models` with these words on the test's registry."""

    def run_now(*words, **environment):
        settings = {"MODELS_DIR": str(models.folder)} | environment
        return CliRunner().invoke(main, ["models", *words], env=settings)

    return run_now


@pytest.fixture
def rewrite(models):
    """Change fields of a manifest."""

    def rewrite_now(version, **changes):
        path = models.folder / version / "manifest.json"
        path.write_bytes(msgspec.json.encode(json.loads(path.read_bytes()) | changes))

    return rewrite_now


def damage(registry, version):
    path = registry.folder / version / "model.joblib"
    path.write_bytes(path.read_bytes()[:-1])


def no_model(registry, version):
    """Make an artefact that is what the manifest says, but no model."""
    (registry.folder / version / "model.joblib").write_bytes(b"no model")
    path = registry.folder / version / "manifest.json"
    facts = json.loads(path.read_bytes()) | {"sha256": hashlib.sha256(b"no model").hexdigest()}
    path.write_bytes(msgspec.json.encode(facts))


def state(registry):
    """Return what a refusal must not change."""
    return registry.current, registry.history.read(), registry.versions()


def test_the_list_has_the_newest_first_and_says_which_is_in_service(run, models, versions):
    result = run("list")
    assert result.exit_code == 0, result.output
    lines = [line for line in result.stdout.splitlines() if "Z-" in line]
    newest = sorted(versions, reverse=True)
    assert [version in line for version, line in zip(newest, lines, strict=True)] == [True] * 3
    assert [line for line in lines if " now " in line] == [
        line for line in lines if versions[0] in line
    ]
    metrics = models.manifest(versions[2]).metrics
    reached = metrics["rankers"]["response"]["reranked"]["value"]
    line = next(line for line in lines if versions[2] in line)
    for shown in ("68", "100.0%", f"{reached:.4f}", metrics["gate"]["decision"]):
        assert shown in line


def test_the_list_as_json_tells_the_same_to_machines(run, models, versions):
    rows = json.loads(run("list", "--json").stdout)
    assert [row["version"] for row in rows] == sorted(versions, reverse=True)
    by_version = {row["version"]: row for row in rows}
    assert [by_version[version]["businesses"] for version in versions] == [60, 64, 68]
    assert [by_version[version]["in_service"] for version in versions] == [True, False, False]
    assert [row["version"] for row in rows if row["in_service_before"]] == [models.before]


def test_a_broken_manifest_does_not_hide_the_other_models(run, models, versions):
    (models.folder / versions[1] / "manifest.json").write_bytes(b"{")
    result = run("list", "--json")
    assert result.exit_code == 0
    assert {row["version"] for row in json.loads(result.stdout)} == {versions[0], versions[2]}
    assert f"the manifest of model {versions[1]} is broken" in result.stderr


def test_models_trained_before_a_figure_was_measured_are_shown_without_it(run, rewrite, versions):
    rewrite(versions[0], metrics={})
    for words in (("list",), ("show",), ("compare", *versions[:2])):
        result = run(*words)
        assert result.exit_code == 0, result.output
        assert versions[0] in result.stdout


def test_all_that_is_known_of_the_model_in_service_is_shown(run, models, versions):
    result = run("show")
    assert result.exit_code == 0, result.output
    manifest = models.manifest(versions[0])
    report = models.folder / versions[0] / "report.html"
    record = models.history.read()[-1]
    for told in (
        manifest.version,
        manifest.data_sha256,
        manifest.sha256,
        f"numpy {manifest.libraries['numpy']}",
        str(report),
        f"{record.who}: {record.why}",
        "segment popularity",
        *(f"{each['reranked']['value']:.4f}" for each in manifest.metrics["rankers"].values()),
        f"the gate: {manifest.metrics['gate']['decision']}",
        *(check["name"] for check in manifest.metrics["gate"]["checks"]),
        "NOT LOOKED AT",
    ):
        assert told in result.stdout
    assert run("show", versions[0]).stdout == result.stdout


def test_what_came_true_is_shown_of_enough_states_alone(run, rewrite, models, versions):
    """Of few, the share of those who looked that adopted may well be above 1."""
    names = ("first5_told", "first5_error", "first5_chance")
    told = dict.fromkeys(names, 0.25) | {"first5_true": 3.085}
    calibration = {
        "cold": told | {"states": 99},
        "warm": told | {"states": 100, "first5_true": 0.2875, "by_size": {"micro": told}},
    }
    metrics = models.manifest(versions[0]).metrics
    rewrite(versions[0], metrics=metrics | {"calibration": calibration})
    shown = run("show", versions[0]).stdout
    assert "0.2875" in shown
    assert "3.0850" not in shown


def test_a_model_as_json_is_its_manifest(run, models, versions):
    result = run("show", versions[2], "--json")
    shown = msgspec.json.decode(result.stdout, type=registry_module.Manifest)
    assert shown == models.manifest(versions[2])


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({}, "Comparable: the same data and seed, so the same later businesses."),
        ({"data_sha256": "1" * 64}, "NOT comparable: not the same data, so not the same later"),
        ({"seed": 7}, "NOT comparable: not the same seed, so"),
        ({"data_sha256": "1" * 64, "seed": 7}, "NOT comparable: not the same data and seed, so"),
    ],
)
def test_models_are_comparable_only_if_data_and_seed_agree(
    run, rewrite, models, versions, changes, told
):
    same = {"data_sha256": models.manifest(versions[0]).data_sha256, "seed": 0}
    rewrite(versions[1], **(same | changes))
    result = run("compare", versions[0], versions[1])
    assert result.exit_code == 0, result.output
    assert told in result.stdout
    assert ("Comparable" in result.stdout) == (not changes)
    assert ("--snapshot FOLDER" in result.stdout) == bool(changes)


def test_figures_stand_side_by_side_with_their_difference(run, rewrite, models, versions):
    manifest = models.manifest(versions[0])
    for version, value in ((versions[0], 0.5), (versions[1], 0.4375)):
        rankers = {"response": {"reranked": {"value": value}}}
        rewrite(version, metrics=manifest.metrics | {"rankers": rankers})
    lines = run("compare", *versions[:2]).stdout.splitlines()
    cells = [[cell.strip() for cell in line.strip("│").split("│")] for line in lines]
    assert ["reached of what was shown, response", "0.5000", "0.4375", "-0.0625"] in cells
    assert ["businesses", "60", "64", "+4"] in cells


def test_a_promotion_and_a_rollback_are_recorded_with_who_and_why(run, models, versions):
    known = len(models.history.read())
    done = run("promote", versions[1], "--why", "better for [new] ones", "--who", "Lan")
    assert (done.exit_code, models.current) == (0, versions[1])
    assert done.output == (
        f"Model {versions[1]} is in service instead of {versions[0]} (Lan: better for [new] ones)\n"
    )
    done = run("rollback", "--why", "not so", LOGNAME="minh")
    assert (done.exit_code, models.current) == (0, versions[0])
    first, second = models.history.read()[known:]
    assert (first.version, first.previous, first.who) == (versions[1], versions[0], "Lan")
    assert (second.version, second.previous, second.who) == (versions[0], versions[1], "minh")
    assert (first.why, second.why) == ("better for [new] ones", "not so")


def test_promoting_what_is_in_service_already_changes_nothing(run, models, versions):
    before = state(models)
    result = run("promote", versions[0], "--why", "again")
    assert result.exit_code == 0
    assert "in service already" in result.output
    assert state(models) == before


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (damage, "does not match the checksum"),
        (lambda models, version: (models.folder / version / "model.joblib").unlink(), "be read"),
        (no_model, "cannot be used"),
    ],
    ids=["checksum", "no file", "no model"],
)
@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_a_damaged_model_is_refused_and_the_one_in_service_stays(
    run, models, versions, spoil, reason, command
):
    models.promote(versions[1])
    models.promote(versions[2])
    spoil(models, versions[1])
    before = state(models)
    result = run(command, *([versions[1]] if command == "promote" else []), "--why", "x")
    assert result.exit_code == 1
    assert versions[1] in result.stderr
    assert reason in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert state(models) == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"libraries": {"python": "2.7"}}, "was made with {'python': '2.7'}"),
        ({"schema": "old"}, "was made for other feature columns (old, now "),
    ],
    ids=["libraries", "features"],
)
def test_a_model_of_other_libraries_or_features_is_refused(
    run, rewrite, models, versions, changes, reason
):
    rewrite(versions[1], **changes)
    before = state(models)
    result = run("promote", versions[1], "--why", "x")
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: model {versions[1]} {reason}")
    assert "train again" in result.stderr
    assert state(models) == before


def test_a_model_that_knows_too_little_of_the_catalogue_is_refused(
    run, models, versions, monkeypatch
):
    monkeypatch.setattr("service.serving.LEAST_KNOWN", 1.1)
    before = state(models)
    result = run("promote", versions[1], "--why", "x")
    assert result.exit_code == 1
    assert "of the 94 platforms in the catalogue: train again" in result.stderr
    assert state(models) == before


@pytest.mark.parametrize(
    "words",
    [("show", "x"), ("compare", "x", "y"), ("promote", "../x", "--why", "x"), ("show", "current")],
)
def test_an_unknown_version_is_named_beside_those_that_exist(run, versions, words):
    result = run(*words)
    assert result.exit_code == 1
    newest = ", ".join(sorted(versions, reverse=True))
    assert result.output == f"Error: there is no model {words[1]!r}; there are {newest}\n"


@pytest.mark.parametrize(
    "words",
    [
        ("list",),
        ("show",),
        ("show", "x"),
        ("compare", "x", "y"),
        ("promote", "x", "--why", "x"),
        ("rollback", "--why", "x"),
        ("prune",),
    ],
)
@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_an_empty_registry_says_what_to_do(run, tmp_path, words, folder):
    (tmp_path / "empty").mkdir()
    result = run(*words, MODELS_DIR=str(tmp_path / folder))
    assert result.exit_code == 1
    assert result.output == (
        f"Error: there is no model in {tmp_path / folder} yet: run `make train`\n"
    )
    assert list((tmp_path / "empty").iterdir()) == []


@pytest.mark.parametrize("command", ["promote", "rollback"])
def test_without_a_reason_nothing_is_put_into_service(run, models, versions, command):
    words = (command, versions[1]) if command == "promote" else (command,)
    before = state(models)
    assert run(*words).exit_code == 2
    assert run(*words, "--why", " ").output == "Error: a promotion needs a reason\n"
    assert state(models) == before


def test_nothing_can_be_rolled_back_that_the_record_does_not_tell(run, models, versions):
    models.history.path.unlink()
    result = run("rollback", "--why", "x")
    assert result.exit_code == 1
    assert result.output == f"Error: the record tells of no model before {versions[0]}\n"
    (models.folder / "current").unlink()
    assert run("rollback", "--why", "x").output == "Error: no model is in service\n"
    assert run("show").output.startswith("Error: no model is in service; there are ")


def test_data_tables_with_faults_stop_a_promotion_in_one_line(run, models, versions, tmp_path):
    before = state(models)
    shutil.copytree(packaged_data(), tmp_path / "data")
    (tmp_path / "data" / "sectors.csv").unlink()
    result = run("promote", versions[1], "--why", "x", DATA_DIR=str(tmp_path / "data"))
    assert result.exit_code == 1
    assert "sectors.csv" in result.stderr
    assert len(result.stderr.splitlines()) == 1
    assert state(models) == before


def test_pruning_tells_what_went_and_a_dry_run_what_would(run, models, versions):
    models.promote(versions[2])
    assert models.before == versions[0]
    size = sum(path.stat().st_size for path in (models.folder / versions[1]).iterdir())
    told = f"{versions[1]}  {size / 1e6:.1f} MB\n{{}} 1 model, {size / 1e6:.1f} MB\n"
    assert run("prune", "--keep", "1", "--dry-run").output == told.format("Would remove")
    assert len(models.versions()) == 3
    assert run("prune", "--keep", "1").output == told.format("Removed")
    assert models.versions() == sorted([versions[0], versions[2]])
    assert run("prune", "--keep", "0").output == "Removed 0 models, 0.0 MB\n"
    assert run("prune", "--keep", "-1").exit_code == 2


def test_without_a_model_in_service_nothing_is_pruned(run, models, versions):
    for pointer in ("nothing-that-exists", ""):
        (models.folder / "current").write_text(pointer)
        result = run("prune", "--keep", "0")
        assert (result.exit_code, result.output) == (1, "Error: no model is in service\n")
    assert models.versions() == sorted(versions)


PROMOTE = """
import sys
from pathlib import Path
from recommender.training.registry import Registry
registry = Registry(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
for number in range(30):
    registry.promote(sys.argv[2 + number % 2], why=str(number), who=sys.argv[2])
"""


def test_of_two_processes_the_last_one_wins_and_the_record_is_complete(models, versions):
    first, second, third = versions
    fourth = "20990101T000000Z-00000000"
    shutil.copytree(models.folder / third, models.folder / fourth)
    (models.folder / "current").unlink()
    models.history.path.unlink()
    pairs = (first, second), (third, fourth)
    processes = [
        subprocess.Popen(
            [sys.executable, "-c", PROMOTE, models.folder, *pair],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for pair in pairs
    ]
    for process in processes:
        assert process.stdout.readline() == "ready\n"
    for process in processes:
        process.stdin.write("go\n")
        process.stdin.flush()
    for process in processes:
        process.communicate(timeout=60)
        assert process.returncode == 0
    record = models.history.read()
    for who, _ in pairs:
        assert [line.why for line in record if line.who == who] == [str(n) for n in range(30)]
    assert [line.previous for line in record] == [None, *(line.version for line in record[:-1])]
    assert models.current == record[-1].version
