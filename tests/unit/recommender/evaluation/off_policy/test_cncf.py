"""What 1,580 organisations answered on 51 tools: what one log tells of all answers.

A simulated policy, which likes popular tools, shows each organisation one tool, and only that
answer is revealed. So the truth of any policy is known exactly.
"""

import pytest

from benchmarks.off_policy import LOGS, RESAMPLES, SURVEY, Survey
from recommender.evaluation.intervals import bootstrap_interval
from recommender.evaluation.off_policy.estimate import compare, estimate
from recommender.evaluation.off_policy.modelled import DoublyRobust
from recommender.evaluation.off_policy.reward_model import predict_rewards
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.weighting import IPS, SNIPS


@pytest.fixture(scope="module")
def survey():
    if not SURVEY.is_dir():
        pytest.skip("the data set cncf_2022 is not in ../shared/datasets")
    return Survey()


@pytest.mark.parametrize("name", ["uniform", "by maturity"])
def test_the_truth_is_inside_the_interval_and_the_naive_mean_is_not_near(survey, name):
    log = survey.log(0)
    target = Target.of(survey.targets[name], log)
    truth = survey.truth(name)
    model = predict_rewards(log, survey.shape[1])
    for estimator in (IPS(), SNIPS(), DoublyRobust(model)):
        found = estimate(estimator, log, target)
        assert found.low <= truth <= found.high
        assert not found.low <= log.rewards.mean() <= found.high
        assert found.diagnostics.believable
    low, high = bootstrap_interval(log.rewards)
    assert not low <= truth <= high


@pytest.mark.parametrize("name", ["uniform", "by maturity"])
@pytest.mark.parametrize("estimator", [IPS(), SNIPS()], ids=["IPS", "SNIPS"])
def test_so_it_is_in_about_95_of_100_logs(survey, estimator, name, assert_unbiased):
    truth = survey.truth(name)
    held, values = 0, []
    for seed in range(LOGS):
        log = survey.log(seed)
        found = estimate(estimator, log, Target.of(survey.targets[name], log), seed, RESAMPLES)
        held += found.low <= truth <= found.high
        values.append(found.value)
    assert 88 <= held <= 100
    assert_unbiased(values, truth)


def test_the_better_policy_is_told_from_the_one_that_ran(survey):
    log = survey.log(1)
    ran = Target.of(survey.logging, log)
    truth = survey.truth("by maturity") - (survey.logging * survey.rewards).sum(axis=1).mean()
    found = compare(SNIPS(), log, Target.of(survey.targets["by maturity"], log), ran)
    assert found.believable
    assert 0 < found.low <= truth <= found.high
