"""The order of a list: by score, with variety."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.policy.ordering import order_with_variety


def order(scores, categories, in_use=(), discount=0.6, n=10, eligible=None):
    scores = np.array(scores, dtype=float)
    mask = np.ones(len(scores), dtype=bool) if eligible is None else np.array(eligible)
    return order_with_variety(scores, mask, list(categories), in_use, discount, n)


def test_a_discount_of_1_leaves_the_order_of_the_scores():
    assert order([0.2, 0.9, 0.5], "aab", discount=1) == [1, 2, 0]


def test_a_second_of_a_category_gives_way_to_another_category():
    assert order([1.0, 0.9, 0.6], "aab") == [0, 2, 1]
    assert order([1.0, 0.9, 0.5], "aab") == [0, 1, 2]


def test_every_further_one_of_a_category_counts_less():
    assert order([1.0, 0.99, 0.98, 0.58, 0.34], "aaabb") == [0, 1, 3, 2, 4]


@pytest.mark.parametrize(
    ("in_use", "expected"), [("", [0, 1]), ("a", [1, 0]), ("b", [0, 1]), ("ab", [0, 1])]
)
def test_a_category_in_use_counts_less(in_use, expected):
    assert order([1.0, 0.7], "ab", in_use) == expected


def test_a_category_counts_less_for_each_platform_of_it_in_use():
    assert order([1.0, 0.5], "ab", "a") == [0, 1]
    assert order([1.0, 0.5], "ab", "aa") == [1, 0]


def test_equal_scores_go_to_the_lower_number():
    assert order([0.5] * 4, "abcd") == [0, 1, 2, 3]
    assert order([0.5] * 4, "abab") == [0, 1, 2, 3]


def test_only_eligible_ones_are_chosen_and_no_more_than_asked():
    assert order([1, 2, 3, 4], "abcd", eligible=[True, False, True, False]) == [2, 0]
    assert order([1, 2, 3, 4], "abcd", n=2) == [3, 2]
    assert order([1, 2, 3, 4], "abcd", n=0) == []
    assert order([1, 2], "ab", n=99) == [1, 0]
    assert order([1, 2], "ab", eligible=[False, False]) == []


def test_what_is_not_eligible_does_not_make_its_category_count_less():
    assert order([1.0, 0.9, 0.6], "aab", eligible=[False, True, True]) == [1, 2]


def test_scores_of_0_or_below_are_not_raised_by_the_discount():
    assert order([0.5, -0.15, -0.1, 0.0], "aaba") == [0, 3, 2, 1]
    assert order([-0.15, -0.1], "ab", "a") == [1, 0]


def test_the_scores_given_are_left_as_they_are():
    scores = np.array([1.0, 0.9, 0.6])
    order_with_variety(scores, np.ones(3, dtype=bool), ["a", "a", "b"], ["a"], 0.6, 3)
    assert scores.tolist() == [1.0, 0.9, 0.6]


@given(
    scores=st.lists(st.floats(-1, 1), min_size=1, max_size=15),
    data=st.data(),
    n=st.integers(0, 20),
)
def test_a_list_has_no_repeats_and_begins_with_the_best(scores, data, n):
    size = len(scores)
    categories = data.draw(st.lists(st.sampled_from("abc"), min_size=size, max_size=size))
    eligible = data.draw(st.lists(st.booleans(), min_size=size, max_size=size))
    found = order(scores, categories, n=n, eligible=eligible)
    assert len(found) == len(set(found)) == min(n, sum(eligible))
    assert all(eligible[number] for number in found)
    if found:
        assert scores[found[0]] == max(s for s, may in zip(scores, eligible, strict=True) if may)
    for category in "abc":
        of_one = [scores[number] for number in found if categories[number] == category]
        assert of_one == sorted(of_one, reverse=True)
