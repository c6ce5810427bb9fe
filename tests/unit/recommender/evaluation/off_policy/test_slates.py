"""Estimators for lists, in worlds where one assumption holds and where it does not."""

from itertools import permutations

import numpy as np
import pytest

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.slates import CascadeIPS, IndependentIPS
from recommender.evaluation.off_policy.target import Target

LOGS = 300


@pytest.fixture(scope="module")
def measured(list_world):
    """Truth and estimates of both, over many logs of a world."""

    def measure(cascade, normalised=False):
        world = list_world(cascade)
        logs = [world.log(seed) for seed in range(LOGS)]
        return world.truth, *(
            np.array([kind(normalised).terms(*each).value for each in logs])
            for kind in (IndependentIPS, CascadeIPS)
        )

    return measure


def test_only_the_cascade_is_unbiased_where_items_change_what_follows(
    measured, assert_unbiased, assert_biased
):
    truth, independent, cascade = measured(cascade=True)
    assert_unbiased(cascade, truth)
    assert_biased(independent, truth)


def test_both_are_unbiased_where_items_do_not_and_independent_varies_less(
    measured, assert_unbiased
):
    truth, independent, cascade = measured(cascade=False)
    assert_unbiased(cascade, truth)
    assert_unbiased(independent, truth)
    assert independent.std() < 0.8 * cascade.std()


def test_normalised_weights_vary_less_and_are_hardly_biased(measured):
    truth, _, cascade = measured(cascade=True)
    _, _, normalised = measured(cascade=True, normalised=True)
    assert normalised.std() < 0.8 * cascade.std()
    assert normalised.mean() == pytest.approx(truth, abs=0.02)


def test_both_by_hand_with_a_list_that_is_shorter():
    log = Log(
        actions=np.array([0, 1, 2, 0, 1]),
        rewards=np.array([1.0, 0.0, 1.0, 1.0, 1.0]),
        propensities=np.full(5, 0.5),
        positions=np.array([3, 1, 2, 1, 2]),
        slates=np.array([7, 7, 7, 4, 4]),
    )
    target = Target(np.array([1.0, 0.25, 0.5, 1.0, 0.75]))
    # List 4: weights 2, 1.5; list 7: weights .5, 1, 2; rewards 1, 1 and 0, 1, 1.
    by_hand = {
        IndependentIPS(): ((2 + 1.5) + (0 + 1 + 2)) / 2,
        CascadeIPS(): ((2 + 3) + (0 + 0.5 + 1)) / 2,
        IndependentIPS(normalised=True): 2 / 2.5 + 2.5 / 2.5 + 2 / 3,
        CascadeIPS(normalised=True): 2 / 2.5 + 3.5 / 3.5 + 1 / 4,
    }
    for estimator, value in by_hand.items():
        terms = estimator.terms(log, target)
        assert terms.value == pytest.approx(value), estimator
        assert terms.contributions.mean() == pytest.approx(value), estimator
        assert terms.contributions.shape == (2,)


def drawn_without_return(strengths):
    """Lists of two, their probability, and that of each position alone and given those above."""
    lists = np.array(list(permutations(range(len(strengths)), 2)))
    first = (strengths / strengths.sum())[lists[:, 0]]
    second = strengths[lists[:, 1]] / (strengths.sum() - strengths[lists[:, 0]])
    shares = first * second
    alone = [shares[lists[:, 1] == item].sum() for item in lists[:, 1]]
    return lists, shares, np.column_stack([first, alone]), np.column_stack([first, second])


def test_lists_without_repeats_need_marginals_for_one_and_conditionals_for_the_other(
    assert_unbiased, assert_biased
):
    """Plackett-Luce lists, where the two differ; an item is worth the same wherever it stands."""
    lists, shares, *logged = drawn_without_return(np.array([4.0, 2.0, 1.0, 1.0]))
    _, wanted_shares, *wanted = drawn_without_return(np.array([1.0, 1.0, 2.0, 4.0]))
    worth = np.array([0.1, 0.3, 0.5, 0.9])
    truth = wanted_shares @ worth[lists].sum(axis=1)
    n, draw = 400, np.random.default_rng(1)
    values = {(kind, use): [] for kind in (IndependentIPS, CascadeIPS) for use in (0, 1)}
    for _ in range(LOGS):
        rows = draw.choice(len(lists), size=n, p=shares)
        shown = lists[rows]
        rewards = (draw.random(shown.shape) < worth[shown]).astype(float).ravel()
        places, slates = np.tile([1, 2], n), np.repeat(np.arange(n), 2)
        for (kind, use), found in values.items():
            log = Log(shown.ravel(), rewards, logged[use][rows].ravel(), places, slates)
            found.append(kind().terms(log, Target(wanted[use][rows].ravel())).value)
    assert_unbiased(values[IndependentIPS, 0], truth)
    assert_unbiased(values[CascadeIPS, 1], truth)
    assert_biased(values[IndependentIPS, 1], truth)
    assert_biased(values[CascadeIPS, 0], truth)


@pytest.mark.parametrize("missing", ["slates", "positions"])
def test_a_log_without_lists_is_refused(list_world, missing):
    log, target = list_world(cascade=False).log(0, n=3)
    fields = {"slates": log.slates, "positions": log.positions, missing: None}
    log = Log(log.actions, log.rewards, log.propensities, **fields)
    with pytest.raises(ValueError, match=f"^{missing}: expected one for each record"):
        CascadeIPS().terms(log, target)


def test_a_position_without_any_weight_cannot_be_normalised():
    log = Log(np.zeros(2, int), np.ones(2), np.ones(2), np.array([0, 1]), np.array([0, 0]))
    with pytest.raises(ValueError, match=r"^chosen: .* position 2 from the top"):
        IndependentIPS(normalised=True).terms(log, Target(np.array([1.0, 0.0])))
