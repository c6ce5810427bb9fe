"""The plain reward model: what it learns, and that nobody tells on himself."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.modelled import DoublyRobust
from recommender.evaluation.off_policy.reward_model import predict_rewards
from recommender.evaluation.off_policy.weighting import IPS


def test_what_depends_on_item_and_business_by_themselves_is_found():
    draw = np.random.default_rng(1)
    n = 20_000
    actions, contexts = draw.integers(4, size=n), draw.normal(size=(n, 2))
    means = np.array([0.1, 0.5, -0.3, 0.8])[None, :] + (contexts @ [0.4, -0.2])[:, None]
    rewards = means[np.arange(n), actions] + 0.1 * draw.normal(size=n)
    found = predict_rewards(Log(actions, rewards, np.full(n, 0.25), contexts=contexts), 4)
    assert np.abs(found - means).max() < 0.05


def test_an_action_never_shown_gets_the_mean_reward():
    draw = np.random.default_rng(2)
    rewards = draw.random(1_000)
    found = predict_rewards(Log(draw.integers(2, size=1_000), rewards, np.full(1_000, 0.5)), 3)
    assert found[:, 2] == pytest.approx(rewards.mean(), abs=0.02)


def test_an_action_shown_as_often_as_the_penalty_counts_half():
    n = 20_000
    actions = np.zeros(n, int)
    actions[:: n // 10] = 1
    rewards = actions.astype(float)
    found = predict_rewards(Log(actions, rewards, np.full(n, 0.5)), 2, penalty=8.0)
    assert found[:, 1].mean() == pytest.approx(0.5, abs=0.06)


def test_what_came_of_a_recommendation_is_not_told_to_its_own_prediction(world):
    log = replace(world.log(3), slates=np.repeat(np.arange(200), 2))
    rewards = log.rewards.copy()
    rewards[:2] += 100
    changed = predict_rewards(replace(log, rewards=rewards), 5)
    same = predict_rewards(log, 5)
    assert np.array_equal(changed[:2], same[:2])
    assert np.abs(changed - same).max() > 0.1


def test_doubly_robust_with_it_is_unbiased_and_varies_less_than_ips(world, assert_unbiased):
    ips, robust = [], []
    for seed in range(300):
        log = world.log(seed)
        target = world.target(log)
        ips.append(IPS().terms(log, target).value)
        robust.append(DoublyRobust(predict_rewards(log, 5)).terms(log, target).value)
    assert_unbiased(robust, world.truth)
    assert np.std(robust) < 0.9 * np.std(ips)
