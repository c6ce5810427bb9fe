"""Input that cannot be right is refused, and the field is named."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.modelled import DirectMethod, DoublyRobust, SwitchDR
from recommender.evaluation.off_policy.reward_model import predict_rewards
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS, ClippedIPS

GOOD = {
    "actions": np.array([0, 1, 2]),
    "rewards": np.array([1.0, 0.0, 0.0]),
    "propensities": np.array([0.5, 0.3, 1.0]),
    "positions": np.array([1, 2, 1]),
    "slates": np.array(["a", "a", "b"]),
    "contexts": np.ones((3, 2)),
}


@pytest.mark.parametrize(
    ("field", "values", "words"),
    [
        ("actions", np.array([], int), "at least one record, got an empty log"),
        ("actions", np.array([0.0, 1.0, 2.0]), "whole numbers, got type float64"),
        ("actions", np.array([0, -1, 2]), r"indices from 0, got -1 at 1 \(1 of 3"),
        ("actions", np.zeros((3, 1), int), r"shape \(any\), got \(3, 1\)"),
        ("rewards", np.ones(2), r"shape \(3\), got \(2,\)"),
        ("rewards", np.array([1.0, np.nan, 0.0]), "finite numbers, got nan at 1"),
        ("propensities", np.array([0.5, 0.0, 1.0]), "above 0 and at most 1, got 0.0 at 1"),
        ("propensities", np.array([0.5, 0.5, -0.1]), "above 0 and at most 1, got -0.1 at 2"),
        ("propensities", np.array([1.2, 0.5, 0.1]), "above 0 and at most 1, got 1.2 at 0"),
        ("propensities", np.array([0.5, np.nan, 0.1]), "above 0 and at most 1, got nan at 1"),
        ("propensities", np.ones(4), r"shape \(3\), got \(4,\)"),
        ("positions", np.array([1, 1, 1]), "each position once .* got position 1 twice in a"),
        ("positions", np.array([1, 2]), r"shape \(3\)"),
        ("positions", np.array([1.0, 2.0, 3.0]), "whole numbers"),
        ("slates", np.array(["a"]), r"shape \(3\)"),
        ("contexts", np.ones((2, 2)), r"shape \(3, any\), got \(2, 2\)"),
        ("contexts", np.full((3, 2), np.inf), r"finite numbers, got inf at \(0, 0\)"),
    ],
)
def test_a_log_that_cannot_be_right(field, values, words):
    Log(**GOOD)
    with pytest.raises(ValueError, match=f"^{field}: expected .*{words}"):
        Log(**{**GOOD, field: values})


@pytest.mark.parametrize(
    ("chosen", "probabilities", "words"),
    [
        (np.array([0.5, -0.1]), None, "^chosen: .* got -0.1 at 1"),
        (np.array([0.5, np.nan]), None, "^chosen: .* got nan at 1"),
        (np.array([[0.5, 0.5]]), None, r"^chosen: .* got \(1, 2\)"),
        (np.array([0.5]), np.array([[0.5, 0.6]]), "^probabilities: .* add up to 1, got 1.1 in row"),
        (np.array([0.5]), np.array([[1.5, -0.5]]), r"^probabilities: .* got 1.5 at \(0, 0\)"),
        (np.array([0.5]), np.full((2, 2), 0.5), r"^probabilities: expected shape \(1, any\)"),
    ],
)
def test_a_target_that_cannot_be_right(chosen, probabilities, words):
    with pytest.raises(ValueError, match=words):
        Target(chosen, probabilities)


def test_a_target_of_another_log():
    log = Log(**GOOD)
    with pytest.raises(ValueError, match=r"^chosen: expected shape \(3\), got \(2,\)"):
        IPS().terms(log, Target(np.ones(2)))
    with pytest.raises(ValueError, match=r"^probabilities: expected at least 3 columns"):
        Target.of(np.full((3, 2), 0.5), log)
    with pytest.raises(ValueError, match=r"^probabilities: expected at least 3 columns"):
        IPS().terms(log, Target(np.full(3, 0.5), np.full((3, 2), 0.5)))
    with pytest.raises(ValueError, match=r"^chosen: .* action shown, 0.25, got 0.3 at 1"):
        IPS().terms(log, Target(np.array([0.25, 0.3, 0.25]), np.full((3, 4), 0.25)))


def test_snips_without_any_weight():
    with pytest.raises(ValueError, match=r"^chosen: expected a probability above 0 somewhere"):
        SNIPS().terms(Log(**GOOD), Target(np.zeros(3)))


@pytest.mark.parametrize("clip", [0.0, -1.0, np.nan])
def test_a_clip_that_leaves_nothing(clip):
    with pytest.raises(ValueError, match=r"^clip: expected a number above 0"):
        ClippedIPS(clip)


@pytest.mark.parametrize("threshold", [-1.0, np.nan])
def test_a_threshold_below_nothing(threshold):
    with pytest.raises(ValueError, match=r"^threshold: expected a number from 0"):
        SwitchDR(np.ones((3, 3)), threshold)


@pytest.mark.parametrize("kind", [DirectMethod, DoublyRobust, lambda model: SwitchDR(model, 1.0)])
def test_a_reward_model_that_does_not_fit(kind):
    log = Log(**GOOD)
    target = Target.of(np.full((3, 4), 0.25), log)
    with pytest.raises(ValueError, match=r"^predicted: expected shape \(3, 4\), got \(3, 3\)"):
        kind(np.ones((3, 3))).terms(log, target)
    with pytest.raises(ValueError, match=r"^predicted: expected finite numbers"):
        kind(np.full((3, 4), np.nan)).terms(log, target)
    with pytest.raises(ValueError, match=r"^probabilities: expected those of each action"):
        kind(np.ones((3, 4))).terms(log, Target(np.ones(3)))


def test_a_reward_model_that_cannot_be_fitted():
    log = Log(**GOOD)
    with pytest.raises(ValueError, match=r"^n_actions: expected more than 2, got 2"):
        predict_rewards(log, 2)
    with pytest.raises(ValueError, match=r"^penalty: expected a number above 0"):
        predict_rewards(log, 3, penalty=0)
    with pytest.raises(ValueError, match=r"^log: expected at least two recommendations"):
        predict_rewards(replace(log, slates=np.zeros(3), positions=np.arange(3)), 3)
