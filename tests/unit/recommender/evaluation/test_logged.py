"""What another ranker would have done: worked out by hand, and where the truth is known."""

import numpy as np
import pytest
from scipy import sparse

from recommender.evaluation.logged import MOST_WEIGHT, best_reranked, full, reranked

SCORES = np.array([[0.1, 0.9, 0.5, 0.7], [0.4, 0.3, 0.2, 0.1], [0.4, 0.3, 0.2, 0.1]])
EXAMINED = np.array([[0.5, 1, 0, 0.25], [0, 0, 0, 0], [0, 0, 0.5, 0]])
STRENGTH = np.array([[1.0, 0.2, 0.9, -0.05], [0.7, 0.7, 0.7, 0.7], [0, 0, 0.3, 0]])
INCLUSION = np.array([[0.2, 1, 0, 0.5], [0, 0, 0, 0], [0, 0, 0.01, 0]])
OPEN = np.ones(SCORES.shape, dtype=bool)


def discount(rank):
    """Return what counts of a gain at a rank, from 1."""
    return 1 / np.log2(rank + 1)


def matrices(*values):
    return tuple(map(sparse.csr_array, values))


def test_what_was_shown_is_ordered_anew_by_score():
    """The second, the fourth, the first; what was taken up, over who looked."""
    found = reranked(SCORES, *matrices(EXAMINED, STRENGTH))
    first = 0.2 / 1 * discount(1) - 0.05 / 0.25 * discount(2) + 1 / 0.5 * discount(3)
    assert found == pytest.approx([first, 0, 0.3 / 0.5])


def test_ranks_beyond_the_last_count_nothing():
    given = matrices(EXAMINED, STRENGTH)
    until = [reranked(SCORES, *given, k=k)[0] for k in (1, 2, 3)]
    assert np.diff([0, *until]) == pytest.approx([0.2, -0.2 * discount(2), 2 * discount(3)])
    assert full(SCORES, OPEN, *matrices(EXAMINED, INCLUSION, STRENGTH), k=3)[0] == pytest.approx(
        0.2 - 0.4 * discount(2)
    )


def test_the_best_order_is_that_of_what_was_gained():
    examined, strength = matrices(EXAMINED, STRENGTH)
    gained = np.divide(STRENGTH, EXAMINED, where=EXAMINED > 0, out=np.zeros_like(STRENGTH))
    found = best_reranked(examined, strength)
    assert found == pytest.approx([2 * discount(1) + 0.2 * discount(2) - 0.2 * discount(3), 0, 0.6])
    assert found == pytest.approx(reranked(gained, examined, strength))
    assert best_reranked(examined, strength, k=1) == pytest.approx([2, 0, 0.6])


def test_everything_open_is_ranked_and_weighed_by_how_likely_it_was_to_be_shown():
    """The second, the fourth, the third, the first; the third was not shown and gains nothing."""
    found = full(SCORES, OPEN, *matrices(EXAMINED, INCLUSION, STRENGTH))
    first = 0.2 * discount(1) - 0.2 / 0.5 * discount(2) + 2 / 0.2 * discount(4)
    assert found[:2] == pytest.approx([first, 0])


def test_what_is_not_open_takes_no_rank_and_gains_nothing():
    """The third is first, and then the first: they are all that is open."""
    open_ = OPEN.copy()
    open_[0, [1, 3]] = False
    found = full(SCORES, open_, *matrices(EXAMINED, INCLUSION, STRENGTH))
    assert found[0] == pytest.approx(2 / 0.2 * discount(2))
    open_[0] = False
    assert full(SCORES, open_, *matrices(EXAMINED, INCLUSION, STRENGTH))[0] == 0


def test_what_was_unlikely_to_be_shown_is_weighed_by_so_much_at_most():
    examined, inclusion, strength = matrices(EXAMINED, INCLUSION, STRENGTH)
    assert full(SCORES, OPEN, examined, inclusion, strength)[2] == pytest.approx(
        MOST_WEIGHT * 0.6 * discount(3)
    )
    at_the_bound = sparse.csr_array(np.maximum(INCLUSION, 1 / MOST_WEIGHT))
    assert full(SCORES, OPEN, examined, at_the_bound, strength)[2] == pytest.approx(
        MOST_WEIGHT * 0.6 * discount(3)
    )


def test_equal_scores_keep_their_order():
    n = 60
    scores, examined = (np.arange(n) % 2.0)[None], (np.arange(n) % 3.0 != 2)[None]
    ordered = [*range(1, n, 2), *range(0, n, 2)]
    for shown, column in enumerate(column for column in ordered if column % 3 != 2):
        given = matrices(examined, np.eye(n)[[column]])
        assert reranked(scores, *given, k=n)[0] == pytest.approx(discount(shown + 1))
        given = matrices(examined, examined, np.eye(n)[[column]])
        among_all = discount(ordered.index(column) + 1)
        assert full(scores, scores >= 0, *given, k=n)[0] == pytest.approx(among_all)


def test_of_nobody_or_nothing_shown_nothing_is_gained():
    nothing = sparse.csr_array((3, 4))
    assert reranked(SCORES, nothing, nothing).tolist() == [0, 0, 0]
    assert best_reranked(nothing, nothing).tolist() == [0, 0, 0]
    assert full(SCORES, OPEN, nothing, nothing, nothing).tolist() == [0, 0, 0]
    nobody = sparse.csr_array((0, 4))
    assert reranked(SCORES[:0], nobody, nobody).shape == (0,)
    assert full(SCORES[:0], OPEN[:0], nobody, nobody, nobody).shape == (0,)


