"""Two policies ran side by side in a shop; the log of the random one tells the other's clicks."""

import numpy as np
import pytest

from benchmarks import off_policy as benchmark
from benchmarks.off_policy import SHOP, split
from recommender.evaluation.off_policy.estimate import estimate
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS, ClippedIPS

CAMPAIGNS = ["all", "men", "women"]


@pytest.fixture(scope="module")
def impressions():
    if not SHOP.is_file():
        pytest.skip("the data set open_bandit_small is not in ../shared/datasets")
    return benchmark.impressions()


@pytest.mark.parametrize(
    "estimator", [IPS(), SNIPS(), ClippedIPS(8.0)], ids=lambda each: repr(each)
)
def test_the_click_rate_of_the_other_policy_is_inside_the_interval(impressions, estimator):
    log, target, own = split(impressions)
    found = estimate(estimator, log, target)
    assert found.diagnostics.believable, found.diagnostics.warnings
    assert found.low <= own.rewards.mean() <= found.high
    assert found.value == pytest.approx(own.rewards.mean(), abs=0.0006)


@pytest.mark.parametrize("campaign", CAMPAIGNS)
@pytest.mark.parametrize("estimator", [IPS(), SNIPS()], ids=["IPS", "SNIPS"])
def test_each_campaign_differs_by_no_more_than_chance(impressions, campaign, estimator):
    log, target, own = split(impressions[impressions.campaign == campaign])
    found = estimate(estimator, log, target)
    itself = estimate(IPS(), own, Target(own.propensities))
    assert itself.value == pytest.approx(own.rewards.mean())
    chance = np.hypot(found.high - found.low, itself.high - itself.low) / 2
    assert abs(found.value - itself.value) < chance
    assert found.low <= itself.value <= found.high


def test_it_comes_nearer_than_the_click_rate_of_the_random_policy(impressions):
    log, target, own = split(impressions)
    truth = own.rewards.mean()
    for estimator in (IPS(), SNIPS()):
        assert abs(estimate(estimator, log, target).value - truth) < abs(log.rewards.mean() - truth)


def test_a_handful_of_records_is_not_believed(impressions):
    log, target, _ = split(impressions[impressions.campaign == "all"])
    few = Log(log.actions[:300], log.rewards[:300], log.propensities[:300])
    found = estimate(IPS(), few, Target(target.chosen[:300]))
    assert not found.diagnostics.believable
