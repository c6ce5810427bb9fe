"""Training from end to end: what is learned, measured, judged, saved and put into service."""

import dataclasses
from collections.abc import Mapping

import msgspec
import numpy as np
import pandas as pd
import pytest

from recommender.domain.gate_rules import Amount, Artefact, Better
from recommender.profiles import profile_row
from recommender.rankers import LogisticRanker
from recommender.simulation import SimulationSettings, simulate
from recommender.training.gate import AGAINST
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import STAGES, train

RANKERS = {"response", "segment_popularity", "popularity", "logistic"}
LAST_WINDOW = "business-0510"

FEW = Amount(0.0, 1)
"""However few there are, it is no reason to hold."""


def with_gate(reference, **rules):
    """The data tables with other rules of the gate."""
    return dataclasses.replace(reference, gate=msgspec.structs.replace(reference.gate, **rules))


def numbers(value):
    """Find every number of a report."""
    if isinstance(value, Mapping):
        value = list(value.values())
    if isinstance(value, list | tuple):
        return [number for entry in value for number in numbers(entry)]
    return [value] if isinstance(value, int | float) else []


def load(registry, manifest):
    return registry.load(manifest.version, manifest.schema)[0]


def test_what_is_in_service_already_bit_for_bit_is_neither_saved_nor_promoted_again(
    trained, in_service, snapshot_dir, reference, files
):
    before = files(in_service)
    found = train(open_snapshot({snapshot_dir: True}), reference, in_service)
    assert msgspec.json.encode(found) == msgspec.json.encode(trained[1])
    assert files(in_service) == before


def test_the_same_data_gives_the_same_artefact_bit_for_bit(
    trained, in_service, snapshot_dir, reference, monkeypatch
):
    """And beside itself, in service, it is no better and no worse, in no slice, and in no field."""
    monkeypatch.setattr(Registry, "in_service_already", lambda *_: None)
    _, first = trained
    second = train(open_snapshot({snapshot_dir: True}), reference, in_service)
    assert second.sha256 == first.sha256
    assert second.data_sha256 == first.data_sha256
    one, other = first.metrics, second.metrics
    for name in set(one) - {
        "rankers", "differences", "in_service", "served", "slices", "drift", "scoring", "gate",
        "resources",
    }:  # fmt: skip
        assert other[name] == one[name], name
    assert other["rankers"] == one["rankers"] | {"in_service": one["rankers"]["response"]}
    assert set(numbers(other["differences"]["in_service"])) == {0}
    assert other["slices"].pop("businesses") == {}  # none of them is recorded
    for values in other["slices"].values():
        assert {each[key] for each in values.values() for key in ("difference", "high")} == {0}
    assert {each["distance"] for each in other["drift"].values()} == {0}


def test_the_metrics_have_all_parts(trained, retrained):
    for _, manifest in (trained, retrained):
        metrics = manifest.metrics
        assert set(metrics) == {
            "attention", "calibration", "checks", "data", "differences", "drift", "exposure",
            "gate", "held_out", "in_service", "learned_from", "learning_curve", "off_policy",
            "rankers", "resources", "scoring", "served", "shown", "slices", "states", "tried",
            "variety",
        }  # fmt: skip
        assert np.isfinite(numbers(metrics)).all()
        assert set(metrics["rankers"]) >= RANKERS
        assert set(metrics["differences"]) == set(metrics["rankers"]) - {"response"}
        for name, found in metrics["rankers"].items():
            for measure in ("reranked", "adoptions"):
                assert 0 <= found[measure]["low"] <= found[measure]["value"] <= 1, name
        for kind in ("cold", "warm"):
            told = metrics["calibration"][kind]
            assert told["by_size"] == {}  # of a hundred states and more alone
        assert (
            metrics["learning_curve"][-1][1] == metrics["rankers"]["response"]["reranked"]["value"]
        )
        assert len(metrics["tried"]) == 24
        assert metrics["resources"]["seconds"] > 0


def test_states_are_split_by_time(trained):
    assert trained[1].metrics["states"] == {
        "learn": 360, "choose": 90, "calibrate": 60, "test": 90,
    }  # fmt: skip


