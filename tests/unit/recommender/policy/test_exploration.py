"""One slot by chance: logged propensities are the frequencies, and 0 switches it off."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.policy.exploration import Exploration, fill_slots

SCORES = np.array([0.9, 0.8, 0.7, 0.6, 0.3, 0.2, 0.1, 0.05, -0.1])
ELIGIBLE = np.array([True] * 7 + [False, True])


def lists(greedy, exploration, times=40_000):
    return [fill_slots(greedy, SCORES, ELIGIBLE, exploration, f"{n}") for n in range(times)]


@pytest.mark.parametrize("share", [0.3, 1.0])
@pytest.mark.parametrize("rank", [1, 3, 4])
def test_logged_propensities_are_the_observed_frequencies(share, rank):
    greedy, times = [0, 1, 2, 3], 40_000
    seen = Counter()
    logged = {}
    for slots in lists(greedy, Exploration(share, rank=rank), times):
        for place, slot in enumerate(slots):
            seen[place, slot.number] += 1
            assert logged.setdefault((place, slot.number), slot.propensity) == slot.propensity
    for at, propensity in logged.items():
        error = np.sqrt(propensity * (1 - propensity) / times)
        assert seen[at] / times == pytest.approx(propensity, abs=4.5 * error + 1e-12), at
    for place in range(len(greedy)):
        assert sum(p for (there, _), p in logged.items() if there == place) == pytest.approx(1)


@given(
    n=st.integers(1, 8),
    share=st.floats(0, 1),
    rank=st.integers(1, 10),
    temperature=st.floats(0.01, 10),
    key=st.text(max_size=8),
)
def test_a_list_keeps_its_length_and_holds_nothing_twice_or_not_eligible(
    n, share, rank, temperature, key
):
    greedy = np.flatnonzero(ELIGIBLE)[:n].tolist()
    slots = fill_slots(greedy, SCORES, ELIGIBLE, Exploration(share, temperature, rank=rank), key)
    numbers = [slot.number for slot in slots]
    assert len(numbers) == len(set(numbers)) == len(greedy)
    assert ELIGIBLE[numbers].all()
    assert all(0 < slot.propensity <= 1 for slot in slots)
    explored = [slot for slot in slots if slot.kind == "explore"]
    assert len(explored) <= 1
    ranked = [slot.number for slot in slots if slot.kind == "ranked"]
    assert ranked == greedy[: len(ranked)]


def test_without_a_share_nothing_is_drawn():
    for slots in lists([0, 1, 2], Exploration(0.0), 50):
        assert [(slot.number, slot.kind, slot.propensity) for slot in slots] == [
            (number, "ranked", 1.0) for number in (0, 1, 2)
        ]


def test_lists_that_end_before_the_slot_do_not_explore():
    for slots in lists([0, 1, 2], Exploration(1.0, rank=4), 50):
        assert [(slot.number, slot.kind, slot.propensity) for slot in slots] == [
            (number, "ranked", 1.0) for number in (0, 1, 2)
        ]


def test_the_same_key_gets_the_same_list():
    exploration = Exploration(0.5)
    assert lists([0, 1, 2, 3, 4], exploration, 50) == lists([0, 1, 2, 3, 4], exploration, 50)
    assert len({tuple(slots) for slots in lists([0, 1, 2, 3, 4], exploration, 200)}) > 3


def test_every_platform_that_is_left_has_its_floor():
    found = Counter()
    for slots in lists([0, 1], Exploration(1.0, temperature=0.01, floor=0.01, rank=2), 20_000):
        found.update(slot.number for slot in slots if slot.kind == "explore")
    assert set(found) == {1, 2, 3, 4, 5, 6, 8}
    assert min(found.values()) > 130


def test_where_nothing_else_is_eligible_nothing_is_drawn():
    only = np.array([True, True] + [False] * 7)
    slots = fill_slots([0, 1], SCORES, only, Exploration(1.0, rank=2), "x")
    assert [slot.kind for slot in slots] == ["ranked", "ranked"]


@pytest.mark.parametrize(
    ("setting", "value"),
    [("share", -0.1), ("share", 1.1), ("share", float("nan")), ("temperature", 0.0),
     ("floor", 0.5), ("rank", 0)],
)  # fmt: skip
def test_settings_out_of_their_bounds_are_refused_by_name(setting, value):
    with pytest.raises(ValueError, match=setting):
        Exploration(**{setting: value})
