"""The model in service as it is: its scores in other columns, and states that are new to it."""

import dataclasses
import datetime as dt

import msgspec
import numpy as np
import pytest
from scipy import sparse

from recommender.domain import gate_rules
from recommender.features import OneHotProfiles
from recommender.model import Model
from recommender.simulation import SimulationSettings, simulate
from recommender.training.registry import Manifest
from recommender.training.served import Served, simulations_of, unseen
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

EARLY, LATE = "2026-03-01T10:00:00", "2026-03-09T10:00:00"


class Echo:
    """Scores that tell what was asked: two for what is in use, one for the rest."""

    def score(self, profiles, history):
        return 1.0 + history.toarray()


def manifest_of(**metrics):
    facts = {field.name: "" for field in msgspec.structs.fields(Manifest)}
    return Manifest(**facts | {"version": "a", "created_at": dt.datetime.now(), "metrics": metrics})


def test_a_model_scores_in_the_columns_of_another_catalogue():
    """What it does not know comes last, whatever it gives the others."""
    model = Model(OneHotProfiles({"colour": ["red"]}), ("a", "b", "gone"), Echo(), None)
    history = sparse.csr_array(np.array([[0.0, 0.0, 1.0], [1.0, 1.0, 0.0]]))
    found = Served(model, ("b", "new", "a")).score(sparse.csr_array((2, 1)), history)
    assert found.tolist() == [[1.0, -np.inf, 2.0], [2.0, -np.inf, 1.0]]


KNOWN = {"simulations": ["known", "another"]}
ENDS = {
    "simulated": ["2025-03-01T00:00:00+00:00", "2026-03-05T00:00:00+00:00"],
    "recorded": ["2026-02-01T00:00:00+00:00", "2026-03-05T07:00:00+07:00"],
}


@pytest.mark.parametrize(
    ("metrics", "expected"),
    [
        ({"shown": ENDS, "learned_from": KNOWN}, [0, 1, 0, 1]),
        ({"shown": ENDS, "learned_from": {"simulations": ["other"]}}, [1, 1, 0, 1]),
        ({"shown": {"simulated": ENDS["simulated"]}, "learned_from": KNOWN}, [0, 1, 1, 1]),
        ({"shown": ENDS}, [0, 0, 0, 0]),
        ({}, [0, 0, 0, 0]),
    ],
    ids=["known", "other", "nothing recorded", "no simulation told", "nothing told"],
)
def test_states_are_new_by_time_and_simulated_ones_by_their_simulation(
    make_part, metrics, expected
):
    part = make_part(
        np.ones((4, 1)),
        np.zeros((4, 2)),
        np.ones((4, 2)),
        at=np.array([EARLY, LATE, EARLY, LATE], dtype="datetime64[us]"),
        simulated=[True, True, False, False],
    )
    found = unseen(manifest_of(**metrics), ["known"], part)
    assert found.astype(int).tolist() == expected


def test_a_state_of_the_last_moment_that_it_knows_is_not_new_and_one_just_after_is(make_part):
    last = np.datetime64("2026-03-05T00:00:00", "us")
    at = np.array([last, last + np.timedelta64(1, "us")])
    part = make_part(np.ones((2, 1)), np.zeros((2, 2)), np.ones((2, 2)), at=at, simulated=False)
    found = unseen(manifest_of(shown=ENDS, learned_from=KNOWN), ["known"], part)
    assert found.tolist() == [False, True]


def test_what_it_learned_from_is_told_by_weight_before_and_after_it_fades(trained, retrained):
    first, second = (manifest.metrics["learned_from"] for _, manifest in (trained, retrained))
    assert (first["recorded"], first["simulated"], first["simulated_weight"]) == (0, 600, 1)
    assert first["simulations"] == second["simulations"]
    assert 70 < second["recorded"] <= 80  # a little less for their age
    assert second["simulated"] == 600
    assert second["simulated_weight"] == pytest.approx(
        1_000 / (1_000 + second["recorded"]), abs=1e-4
    )
    assert retrained[1].metrics["in_service"]["learned_from"] == first


