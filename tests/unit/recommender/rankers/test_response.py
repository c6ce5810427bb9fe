"""The ranker of responses against what its docstring promises, solved the long way."""

import numpy as np
import pytest
from scipy import sparse

from recommender.rankers import LinearRanker, ResponseRanker, Responses, Sums
from recommender.rankers.response import INTERCEPT_PENALTY

N, ANSWERS, PAIRS, KINDS = 400, 5, 2, (0, 1, 0, 2, 1, 0)
FEATURES, PLATFORMS, N_KINDS = ANSWERS + PAIRS, len(KINDS), 3
NEVER_SHOWN = 5


def drawn(seed=2, n=N, never_shown=(NEVER_SHOWN,)):
    """Profiles, platforms in use, weights, and responses that follow from these."""
    random = np.random.default_rng(seed)
    profiles = (random.random((n, FEATURES)) < 0.4).astype(float)
    used = (random.random((n, PLATFORMS)) < 0.3).astype(float)
    examined = random.choice([0, 0.3, 1.0], (n, PLATFORMS)) * (used == 0)
    examined[:, list(never_shown)] = 0
    tastes = np.random.default_rng(0)
    tastes = tastes.normal(size=(FEATURES, PLATFORMS)), tastes.normal(size=(PLATFORMS, PLATFORMS))
    chance = 1 / (1 + np.exp(1 - profiles @ tastes[0] - used @ tastes[1]))
    taken_up = random.random((n, PLATFORMS)) < chance * examined
    strength = taken_up * random.choice([0.3, 1.0], (n, PLATFORMS))
    return profiles, used, random.uniform(0.2, 3.0, n), examined, strength


@pytest.fixture(scope="module")
def data():
    return drawn()


def fit(data, *parameters, kinds=KINDS, pairs=PAIRS, **others):
    profiles, used, weights, examined, strength = data
    profiles, used, examined, strength = map(sparse.csr_array, (profiles, used, examined, strength))
    ranker = ResponseRanker(*parameters, kinds=kinds, pairs=pairs, **others)
    return ranker.fit(profiles, used, weights, Responses(examined, strength))


def asked(data):
    return sparse.csr_array(data[0]), sparse.csr_array(data[1])


def together(data, more):
    return tuple(np.concatenate(each) for each in zip(data, more, strict=True))


def long_way(data, profile_penalty, history_penalty, kinds=KINDS):
    """Return the weights of each platform and of its kind: [1, answers, kinds in use] a row."""
    profiles, used, weights, examined, strength = data
    of_kind = np.array(kinds)[:, None] == np.arange(max(kinds) + 1)
    x = np.c_[np.ones(len(profiles)), profiles[:, :ANSWERS], used @ of_kind]
    history = [history_penalty] * of_kind.shape[1]
    penalty = np.r_[INTERCEPT_PENALTY, [profile_penalty] * ANSWERS, history]

    def shrunk(platforms, towards, penalty):
        """Minimise the squares over what was shown, and those of the weights from `towards`."""
        gram, moment = np.diag(penalty), penalty * towards
        for platform in platforms:
            shown = examined[:, platform] > 0
            gram = gram + x[shown].T * (weights * examined[:, platform])[shown] @ x[shown]
            moment = moment + x[shown].T @ (weights * strength[:, platform])[shown]
        return np.linalg.solve(gram, moment)

    everything = range(len(kinds))
    of_all = shrunk(everything, 0 * penalty, np.r_[0, penalty[1:]])
    by_kind = np.array(
        [shrunk([p for p in everything if kinds[p] == kind], of_all, penalty) for kind in kinds]
    )
    own = [shrunk([platform], by_kind[platform], penalty) for platform in everything]
    return np.array(own), by_kind


@pytest.mark.parametrize("kinds", [KINDS, (0,) * PLATFORMS, tuple(range(PLATFORMS))])
@pytest.mark.parametrize("penalties", [(4.0, 9.0), (300.0, 300.0), (0.1, 1e5)])
def test_it_is_one_ridge_a_platform_shrunk_to_its_kind_and_that_to_all(data, penalties, kinds):
    expected, _ = long_way(data, *penalties, kinds=kinds)
    ranker = fit(data, *penalties, kinds=kinds, use=0.0)
    assert len(ranker.sets_) == 3
    for found in ranker.sets_:
        intercept_and_answers = np.c_[found.intercept, found.profile[:ANSWERS].T]
        assert intercept_and_answers == pytest.approx(expected[:, : 1 + ANSWERS], abs=1e-7)
        for platform in range(PLATFORMS):
            of_kinds = expected[platform, 1 + ANSWERS :][list(kinds)]
            of_kinds[platform] = 0
            assert found.history[:, platform] == pytest.approx(of_kinds, abs=1e-7)


