"""The linear ranker against what its docstring promises, solved the long way."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import LinearRanker, Regime, Sums

N, FEATURES, PLATFORMS = 150, 7, 6


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(2)
    profiles = (random.random((N, FEATURES)) < 0.4).astype(float)
    taste = profiles @ random.normal(size=(FEATURES, PLATFORMS))
    interactions = (taste + random.normal(size=taste.shape) > 0.8).astype(float)
    return profiles, interactions, random.uniform(0.2, 3.0, N)


@pytest.fixture(scope="module")
def fit(data):
    """Fit a ranker with the same regimes for every length of history."""
    profiles, interactions, weights = data

    def make(*regimes, weights=weights):
        ranker = LinearRanker(regimes, regimes, regimes)
        return ranker.fit(sparse.csr_array(profiles), sparse.csr_array(interactions), weights)

    return make


def ridge(gram, right, penalty):
    return np.linalg.solve(gram + np.diag(penalty), right)


def penalties(regime, platforms=PLATFORMS):
    profile, history = regime.profile_penalty, regime.history_penalty
    return np.array([0.0] + [profile] * FEATURES + [history] * platforms)


def column(weights, platform):
    """Return the weights of one platform: intercept, profile, other platforms."""
    others = np.delete(weights.history[:, platform], platform)
    return np.r_[weights.intercept[platform], weights.profile[:, platform], others]


def explicit(data, regime, platform):
    """Solve for one platform: E[z z'] b = E[z y], z with each platform kept by chance."""
    profiles, interactions, weights = data
    others = np.delete(interactions, platform, axis=1)
    z = np.c_[np.ones(N), profiles, others]
    gram, right = z.T * weights @ z, z.T * weights @ interactions[:, platform]
    first = 1 + FEATURES
    for a in range(len(gram)):
        for b in range(len(gram)):
            if a >= first and b >= first:
                gram[a, b] *= regime.keep if a == b else regime.keep**2
            elif a >= first or b >= first:
                gram[a, b] *= regime.keep
        if a >= first:
            right[a] *= regime.keep
    return ridge(gram, right, penalties(regime, PLATFORMS - 1))


def test_without_history_it_is_a_ridge_from_the_profile(data, fit):
    profiles, interactions, weights = data
    regime = Regime(profile_penalty=4.0)
    found = fit(regime).sets_[0]
    x = np.c_[np.ones(N), profiles]
    for platform in range(PLATFORMS):
        right = x.T * weights @ interactions[:, platform]
        expected = ridge(x.T * weights @ x, right, penalties(regime, 0))
        assert found.intercept[platform] == pytest.approx(expected[0], abs=1e-9)
        assert found.profile[:, platform] == pytest.approx(expected[1:], abs=1e-9)
    assert not found.history.any()


@pytest.mark.parametrize("keep", [1.0, 0.7, 0.1])
def test_with_history_it_is_one_ridge_a_platform_from_profile_and_the_others(data, fit, keep):
    regime = Regime(profile_penalty=4.0, history_penalty=9.0, keep=keep)
    for found in fit(regime).sets_[1:]:
        for platform in range(PLATFORMS):
            expected = explicit(data, regime, platform)
            assert column(found, platform) == pytest.approx(expected, abs=1e-9)


def test_no_platform_has_a_weight_for_itself(fit):
    for regime in (Regime(keep=0.5), Regime(keep=0.5, rank=2), Regime(damping=0.5)):
        for weights in fit(regime).sets_:
            assert not np.diag(weights.history).any()


def test_the_expected_dropout_is_what_many_drawn_dropouts_come_to(data, fit):
    profiles, interactions, weights = data
    regime, times = Regime(4.0, 9.0, keep=0.6), 400
    random = np.random.default_rng(9)
    found = fit(regime).sets_[1]
    rows = np.tile(np.arange(N), times)
    kept = interactions[rows] * (random.random((len(rows), PLATFORMS)) < regime.keep)
    for platform in (0, 3):
        z = np.c_[np.ones(len(rows)), profiles[rows], np.delete(kept, platform, axis=1)]
        weighted = z.T * (weights[rows] / times)
        right = weighted @ interactions[rows, platform]
        drawn = ridge(weighted @ z, right, penalties(regime, PLATFORMS - 1))
        assert column(found, platform) == pytest.approx(drawn, abs=0.02)


def test_the_set_goes_by_the_length_of_the_history(data):
    profiles, interactions, weights = data
    regimes = {"none": Regime(1.0), "few": Regime(2.0, keep=0.3), "many": Regime(3.0, keep=0.9)}
    ranker = LinearRanker(**{name: (r,) for name, r in regimes.items()}, few_up_to=2)
    ranker.fit(sparse.csr_array(profiles), sparse.csr_array(interactions), weights)
    profile = np.array([1, 4])
    for length, number in ((0, 0), (1, 1), (2, 1), (3, 2), (4, 2)):
        history = np.arange(length)
        used = ranker.sets_[number]
        expected = used.intercept + used.profile[profile].sum(0) + used.history[history].sum(0)
        found = ranker.score_one(profile, history)
        assert found[length:] == pytest.approx(expected[length:], abs=1e-12)


def test_a_platform_in_use_is_scored_by_the_length_of_the_others(fit, data):
    ranker = LinearRanker(few_up_to=2)
    ranker.fit(*map(sparse.csr_array, data[:2]))
    profile, none, few = np.array([1, 4]), ranker.sets_[0], ranker.sets_[1]
    alone = ranker.score_one(profile, np.array([3]))
    assert alone[3] == pytest.approx(none.intercept[3] + none.profile[profile, 3].sum())
    three = ranker.score_one(profile, np.array([0, 3, 5]))
    others = few.history[[0, 5], 3].sum()
    assert three[3] == pytest.approx(few.intercept[3] + few.profile[profile, 3].sum() + others)


def test_a_lower_rank_is_the_best_approximation_of_the_predictions(data, fit):
    profiles, _, weights = data
    x = np.c_[np.ones(N), profiles] * np.sqrt(weights)[:, None]
    full = fit(Regime(4.0)).sets_[0]
    left, values, right = np.linalg.svd(x @ np.vstack([full.intercept, full.profile]))
    for rank in (1, 3):
        found = fit(Regime(4.0, rank=rank)).sets_[0]
        map_ = np.vstack([found.intercept, found.profile])
        expected = left[:, :rank] * values[:rank] @ right[:rank]
        assert np.linalg.matrix_rank(map_, tol=1e-9) == rank
        assert x @ map_ == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("rank", [PLATFORMS, PLATFORMS + 5, None])
def test_a_rank_of_all_platforms_or_more_changes_nothing(fit, rank):
    expected, found = fit(Regime(4.0)), fit(Regime(4.0, rank=rank))
    for before, after in zip(expected.sets_, found.sets_, strict=True):
        assert after.profile == pytest.approx(before.profile, abs=1e-12)
        assert after.history == pytest.approx(before.history, abs=1e-12)


def test_damping_makes_a_business_count_by_how_many_platforms_it_uses(data, fit):
    damping = np.maximum(data[1].sum(axis=1), 1) ** -0.5
    found = fit(Regime(4.0, 9.0, keep=0.6, damping=0.5))
    expected = fit(Regime(4.0, 9.0, keep=0.6), weights=data[2] * damping)
    for before, after in zip(expected.sets_, found.sets_, strict=True):
        assert after.intercept == pytest.approx(before.intercept, abs=1e-9)
        assert after.history == pytest.approx(before.history, abs=1e-9)


def test_several_regimes_score_their_average(data, fit):
    regimes = Regime(4.0, keep=0.3), Regime(40.0, rank=2), Regime(1.0, damping=0.5)
    asked = sparse.csr_array(data[0]), sparse.csr_array(data[1])
    expected = np.mean([fit(regime).score(*asked) for regime in regimes], axis=0)
    assert fit(*regimes).score(*asked) == pytest.approx(expected, abs=1e-9)


def test_the_base_is_the_score_of_the_average_business(data, fit):
    profiles, interactions, weights = data
    ranker = fit(Regime(4.0, 9.0, keep=0.6))
    parts = ranker.contributions(np.array([], dtype=np.intp), np.array([], dtype=np.intp), 2)
    mean = np.average(profiles, axis=0, weights=weights)
    expected = ranker.sets_[0].intercept[2] + mean @ ranker.sets_[0].profile[:, 2]
    assert parts.base == pytest.approx(expected)
    assert parts.base == pytest.approx(np.average(interactions[:, 2], weights=weights))


def test_contributions_go_to_the_columns_that_they_come_from(fit):
    ranker = fit(Regime(4.0, 9.0, keep=0.6))
    weights, profile, history = ranker.sets_[1], np.array([1, 4]), np.array([0, 5])
    parts = ranker.contributions(profile, history, 2)
    means_p, means_h = ranker.means_[:FEATURES], ranker.means_[FEATURES:]
    set_p, set_h = np.isin(range(FEATURES), profile), np.isin(range(PLATFORMS), history)
    assert parts.profile == pytest.approx((set_p - means_p) * weights.profile[:, 2])
    assert parts.history == pytest.approx((set_h - means_h) * weights.history[:, 2])


@pytest.mark.parametrize(
    ("regime", "complaint"),
    [
        (Regime(profile_penalty=0.0), "penalties above 0"),
        (Regime(history_penalty=-1.0), "penalties above 0"),
        (Regime(keep=0.0), "keep probability above 0"),
        (Regime(keep=1.1), "at most 1"),
        (Regime(keep=float("nan")), "keep probability"),
        (Regime(rank=0), "rank of at least 1"),
        (Regime(damping=0.3), "damping of"),
        (Regime(profile_penalty=float("nan")), "."),
        (Regime(profile_penalty=float("inf")), "."),
    ],
)
def test_parameters_out_of_their_bounds_are_refused(data, regime, complaint):
    matrices = [sparse.csr_array(values) for values in data[:2]]
    fine = (Regime(),)
    for regimes in (
        ((regime,), fine, fine),
        (fine, (regime,), fine),
        (fine, fine, (fine[0], regime)),
    ):
        with pytest.raises(ValueError, match=complaint):
            LinearRanker(*regimes).fit(*matrices)


def test_a_length_of_history_without_a_regime_is_refused(data):
    with pytest.raises(ValueError, match="at least one regime"):
        LinearRanker(few=()).fit(*map(sparse.csr_array, data[:2]))


def test_sums_of_nobody_are_refused():
    with pytest.raises(ValueError, match="at least one business"):
        LinearRanker().solve(Sums(FEATURES, PLATFORMS))
