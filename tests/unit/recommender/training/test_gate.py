"""The gate: what passes, holds or fails, at which threshold, and in which words."""

import copy

import msgspec
import pytest

from recommender.domain.gate_rules import GateRules
from recommender.training.gate import judge

RULES = msgspec.convert(
    {
        "amount": {"least_share": 0.8, "least_fewer": 20},
        "served": {"least_states": 300, "tolerance": 0.05},
        "better": {"tolerance": 0.01},
        "baselines": {"tolerance": 0.0},
        "slices": {"least_states": 300, "tolerance": 0.02},
        "calibration": {"most_error": 0.02, "least_states": 300},
        "lists": {
            "asked": 1_000,
            "least_distinct": 100,
            "least_difference": 0.3,
            "least_moved_by_sector": 0.2,
            "least_moved_by_size": 0.1,
        },
        "exposure": {"least_coverage": 0.7, "most_gini": 0.75},
        "off_policy": {"tolerance": 0.05},
        "parity": {"most_difference": 1e-9},
        "artefact": {"most_mb": 50.0, "most_scoring_ms": 5.0},
    },
    GateRules,
)


def told(states=500, error=0.03, chance=0.02):
    return {"states": states, "first5_error": error, "first5_chance": chance}


def learned(recorded, simulated, weight=1.0):
    return {"recorded": recorded, "simulated": simulated, "simulated_weight": weight}


GOOD = {
    "held_out": True,
    "in_service": {
        "version": "a",
        "compared": "fitted to the same states",
        "learned_from": learned(1_000.0, 50_000.0, 0.5),
    },
    "learned_from": learned(1_200.0, 50_000.0, 0.45),
    "served": {"why_not": None, "states": 400, "difference": 0.02, "low": -0.03, "high": 0.07},
    "checks": [{"name": "something was shown", "passed": True, "found": "9 lists"}],
    "differences": {
        "in_service": {"reranked": {"value": 0.01, "low": -0.005, "high": 0.025}},
        "segment_popularity": {"reranked": {"value": 0.1, "low": 0.09, "high": 0.11}},
    },
    "slices": {
        "size": {"micro": {"states": 900, "difference": 0.0, "low": -0.1, "high": 0.1}},
    },
    "calibration": {"cold": told(), "warm": told()},
    "variety": {
        "asked": 1_000,
        "distinct_lists": 500,
        "difference": 0.8,
        "moved_by_sector": 0.6,
        "moved_by_size": 0.3,
    },
    "exposure": {"coverage": 0.9, "gini": 0.6},
    "off_policy": {
        "believable": True,
        "warnings": [],
        "in_service": 0.2,
        "difference": 0.01,
        "low": -0.02,
        "high": 0.04,
    },
    "scoring": {"parity": 1e-16, "milliseconds": 0.01, "megabytes": 0.7},
}


def judged(*changes):
    """Judge the good metrics with `(path, value)` changed."""
    metrics = copy.deepcopy(GOOD)
    for path, value in changes:
        *parents, last = path.split("/")
        place = metrics
        for name in parents:
            place = place[name]
        place[last] = value
    return judge(metrics, RULES)


def check_of(result, name):
    (found,) = [check for check in result.checks if check.name == name]
    return found


def test_what_passes_everything_is_shipped():
    result = judged()
    assert result.decision == "ship"
    assert {check.verdict for check in result.checks} == {"pass"}
    assert result.against == ()
    assert len(result.checks) == 18


def test_the_decision_is_the_worst_of_the_checks():
    hold = "differences/in_service/reranked", {"value": 0.0, "low": -0.02, "high": 0.02}
    fail = "exposure/coverage", 0.1
    assert judged(hold).decision == "hold"
    assert judged(fail).decision == "reject"
    both = judged(hold, fail)
    assert both.decision == "reject"
    assert [check.name for check in both.against] == [
        "as good as in service, fitted anew",
        "coverage of the catalogue",
    ]


def test_what_was_measured_on_those_it_learned_from_is_not_sure():
    result = judged(("held_out", False))
    assert result.decision == "hold"
    assert "measured on what was learned from" in check_of(result, "states held out").told


@pytest.mark.parametrize(
    ("value", "high", "verdict"),
    [(0.001, 0.1, "pass"), (0.0, 0.1, "hold"), (-0.1, 0.001, "hold"), (-0.1, -0.001, "fail")],
)
def test_it_must_be_better_than_each_baseline_as_far_as_can_be_told(value, high, verdict):
    difference = {"value": value, "low": -0.5, "high": high}
    result = judged(("differences/segment_popularity/reranked", difference))
    assert check_of(result, "as good as segment popularity").verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [
        (-0.0099, 0.02, "pass"),
        (-0.01, 0.02, "hold"),
        (-0.5, 0.5, "hold"),
        (-0.05, -0.01, "hold"),
        (-0.05, -0.0101, "fail"),
        (0.0, 0.0, "pass"),
    ],
)
def test_it_must_be_sure_to_be_as_good_as_the_one_in_service(low, high, verdict):
    result = judged(("differences/in_service/reranked", {"value": low, "low": low, "high": high}))
    assert check_of(result, "as good as in service, fitted anew").verdict == verdict


