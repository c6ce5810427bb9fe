"""The loop itself on few businesses, and what is told of it."""

import numpy as np
import pytest

from recommender.closed_loop import ARMS, LoopSettings, draw, run_seed, summary
from recommender.closed_loop.outcome import found, interval, regret

SETTINGS = LoopSettings(rounds=2, businesses=40, prior=400, new=2)


@pytest.fixture(scope="module")
def run(reference):
    told = []
    return run_seed(reference, SETTINGS, 1, told.append), told


def test_each_arm_serves_each_round(run):
    result, told = run
    assert told == [1, 2]
    for name in ("oracle", *(arm.name for arm in ARMS)):
        assert len(result[name]["adoptions"]) == len(result[name]["shown"]) == 2
        assert len(result[name]["shown"][0]) == 2
    assert [len(result[arm.name]["promoted"]) for arm in ARMS] == [1, 1, 0]


def test_no_arm_does_better_than_the_oracle(run):
    result, _ = run
    for arm in ARMS:
        assert (regret([result], arm.name)[0] >= 0).all()
        assert result[arm.name]["adoptions"][0] > 0


def test_before_anything_is_learned_the_arms_differ_by_exploration_alone(run):
    result, _ = run
    first = {arm.name: result[arm.name]["adoptions"][0] for arm in ARMS}
    assert first["learning"] == first["no_retraining"] != first["no_exploration"]


def test_the_same_seed_gives_the_same_world(run, reference):
    settings = LoopSettings(rounds=1, businesses=40, prior=400, new=2)
    again = run_seed(reference, settings, 1)
    assert again["oracle"]["adoptions"] == pytest.approx(run[0]["oracle"]["adoptions"][:1], rel=0.5)
    assert run_seed(reference, settings, 1)["learning"] == again["learning"]


def made(regrets, shown):
    """A run in which each arm misses so much in each of two rounds and shows new ones so often."""
    oracle = {"adoptions": [0.5, 0.5], "shown": [[0.0, 0.0], [0.4, 0.2]]}
    arms = {
        arm.name: {
            "adoptions": [0.5 - missed / 1_000] * 2,
            "shown": [[0.0, 0.0], shown if arm.retrains else [0.0, 0.0]],
            "promoted": [True],
        }
        for arm, missed in zip(ARMS, regrets, strict=True)
    }
    return arms | {"oracle": oracle, "new": ["a", "b"], "seed": 1}


RUNS = [made((10, 15, 40), [0.4, 0.2]), made((14, 17, 44), [0.2, 0.09])]


def test_regret_is_what_the_oracle_brings_more_added_up():
    assert regret(RUNS, "learning") == pytest.approx(np.array([[10, 20], [14, 28]]))


def test_a_platform_is_found_if_it_stands_there_half_as_often_as_with_the_oracle(monkeypatch):
    monkeypatch.setattr("recommender.closed_loop.outcome.LAST", 1)
    assert found(RUNS, "learning").tolist() == [[True, True], [True, False]]
    assert summary(RUNS, SETTINGS)["new_platforms_found"] == 1


def test_the_summary_has_what_is_asked_for():
    told = summary(RUNS, SETTINGS)
    assert (told["rounds"], told["seeds"], told["new_platforms"]) == (2, 2, 2)
    assert told["regret_learning"] == 24
    assert told["regret_no_exploration"] == 32
    assert told["regret_no_retraining"] == 84
    assert told["no_exploration_minus_learning"][0] == 8
    assert told["no_exploration_minus_learning_in_round_1"] == 4
    low, high = told["regret_learning_interval"]
    assert low < 24 < high


def test_the_interval_is_students():
    mean, low, high = interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0]))
    reach = 2.776 * np.std([1, 2, 3, 4, 5], ddof=1) / 5**0.5
    assert (mean, low, high) == pytest.approx((3, 3 - reach, 3 + reach), abs=1e-3)
    assert interval(np.array([1.0]))[1:] == (-np.inf, np.inf)


def test_the_chart_is_a_picture():
    assert draw(RUNS, SETTINGS).startswith(b"\x89PNG")
