"""What more data brings."""

import numpy as np
import pytest

from recommender.rankers import ResponseRanker, Sums
from recommender.training.learning_curve import PARTS, learning_curve

PLATFORMS = 12


@pytest.fixture(scope="module")
def draw(make_part):
    """States of three sectors, each with platforms of its own that appeal to it."""

    def make(n, seed, weight=1.0):
        random = np.random.default_rng(seed)
        sector = random.integers(0, 3, n)
        own = np.arange(PLATFORMS) % 3 == sector[:, None]
        strength = random.random((n, PLATFORMS)) < np.where(own, 0.4, 0.1)
        profiles, nothing = np.eye(3)[sector], np.zeros((n, PLATFORMS))
        weights = np.full(n, weight)
        return make_part(profiles, nothing, nothing + 1, strength=strength, weights=weights)

    return make


@pytest.fixture(scope="module")
def curve(draw):
    sample, test = draw(640, 1, weight=0.5), draw(2_000, 3)
    rest = sample.add_to(Sums(3, PLATFORMS))
    rest = draw(3_000, 2).add_to(rest)
    return learning_curve(ResponseRanker(), sample, rest, test)


def test_shares_of_the_sample_are_learned_from_and_last_everything(curve):
    assert [point.states for point in curve] == [640 * 0.5 * part for part in PARTS] + [3_320]


def test_more_states_reach_more(curve):
    reached = [point.reached for point in curve]
    assert reached == sorted(reached)
    assert reached[-1] > reached[0] + 0.05
    assert 0 < reached[0] < reached[-1] < 1


def test_the_ranker_is_left_unfitted(draw):
    ranker = ResponseRanker()
    few = draw(20, 1)
    learning_curve(ranker, few, few.add_to(Sums(3, PLATFORMS)), few)
    assert not hasattr(ranker, "sets_")


def test_the_sample_is_used_in_the_order_of_the_seed(draw):
    few, test = draw(64, 1), draw(300, 3)
    sums = few.add_to(Sums(3, PLATFORMS))
    one, same, other = (learning_curve(ResponseRanker(), few, sums, test, s) for s in (0, 0, 5))
    assert one == same
    assert one[0].reached != other[0].reached
    assert one[-1] == other[-1]


def test_one_state_is_enough_to_draw_a_curve(draw):
    one = draw(1, 1)
    found = learning_curve(ResponseRanker(), one, one.add_to(Sums(3, PLATFORMS)), one)
    assert [point.states for point in found] == [1, 1, 1, 1]


def test_where_nothing_was_taken_up_nothing_is_reached(draw, make_part):
    some = draw(40, 1)
    nothing = make_part(np.eye(3), np.zeros((3, PLATFORMS)), np.ones((3, PLATFORMS)))
    found = learning_curve(ResponseRanker(), some, some.add_to(Sums(3, PLATFORMS)), nothing)
    assert [point.reached for point in found] == [0, 0, 0, 0]
