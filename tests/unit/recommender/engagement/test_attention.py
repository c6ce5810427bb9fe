"""How likely a platform is looked at, and what drawn slots tell of it."""

import numpy as np
import pytest

from recommender.engagement.attention import (
    LEAST,
    SIMULATED_ATTENTION,
    Attention,
    estimate_attention,
)
from recommender.simulation.coefficients import FUNNEL


def reactions(exponent, n, seed=0, lengths=(10,), appeal=0.2):
    """Slots drawn uniformly from rank 3 to the end of lists, those that were reacted to."""
    random = np.random.default_rng(seed)
    last = random.choice(lengths, n)
    first = np.full(n, 3)
    rank = first + (random.random(n) * (last - first + 1)).astype(int)
    seen = random.random(n) < appeal * (rank / 1.0) ** -exponent
    return rank[seen], first[seen], last[seen]


def test_the_prior_is_the_truth_of_the_simulator():
    assert SIMULATED_ATTENTION.exponent == FUNNEL.attention


def test_attention_falls_with_the_rank_but_not_below_the_least():
    seen = Attention(0.7)(np.array([1, 2, 10, 10_000]))
    assert seen == pytest.approx([1, 2**-0.7, 10**-0.7, LEAST])


@pytest.mark.parametrize("rank", [0, -1, np.nan])
def test_what_is_no_rank_is_refused(rank):
    with pytest.raises(ValueError, match=f"expected ranks from 1, found {rank}"):
        Attention(0.7)(np.array([3.0, rank]))


def test_without_reactions_the_prior_is_all_there_is():
    none = np.array([], dtype=int)
    found = estimate_attention(none, none, none)
    assert found.attention.exponent == pytest.approx(SIMULATED_ATTENTION.exponent, abs=1e-4)
    assert found.low < SIMULATED_ATTENTION.exponent < found.high
    assert found.reactions == 0


@pytest.mark.parametrize("exponent", [0.2, 0.7, 1.4])
@pytest.mark.parametrize("lengths", [(10,), (5, 10, 30)])
def test_many_reactions_tell_the_truth_whatever_the_lengths_of_lists(exponent, lengths):
    found = estimate_attention(*reactions(exponent, 200_000, lengths=lengths))
    assert found.attention.exponent == pytest.approx(exponent, abs=0.08)
    assert found.high - found.low < 0.2


def test_few_reactions_hardly_move_the_prior():
    found = estimate_attention(*reactions(2.0, 60))
    assert abs(found.attention.exponent - SIMULATED_ATTENTION.exponent) < 0.4


def test_the_interval_holds_the_truth_about_as_often_as_it_says():
    truth = 0.6
    held = [
        found.low <= truth <= found.high
        for found in (estimate_attention(*reactions(truth, 5_000, seed)) for seed in range(150))
    ]
    assert 0.9 <= np.mean(held) <= 1.0


def test_the_appeal_of_what_is_shown_cancels_out():
    for appeal in (0.05, 0.9):
        found = estimate_attention(*reactions(1.0, 150_000, appeal=appeal))
        assert found.attention.exponent == pytest.approx(1.0, abs=0.12)


def test_slots_that_could_have_one_rank_alone_tell_nothing():
    rank = np.full(1_000, 5)
    found = estimate_attention(rank, rank, rank)
    assert found.attention.exponent == pytest.approx(SIMULATED_ATTENTION.exponent, abs=1e-3)


@pytest.mark.parametrize(("rank", "first", "last"), [(2, 3, 10), (11, 3, 10), (1, 0, 3)])
def test_ranks_that_cannot_be_are_refused(rank, first, last):
    with pytest.raises(ValueError, match="expected each rank among"):
        estimate_attention(np.array([rank]), np.array([first]), np.array([last]))
