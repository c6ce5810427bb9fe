"""Estimators for one slot, over many synthetic logs whose truth is known."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.modelled import DirectMethod, DoublyRobust, SwitchDR
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS, ClippedIPS

LOGS = 300


@pytest.fixture(scope="module")
def logs(world):
    return [world.log(seed) for seed in range(LOGS)]


@pytest.fixture(scope="module")
def values(world, logs):
    """Estimates over all logs, by an estimator made for each."""

    def measure(estimator_for, change=lambda log: log):
        return np.array(
            [estimator_for(log).terms(change(log), world.target(log)).value for log in logs]
        )

    return measure


def skewed(log):
    """The same log with propensities that are wrong."""
    return replace(log, propensities=np.clip(0.6 * log.propensities + 0.1, 0.01, 1))


def test_ips_is_unbiased_and_the_naive_mean_is_not(
    world, logs, values, assert_unbiased, assert_biased
):
    assert_unbiased(values(lambda log: IPS()), world.truth)
    assert_biased([log.rewards.mean() for log in logs], world.truth)
    assert_unbiased([log.rewards.mean() for log in logs], world.logged_truth)


def test_ips_needs_the_propensities_to_be_right(world, values, assert_biased):
    assert_biased(values(lambda log: IPS(), skewed), world.truth)


def test_snips_varies_less_than_ips_and_is_hardly_biased(world, values):
    ips, snips = values(lambda log: IPS()), values(lambda log: SNIPS())
    assert snips.std() < 0.9 * ips.std()
    assert snips.mean() == pytest.approx(world.truth, abs=0.01)


def test_snips_is_not_moved_by_what_is_added_to_every_reward(world):
    log = world.log(0)
    target = world.target(log)
    more = replace(log, rewards=log.rewards + 100)
    assert SNIPS().terms(more, target).value == pytest.approx(
        SNIPS().terms(log, target).value + 100
    )
    assert abs(IPS().terms(more, target).value - IPS().terms(log, target).value - 100) > 1


def test_clipping_trades_variance_for_a_bias_towards_nothing(world, values, assert_biased):
    ips, clipped = values(lambda log: IPS()), values(lambda log: ClippedIPS(2.0))
    assert clipped.std() < 0.7 * ips.std()
    assert clipped.mean() < ips.mean()
    assert_biased(clipped, world.truth)
    assert np.array_equal(values(lambda log: ClippedIPS(1e9)), ips)


def test_the_direct_method_is_as_good_as_its_model(world, values, assert_unbiased, assert_biased):
    assert_unbiased(values(lambda log: DirectMethod(world.predicted(log))), world.truth)
    assert_biased(values(lambda log: DirectMethod(world.predicted(log) + 0.1)), world.truth)


def test_doubly_robust_is_unbiased_with_a_wrong_model(world, values, assert_unbiased):
    def wrong(log):
        return DoublyRobust(0.9 - world.predicted(log))

    assert_unbiased(values(wrong), world.truth)


def test_doubly_robust_is_unbiased_with_wrong_propensities(world, values, assert_unbiased):
    assert_unbiased(values(lambda log: DoublyRobust(world.predicted(log)), skewed), world.truth)


def test_doubly_robust_is_biased_where_both_are_wrong(world, values, assert_biased):
    found = values(lambda log: DoublyRobust(world.predicted(log) + 0.3), skewed)
    assert_biased(found, world.truth)


def test_doubly_robust_with_the_right_model_varies_less_than_ips(world, values):
    ips = values(lambda log: IPS())
    assert values(lambda log: DoublyRobust(world.predicted(log))).std() < 0.8 * ips.std()


def test_switching_at_infinity_is_doubly_robust_and_at_nothing_the_direct_method(world, values):
    def model(log):
        return 0.9 - world.predicted(log)

    robust = values(lambda log: DoublyRobust(model(log)))
    direct = values(lambda log: DirectMethod(model(log)))
    assert np.array_equal(values(lambda log: SwitchDR(model(log), np.inf)), robust)
    assert np.array_equal(values(lambda log: SwitchDR(model(log), 0.0)), direct)


def test_switching_gives_less_variance_and_the_bias_of_the_model_for_large_weights(
    world, values, assert_unbiased
):
    robust = values(lambda log: DoublyRobust(world.predicted(log) + 0.1))
    switched = values(lambda log: SwitchDR(world.predicted(log) + 0.1, 3.0))
    assert switched.std() < 0.9 * robust.std()
    large = world.wanted / world.logging > 3.0
    bias = 0.1 * (world.wanted * large).sum(axis=1).mean()
    assert_unbiased(switched, world.truth + bias)


def test_each_estimator_by_hand():
    log = Log(
        actions=np.array([0, 1, 1, 0]),
        rewards=np.array([1.0, 0.0, 2.0, 1.0]),
        propensities=np.array([0.5, 0.5, 0.25, 0.8]),
    )
    target = Target.of(np.array([[0.25, 0.75], [0.5, 0.5], [0.0, 1.0], [0.8, 0.2]]), log)
    predicted = np.array([[1.0, 2.0], [0.0, 1.0], [1.0, 1.0], [0.0, 0.5]])
    by_hand = {
        IPS(): (0.5 + 0 + 8 + 1) / 4,
        ClippedIPS(2.0): (0.5 + 0 + 4 + 1) / 4,
        SNIPS(): (0.5 + 0 + 8 + 1) / (0.5 + 1 + 4 + 1),
        DirectMethod(predicted): (1.75 + 0.5 + 1.0 + 0.1) / 4,
        DoublyRobust(predicted): (1.75 + 0.5 + 1.0 + 0.1 + 0 - 1 + 4 + 1) / 4,
        SwitchDR(predicted, 2.0): (1.75 + 0.5 + 1.0 + 0.1 + 0 - 1 + 0 + 1) / 4,
    }
    for estimator, value in by_hand.items():
        terms = estimator.terms(log, target)
        assert terms.value == pytest.approx(value), estimator
        assert terms.contributions.mean() == pytest.approx(value), estimator
