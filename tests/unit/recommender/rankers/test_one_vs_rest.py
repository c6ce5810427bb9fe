"""The classifiers we compare with: they learn what was planted, and never from the answer."""

import numpy as np
import pytest
from scipy import sparse
from sklearn.base import clone

from recommender.evaluation import metrics
from recommender.evaluation.protocol import leave_one_out
from recommender.rankers import BoostedTreesRanker, LogisticRanker, PopularityRanker, Responses

KINDS, PLATFORMS = 4, 8


def planted(n, seed):
    """Make businesses that mostly use the two platforms of their kind."""
    draw = np.random.default_rng(seed)
    kind = draw.integers(KINDS, size=n)
    likely = np.arange(PLATFORMS) // 2 == kind[:, None]
    used = draw.random((n, PLATFORMS)) < np.where(likely, 0.8, 0.15)
    used[:, 5] = False
    return sparse.csr_array(np.eye(KINDS)[kind]), sparse.csr_array(used.astype(float))


def quality(ranker, profiles, task):
    scores = ranker.score(profiles[task.users], task.history)
    return np.nanmean(metrics.ndcg(metrics.rank(scores, task.left_out), task.wanted, 3))


@pytest.fixture(scope="module", params=[LogisticRanker(), BoostedTreesRanker(0.1, 20, 4)])
def fitted(request):
    return clone(request.param).fit(*planted(400, 0))


def test_it_beats_popularity_with_and_without_history(fitted):
    profiles, used = planted(200, 1)
    popularity = PopularityRanker().fit(*planted(400, 0))
    everyone = np.arange(200)
    hidden = leave_one_out(used, everyone, None, 0)
    assert quality(fitted, profiles, hidden) > quality(popularity, profiles, hidden) + 0.15
    nothing = sparse.csr_array(used.shape)
    cold = (
        metrics.ndcg(metrics.rank(r.score(profiles, nothing), nothing), used, 3)
        for r in (fitted, popularity)
    )
    ours, theirs = map(np.nanmean, cold)
    assert ours > theirs + 0.15


def test_history_tells_where_the_profile_does_not(fitted):
    """Of a business of no known kind, the platforms in use say which others it needs."""
    history = np.zeros((1, PLATFORMS))
    history[0, 6] = 1
    nothing = sparse.csr_array((1, KINDS))
    scores = fitted.score(nothing, sparse.csr_array(history))[0]
    assert scores[7] > fitted.score(nothing, sparse.csr_array((1, PLATFORMS)))[0, 7]


def shown_to_some(used, kinds):
    """Businesses mostly take up the two platforms of the next kind, where they have looked."""
    draw = np.random.default_rng(7)
    likely = np.arange(PLATFORMS) // 2 == (kinds.toarray().argmax(axis=1)[:, None] + 1) % KINDS
    examined = draw.choice([0, 0.5, 1.0], used.shape) * (used.toarray() == 0)
    wanted = likely & (draw.random(used.shape) < 0.8 * examined)
    return examined, wanted * draw.choice([0.5, 1.0], used.shape)


def responses(examined, strength):
    return Responses(sparse.csr_array(examined), sparse.csr_array(strength))


@pytest.mark.parametrize("ranker", [LogisticRanker(), BoostedTreesRanker(0.1, 20, 4)])
def test_what_is_taken_up_is_learned_where_it_was_shown(ranker):
    """And what less than half a strength tells of is not taken up."""
    profiles, used = planted(400, 0)
    examined, strength = shown_to_some(used, profiles)
    strength[:, 1] *= 0.9 / 2
    fitted = clone(ranker).fit(profiles, used, responses=responses(examined, strength))
    every, nothing = sparse.csr_array(np.eye(KINDS)), sparse.csr_array((KINDS, PLATFORMS))
    scores = fitted.score(every, nothing)
    for kind in range(KINDS):
        following = 2 * ((kind + 1) % KINDS)
        assert scores[kind, following] > 0.35
        assert np.delete(scores[kind], [following, following + 1]).max() < 0.25
    assert scores[0, 3] > 0.35
    assert set(scores[:, 1].tolist()) == {0.0}


