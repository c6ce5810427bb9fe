"""Intervals, and two policies on the same log."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.off_policy.estimate import compare, estimate
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.modelled import DoublyRobust
from recommender.evaluation.off_policy.slates import CascadeIPS, IndependentIPS
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS

LOGS = 300
RESAMPLES = 300


def held(found, truth):
    return np.mean([each.low <= truth <= each.high for each in found])


@pytest.mark.parametrize(
    "estimator_for",
    [lambda _: IPS(), lambda _: SNIPS(), DoublyRobust],
    ids=["IPS", "SNIPS", "DoublyRobust"],
)
def test_about_95_of_100_intervals_hold_the_truth(world, estimator_for):
    found = []
    for seed in range(LOGS):
        log = world.log(seed, n=500)
        estimator = estimator_for(world.predicted(log) + 0.1)
        found.append(estimate(estimator, log, world.target(log), seed, RESAMPLES))
    assert 0.90 <= held(found, world.truth) <= 0.99


@pytest.mark.parametrize(
    ("estimator", "cascade"),
    [(IndependentIPS(), False), (CascadeIPS(), True), (CascadeIPS(normalised=True), True)],
)
def test_about_95_of_100_intervals_of_lists_hold_the_truth(list_world, estimator, cascade):
    world = list_world(cascade)
    found = [estimate(estimator, *world.log(seed, n=500), seed, RESAMPLES) for seed in range(LOGS)]
    assert 0.90 <= held(found, world.truth) <= 0.99


def test_about_95_of_100_intervals_of_a_difference_hold_it(world):
    found = []
    for seed in range(LOGS):
        log = world.log(seed, n=500)
        ran = Target(log.propensities)
        found.append(compare(SNIPS(), log, world.target(log), ran, seed, RESAMPLES))
    assert 0.90 <= held(found, world.truth - world.logged_truth) <= 0.99


def test_the_interval_of_ips_is_that_of_the_normal_distribution_for_many_records(world):
    log = world.log(1, n=5_000)
    found = estimate(IPS(), log, world.target(log), resamples=2_000)
    reach = 1.96 * found.contributions.std() / np.sqrt(len(log))
    assert found.low == pytest.approx(found.value - reach, abs=0.15 * reach)
    assert found.high == pytest.approx(found.value + reach, abs=0.15 * reach)


def test_records_of_one_recommendation_are_resampled_together(world):
    """Told five times over, a log knows no more."""
    log = world.log(2)
    again = np.repeat(np.arange(len(log)), 5)
    fivefold = Log(log.actions[again], log.rewards[again], log.propensities[again])
    named = replace(fivefold, slates=again)
    target = Target(world.target(log).chosen[again])
    for estimator in (IPS(), SNIPS()):
        once = estimate(estimator, log, world.target(log))
        together, apart = (estimate(estimator, each, target) for each in (named, fivefold))
        assert (together.low, together.high) == pytest.approx((once.low, once.high))
        assert apart.high - apart.low < 0.6 * (once.high - once.low)


def test_policies_on_the_same_records_are_compared_closer_than_apart(world):
    log = world.log(3)
    wanted = world.wanted[world.kinds(log)]
    near = Target.of(0.9 * wanted + 0.1 / world.n_actions, log)
    found = compare(IPS(), log, world.target(log), near)
    apart = found.first.high - found.first.low
    assert found.difference == pytest.approx(found.first.value - found.second.value)
    assert found.low <= found.difference <= found.high
    assert found.high - found.low < 0.3 * apart
    assert found.believable


def test_each_side_of_a_comparison_is_what_it_is_alone(world):
    log = world.log(4)
    ran = Target(log.propensities)
    found = compare(SNIPS(), log, world.target(log), ran, seed=6)
    for side, target in ((found.first, world.target(log)), (found.second, ran)):
        alone = estimate(SNIPS(), log, target, seed=6)
        assert (side.value, side.low, side.high) == (alone.value, alone.low, alone.high)
    turned = compare(SNIPS(), log, ran, world.target(log), seed=6)
    assert (turned.low, turned.high) == pytest.approx((-found.high, -found.low))


def test_a_comparison_is_no_better_than_its_worse_side(world):
    log = world.log(5, n=150)
    found = compare(IPS(), log, Target(log.propensities), world.target(log))
    assert found.first.diagnostics.believable
    assert not found.believable
    assert found.warnings[0].startswith("second policy: the effective sample size is ")


def test_the_logging_policy_itself_gets_the_mean_reward(world):
    log = world.log(6)
    for estimator in (IPS(), SNIPS()):
        found = estimate(estimator, log, Target(log.propensities))
        assert found.value == pytest.approx(log.rewards.mean())
        assert found.diagnostics.effective_sample_size == pytest.approx(len(log))


def test_every_record_may_be_drawn():
    log = Log(np.array([0, 0]), np.array([0.0, 1.0]), np.ones(2))
    found = estimate(IPS(), log, Target(np.ones(2)))
    assert (found.low, found.value, found.high) == (0.0, 0.5, 1.0)


def test_the_same_seed_gives_the_same_interval(world):
    log = world.log(7)
    one, same, other = (estimate(IPS(), log, world.target(log), seed) for seed in (5, 5, 6))
    assert (one.low, one.high) == (same.low, same.high)
    assert (one.low, one.high) != (other.low, other.high)


def test_resampling_in_several_parts_is_the_same(world, monkeypatch):
    log = world.log(8)
    whole = estimate(IPS(), log, world.target(log))
    monkeypatch.setattr("recommender.evaluation.off_policy.estimate.CELLS", 7 * len(log))
    parts = estimate(IPS(), log, world.target(log))
    assert (parts.low, parts.high) == pytest.approx((whole.low, whole.high))


def test_no_resample_is_refused(world):
    log = world.log(9)
    with pytest.raises(ValueError, match=r"^resamples: expected at least 1, got 0"):
        estimate(IPS(), log, world.target(log), resamples=0)
