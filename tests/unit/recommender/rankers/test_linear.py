"""The linear ranker against what its docstring promises, solved the long way."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import LinearRanker, Regime, Responses, Sums

N, FEATURES, PLATFORMS = 150, 7, 6


@pytest.fixture(scope="module")
def data():
    """Profiles, platforms in use, and weights."""
    random = np.random.default_rng(2)
    profiles = (random.random((N, FEATURES)) < 0.4).astype(float)
    taste = profiles @ random.normal(size=(FEATURES, PLATFORMS))
    interactions = (taste + random.normal(size=taste.shape) > 0.8).astype(float)
    return profiles, interactions, random.uniform(0.2, 3.0, N)


@pytest.fixture(scope="module")
def fit(data):
    """Fit a ranker with the same regimes for every length of history."""
    profiles, interactions, weights = map(as_given, data)

    def make(*regimes, weights=weights, responses=None):
        ranker = LinearRanker(regimes, regimes, regimes)
        return ranker.fit(profiles, interactions, weights, responses)

    return make


def as_given(values):
    return sparse.csr_array(values) if values.ndim == 2 else values


def column(weights, platform):
    """Return the weights of one platform: intercept, profile, other platforms."""
    others = np.delete(weights.history[:, platform], platform)
    return np.r_[weights.intercept[platform], weights.profile[:, platform], others]


def ridge(z, target, weights, regime, kept):
    """Solve E[z z'] b = E[z y], where the columns of z are kept by chance, each for itself."""
    gram, right = z.T * weights @ z, z.T * weights @ target
    for a in range(len(gram)):
        for b in range(len(gram)):
            gram[a, b] *= kept[a] if a == b else kept[a] * kept[b]
    profile, history = regime.profile_penalty, regime.history_penalty
    penalties = [0.0] + [profile] * FEATURES + [history] * (len(gram) - 1 - FEATURES)
    return np.linalg.solve(gram + np.diag(penalties), kept * right)


def of_use(data, regime, platform):
    """Return the weights by which profile and the other platforms tell that one is in use."""
    profiles, interactions, weights = data
    others = np.delete(interactions, platform, axis=1)
    if not regime.keep:
        others = others[:, :0]
    z = np.c_[np.ones(N), profiles, others]
    kept = np.r_[1, [regime.told] * FEATURES, [regime.keep] * others.shape[1]]
    found = ridge(z, interactions[:, platform], weights, regime, kept)
    return np.r_[found, np.zeros(FEATURES + PLATFORMS - len(found))]


@pytest.mark.parametrize("told", [1.0, 0.8, 0.1])
@pytest.mark.parametrize("keep", [1.0, 0.7, 0.1, 0.0])
def test_it_is_one_ridge_a_platform_from_profile_and_the_others(data, fit, keep, told):
    regime = Regime(profile_penalty=4.0, history_penalty=9.0, keep=keep, told=told)
    for found in fit(regime).sets_:
        for platform in range(PLATFORMS):
            expected = of_use(data, regime, platform)
            assert column(found, platform) == pytest.approx(expected, abs=1e-9)


def test_what_was_shown_tells_it_nothing(data, fit):
    """What businesses did with it is the other ranker's to learn."""
    everywhere, taken_up = np.ones((N, PLATFORMS)), 1 - data[1]
    responses = Responses(*map(sparse.csr_array, (everywhere, taken_up)))
    expected, found = fit(Regime(keep=0.6)), fit(Regime(keep=0.6), responses=responses)
    for before, after in zip(expected.sets_, found.sets_, strict=True):
        assert np.array_equal(map_of(after), map_of(before))


def test_with_no_history_kept_only_the_profile_counts(fit):
    for weights in fit(Regime(keep=0.0)).sets_:
        assert weights.history.shape == (PLATFORMS, PLATFORMS)
        assert not weights.history.any()
        assert weights.profile.all()


def test_no_platform_has_a_weight_for_itself(fit):
    for regime in (Regime(keep=0.5), Regime(keep=0.5, rank=2), Regime(damping=0.5)):
        for weights in fit(regime).sets_:
            assert not np.diag(weights.history).any()
            assert weights.history.any()


def test_the_expected_dropout_is_what_many_drawn_dropouts_come_to(data, fit):
    profiles, interactions, weights = data
    regime, times = Regime(4.0, 9.0, keep=0.6, told=0.7), 400
    random = np.random.default_rng(9)
    rows = np.tile(np.arange(N), times)
    told = profiles[rows] * (random.random((len(rows), FEATURES)) < regime.told)
    kept = interactions[rows] * (random.random((len(rows), PLATFORMS)) < regime.keep)
    found = fit(regime).sets_[1]
    for platform in (0, 3):
        z = np.c_[np.ones(len(rows)), told, np.delete(kept, platform, axis=1)]
        never = np.ones(z.shape[1])
        drawn = ridge(z, interactions[rows, platform], weights[rows] / times, regime, never)
        assert column(found, platform) == pytest.approx(drawn, abs=0.02)


def test_the_set_goes_by_the_length_of_the_history(data):
    regimes = {"none": Regime(1.0), "few": Regime(2.0, keep=0.3), "many": Regime(3.0, keep=0.9)}
    ranker = LinearRanker(**{name: (r,) for name, r in regimes.items()}, few_up_to=2)
    ranker.fit(*map(as_given, data))
    profile = np.array([1, 4])
    for length, number in ((0, 0), (1, 1), (2, 1), (3, 2), (4, 2)):
        history = np.arange(length)
        used = ranker.sets_[number]
        expected = used.intercept + used.profile[profile].sum(0) + used.history[history].sum(0)
        found = ranker.score_one(profile, history)
        assert found[length:] == pytest.approx(expected[length:], abs=1e-12)


def test_a_platform_in_use_is_scored_by_the_length_of_the_others(data):
    ranker = LinearRanker(few_up_to=2)
    ranker.fit(*map(as_given, data))
    profile, none, few = np.array([1, 4]), ranker.sets_[0], ranker.sets_[1]
    alone = ranker.score_one(profile, np.array([3]))
    assert alone[3] == pytest.approx(none.intercept[3] + none.profile[profile, 3].sum())
    three = ranker.score_one(profile, np.array([0, 3, 5]))
    others = few.history[[0, 5], 3].sum()
    assert three[3] == pytest.approx(few.intercept[3] + few.profile[profile, 3].sum() + others)


def map_of(weights):
    return np.vstack([weights.intercept, weights.profile, weights.history])


def seen(data):
    """Return what the weights are applied to, a row counting as much as its business."""
    profiles, interactions, weights = data
    return np.c_[np.ones(N), profiles, interactions] * np.sqrt(weights)[:, None]


@pytest.mark.parametrize("rank", [1, 3])
def test_a_lower_rank_is_the_best_approximation_of_the_predictions(data, fit, rank):
    full, found = (
        map_of(fit(regime).sets_[0])
        for regime in (Regime(4.0, keep=0.0), Regime(4.0, keep=0.0, rank=rank))
    )
    left, values, right = np.linalg.svd(seen(data) @ full)
    assert np.linalg.matrix_rank(found, tol=1e-9) == rank
    assert seen(data) @ found == pytest.approx(
        left[:, :rank] * values[:rank] @ right[:rank], abs=1e-9
    )


@pytest.mark.parametrize("rank", [1, 3])
def test_with_history_as_well_but_for_the_own_platform(data, fit, rank):
    full, found = (
        map_of(fit(regime).sets_[1])
        for regime in (Regime(4.0, 9.0, keep=0.6), Regime(4.0, 9.0, keep=0.6, rank=rank))
    )
    _, _, right = np.linalg.svd(seen(data) @ full)
    expected = full @ right[:rank].T @ right[:rank]
    np.fill_diagonal(expected[1 + FEATURES :], 0)
    assert found == pytest.approx(expected, abs=1e-9)


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
        assert map_of(after) == pytest.approx(map_of(before), abs=1e-9)


def test_several_regimes_score_their_average(data, fit):
    regimes = Regime(4.0, keep=0.3), Regime(40.0, rank=2), Regime(damping=0.5)
    asked = sparse.csr_array(data[0]), sparse.csr_array(data[1])
    expected = np.mean([fit(regime).score(*asked) for regime in regimes], axis=0)
    assert fit(*regimes).score(*asked) == pytest.approx(expected, abs=1e-9)


def base_of(ranker, platform):
    nothing = np.array([], dtype=np.intp)
    return ranker.contributions(nothing, nothing, platform).base


@pytest.mark.parametrize("keep", [0.0, 0.6])
def test_the_base_is_the_score_of_the_average_business(data, fit, keep):
    profiles, interactions, weights = data
    ranker = fit(Regime(4.0, 9.0, keep=keep))
    mean = np.average(np.c_[np.ones(N), profiles, interactions], axis=0, weights=weights)
    for platform in range(PLATFORMS):
        expected = mean @ map_of(ranker.sets_[0])[:, platform]
        assert base_of(ranker, platform) == pytest.approx(expected)


def test_where_nothing_is_dropped_the_base_is_the_share_that_uses_the_platform(data, fit):
    for keep in (0.0, 1.0):
        ranker = fit(Regime(4.0, 9.0, keep=keep, told=1.0))
        share = np.average(data[1][:, 2], weights=data[2])
        assert base_of(ranker, 2) == pytest.approx(share)


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
        (Regime(keep=-0.1), "keep probability from 0 to 1"),
        (Regime(keep=1.1), "keep probability from 0 to 1"),
        (Regime(keep=float("nan")), "keep probability"),
        (Regime(told=0.0), "told answers above 0 and at most 1"),
        (Regime(told=1.1), "told answers above 0 and at most 1"),
        (Regime(told=float("nan")), "told answers"),
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


def test_with_growing_penalties_the_scores_come_to_popularity_by_segment():
    """Pairs of answers keep a penalty of their own; without them it is popularity among all."""
    random = np.random.default_rng(0)
    field, other = random.integers(0, 2, 4_000), random.integers(0, 2, 4_000)
    pair = 2 * field + other
    profiles = np.c_[np.eye(2)[field], np.eye(2)[other], np.eye(4)[pair]]
    share = np.array([0.1, 0.2, 0.3, 0.8])
    used = (random.random((4_000, 1)) < share[pair][:, None]).astype(float)
    plain = (Regime(profile_penalty=1e7, keep=0.0, told=1.0),)
    asked = sparse.csr_array(np.c_[np.eye(2)[[0, 0, 1, 1]], np.eye(2)[[0, 1, 0, 1]], np.eye(4)])
    found = [
        LinearRanker(plain, plain, plain, pairs=pairs)
        .fit(sparse.csr_array(profiles), sparse.csr_array(used))
        .score(asked, sparse.csr_array((4, 1)))
        .ravel()
        for pairs in (4, 0)
    ]
    by_segment = [used[pair == number].mean() for number in range(4)]
    assert found[0] == pytest.approx(by_segment, abs=0.02)
    assert found[1] == pytest.approx([used.mean()] * 4, abs=0.01)
