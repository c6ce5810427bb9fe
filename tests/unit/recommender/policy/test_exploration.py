"""One slot by chance: logged propensities are the frequencies, and 0 switches it off."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.policy.exploration import DIGITS, Exploration, chances_of, fill_slots

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.3, 0.2, 0.1, 0.05, -0.1])
ELIGIBLE = np.array([True] * 7 + [False, True])
SOME = range(300)


def fill(greedy, exploration, key):
    return fill_slots(greedy, SCORES, ELIGIBLE, exploration, f"{key}")


def lists(greedy, exploration, keys=SOME):
    return [fill(greedy, exploration, key)[0] for key in keys]


def draws(greedy, exploration, keys=SOME):
    found = [fill(greedy, exploration, key)[1] for key in keys]
    return [draw for draw in found if draw is not None]


def best_first(greedy):
    return [(number, "ranked", 1.0, 1.0) for number in greedy]


def expected(n, exploration):
    """Return the probability of each platform at each rank, adding up all that can be drawn."""
    greedy = list(range(n))
    draw = draws(greedy, Exploration(1.0, 0.25, first_rank=exploration.first_rank))[0]
    ranks = range(exploration.first_rank, n + 1)
    told = Counter(dict.fromkeys(enumerate(greedy, 1), 1 - exploration.share))
    for rank in ranks:
        for number, chance in zip(draw.candidates, draw.chances, strict=True):
            made = [*greedy[: rank - 1], number, *greedy[rank - 1 : -1]]
            for place, each in enumerate(made, 1):
                told[place, each] += exploration.share * chance / len(ranks)
    return {at: probability for at, probability in told.items() if probability}


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
@pytest.mark.parametrize(("n", "first_rank"), [(3, 3), (4, 3), (4, 1), (6, 3), (6, 5)])
def test_logged_propensities_are_the_observed_frequencies(n, first_rank, share):
    exploration, times = Exploration(share, 0.25, first_rank=first_rank), 20_000
    seen, logged = Counter(), {}
    for slots in lists(list(range(n)), exploration, range(times)):
        for rank, slot in enumerate(slots, 1):
            seen[rank, slot.number] += 1
            propensity = logged.setdefault((rank, slot.number), slot.propensity)
            assert slot.propensity == propensity
    assert logged == pytest.approx(expected(n, exploration), abs=10**-DIGITS)
    for at, propensity in logged.items():
        error = np.sqrt(propensity * (1 - propensity) / times)
        assert seen[at] / times == pytest.approx(propensity, abs=4.5 * error + 1e-12), at


@pytest.mark.parametrize("share", [0.0, 0.2, 1.0])
@pytest.mark.parametrize(("n", "first_rank"), [(3, 3), (4, 1), (6, 5)])
def test_how_likely_a_platform_is_to_be_in_the_list_is_how_often_it_is(n, first_rank, share):
    exploration, times = Exploration(share, 0.25, first_rank=first_rank), 20_000
    seen, logged = Counter(), {}
    for slots in lists(list(range(n)), exploration, range(times)):
        for slot in slots:
            seen[slot.number] += 1
            assert slot.inclusion == logged.setdefault(slot.number, slot.inclusion)
    assert sum(logged.values()) == pytest.approx(n, abs=0.01)
    for number, inclusion in logged.items():
        error = np.sqrt(inclusion * (1 - inclusion) / times)
        assert seen[number] / times == pytest.approx(inclusion, abs=4.5 * error + 1e-12), number


@pytest.mark.parametrize(("n", "first_rank"), [(4, 3), (6, 2)])
def test_each_rank_is_as_likely_whatever_is_drawn(n, first_rank):
    exploration, times = Exploration(1.0, 0.25, first_rank=first_rank), 20_000
    made = [fill(list(range(n)), exploration, key) for key in range(times)]
    found = Counter((draw.rank, slots[draw.rank - 1].number) for slots, draw in made)
    _, draw = made[0]
    ranks = range(first_rank, n + 1)
    for number, chance in zip(draw.candidates, draw.chances, strict=True):
        for rank in ranks:
            share = chance / len(ranks)
            error = np.sqrt(share * (1 - share) / times)
            assert found[rank, number] / times == pytest.approx(share, abs=4.5 * error)


@given(
    n=st.integers(1, 8),
    share=st.floats(0, 1),
    first_rank=st.integers(1, 10),
    temperature=st.floats(0.01, 10),
    key=st.text(max_size=8),
)
def test_a_list_keeps_its_length_and_holds_nothing_twice_or_not_eligible(
    n, share, first_rank, temperature, key
):
    greedy = np.flatnonzero(ELIGIBLE)[:n].tolist()
    slots, draw = fill(greedy, Exploration(share, temperature, first_rank=first_rank), key)
    numbers = [slot.number for slot in slots]
    assert len(numbers) == len(set(numbers)) == len(greedy)
    assert ELIGIBLE[numbers].all()
    assert all(0 < slot.propensity <= slot.inclusion + 1e-12 <= 1 + 1e-9 for slot in slots)
    ranked = [slot.number for slot in slots if slot.kind == "ranked"]
    assert ranked == greedy[: len(ranked)]
    explored = [rank for rank, slot in enumerate(slots, 1) if slot.kind == "explore"]
    assert explored == ([draw.rank] if draw else [])
    if draw:
        assert draw.ranks == (first_rank, len(greedy))
        assert first_rank <= draw.rank <= len(greedy)
        assert slots[draw.rank - 1].number in draw.candidates
        assert not set(draw.candidates) & set(greedy[:-1])
        assert sum(draw.chances) == pytest.approx(1)


def test_without_a_share_nothing_is_drawn():
    assert draws([0, 1, 2], Exploration(0.0)) == []
    for slots in lists([0, 1, 2], Exploration(0.0)):
        assert slots == best_first([0, 1, 2])


def test_lists_that_end_before_the_slot_do_not_explore():
    assert draws([0, 1, 2], Exploration(1.0, first_rank=4)) == []
    for slots in lists([0, 1, 2], Exploration(1.0, first_rank=4)):
        assert slots == best_first([0, 1, 2])


def test_the_same_key_gets_the_same_list():
    exploration = Exploration(0.5)
    assert lists([0, 1, 2, 3, 4], exploration) == lists([0, 1, 2, 3, 4], exploration)
    assert len({tuple(slots) for slots in lists([0, 1, 2, 3, 4], exploration)}) > 6


def test_every_platform_that_is_left_has_its_floor():
    found = Counter()
    exploration = Exploration(1.0, temperature=0.01, floor=0.01, first_rank=2)
    for slots in lists([0, 1], exploration, range(20_000)):
        found.update(slot.number for slot in slots if slot.kind == "explore")
    assert set(found) == {1, 2, 3, 4, 5, 6, 8}
    assert min(found.values()) > 130


@pytest.mark.parametrize("n", [94, 250, 499, 500, 501, 2_000])
def test_of_however_many_candidates_the_best_is_the_likeliest_and_none_is_left_out(n):
    """A floor of .002 alone would give all of 500 the same, and take from the best of 501."""
    scores = np.linspace(0.0, 1.0, n)
    chances = chances_of(scores, temperature=0.1, floor=0.002)
    assert chances.sum() == pytest.approx(1)
    assert chances.min() >= min(0.002, 0.5 / n)
    assert chances.argmax() == n - 1
    assert (np.diff(chances) > 0).all()
    assert chances[-1] > 10 * chances[0]


def test_where_nothing_else_is_eligible_nothing_is_drawn():
    only = np.array([True, True] + [False] * 7)
    slots, draw = fill_slots([0, 1], SCORES, only, Exploration(1.0, first_rank=2), "x")
    assert slots == best_first([0, 1])
    assert draw is None


@pytest.mark.parametrize(
    ("setting", "value"),
    [("share", -0.1), ("share", 1.1), ("share", float("nan")), ("temperature", 0.0),
     ("floor", 0.5), ("first_rank", 0)],
)  # fmt: skip
def test_settings_out_of_their_bounds_are_refused_by_name(setting, value):
    with pytest.raises(ValueError, match=setting):
        Exploration(**{setting: value})