def test_all_rankers_that_are_compared_are_fitted_to_the_same_states(
    small, reference, registry, monkeypatch
):
    """All but those that measure: 510 of 600."""
    weights = []
    fit = LogisticRanker.fit

    def fit_and_tell(self, profiles, used, each, responses):
        weights.append(each.sum())
        return fit(self, profiles, used, each, responses)

    monkeypatch.setattr(LogisticRanker, "fit", fit_and_tell)
    manifest = train(open_snapshot({small(600): True}), reference, registry)
    assert weights[-1] == manifest.metrics["learning_curve"][-1][0] == 510


def test_a_model_and_its_report_are_kept_together(trained):
    registry, manifest = trained
    folder = registry.folder / manifest.version
    assert {path.name for path in folder.iterdir()} == {
        "manifest.json", "model.joblib", "peers.json", "reliability.png", "report.html",
    }  # fmt: skip
    assert (folder / "reliability.png").read_bytes().startswith(b"\x89PNG")
    assert manifest.version in (folder / "report.html").read_text()
    kept = registry.manifest(manifest.version)
    assert msgspec.json.encode(kept) == msgspec.json.encode(manifest)


def test_the_manifest_tells_data_seed_and_parameters(trained, snapshot_dir, reference):
    _, manifest = trained
    assert manifest.data_sha256 == open_snapshot({snapshot_dir: True}).sha256
    assert manifest.reference_version == reference.version
    assert manifest.seed == 0
    assert (manifest.businesses, manifest.simulated_share) == (600, 1)
    tried = manifest.metrics["tried"]
    usual, best = tried[0][0], max(tried, key=lambda each: each[1])[0]
    assert any(chosen.items() <= manifest.parameters.items() for chosen in (usual, best))


def test_the_model_beats_popularity_where_platforms_go_by_sector(trained):
    difference = trained[1].metrics["differences"]["popularity"]["reranked"]
    assert difference["low"] > 0


def test_the_last_ones_are_neither_learned_from_nor_chosen_nor_calibrated_on(
    trained, snapshot_dir, tmp_path, write_snapshot, businesses, journeys_of, reference, registry
):
    """Let those that measure do something else: only what is measured changes.

    What is saved has learned from them as well, and so knows better of what they took up.
    """
    before = trained[1]
    journeys = journeys_of(businesses)
    events = journeys.events
    last = (events["business_id"] >= LAST_WINDOW) & (events["kind"] != "adopt")
    kinds = events["kind"].where(~last, "adopt")
    folder = write_snapshot(
        tmp_path / "changed", businesses, journeys._replace(events=events.assign(kind=kinds))
    )
    after = train(open_snapshot({folder: True}), reference, registry)
    assert after.data_sha256 != before.data_sha256
    assert after.sha256 != before.sha256
    one, other = before.metrics, after.metrics
    assert other["tried"] == one["tried"]
    assert after.parameters == before.parameters
    assert other["learning_curve"][0][0] == one["learning_curve"][0][0]
    assert other["rankers"] != one["rankers"]
    old, new = load(trained[0], before), load(registry, after)
    for kind in ("without_history", "with_history"):
        ours, theirs = (getattr(model.calibration, kind) for model in (old, new))
        assert np.array_equal(ours.scores, theirs.scores)
        assert np.array_equal(ours.probabilities, theirs.probabilities)
    asked = pd.DataFrame([profile_row(id_, each, reference) for id_, each in businesses[:50]])
    assert (new.score_table(asked) - old.score_table(asked)).mean() > 0.01


def test_recorded_businesses_are_in_the_next_model(trained, retrained):
    (_, first), (registry, second) = trained, retrained
    assert (first.businesses, second.businesses) == (600, 680)
    assert first.simulated_share == 1
    assert 0.5 < second.simulated_share < 1
    assert second.metrics["attention"]["reactions"] > 0
    assert second.metrics["shown"]["recorded"][1] == "2026-03-04T07:00:00+00:00"
    assert set(first.metrics["shown"]) == {"simulated"}
    assert second.sha256 != first.sha256
    assert registry.versions() == sorted([first.version, second.version])


