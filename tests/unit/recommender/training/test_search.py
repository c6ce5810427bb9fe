"""The choice of parameters, on data where it is known which are best."""

import numpy as np
import pytest
from sklearn.base import clone

from recommender.rankers import PopularityRanker, ResponseRanker, Responses, Sums
from recommender.training.search import (
    PENALTIES,
    SHRINKAGES,
    STRENGTHS,
    USES,
    choose_logistic,
    choose_response,
    choose_segments,
    fitted_on,
)

PLATFORMS = 12
GROUPS = ((0, 1, 2),)


@pytest.fixture(scope="module")
def draw(make_part):
    """States of three sectors that were shown all platforms; `taste` says how sectors differ."""

    def make(n, taste, seed=0, use=0.0):
        random = np.random.default_rng(seed)
        sector = random.integers(0, 3, n)
        profiles = np.zeros((n, 3))
        profiles[np.arange(n), sector] = 1
        own = np.arange(PLATFORMS) % 3 == sector[:, None]
        appeal = np.full((n, PLATFORMS), 0.2) + taste * np.where(own, 0.2, -0.1)
        strength = (random.random((n, PLATFORMS)) < appeal).astype(float)
        used = (random.random((n, PLATFORMS)) < use * own).astype(float)
        return make_part(profiles, used, np.ones((n, PLATFORMS)), strength=strength)

    return make


def sums_of(part):
    return part.add_to(Sums(3, PLATFORMS, GROUPS))


def parameters_of(ranker, tried):
    return {name: ranker.get_params()[name] for name in tried[0].parameters}


def test_the_configuration_that_surely_reaches_most_is_chosen(draw):
    """Of few states that differ much, the usual penalties leave too little."""
    sums, choose = sums_of(draw(60, 1.0)), draw(4_000, 1.0, seed=1)
    chosen, tried = choose_response(sums, choose, budget=12)
    assert len(tried) == 12
    best = max(tried, key=lambda each: each.reached)
    assert best.reached > tried[0].reached
    assert parameters_of(chosen, tried) == best.parameters != tried[0].parameters
    assert all(0 < each.reached <= 1 for each in tried)


def test_the_usual_parameters_stay_where_others_are_better_by_chance_alone(draw):
    sums, choose = sums_of(draw(60, 0.0)), draw(100, 0.0, seed=5)
    chosen, tried = choose_response(sums, choose, budget=12)
    assert max(each.reached for each in tried) > tried[0].reached
    assert parameters_of(chosen, tried) == tried[0].parameters
    assert parameters_of(ResponseRanker(), tried) == tried[0].parameters


def test_logistic_regression_is_chosen_within_bounds_and_then_fitted_on_what_is_given(draw):
    sample, choose, rest = draw(300, 1.0), draw(200, 1.0, seed=1), draw(500, 1.0, seed=2)
    chosen = choose_logistic(sample, choose, budget=4)
    low, high = STRENGTHS
    assert low <= chosen.C <= high
    assert not hasattr(chosen, "classifiers_")
    again = clone(chosen).fit(
        rest.profiles, rest.used, rest.weights, Responses(rest.examined, rest.strength)
    )
    asked = choose.profiles, choose.used
    assert np.array_equal(fitted_on(rest, chosen).score(*asked), again.score(*asked))


def test_what_is_chosen_is_not_fitted_yet_and_knows_the_columns(draw):
    chosen, _ = choose_response(sums_of(draw(50, 1.0)), draw(50, 1.0), budget=1)
    assert not hasattr(chosen, "sets_")
    assert chosen.kinds == tuple(range(PLATFORMS))
    assert chosen.pairs == 0


def test_it_does_better_than_popularity_where_sectors_differ(draw):
    sums, choose, later = sums_of(draw(500, 1.0)), draw(300, 1.0, seed=1), draw(300, 1.0, seed=2)
    chosen, _ = choose_response(sums, choose, budget=6)

    def gained(ranker):
        scores = ranker.solve(sums).score(later.profiles, later.used)
        first5 = np.argsort(-scores, axis=1, kind="stable")[:, :5]
        return np.take_along_axis(later.strength.toarray(), first5, axis=1).mean()

    assert gained(chosen) > 1.3 * gained(PopularityRanker())


def test_segments_that_do_not_differ_are_shrunk_more_than_those_that_do(draw):
    alike, differing = (
        choose_segments(sums_of(draw(100, taste)), draw(4_000, taste, seed=1)).shrinkage
        for taste in (0.0, 1.0)
    )
    assert alike > 10 * differing


def test_all_that_is_tried_is_within_bounds_and_spread_over_them(draw):
    _, tried = choose_response(sums_of(draw(40, 1.0)), draw(40, 1.0), budget=25)
    for name, (low, high) in (
        ("profile_penalty", PENALTIES),
        ("history_penalty", PENALTIES),
        ("use", USES),
    ):
        values = np.array([each.parameters[name] for each in tried[1:]])
        places = np.log(values / low) / np.log(high / low)
        assert ((places > -0.001) & (places < 1.001)).all()
        counts = np.histogram(places, bins=4, range=(0, 1))[0]
        assert abs(counts - 6).max() <= 1  # rounded to three digits, one may cross
    assert len({each.reached for each in tried}) > 1


def test_popularity_by_segment_is_tried_within_bounds(draw):
    chosen = choose_segments(sums_of(draw(60, 1.0)), draw(60, 1.0, seed=1))
    low, high = SHRINKAGES
    assert low <= chosen.shrinkage <= high
    assert not hasattr(chosen, "segments_")
    assert chosen.groups == GROUPS


def test_the_same_seed_tries_the_same_and_another_one_others(draw):
    sums, choose = sums_of(draw(50, 1.0)), draw(50, 1.0, seed=1)
    first = choose_response(sums, choose, seed=3, budget=4)[1]
    assert choose_response(sums, choose, seed=3, budget=4)[1] == first
    assert choose_response(sums, choose, seed=4, budget=4)[1] != first


def test_where_nothing_was_taken_up_all_do_equally_well(draw):
    part = draw(50, 1.0)
    nothing = part[np.arange(0)]
    _, tried = choose_response(sums_of(part), nothing, budget=3)
    assert [each.reached for each in tried] == [0, 0, 0]
