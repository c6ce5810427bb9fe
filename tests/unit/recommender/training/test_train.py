"""Training: the same data gives the same model, measured on businesses it has not seen."""

import shutil
import zlib
from collections.abc import Mapping

import joblib
import numpy as np
import pandas as pd
import pytest

from recommender.profiles import profile_row
from recommender.simulation import SimulationSettings, simulate
from recommender.training import search
from recommender.training.registry import Registry
from recommender.training.snapshot import SnapshotError, open_snapshot
from recommender.training.train import STAGES, train

BASELINES = {"popularity", "segment_popularity"}


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "models")


@pytest.fixture
def small(tmp_path, write_snapshot, businesses, events_of, monkeypatch):
    """Write a snapshot of some of the businesses, for a short search; `change` changes events."""
    monkeypatch.setattr(search, "BUDGET", 3)

    def make(n, change=lambda events: events, name="small"):
        pairs = businesses[:n]
        return write_snapshot(tmp_path / name, pairs, change(events_of(pairs)))

    return make


@pytest.fixture
def in_service(registry, trained):
    """A registry of this test's own with a model in service."""
    shutil.copytree(trained[0].folder, registry.folder)
    return registry


def measures(business_id):
    """Return whether a business is of the fifth that measures."""
    return zlib.crc32(business_id.encode()) / 2**32 < 1 / 5


def is_unused(platform, pairs, events):
    return not (
        any(platform in profile.platforms_in_use for _, profile in pairs)
        or (events["platform_id"] == platform).any()
    )


def files(registry):
    return {path: path.read_bytes() for path in registry.folder.rglob("*") if path.is_file()}