BUSINESSES, PLATFORMS, SHOWN, LOGS, EXPLORED = 40, 8, 4, 2_000, 0.2
LOOKED_AT = np.array([1.0, 0.7, 0.45, 0.3])


@pytest.fixture(scope="module")
def truth():
    """How likely each business is to take up each platform once it has looked at it."""
    return np.random.default_rng(1).beta(1.0, 3.0, (BUSINESSES, PLATFORMS))


@pytest.fixture(scope="module")
def rankings(truth):
    """Scores of several rankers; the one in service orders the wrong way round, but for chance."""
    random = np.random.default_rng(2)
    noise = random.normal(size=truth.shape)
    return {
        "by the truth": truth,
        "nearly by the truth": truth + 0.1 * noise,
        "by popularity": np.repeat(truth.mean(axis=0, keepdims=True), BUSINESSES, axis=0),
        "by chance": noise,
        "in service": 0.1 * noise - truth,
    }


def drawn(truth, in_service, logs=LOGS, seed=3):
    """Draw lists of four and what came of them: most by the ranker in service, some by chance.

    Returns:
        Which business each row is of, examined, inclusion, strength.
    """
    random = np.random.default_rng(seed)
    row = np.tile(np.arange(BUSINESSES), logs)
    by_chance = random.random((len(row), 1)) < EXPLORED
    scores = np.where(by_chance, random.random((len(row), PLATFORMS)), in_service[row])
    lists = np.argsort(-scores, axis=1)[:, :SHOWN]
    first = np.argsort(-in_service, axis=1)[:, :SHOWN]
    likely = np.full(truth.shape, EXPLORED * SHOWN / PLATFORMS)
    np.put_along_axis(likely, first, 1 - EXPLORED + EXPLORED * SHOWN / PLATFORMS, axis=1)
    examined, looked = np.zeros((2, len(row), PLATFORMS))
    np.put_along_axis(examined, lists, LOOKED_AT[None], axis=1)
    looked = random.random(examined.shape) < examined
    taken_up = looked & (random.random(examined.shape) < truth[row])
    return row, *matrices(examined, likely[row] * (examined > 0), taken_up.astype(float))


def true_gain(scores, truth, k):
    """Return the mean gain of everything ranked by score, where all that is ranked is looked at."""
    ordered = np.take_along_axis(truth, np.argsort(-scores, axis=1), axis=1)[:, :k]
    return (ordered @ discount(np.arange(1, k + 1))).mean()


def mean_and_error(values):
    return values.mean(), values.std() / np.sqrt(len(values))


@pytest.mark.parametrize("k", [1, 5, PLATFORMS])
def test_the_full_ranking_is_judged_without_bias(truth, rankings, k):
    row, *logged = drawn(truth, rankings["in service"])
    for name, scores in rankings.items():
        open_ = np.ones((len(row), PLATFORMS), dtype=bool)
        mean, error = mean_and_error(full(scores[row], open_, *logged, k=k))
        expected = true_gain(scores, truth, k)
        assert error < 0.04 * expected, name
        assert abs(mean - expected) < 3.5 * error, name


def test_if_what_was_not_shown_were_turned_down_it_would_be_judged_wrongly(truth, rankings):
    """All too low, and what is in service best, though it is worst by far."""
    row, examined, _, strength = drawn(truth, rankings["in service"])
    open_ = np.ones((len(row), PLATFORMS), dtype=bool)
    found = {}
    for name, scores in rankings.items():
        mean, error = mean_and_error(
            full(scores[row], open_, examined, examined > 0, strength, k=3)
        )
        assert mean < true_gain(scores, truth, 3) - 10 * error, name
        found[name] = mean
    better, worse = (true_gain(rankings[name], truth, 3) for name in ("by the truth", "in service"))
    assert better > 3 * worse
    assert found["by the truth"] < found["in service"]


def test_who_orders_by_the_truth_is_best_at_what_was_shown(truth, rankings):
    row, examined, _, strength = drawn(truth, rankings["in service"])
    found = {name: reranked(each[row], examined, strength) for name, each in rankings.items()}
    for name in rankings.keys() - {"by the truth"}:
        mean, error = mean_and_error(found["by the truth"] - found[name])
        assert mean > 4 * error, name
    assert found["nearly by the truth"].mean() > found["by chance"].mean()
    assert (best_reranked(examined, strength) >= found["by the truth"] - 1e-9).all()


def test_an_order_is_not_better_for_having_been_looked_at_from_above(truth):
    """All are as good: what stood high was taken up more often because more have looked."""
    alike = np.full(truth.shape, 0.3)
    _, examined, _, strength = drawn(alike, np.zeros(truth.shape), logs=300)
    as_shown, by_chance = examined.toarray(), np.random.default_rng(5).random(examined.shape)
    fair = (reranked(each, examined, strength) for each in (as_shown, by_chance))
    mean, error = mean_and_error(np.subtract(*fair))
    assert abs(mean) < 3.5 * error
    unfair = (reranked(each, (examined > 0) * 1.0, strength) for each in (as_shown, by_chance))
    mean, error = mean_and_error(np.subtract(*unfair))
    assert mean > 10 * error