@pytest.mark.parametrize(
    ("low", "high", "verdict"),
    [(-0.0499, 0.2, "pass"), (-0.05, 0.2, "hold"), (-0.2, -0.05, "hold"), (-0.2, -0.0501, "fail")],
)
def test_it_must_be_sure_to_be_as_good_as_what_serves_as_it_is(low, high, verdict):
    served = {"why_not": None, "states": 400, "difference": 0.0, "low": low, "high": high}
    result = judged(("served", served))
    assert check_of(result, "as good as in service, as it is").verdict == verdict


def test_what_serves_is_not_looked_at_where_it_cannot_be_and_that_is_told():
    found = check_of(judged(("served", {"why_not": "it broke"})), "as good as in service, as it is")
    assert (found.verdict, found.told) == ("not looked at", "it broke")


def test_without_a_comparison_with_what_serves_the_reason_is_told():
    result = judged(("differences", {}), ("in_service/compared", "no model is in service"))
    found = check_of(result, "as good as in service, fitted anew")
    assert (found.verdict, found.told) == ("not looked at", "no model is in service")


AMOUNT = "as many businesses as in service"


@pytest.mark.parametrize(
    ("now", "verdict", "words"),
    [
        (learned(1_200.0, 50_000.0), "pass", "1,200 recorded and 50,000 simulated ones by weight"),
        (learned(800.0, 50_000.0), "pass", "1,000 and 50,000 then"),
        (learned(799.0, 50_000.0), "hold", "DATABASE_URL names another database"),
        (learned(0.0, 90_000.0), "hold", "the log lost something"),
        (learned(1_000.0, 39_600.0), "pass", "39,600 simulated"),
        (learned(1_000.0, 39_500.0), "hold", "SIMULATED_DIR is another folder"),
        (learned(30_000.0, 400.0), "pass", "30,000 recorded"),
    ],
)
def test_clearly_fewer_businesses_than_what_serves_learned_from_are_not_sure(now, verdict, words):
    """Together they weighed 26,000, a simulated one a half."""
    found = check_of(judged(("learned_from", now)), AMOUNT)
    assert found.verdict == verdict
    assert words in found.told


def test_a_few_businesses_that_were_erased_are_no_reason_to_hold():
    before, now = learned(30.0, 50_000.0), learned(11.0, 50_000.0)
    changes = ("in_service/learned_from", before), ("learned_from", now)
    assert check_of(judged(*changes), AMOUNT).verdict == "pass"


def test_where_nobody_knows_how_many_they_were_that_is_told():
    found = check_of(judged(("in_service/learned_from", None)), AMOUNT)
    assert found.verdict == "not looked at"
    assert "does not tell how many it learned from" in found.told


def test_what_cannot_be_told_is_not_sure():
    nothing = {"value": 0.0, "low": float("nan"), "high": float("nan")}
    assert judged(("differences/in_service/reranked", nothing)).decision == "hold"


@pytest.mark.parametrize(
    ("states", "high", "verdict"),
    [(300, -0.0201, "fail"), (300, -0.02, "pass"), (299, -0.5, "pass")],
)
def test_no_large_slice_may_lose(states, high, verdict):
    slice_ = {"states": states, "difference": -0.3, "low": -0.6, "high": high}
    assert check_of(judged(("slices/size/small", slice_)), "no slice worse").verdict == verdict


@pytest.mark.parametrize("kind", ["cold", "warm"])
@pytest.mark.parametrize(
    ("states", "error", "verdict"),
    [(300, 0.0399, "pass"), (300, 0.0401, "fail"), (500, 0.005, "pass")],
)
def test_probabilities_may_be_off_by_chance_and_a_little_more(kind, states, error, verdict):
    name = {"cold": "probabilities, no tools in use", "warm": "probabilities, tools in use"}[kind]
    result = judged((f"calibration/{kind}", told(states, error, chance=0.02)))
    assert check_of(result, name).verdict == verdict


def test_where_no_slice_is_large_that_is_told():
    small = {"size": {"micro": {"states": 299, "difference": -1.0, "low": -1.0, "high": -1.0}}}
    found = check_of(judged(("slices", small)), "no slice worse")
    assert found.verdict == "not looked at"
    assert found.told == "there is no slice of 300 states or more"


def test_of_few_states_probabilities_are_not_looked_at_and_that_is_told():
    result = judged(("calibration/cold", told(299, error=0.9)))
    assert result.decision == "ship"
    found = check_of(result, "probabilities, no tools in use")
    assert found.verdict == "not looked at"
    assert found.told == "299 states, at least 300 are needed"
    assert check_of(result, "probabilities, tools in use").verdict == "pass"


def test_what_was_not_looked_at_hides_nothing_that_was():
    unseen = "calibration/cold", told(0)
    assert judged(unseen, ("exposure/coverage", 0.1)).decision == "reject"
    assert judged(unseen, ("held_out", False)).decision == "hold"
    assert not judged(unseen).against