def test_a_platform_is_learned_from_those_alone_that_it_was_shown_to():
    profiles, used = planted(200, 0)
    examined, strength = shown_to_some(used, profiles)
    ranker = LogisticRanker().fit(profiles, used, responses=responses(examined, strength))
    for platform in (0, 3):
        some = examined[:, platform] > 0
        shown = responses(examined[some], strength[some])
        alone = LogisticRanker().fit(profiles[some], used[some], responses=shown)
        found, expected = (each.score(profiles, used)[:, platform] for each in (ranker, alone))
        assert np.array_equal(found, expected)


def test_who_may_have_looked_counts_as_much_as_that_is_likely():
    profiles, used = planted(200, 0)
    examined, strength = shown_to_some(used, profiles)
    half = responses(examined / 2, strength)
    found = LogisticRanker().fit(profiles, used, responses=half)
    weights = np.full(200, 0.5)
    expected = LogisticRanker().fit(profiles, used, weights, responses(examined, strength))
    assert np.array_equal(found.score(profiles, used), expected.score(profiles, used))
    whole = LogisticRanker().fit(profiles, used, responses=responses(examined, strength))
    assert not np.allclose(whole.score(profiles, used), found.score(profiles, used), atol=1e-2)


def test_a_platform_that_all_who_saw_it_take_up_or_none_keeps_its_share():
    profiles, used = planted(60, 4)
    examined, taken_up = np.full((60, PLATFORMS), 0.5), np.zeros((60, PLATFORMS))
    examined[30:] = 0
    taken_up[:30, 2] = 1
    ranker = LogisticRanker().fit(profiles, used, responses=responses(examined, taken_up))
    scores = ranker.score(profiles, used)
    assert set(scores[:, 2].tolist()) == {1.0}
    assert not np.delete(scores, 2, axis=1).any()


def test_the_own_platform_is_no_evidence(fitted):
    profiles, used = planted(50, 2)
    scores = fitted.score(profiles, used)
    for platform in range(PLATFORMS):
        changed = used.toarray()
        changed[:, platform] = 1 - changed[:, platform]
        again = fitted.score(profiles, sparse.csr_array(changed))
        assert again[:, platform] == pytest.approx(scores[:, platform])


def test_scores_are_probabilities(fitted):
    profiles, used = planted(50, 3)
    scores = fitted.score(profiles, used)
    assert scores.shape == used.shape
    assert ((scores >= 0) & (scores <= 1)).all()


def test_a_platform_that_nobody_or_everybody_uses_keeps_its_share():
    profiles, used = planted(60, 4)
    table = used.toarray()
    table[:, 2] = 1
    ranker = LogisticRanker().fit(profiles, sparse.csr_array(table))
    scores = ranker.score(profiles, used)
    assert set(scores[:, 2].tolist()) == {1.0}
    assert set(scores[:, 5].tolist()) == {0.0}


def test_businesses_without_weight_change_nothing():
    profiles, used = planted(120, 5)
    weights = (np.arange(120) < 80).astype(float)
    with_all = LogisticRanker().fit(profiles, used, weights)
    without = LogisticRanker().fit(profiles[:80], used[:80])
    assert with_all.score(profiles, used) == pytest.approx(without.score(profiles, used), abs=1e-3)


def test_contributions_add_up_to_the_score(fitted):
    profile, history = np.array([1]), np.array([0, 3])
    for platform in range(PLATFORMS):
        parts = fitted.contributions(profile, history, platform)
        assert parts.total == pytest.approx(fitted.score_one(profile, history)[platform])
        assert parts.history[platform] == pytest.approx(0)


def test_nobody_is_scored_without_a_fault(fitted):
    nobody = sparse.csr_array((0, KINDS)), sparse.csr_array((0, PLATFORMS))
    assert fitted.score(*nobody).shape == (0, PLATFORMS)