def test_a_platform_that_was_never_shown_scores_as_its_kind_does(data):
    ranker = fit(data, 4.0, 9.0, use=0.0)
    _, by_kind = long_way(data, 4.0, 9.0)
    used = data[1] * (np.arange(PLATFORMS) != NEVER_SHOWN)
    x = np.c_[np.ones(N), data[0][:, :ANSWERS], used @ np.eye(N_KINDS)[list(KINDS)]]
    found = ranker.score(*asked(data))
    assert found[:, NEVER_SHOWN] == pytest.approx(x @ by_kind[NEVER_SHOWN], abs=1e-7)
    assert found[:, 0] != pytest.approx(x @ by_kind[0], abs=0.1)


def test_two_of_one_kind_that_were_never_shown_are_not_told_apart():
    ranker = fit(drawn(never_shown=(2, NEVER_SHOWN)), 4.0, 9.0, use=0.0)
    profiles, used = asked(drawn())
    used = sparse.csr_array(used.toarray() * ~np.isin(range(PLATFORMS), (2, NEVER_SHOWN)))
    scores = ranker.score(profiles, used)
    assert np.array_equal(scores[:, 2], scores[:, NEVER_SHOWN])


def test_a_kind_that_was_never_shown_scores_as_all_do():
    data = drawn(never_shown=(1, 4))
    found = fit(data, 4.0, 9.0, use=0.0).sets_[0]
    of_all = long_way(data, 4.0, 9.0)[1][1]
    for platform in (1, 4):
        weights = np.r_[found.intercept[platform], found.profile[:ANSWERS, platform]]
        assert weights == pytest.approx(of_all[: 1 + ANSWERS], abs=1e-7)


def shares(shown_to, taken_up):
    """Responses to platforms of one kind: to how many each was shown, which share took it up.

    Of businesses of which nothing else is known; one row tells of all that were shown a platform.
    """
    n = len(shown_to)
    nothing, weights = (np.zeros((n, FEATURES)), np.zeros((n, n))), np.array(shown_to, dtype=float)
    return fit((*nothing, weights, np.eye(n), np.diag(taken_up)), kinds=(0,) * n, use=0.0).sets_[0]


def test_what_many_saw_is_hardly_moved_by_its_kind_and_what_few_saw_is():
    before, after = (
        shares((20_000, 10, 2_000), (0.3, 0.3, share)).intercept for share in (0.1, 0.9)
    )
    assert before[0] == pytest.approx(0.3, abs=1e-3)
    assert after[0] == pytest.approx(before[0], abs=1e-3)
    assert after[1] > before[1] + 0.04


def test_of_as_many_as_the_penalty_the_own_mean_counts_half():
    found = shares((INTERCEPT_PENALTY, 1e7), (0.8, 0.2)).intercept
    assert found == pytest.approx([(0.8 + 0.2) / 2, 0.2], abs=1e-4)


def test_what_was_not_shown_is_not_turned_down(data):
    """However many businesses there are besides, with whatever answers and platforms."""
    profiles, used, weights, examined, strength = drawn(seed=8, n=3 * N)
    expected = fit(data, 4.0, 9.0, use=0.0)
    others = profiles, used, weights, 0 * examined, 0 * strength
    found = fit(together(data, others), 4.0, 9.0, use=0.0)
    for before, after in zip(expected.sets_[0], found.sets_[0], strict=True):
        assert after == pytest.approx(before, abs=1e-9)


def test_what_others_were_shown_moves_a_platform_by_its_kind_alone(data):
    """Three times as many see the others: what only some saw keeps close to its own responses."""
    more = drawn(seed=8, n=3 * N, never_shown=(0, NEVER_SHOWN))
    alone, beside = (fit(each, 1e-3, 1e-3, use=0.0) for each in (data, together(data, more)))
    turned_down = fit(together(data, (*more[:3], 1.0 * (more[1] == 0), more[4])), 1e-3, 1e-3, use=0)
    found, expected, other = (r.score(*asked(data))[:, 0] for r in (beside, alone, turned_down))
    assert np.abs(found - expected).mean() < 0.02
    assert np.abs(other - expected).mean() > 0.1


def test_halving_who_looked_and_what_was_taken_up_changes_little():
    """Who looked half as often and took up half as much likes it as well: ranks tell nothing."""
    data = drawn(n=4_000)
    *known, examined, strength = data
    whole = fit(data, 1e-3, 1e-3, use=0.0).score(*asked(data))
    half = fit((*known, examined / 2, strength / 2), 1e-3, 1e-3, use=0.0).score(*asked(data))
    assert half == pytest.approx(whole, abs=0.02)


def test_halving_who_looked_doubles_what_those_must_have_taken_up():
    data = drawn(n=4_000)
    *known, examined, strength = data
    whole = fit(data, 1e-3, 1e-3, use=0.0).score(*asked(data))
    half = fit((*known, examined / 2, strength), 1e-3, 1e-3, use=0.0).score(*asked(data))
    assert half == pytest.approx(2 * whole, abs=0.05)