def numbers(value):
    """Find every number of a report."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [number for entry in value for number in numbers(entry)]
    return [value] if isinstance(value, int | float) else []


def test_the_trained_model_is_in_service(trained):
    registry, manifest = trained
    assert registry.current == manifest.version
    assert registry.versions() == [manifest.version]
    assert manifest.businesses == 600
    assert manifest.simulated_share == 1


def test_the_same_data_gives_the_same_artefact_bit_for_bit(
    trained, registry, snapshot_dir, reference
):
    _, first = trained
    second = train(open_snapshot({snapshot_dir: True}), reference, registry)
    assert second.sha256 == first.sha256
    assert second.data_sha256 == first.data_sha256
    assert second.metrics == first.metrics


def test_other_data_gives_another_artefact(small, reference, registry):
    first = train(open_snapshot({small(60, name="one"): True}), reference, registry)
    second = train(open_snapshot({small(61, name="two"): True}), reference, registry)
    assert first.sha256 != second.sha256
    assert first.data_sha256 != second.data_sha256
    assert registry.current == second.version


def test_a_recorded_adoption_is_in_the_next_model(
    small, tmp_path, write_snapshot, events_of, make_profile, reference, registry
):
    simulated = small(60)
    pairs = [("recorded-1", make_profile()), ("recorded-2", make_profile())]
    nothing = write_snapshot(tmp_path / "before", pairs, events_of([]))
    adopted = events_of(pairs).head(1).assign(platform_id="misa-cukcuk", kind="adopt")
    after = write_snapshot(tmp_path / "after", pairs, adopted)
    without = train(open_snapshot({simulated: True, nothing: False}), reference, registry)
    found = train(open_snapshot({simulated: True, after: False}), reference, registry)
    assert without.data_sha256 != found.data_sha256
    assert without.sha256 != found.sha256
    assert (without.businesses, found.businesses) == (60, 61)
    assert without.simulated_share == 1
    assert 0 < found.simulated_share < 1


def test_the_report_holds_the_baselines_on_held_out_businesses(trained):
    _, manifest = trained
    report = manifest.metrics
    for part in ("validation", "test"):
        assert set(report[part]) >= BASELINES | {report["best"]}
        for measured in report[part].values():
            assert {"cold_ndcg5", "warm_ndcg5", "cold_recall5"} <= set(measured)
    best = report["test"][report["best"]]
    assert np.isfinite(numbers(report)).all()
    assert all(0 <= share <= 1 for share in best.values())


def test_the_report_tells_how_honest_the_probabilities_are_and_how_alike_the_lists(trained):
    registry, manifest = trained
    for kind in ("cold", "warm"):
        told = manifest.metrics["calibration"][kind]
        assert told["error"] <= 0.02
        assert told["first5_error"] <= 0.1
        slices = [*told["by_size"].values(), *told["by_sector"].values()]
        assert sum(each["businesses"] for each in told["by_size"].values()) == told["businesses"]
        assert all(0 <= each["error"] <= 1 for each in slices)
    assert manifest.metrics["variety"]["asked"] > 100
    picture = registry.folder / manifest.version / "reliability.png"
    assert picture.read_bytes().startswith(b"\x89PNG")


def test_the_model_beats_popularity_where_platforms_go_by_sector(trained):
    _, manifest = trained
    test, best = manifest.metrics["test"], manifest.metrics["best"]
    assert best not in BASELINES
    assert test[best]["cold_ndcg5"] > test["popularity"]["cold_ndcg5"]
    assert test[best]["warm_ndcg5"] > 1.2 * test["popularity"]["warm_ndcg5"]


def test_businesses_that_measure_are_neither_learned_from_nor_chosen_on(
    trained, snapshot_dir, tmp_path, write_snapshot, businesses, reference, registry
):
    """Let those of the measuring fold do something else: only what is measured changes."""
    _, before = trained
    events = pd.read_parquet(snapshot_dir / "events.parquet")
    held_out = events["business_id"].map(measures)
    events.loc[held_out, ["platform_id", "kind"]] = ["misa-esign", "adopt"]
    changed = write_snapshot(tmp_path / "changed", businesses, events)
    after = train(open_snapshot({changed: True}), reference, registry)
    assert after.metrics["validation"] == before.metrics["validation"]
    assert after.metrics["best"] == before.metrics["best"]
    assert after.metrics["test"] != before.metrics["test"]
    assert after.sha256 != before.sha256


def test_the_saved_model_has_learned_from_those_that_measured_too(
    tmp_path, write_snapshot, businesses, events_of, reference, registry
):
    """One business alone, of the fold that measures, uses a platform: the model knows of it."""
    alone = "misa-esign"
    pairs = [pair for pair in businesses if alone not in pair[1].platforms_in_use][:60]
    events = events_of(pairs)
    events = events[(events["platform_id"] != alone) & events["business_id"].map(measures)]
    events.loc[events.index[0], ["platform_id", "kind"]] = [alone, "adopt"]
    folder = write_snapshot(tmp_path / "one", pairs, events)
    manifest = train(open_snapshot({folder: True}), reference, registry)
    model, _ = registry.load(manifest.version, manifest.schema)
    nothing = np.array([], dtype=np.intp)
    base, unknown = (
        model.ranker.contributions(nothing, nothing, model.column_of[id_]).base
        for id_ in (alone, next(id_ for id_ in model.platforms if is_unused(id_, pairs, events)))
    )
    assert base == pytest.approx(1 / 60, rel=0.3)
    assert unknown == pytest.approx(0, abs=1e-9)


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_than_five_businesses_are_enough(small, reference, registry, make_profile, n):
    manifest = train(open_snapshot({small(n): True}), reference, registry)
    model, _ = registry.load(manifest.version, manifest.schema)
    found = model.score(profile_row("", make_profile(), reference), ["misa-cukcuk"])
    assert manifest.businesses == n
    assert np.isfinite(found.scores).all()
    assert ((found.probabilities >= 0) & (found.probabilities <= 1)).all()


def test_no_business_at_all_is_refused(tmp_path, write_snapshot, events_of):
    empty = write_snapshot(tmp_path / "empty", [], events_of([]))
    with pytest.raises(SnapshotError, match="no business to learn from"):
        open_snapshot({empty: True})


def test_recorded_businesses_of_which_nothing_is_known_are_refused(
    tmp_path, write_snapshot, events_of, make_profile, reference, registry
):
    silent = write_snapshot(tmp_path / "silent", [("asked", make_profile())], events_of([]))
    with pytest.raises((SnapshotError, ValueError), match="at least one business"):
        train(open_snapshot({silent: False}), reference, registry)
    assert not registry.folder.exists()


def test_events_of_platforms_that_left_the_catalogue_do_no_harm(small, reference, registry):
    snapshot = open_snapshot({small(30, lambda t: t.assign(platform_id="gone")): True})
    assert train(snapshot, reference, registry).businesses == 30


def test_the_manifest_tells_data_seed_and_parameters(trained, snapshot_dir, reference):
    _, manifest = trained
    assert manifest.data_sha256 == open_snapshot({snapshot_dir: True}).sha256
    assert manifest.reference_version == reference.version
    assert manifest.seed == 0
    assert manifest.parameters


def test_each_stage_is_told_as_it_begins(small, reference, registry):
    told = []
    train(open_snapshot({small(10): True}), reference, registry, progress=told.append)
    assert told == list(STAGES)


@pytest.mark.parametrize("stage", STAGES)
def test_training_that_is_interrupted_leaves_the_registry_as_it_was(
    small, reference, in_service, stage
):
    before = files(in_service)

    def interrupt(name):
        if name == stage:
            raise KeyboardInterrupt

    snapshot = open_snapshot({small(20): True})
    with pytest.raises(KeyboardInterrupt):
        train(snapshot, reference, in_service, progress=interrupt)
    assert files(in_service) == before


@pytest.mark.parametrize("step", ["dump", "promote"])
def test_training_that_dies_while_saving_leaves_the_model_in_service(
    small, reference, in_service, monkeypatch, step
):
    version, before = in_service.current, files(in_service)

    def die(*_):
        raise OSError("no space left")

    if step == "dump":
        monkeypatch.setattr(joblib, "dump", die)
    else:
        monkeypatch.setattr(Registry, "promote", die)
    with pytest.raises(OSError, match="no space left"):
        train(open_snapshot({small(20): True}), reference, in_service)
    assert in_service.current == version
    assert before.items() <= files(in_service).items()
    if step == "dump":
        assert files(in_service) == before


def test_a_model_of_the_simulated_world_is_honest_and_lists_are_not_all_alike(
    tmp_path, reference, registry
):
    simulate(SimulationSettings(businesses=20_000, seed=5), reference, tmp_path / "simulated")
    manifest = train(open_snapshot({tmp_path / "simulated": True}), reference, registry)
    test, best = manifest.metrics["test"], manifest.metrics["best"]
    assert best == "linear"
    assert test["linear"]["warm_ndcg5"] > test["segment_popularity"]["warm_ndcg5"]
    for told in manifest.metrics["calibration"].values():
        assert told["error"] <= 0.02
        assert told["first5_error"] <= 0.02
    assert manifest.metrics["variety"]["below_floor"] == []
