"""Some states, taken apart, put together and summed up."""

import numpy as np
import pytest

from recommender.rankers import Sums
from recommender.training.holdout import FEWEST, Part, everything

# Three states, three platforms: two use the first one already, the third uses none.
USED = np.array([[1, 0, 0], [1, 0, 0], [0, 0, 0]], dtype=float)
EXAMINED = np.array([[0, 1, 0.5], [0, 0.25, 0], [0, 0, 0]])
STRENGTH = np.array([[0, 1, 0], [0, 0, 0], [0, 0, 0]], dtype=float)
WEIGHTS = np.array([1.0, 3.0, 2.0])


@pytest.fixture
def part(make_part):
    return make_part(
        np.ones((3, 1)), USED, EXAMINED, strength=STRENGTH, chosen=STRENGTH, weights=WEIGHTS
    )


def same(one, other):
    for name in ("profiles", "used", "examined", "inclusion", "strength", "chosen"):
        assert (getattr(one, name) != getattr(other, name)).nnz == 0
    for name in ("businesses", "states", "weights", "simulated"):
        assert getattr(one, name).tolist() == getattr(other, name).tolist()
    return True


def test_states_that_were_shown_nothing_are_told_apart(part):
    assert part.shown.tolist() == [True, True, False]


def test_parts_stacked_are_all_of_their_states(part):
    first, rest = part[np.array([True, False, False])], part[np.array([False, True, True])]
    assert (len(first), len(rest)) == (1, 2)
    assert first.states.tolist() == ["business-0000.1"]
    assert same(Part.stack([first, rest]), part)


def test_states_are_taken_by_number_in_the_order_asked_for(part):
    found = part[np.array([2, 0])]
    assert found.weights.tolist() == [2, 1]
    assert found.examined.toarray().tolist() == EXAMINED[[2, 0]].tolist()


def test_weighted_states_count_more_and_are_the_same_otherwise(part):
    twice = part.weighted(2.0)
    assert twice.weights.tolist() == (2 * WEIGHTS).tolist()
    assert part.weights.tolist() == WEIGHTS.tolist()
    assert (twice.examined != part.examined).nnz == 0


def test_sums_of_a_part_tell_use_and_what_came_of_what_was_looked_at(part):
    sums = part.add_to(Sums(1, 3))
    assert sums.weight == WEIGHTS.sum()
    assert sums.means[sums.used] == pytest.approx(WEIGHTS @ USED / WEIGHTS.sum())
    assert sums.responses.examined == pytest.approx(WEIGHTS @ EXAMINED)
    assert sums.responses.moment[:, 0] == pytest.approx(WEIGHTS @ STRENGTH)


@pytest.mark.parametrize(("recorded", "told"), [(FEWEST - 1, 3), (FEWEST, 3 + FEWEST)])
def test_of_too_few_recorded_businesses_nothing_is_told(make_part, recorded, told):
    """Three are simulated; of each recorded one the first of two states is asked for."""
    n = 3 + 2 * recorded
    names = ["a", "b", "c", *(f"recorded-{number // 2}" for number in range(2 * recorded))]
    nothing = np.zeros((n, 1))
    part = make_part(nothing, nothing, nothing, businesses=names, simulated=np.arange(n) < 3)
    rows = np.array([True] * 3 + [True, False] * recorded)
    assert part.crowd(rows).sum() == told
    assert part.crowd(np.ones(n, dtype=bool)).sum() == (3 if told == 3 else n)


def test_each_business_counts_once_for_what_it_said_in_any_of_its_states(make_part):
    profiles = [[1, 0], [1, 1], [1, 0]]
    part = make_part(profiles, USED, EXAMINED, businesses=["one", "one", "another"])
    assert part.holders().tolist() == [2, 1, 1, 0, 0]
    assert part[np.zeros(3, dtype=bool)].holders().tolist() == [0] * 5


def test_everything_is_made_for_everybody(part):
    assert np.broadcast_to(everything(part.profiles), USED.shape).all()