def test_history_counts_by_kind(data):
    ranker = fit(data, 4.0, 9.0, use=0.0)
    profile = np.array([1, 3])
    one, other, of_another_kind = (
        ranker.score_one(profile, np.array([platform])) for platform in (0, 2, 3)
    )
    assert np.array_equal(one[[1, 3, 4, 5]], other[[1, 3, 4, 5]])
    assert np.abs(one - of_another_kind)[[1, 4, 5]].min() > 1e-3
    two = ranker.score_one(profile, np.array([0, 2]))
    nothing = ranker.score_one(profile, np.array([], dtype=np.intp))
    assert (two - one)[[1, 3, 4, 5]] == pytest.approx((one - nothing)[[1, 3, 4, 5]])


def test_the_own_platform_tells_nothing_of_itself_but_others_of_its_kind_do(data):
    ranker = fit(data, 4.0, 9.0, use=0.0)
    for found in ranker.sets_:
        assert not np.diag(found.history).any()
        assert abs(found.history[2, 0]) > 1e-3
    profile, nothing = np.array([1, 3]), np.array([], dtype=np.intp)
    expected = ranker.score_one(profile, nothing)[0]
    assert ranker.score_one(profile, np.array([0]))[0] == expected


def test_pairs_of_answers_have_no_weight_from_responses(data):
    expected, found = fit(data, 4.0, 9.0, use=0.0), fit(data, 4.0, 9.0, use=1.0)
    other_pairs = data[0].copy()
    other_pairs[:, ANSWERS:] = 1 - other_pairs[:, ANSWERS:]
    changed = fit((other_pairs, *data[1:]), 4.0, 9.0, use=0.0)
    for before, after in zip(expected.sets_, changed.sets_, strict=True):
        assert not before.profile[ANSWERS:].any()
        assert before.profile[:ANSWERS].all()
        assert all(np.array_equal(*each) for each in zip(before, after, strict=True))
    assert all(weights.profile[ANSWERS:].any() for weights in found.sets_)


@pytest.mark.parametrize("use", [0.05, 1.0, 7.0])
def test_it_adds_so_many_times_what_is_told_of_use(data, use):
    without, found = (fit(data, 4.0, 9.0, each) for each in (0.0, use))
    of_use = LinearRanker(pairs=PAIRS).fit(*asked(data), data[2])
    expected = without.score(*asked(data)) + use * of_use.score(*asked(data))
    assert found.score(*asked(data)) == pytest.approx(expected, abs=1e-9)


@pytest.mark.parametrize("use", [0.0, 0.05, 7.0])
def test_where_nothing_was_shown_use_is_all_there_is(data, use):
    nothing = np.zeros((N, PLATFORMS))
    expected = LinearRanker(pairs=PAIRS).fit(*asked(data), data[2]).score(*asked(data))
    assert np.array_equal(fit((*data[:3], nothing, nothing), use=use).score(*asked(data)), expected)
    ranker = ResponseRanker(use=use, kinds=KINDS, pairs=PAIRS).fit(*asked(data), data[2])
    assert np.array_equal(ranker.score(*asked(data)), expected)


def test_contributions_are_told_from_the_average_business(data):
    ranker = fit(data, 4.0, 9.0, use=0.5)
    profile, history = np.array([1, 3]), np.array([0, 4])
    means = np.average(np.c_[data[0], data[1]], axis=0, weights=data[2])
    assert ranker.means_ == pytest.approx(means)
    parts, weights = ranker.contributions(profile, history, 3), ranker.sets_[1]
    is_set = np.isin(range(PLATFORMS), history)
    assert parts.history == pytest.approx((is_set - means[FEATURES:]) * weights.history[:, 3])
    assert parts.total == pytest.approx(ranker.score_one(profile, history)[3])


@pytest.mark.parametrize(
    ("parameters", "complaint"),
    [
        ({"profile_penalty": 0.0}, "penalties above 0"),
        ({"profile_penalty": -1.0}, "penalties above 0"),
        ({"history_penalty": 0.0}, "penalties above 0"),
        ({"history_penalty": float("inf")}, "finite penalties"),
        ({"profile_penalty": float("nan")}, "finite penalties"),
        ({"use": -0.1}, "weight of use of at least 0"),
        ({"use": float("inf")}, "finite weight of use"),
        ({"use": float("nan")}, "finite weight of use"),
        ({"kinds": (0, 1)}, f"expected {PLATFORMS} kinds"),
        ({"kinds": (*KINDS, 0)}, f"expected {PLATFORMS} kinds"),
        ({"kinds": (-1, *KINDS[1:])}, "kinds, one a platform, from 0"),
        ({"pairs": -1}, "number of pairs from 0"),
        ({"pairs": FEATURES + 1}, f"number of pairs from 0 to {FEATURES}"),
    ],
)
def test_parameters_out_of_their_bounds_are_refused(data, parameters, complaint):
    with pytest.raises(ValueError, match=complaint):
        fit(data, **parameters)


def test_sums_of_nobody_are_refused():
    with pytest.raises(ValueError, match="at least one business"):
        ResponseRanker().solve(Sums(FEATURES, PLATFORMS))
