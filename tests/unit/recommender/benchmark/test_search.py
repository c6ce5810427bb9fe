"""The choice of parameters, on data where it is known which are best."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.benchmark import search
from recommender.benchmark.search import (
    Tasks,
    choose_among,
    choose_linear,
    configurations,
    leave_one_out_tasks,
)
from recommender.evaluation import metrics
from recommender.evaluation.protocol import Task, leave_one_out
from recommender.rankers import (
    LinearRanker,
    PopularityRanker,
    Regime,
    SegmentPopularityRanker,
    Sums,
)

KINDS, PLATFORMS = 6, 12
LITTLE, MUCH = 1.0, 1e7


@pytest.fixture
def two_penalties(monkeypatch):
    """Let only the penalties be chosen: believe, or do not believe, the profile or the history."""
    monkeypatch.setattr(search, "BUDGET", 12)
    monkeypatch.setattr(search, "PROFILE_PENALTIES", (LITTLE, MUCH))
    monkeypatch.setattr(search, "HISTORY_PENALTIES", (LITTLE, MUCH))
    monkeypatch.setattr(search, "KEEPS", (1.0,))
    monkeypatch.setattr(search, "RANK_SHARES", (None,))
    monkeypatch.setattr(search, "DAMPINGS", (0.0,))


def businesses(n, seed, profile_tells=True, history_tells=True):
    """Make businesses of six kinds that use both platforms of their kind, and one of any kind."""
    draw = np.random.default_rng(seed)
    kind = draw.integers(KINDS, size=n)
    profiles = np.zeros((n, KINDS))
    profiles[np.arange(n), kind if profile_tells else draw.integers(KINDS, size=n)] = 1
    used = np.zeros((n, PLATFORMS))
    used[np.arange(n), 2 * kind] = used[np.arange(n), 2 * kind + 1] = 1
    if not history_tells:
        used = np.zeros((n, PLATFORMS))
        for place in range(3):
            platform = 2 * kind + draw.integers(2, size=n) if place == 0 else None
            used[np.arange(n), draw.integers(PLATFORMS, size=n) if place else platform] = 1
    return sparse.csr_array(profiles), sparse.csr_array(used)


def summed(profiles, used):
    return Sums(profiles.shape[1], used.shape[1]).update(profiles, used, np.ones(profiles.shape[0]))


def one_of_each(used, rows=None):
    return leave_one_out(used, np.arange(used.shape[0]) if rows is None else rows, None, 0)


def without_history(used, rows=None):
    rows = np.arange(used.shape[0]) if rows is None else rows
    nothing = sparse.csr_array((len(rows), used.shape[1]))
    return Task(rows, nothing, nothing, used[rows])


def test_there_are_as_many_configurations_as_the_budget_allows(monkeypatch):
    assert len(configurations(50)) == search.BUDGET
    monkeypatch.setattr(search, "BUDGET", 7)
    assert len(configurations(50)) == 7


@pytest.mark.parametrize("n_platforms", [1, 48, 500])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_configurations_lie_on_the_grid(n_platforms, seed):
    ranks = {None, *(max(1, round(s * n_platforms)) for s in search.RANK_SHARES if s)}
    found = configurations(n_platforms, seed)
    for regime in found:
        regime.check()
        assert regime.rank in ranks
    for name, grid in (
        ("profile_penalty", search.PROFILE_PENALTIES),
        ("history_penalty", search.HISTORY_PENALTIES),
        ("keep", search.KEEPS),
        ("damping", search.DAMPINGS),
    ):
        assert {getattr(regime, name) for regime in found} == set(grid), "a value is never tried"


def test_the_same_seed_gives_the_same_configurations():
    assert configurations(48, 3) == configurations(48, 3)
    assert configurations(48, 3) != configurations(48, 4)


def test_history_is_believed_where_it_tells_and_the_profile_does_not(two_penalties):
    sums = summed(*businesses(400, 1, profile_tells=False))
    profiles, used = businesses(300, 2, profile_tells=False)
    chosen, _ = choose_linear(sums, profiles, leave_one_out_tasks(used))
    for regimes in (chosen.few, chosen.many):
        assert {regime.history_penalty for regime in regimes} == {LITTLE}


def test_history_is_not_believed_where_it_only_misleads(two_penalties):
    sums = summed(*businesses(60, 1, history_tells=False))
    profiles, used = businesses(400, 2, history_tells=False)
    asked = one_of_each(used)
    tasks = Tasks(without_history(used), asked, asked, hidden=True)
    chosen, _ = choose_linear(sums, profiles, tasks)
    for regimes in (chosen.few, chosen.many):
        assert MUCH in {regime.history_penalty for regime in regimes[:1]}
    assert {regime.profile_penalty for regime in chosen.none} == {LITTLE}


def test_each_length_of_history_chooses_by_its_own_task(two_penalties, monkeypatch):
    """Who has no history has a true profile; few: a true history, many: a true profile again.

    Platforms are dropped as often as answers: but for the penalties, neither is believed more.
    """
    monkeypatch.setattr(search, "KEEPS", (Regime().told,))
    sums = summed(*businesses(400, 1))
    profiles, used = businesses(300, 2)
    first, second, third = np.arange(100), np.arange(100, 200), np.arange(200, 300)
    false_profiles = profiles.toarray()
    false_profiles[second] = np.roll(false_profiles[second], 1, axis=1)
    few, many = one_of_each(used, second), one_of_each(used, third)
    told = many.history.toarray()
    misleading = sparse.csr_array(np.roll(told, 4, axis=1))
    many = Task(many.users, misleading, sparse.csr_array(told), many.wanted)
    tasks = Tasks(without_history(used, first), few, many, hidden=True)
    chosen, _ = choose_linear(sums, sparse.csr_array(false_profiles), tasks)
    assert {regime.profile_penalty for regime in chosen.none} == {LITTLE}
    assert {(r.profile_penalty, r.history_penalty) for r in chosen.few} == {(MUCH, LITTLE)}
    assert {(r.profile_penalty, r.history_penalty) for r in chosen.many} == {(LITTLE, MUCH)}


def test_businesses_that_count_for_nothing_do_not_choose(two_penalties):
    sums = summed(*businesses(400, 1))
    profiles, used = businesses(300, 2)
    few = np.arange(300) < 40
    false = profiles.toarray()
    false[~few] = np.roll(false[~few], 1, axis=1)
    asked = one_of_each(used)
    tasks = Tasks(without_history(used), asked, asked, hidden=True)
    by_all, _ = choose_linear(sums, sparse.csr_array(false), tasks)
    by_few, _ = choose_linear(sums, sparse.csr_array(false), tasks, weights=few.astype(float))
    assert {regime.profile_penalty for regime in by_all.none} == {MUCH}
    assert {regime.profile_penalty for regime in by_few.none} == {LITTLE}


def test_the_profile_alone_counts_where_platforms_in_use_are_hidden():
    """Else it would be taken for true that those without history use nothing."""
    sums = summed(*businesses(400, 1))
    profiles, used = businesses(300, 2)
    tasks = leave_one_out_tasks(used)
    assert tasks.hidden
    hidden, record = choose_linear(sums, profiles, tasks)
    assert {regime.keep for regime in hidden.none} == {0.0}
    assert {regime.profile_penalty for regime in hidden.none} <= {
        tried.regime.profile_penalty for tried in record
    }
    for regimes in (hidden.few, hidden.many):
        assert {regime.keep for regime in regimes} <= set(search.KEEPS)
    told, record = choose_linear(sums, profiles, tasks._replace(hidden=False))
    assert {regime.keep for regime in told.none} <= set(search.KEEPS)
    assert set(told.none) <= {tried.regime for tried in record}
    assert (told.few, told.many) == (hidden.few, hidden.many)


def qualities(regime, sums, profiles, task):
    """Return the NDCG@10 of each business, worked out one by one."""
    ranker = LinearRanker((regime,), (regime,), (regime,)).solve(sums)
    ranking = metrics.rank(ranker.score(profiles[task.users], task.history), task.left_out)
    by_row = metrics.ndcg(ranking, task.wanted, 10)
    by_user = {user: by_row[task.users == user] for user in set(task.users.tolist())}
    return np.array([np.nanmean(rows) for rows in by_user.values() if not np.isnan(rows).all()])


@pytest.mark.parametrize("hidden", [True, False])
@pytest.mark.parametrize(("at_most", "sizes"), [(1, {1}), (2, {2}), (6, {2, 3})])
def test_the_best_ones_within_one_standard_error_are_averaged(monkeypatch, at_most, sizes, hidden):
    monkeypatch.setattr(search, "BUDGET", 16)
    monkeypatch.setattr(search, "AVERAGED", at_most)
    draw = np.random.default_rng(0)
    noise = sparse.csr_array((draw.random((240, PLATFORMS)) < 0.1).astype(float))
    profiles, used = businesses(240, 3)
    used = ((used + noise) > 0).astype(float).tocsr()
    sums = summed(profiles[:120], used[:120])
    profiles, used = profiles[120:], used[120:]
    tasks = leave_one_out_tasks(used)._replace(hidden=hidden)
    chosen, record = choose_linear(sums, profiles, tasks, seed=0)
    assert [tried.regime for tried in record] == configurations(PLATFORMS, 0)
    reached = set()
    for name in ("none", "few", "many"):
        of_profile = {"keep": 0.0} if hidden and name == "none" else {}
        tried_as = {each.regime: replace(each.regime, **of_profile) for each in record}
        found = {
            regime: qualities(regime, sums, profiles, getattr(tasks, name))
            for regime in tried_as.values()
        }
        ordered = sorted(found, key=lambda regime, found=found: -found[regime].mean())
        best = found[ordered[0]]
        least = best.mean() - best.std() / np.sqrt(len(best))
        expected = [regime for regime in ordered[:at_most] if found[regime].mean() >= least]
        regimes = getattr(chosen, name)
        assert set(regimes) == set(expected)
        assert regimes[0] == ordered[0]
        reached.add(len(regimes))
        for tried in record:
            mean = found[tried_as[tried.regime]].mean()
            assert getattr(tried, name).mean == pytest.approx(mean)
    assert reached == sizes


def test_one_that_is_clearly_best_stands_alone(two_penalties, monkeypatch):
    monkeypatch.setattr(search, "PROFILE_PENALTIES", (MUCH,))
    monkeypatch.setattr(search, "KEEPS", (1e-6, 1.0))
    sums = summed(*businesses(400, 1))
    profiles, used = businesses(200, 2)
    chosen, record = choose_linear(sums, profiles, leave_one_out_tasks(used))
    best = max(tried.many.mean for tried in record)
    assert len(record) == 12
    for regime in chosen.many:
        assert qualities(regime, sums, profiles, one_of_each(used)).mean() == pytest.approx(best)
    assert len(chosen.many) < search.AVERAGED


def test_the_ranker_that_is_best_on_the_others_is_chosen():
    learned_from = businesses(300, 1)
    profiles, used = businesses(200, 2)
    groups = [list(range(KINDS))]
    rankers = [PopularityRanker(), SegmentPopularityRanker(groups, 5.0), PopularityRanker()]
    best, found = choose_among(rankers, learned_from, profiles, leave_one_out_tasks(used))
    assert best is rankers[1]
    assert not hasattr(best, "by_segment_")
    assert found[1] == max(found)
    assert found[0] == found[2] < found[1]


def test_tasks_for_choosing_hide_each_platform_in_turn():
    used = sparse.csr_array(np.tril(np.ones((6, 6))))
    none, few, many, hidden = leave_one_out_tasks(used)
    assert hidden
    assert none.history.nnz == none.left_out.nnz == 0
    assert (none.wanted.toarray() == used.toarray()).all()
    assert set(few.users.tolist()) == set(many.users.tolist()) == {1, 2, 3, 4, 5}
    assert few.history.sum(axis=1).max() == 3
    assert many.history.sum(axis=1).max() == 5
    for task in (few, many):
        assert len(task.users) == 2 + 3 + 4 + 5 + 6
        assert (task.history * task.wanted).nnz == 0


def test_tasks_for_choosing_are_cut_at_a_size(monkeypatch):
    monkeypatch.setattr(search, "MOST_ROWS", 20)
    used = sparse.csr_array(np.ones((100, 5)))
    none, few, many, _ = leave_one_out_tasks(used, 1)
    assert len(none.users) == 20
    assert 15 <= len(few.users) == len(many.users) <= 25
    assert (leave_one_out_tasks(used, 1).none.users == none.users).all()
    assert (leave_one_out_tasks(used, 2).none.users != none.users).any()