LEAST = {
    "different lists": ("variety/distinct_lists", 100),
    "difference of lists": ("variety/difference", 0.3),
    "moved by sector": ("variety/moved_by_sector", 0.2),
    "moved by size": ("variety/moved_by_size", 0.1),
    "coverage of the catalogue": ("exposure/coverage", 0.7),
}
MOST = {
    "exposure by provider": ("exposure/gini", 0.75),
    "alone as in a batch": ("scoring/parity", 1e-9),
    "size of the artefact": ("scoring/megabytes", 50.0),
    "time to score": ("scoring/milliseconds", 5.0),
}


@pytest.mark.parametrize(("name", "path", "least"), [(n, *rest) for n, rest in LEAST.items()])
def test_what_must_be_at_least_so_much_fails_below_it(name, path, least):
    assert check_of(judged((path, least)), name).verdict == "pass"
    below = judged((path, 0.99 * least))
    assert check_of(below, name).verdict == "fail"
    assert [check.name for check in below.against] == [name]


@pytest.mark.parametrize(("name", "path", "most"), [(n, *rest) for n, rest in MOST.items()])
def test_what_may_be_at_most_so_much_fails_above_it(name, path, most):
    assert check_of(judged((path, most)), name).verdict == "pass"
    above = judged((path, 1.01 * most))
    assert check_of(above, name).verdict == "fail"
    assert [check.name for check in above.against] == [name]


def test_of_few_businesses_lists_and_exposure_are_not_looked_at_and_that_is_told():
    worst = [(path, 0) for path, _ in LEAST.values()]
    result = judged(("variety/asked", 999), ("exposure/gini", 1.0), *worst)
    assert result.decision == "ship"
    for name in (*LEAST, "exposure by provider"):
        found = check_of(result, name)
        assert found.verdict == "not looked at"
        assert found.told == "999 states, at least 1000 are needed"


@pytest.mark.parametrize(("high", "verdict"), [(-0.0099, "pass"), (-0.0101, "fail"), (0.5, "pass")])
def test_drawn_slots_may_not_tell_of_harm(high, verdict):
    """A twentieth of what the model in service reaches: 0.01."""
    result = judged(("off_policy", GOOD["off_policy"] | {"low": -0.5, "high": high}))
    assert check_of(result, "drawn slots").verdict == verdict


def test_drawn_slots_that_cannot_be_believed_say_nothing():
    doubtful = {"high": -0.5, "believable": False, "warnings": ["of 3 records", "and more"]}
    found = check_of(judged(("off_policy", GOOD["off_policy"] | doubtful)), "drawn slots")
    assert found.verdict == "not looked at"
    assert found.told == "not to be believed: of 3 records"


def test_where_no_slot_was_drawn_that_is_told():
    found = check_of(judged(("off_policy", None)), "drawn slots")
    assert found.verdict == "not looked at"
    assert "none is recorded" in found.told


def test_a_check_of_the_data_that_failed_is_named():
    failed = [
        {"name": "ranks are from 1", "passed": False, "found": "3"},
        {"name": "something was shown", "passed": True, "found": "9"},
        {"name": "no events of the future", "passed": False, "found": "x"},
    ]
    result = judged(("checks", failed))
    assert result.decision == "reject"
    found = check_of(result, "data")
    assert found.told == "failed: ranks are from 1, no events of the future"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("data", "1 checks passed"),
        (
            "as good as in service, as it is",
            "+0.0200 (-0.0300 to +0.0700) on 400 states, the interval to lie above -0.05",
        ),
        (
            "as good as in service, fitted anew",
            "+0.0100 (-0.0050 to +0.0250), the interval to lie above -0.01",
        ),
        ("no slice worse", "none of 1 slices of 300 states or more is worse"),
        (
            "probabilities, tools in use",
            "error 0.0300, 0.0200 of it by chance; the rest to be at most 0.02",
        ),
        ("different lists", "500, to be at least 100"),
        ("coverage of the catalogue", "0.9, to be at least 0.7"),
        ("exposure by provider", "Gini 0.600, to be at most 0.75"),
        ("drawn slots", "+0.0100 (-0.0200 to +0.0400), not to lie below -0.0100"),
        ("alone as in a batch", "1e-16, to be at most 1e-09"),
        ("size of the artefact", "0.7 MB, to be at most 50 MB"),
        ("time to score", "0.01 ms, to be at most 5 ms"),
    ],
)
def test_the_words_tell_what_was_found_and_what_is_asked_for(name, words):
    assert check_of(judged(), name).told == words


def test_slices_that_lose_are_named_with_what_they_lose():
    worse = {"states": 400, "difference": -0.3, "low": -0.6, "high": -0.1}
    found = check_of(judged(("slices/size/small", worse)), "no slice worse")
    assert found.told == (
        "worse: size small (-0.3000, at most -0.1000); of 2 slices of 300 states or more"
    )
