"""A figure that is not to be believed says so, and why."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.off_policy.diagnostics import diagnose
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.modelled import DirectMethod, DoublyRobust, SwitchDR
from recommender.evaluation.off_policy.slates import CascadeIPS
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, ClippedIPS
from recommender.evaluation.off_policy.weights import effective


def told(estimator, log, target):
    return diagnose(estimator.terms(log, target), log, target)


@pytest.fixture
def log(world):
    return world.log(0, n=2_000)


def only_warning(found):
    assert not found.believable
    assert len(found.warnings) == 1, found.warnings
    return found.warnings[0]


def test_a_good_log_leaves_nothing_to_say(world, log):
    found = told(IPS(), log, world.target(log))
    assert found.warnings == ()
    assert found.believable
    assert found.records == 2_000
    assert found.mean_weight == pytest.approx(1, abs=0.1)
    assert found.unseen == 0


def test_the_numbers_by_hand():
    log = Log(np.array([0, 1, 2, 0]), np.array([1.0, 0, 1, 1]), np.array([0.5, 0.5, 0.25, 1.0]))
    found = told(IPS(), log, Target(np.array([0.25, 0.5, 1.0, 0.0])))
    assert found.mean_weight == pytest.approx(5.5 / 4)
    assert found.effective_sample_size == pytest.approx(5.5**2 / 17.25)
    assert found.effective_rewards == pytest.approx(4.5**2 / 16.25)
    assert found.overlap == pytest.approx(2.5 / 4)
    assert found.largest_weight == 4
    assert found.largest_share == pytest.approx(4 / 5.5)
    assert found.unseen is None


def test_overlap_is_one_less_the_distance_of_the_policies(world):
    log = world.log(1, n=50_000)
    shared = np.minimum(world.logging, world.wanted).sum(axis=1).mean()
    assert told(IPS(), log, world.target(log)).overlap == pytest.approx(shared, abs=0.01)


def test_effective_numbers():
    assert effective(np.full(8, 0.3)) == pytest.approx(8)
    assert effective(np.array([0.0, 0.0, 5.0])) == pytest.approx(1)
    assert effective(np.array([-1.0, 1.0])) == pytest.approx(2)
    assert effective(np.zeros(3)) == 0


def test_wrong_propensities_show_in_the_mean_weight(world, log):
    halved = replace(log, propensities=log.propensities / 2)
    found = only_warning(told(IPS(), halved, world.target(log)))
    assert found.startswith("the mean weight is 2.")
    assert "should be 1 within 0." in found


def test_actions_that_the_log_never_shows(world, log):
    """What the target likes best is taken from the log, whose propensities are made right."""
    kept = log.actions != 4
    shares = world.logging[world.kinds(log)]
    log = Log(
        log.actions[kept],
        log.rewards[kept],
        (log.propensities / (1 - shares[:, 4]))[kept],
        contexts=log.contexts[kept],
    )
    found = told(IPS(), log, world.target(log))
    assert found.unseen == pytest.approx(world.wanted[:, 4].mean(), abs=0.03)
    assert found.mean_weight == pytest.approx(1 - found.unseen, abs=0.05)
    mean, never = found.warnings
    assert mean.startswith("the mean weight is 0.")
    assert never.endswith(
        "of its choices to items that the log never shows, which should be at most 5%"
    )


def test_few_records(world):
    log = world.log(2, n=90)
    found = told(IPS(), log, Target(log.propensities))
    assert only_warning(found) == (
        "the effective sample size is 90.0 of 90 records, which should be at least 100"
    )


def test_one_record_that_decides():
    n = 2_000
    rare = np.arange(n) == 17
    log = Log(np.zeros(n, int), np.arange(n) % 2.0, np.where(rare, 0.001, 1.0))
    found = told(IPS(), log, Target(np.where(rare, 0.2, 0.9)))
    assert found.largest_weight == pytest.approx(200)
    assert "the largest weight, 200, is 10% of all the weight, which should be at most 5%" in str(
        found.warnings
    )


def test_policies_that_hardly_overlap():
    n = 40_000
    shown = np.arange(n) % 200 == 0
    log = Log(shown.astype(int), (np.arange(n) % 400 == 0).astype(float), np.full(n, 0.005))
    found = told(IPS(), log, Target(shown.astype(float)))
    assert only_warning(found).startswith(
        "the overlap of the policies is 0.50%, which should be at least 1%"
    )


@pytest.mark.parametrize("elsewhere", [0, 1_000])
def test_few_rewards_of_what_the_target_would_show(elsewhere):
    n = 5_000
    place = np.arange(n)
    rewards = (place < 4) | (place >= n - elsewhere)
    log = Log(np.zeros(n, int), rewards.astype(float), np.full(n, 0.5))
    target = Target(np.where(place < n // 2, 1.0, 0.0) if elsewhere else log.propensities)
    assert only_warning(told(IPS(), log, target)) == (
        "the estimate rests on the equivalent of 4.0 rewarded records, which should be at least 10"
    )


@pytest.mark.parametrize("reward", [0.0, 1.0])
def test_rewards_that_are_all_the_same(log, reward):
    log = replace(log, rewards=np.full(len(log), reward))
    found = only_warning(told(IPS(), log, Target(log.propensities)))
    assert found.startswith(f"each of the 2000 rewards is {reward:g}, which should differ")


def test_clipping_that_takes_too_much(world, log):
    found = only_warning(told(ClippedIPS(2.0), log, world.target(log)))
    assert found.startswith("clipping at 2 takes away ")
    assert "should be at most 5%: the estimate is biased towards 0" in found
    assert told(ClippedIPS(2.0), log, world.target(log)).largest_weight == 2
    assert told(ClippedIPS(50.0), log, world.target(log)).believable


def test_a_reward_model_that_the_log_contradicts(world, log):
    right, target = world.predicted(log), world.target(log)
    assert told(DirectMethod(right), log, target).believable
    found = only_warning(told(DirectMethod(right + 0.2), log, target))
    assert found.startswith("the reward model tells +0.")
    assert "use DoublyRobust" in found
    assert told(DoublyRobust(right + 0.2), log, target).believable


def test_switching_that_rests_on_the_model(world, log):
    found = only_warning(told(SwitchDR(world.predicted(log), 1.5), log, world.target(log)))
    assert "of the target's choices rest on the reward model alone" in found
    assert "raise the threshold of 1.5" in found


def test_lists_tell_the_position_that_is_worst(list_world):
    log, target = list_world(cascade=True).log(0, n=5_000)
    found = told(CascadeIPS(), log, target)
    assert found.believable
    assert found.records == 5_000
    few, few_target = list_world(cascade=True).log(0, n=200)
    found = told(CascadeIPS(), few, few_target)
    second, third = found.warnings
    assert second.startswith("at position 2 from the top, the effective sample size is ")
    assert third.startswith(
        "at position 3 from the top, the effective sample size is "
        f"{found.effective_sample_size:.1f} of 200"
    )


def test_a_target_that_shows_none_of_it(log):
    found = told(IPS(), log, Target(np.zeros(len(log))))
    assert not found.believable
    assert found.effective_sample_size == found.largest_share == found.overlap == 0
