"""Two policies ran side by side in a shop; the log of the random one tells the other's clicks."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recommender.evaluation.off_policy.estimate import estimate
from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS, ClippedIPS

FILE = Path(__file__).parents[6] / "shared" / "datasets" / "open_bandit_small/impressions.parquet"
CAMPAIGNS = ["all", "men", "women"]


@pytest.fixture(scope="module")
def impressions():
    if not FILE.is_file():
        pytest.skip("the data set open_bandit_small is not in ../shared/datasets")
    shown = pd.read_parquet(FILE)
    shown["slot"] = shown.campaign + " " + shown.position.astype(str)
    shown["item"] = shown.campaign + " " + shown.item_id.astype(str)
    return shown


def split(impressions):
    """Return the log of the random policy, the other as target, and the other's own log.

    The other learned as it went; its mean over the week is how often it showed an item in a place.
    """
    random, other = (impressions[impressions.policy == name] for name in ("random", "bts"))
    shares = other.groupby("slot").item.value_counts(normalize=True)
    pairs = pd.MultiIndex.from_frame(random[["slot", "item"]])
    log, own = (
        Log(
            actions=pd.factorize(each.item)[0],
            rewards=each.click.to_numpy(float),
            propensities=each.propensity_score.to_numpy(),
        )
        for each in (random, other)
    )
    return log, Target(shares.reindex(pairs).fillna(0).to_numpy()), own


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