def test_a_simulation_is_known_by_its_beginning_whatever_its_size(tmp_path, reference):
    """With another seed it is another one."""

    def known(businesses, seed):
        folder = tmp_path / f"{businesses}-{seed}"
        simulate(SimulationSettings(businesses=businesses, seed=seed), reference, folder)
        return simulations_of(open_snapshot({folder: True}))

    assert len(known(30, 1)) == 1
    assert known(30, 1) == known(50, 1) != known(30, 2)


@pytest.fixture
def lenient(reference):
    """The data tables with a gate that looks at few states, and minds little else."""
    rules = msgspec.structs.replace(
        reference.gate,
        amount=gate_rules.Amount(0.8, 20),
        served=gate_rules.Served(50, 0.02),
        better=gate_rules.Better(1.0),
        baselines=gate_rules.Better(1.0),
    )
    return dataclasses.replace(reference, gate=rules)


def checks_of(manifest):
    return {check["name"]: check for check in manifest.metrics["gate"]["checks"]}


@pytest.fixture
def spoilt(tmp_path, businesses, journeys_of, write_snapshot):
    """Others: what those did that are learned from is told of other platforms of their lists."""
    pairs = [(f"other-{n:04}", each) for n, (_, each) in enumerate(businesses[::-1])]
    journeys = journeys_of(pairs)
    events = journeys.events
    early = events["business_id"] < "other-0510"
    drawn = np.random.default_rng(0).permutation(events.loc[early, "platform_id"])
    changed = events["platform_id"].copy()
    changed[early] = drawn
    changed = journeys._replace(events=events.assign(platform_id=changed))
    return write_snapshot(tmp_path / "spoilt", pairs, changed)


def test_a_model_of_spoilt_data_does_not_replace_a_better_one(in_service, spoilt, lenient):
    """Fitted to the same spoilt data, the ranker in service does badly, too: that tells nothing."""
    before = in_service.current
    manifest = train(open_snapshot({spoilt: True}), lenient, in_service)
    found = checks_of(manifest)
    assert found["as good as in service, fitted anew"]["verdict"] == "pass"
    served = manifest.metrics["served"]
    assert served["version"] == before
    assert served["states"] == 90
    assert served["low"] < served["difference"] < served["high"]
    assert served["difference"] < -0.02
    assert found["as good as in service, as it is"]["verdict"] in {"hold", "fail"}
    assert f"on {served['states']} states" in found["as good as in service, as it is"]["told"]
    assert in_service.current == before
    report = (in_service.folder / manifest.version / "report.html").read_text()
    assert "measured on 90 states that it cannot have learned from" in report
    assert f"{served['difference']:+.3f}" in report


def test_a_model_of_far_fewer_businesses_does_not_replace_another(in_service, small, lenient):
    before = in_service.current
    manifest = train(open_snapshot({small(60): True}), lenient, in_service)
    found = checks_of(manifest)["as many businesses as in service"]
    assert found["verdict"] == "hold"
    assert "60 simulated" in found["told"]
    assert "SIMULATED_DIR" in found["told"]
    assert manifest.metrics["gate"]["decision"] == "hold"
    assert in_service.current == before


def test_where_few_states_are_new_to_it_that_is_told(retrained, trained):
    served = retrained[1].metrics["served"]
    assert served["version"] == trained[1].version
    assert "of the 102 states that measure are sure to be new to both" in served["why_not"]
    found = checks_of(retrained[1])["as good as in service, as it is"]
    assert (found["verdict"], found["told"]) == ("not looked at", served["why_not"])


def test_a_model_in_service_that_cannot_be_loaded_is_not_looked_at(in_service, small, reference):
    (in_service.folder / in_service.current / "model.joblib").write_bytes(b"broken")
    manifest = train(open_snapshot({small(600, name="again"): True}), reference, in_service)
    found = checks_of(manifest)
    for name in ("as good as in service, as it is", "as good as in service, fitted anew"):
        assert found[name]["verdict"] == "not looked at"
        assert "does not match the checksum" in found[name]["told"]
    assert found["as many businesses as in service"]["verdict"] == "pass"  # its manifest tells