def test_beside_a_model_in_service_it_is_compared_with_it(trained, retrained):
    (_, first), (_, second) = trained, retrained
    assert first.metrics["in_service"] == {
        "version": None, "compared": "no model is in service", "learned_from": None,
    }  # fmt: skip
    assert first.metrics["drift"] is first.metrics["off_policy"] is None
    assert second.metrics["in_service"]["version"] == first.version
    assert "in_service" in second.metrics["differences"]
    assert "as good as in service, fitted anew" in [
        check["name"] for check in second.metrics["gate"]["checks"]
    ]
    assert second.metrics["drift"]["sector"]["distance"] > 0
    assert second.metrics["off_policy"]["slots"] == 12
    assert second.metrics["slices"]["businesses"]["recorded alone"]["states"] == 12
    assert first.metrics["slices"]["businesses"] == {}


@pytest.mark.parametrize(
    ("rules", "decision", "against"),
    [
        ({"better": Better(1.0)}, "ship", set()),
        ({"better": Better(0.0)}, "hold", {"as good as in service, fitted anew"}),
        ({"artefact": Artefact(1e-9, 1e9)}, "reject", {"size of the artefact"}),
    ],
)
def test_a_model_is_put_into_service_only_if_the_gate_says_so(
    in_service, snapshot_dir, small, reference, rules, decision, against
):
    """Compared with a model of the same parameters on few data, it is not sure to be as good."""
    before = in_service.current
    tables = with_gate(reference, **({"amount": FEW} | rules))
    manifest = train(open_snapshot({small(60): True}), tables, in_service)
    gate = manifest.metrics["gate"]
    assert gate["decision"] == decision
    names = {check["name"] for check in gate["checks"] if check["verdict"] in AGAINST}
    assert against <= names
    assert load(in_service, manifest).platforms
    assert (in_service.folder / manifest.version / "report.html").exists()
    assert in_service.current == (manifest.version if decision == "ship" else before)
    if decision == "ship":
        assert in_service.history.read()[-1].why == "trained: the gate says ship"


def test_those_with_and_without_tools_in_use_have_curves_of_their_own(trained):
    calibration = load(*trained).calibration
    without, after = calibration.without_history, calibration.with_history
    assert not np.array_equal(without.probabilities, after.probabilities)


@pytest.mark.parametrize("n", [1, 4])
def test_fewer_than_five_businesses_are_enough(small, reference, registry, make_profile, n):
    stages = []
    snapshot = open_snapshot({small(n): True})
    manifest = train(snapshot, reference, registry, progress=stages.append)
    assert stages == list(STAGES)
    model = load(registry, manifest)
    found = model.score(profile_row("", make_profile(), reference), ["misa-cukcuk"])
    assert manifest.businesses == n
    assert np.isfinite(found.scores).all()
    assert ((found.probabilities >= 0) & (found.probabilities <= 1)).all()


@pytest.mark.parametrize("stage", STAGES)
def test_training_that_is_interrupted_leaves_the_registry_as_it_was(
    small, reference, in_service, files, stage
):
    before = files(in_service)

    def interrupt(name):
        if name == stage:
            raise KeyboardInterrupt

    snapshot = open_snapshot({small(20): True})
    with pytest.raises(KeyboardInterrupt):
        train(snapshot, reference, in_service, progress=interrupt)
    assert files(in_service) == before
    with in_service.training():  # and lets the next one train
        pass


def test_training_that_dies_while_promoting_leaves_the_model_in_service(
    small, reference, in_service, files, monkeypatch
):
    version, before = in_service.current, files(in_service)

    def die(*_):
        raise OSError("no space left")

    monkeypatch.setattr(Registry, "promote", die)
    rules = with_gate(reference, amount=FEW, better=Better(1.0), baselines=Better(1.0))
    with pytest.raises(OSError, match="no space left"):
        train(open_snapshot({small(20): True}), rules, in_service)
    assert in_service.current == version
    assert before.items() <= files(in_service).items()


def test_a_model_of_the_simulated_world_passes_the_gate(tmp_path, reference, registry):
    simulate(SimulationSettings(businesses=12_000, seed=5), reference, tmp_path / "simulated")
    manifest = train(open_snapshot({tmp_path / "simulated": True}), reference, registry)
    gate = manifest.metrics["gate"]
    verdicts = {check["name"]: check["verdict"] for check in gate["checks"]}
    del verdicts["time to score"]  # a matter of the machine
    assert set(verdicts.values()) <= {"pass", "not looked at"}
    for name in ("different lists", "coverage of the catalogue", "probabilities, tools in use"):
        assert verdicts[name] == "pass"
    assert manifest.metrics["differences"]["segment_popularity"]["reranked"]["low"] > 0
