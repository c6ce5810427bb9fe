"""Who is shown: how much of the catalogue, and how evenly by provider."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.training import exposure as module
from recommender.training.exposure import exposure, gini
from recommender.training.holdout import everything

FIRST, SECOND, THIRD = 1 / np.log2([2, 3, 4])
PROVIDERS = ["One", "Two", "One"]


@pytest.fixture
def part(make_part):
    """Two states; the second one uses the first platform, and took up the third."""
    return make_part(
        np.eye(2),
        [[0, 0, 0], [1, 0, 0]],
        [[1, 1, 1], [0, 1, 1]],
        strength=[[0.5, -0.05, 0], [0, 0, 1]],
        weights=[1, 2],
    )


def test_a_provider_is_shown_as_often_as_its_platforms_each_by_its_rank(part, fixed):
    found = exposure(fixed([3, 2, 1]), part, PROVIDERS, everything)
    one, two = FIRST + THIRD + SECOND, SECOND + FIRST
    assert list(found["providers"]) == ["One", "Two"]
    assert found["providers"]["One"]["exposure"] == pytest.approx(one / (one + two), abs=1e-4)
    assert found["providers"]["Two"]["exposure"] == pytest.approx(two / (one + two), abs=1e-4)
    assert found["gini"] == pytest.approx((one - two) / (one + two) / 2, abs=1e-4)
    assert found["coverage"] == 1


def test_the_merit_of_a_provider_is_its_share_of_what_was_taken_up(part, fixed):
    """What was turned down on the whole is no merit, and takes none away from others."""
    found = exposure(fixed([3, 2, 1]), part, PROVIDERS, everything)["providers"]
    assert found["One"]["merit"] == 1
    assert found["Two"]["merit"] == 0


def test_what_was_taken_up_counts_by_the_weight_of_the_state(part, fixed):
    part = replace(part, strength=sparse.csr_array([[0.5, 0, 0], [0, 0.75, 0]]))
    found = exposure(fixed([3, 2, 1]), part, PROVIDERS, everything)["providers"]
    assert (found["One"]["merit"], found["Two"]["merit"]) == (0.25, 0.75)


def test_only_the_first_ten_count_and_those_with_the_most_are_named(make_part, fixed):
    part = make_part(np.ones((4, 1)), np.zeros((4, 40)), np.zeros((4, 40)))
    providers = [f"provider-{number:02}" for number in range(40)]
    found = exposure(fixed(-np.arange(40)), part, providers, everything)
    assert found["coverage"] == 0.25
    assert list(found["providers"]) == providers[:15]
    shares = [each["exposure"] for each in found["providers"].values()]
    discounts = 1 / np.log2(np.arange(2, 12))
    assert shares[:10] == pytest.approx(discounts / discounts.sum(), abs=1e-4)
    assert shares[10:] == [0] * 5
    assert all(each["merit"] == 0 for each in found["providers"].values())


def test_what_could_stand_in_no_list_is_not_missing(part, fixed):
    """The third platform is made for nobody here."""
    mask = np.array([[True, True, False]])
    found = exposure(fixed([3, 2, 1]), part, PROVIDERS, lambda profiles: mask)
    assert found["coverage"] == 1
    assert found["providers"]["One"]["exposure"] == pytest.approx(
        FIRST / (FIRST + SECOND + FIRST), abs=1e-4
    )


def test_what_could_stand_in_a_list_and_does_not_is_missing(make_part, fixed):
    part = make_part(np.ones((3, 1)), np.zeros((3, 20)), np.zeros((3, 20)))
    mask = np.arange(20)[None] < 15
    found = exposure(fixed(np.arange(20)), part, ["One"] * 20, lambda profiles: mask)
    assert found["coverage"] == pytest.approx(10 / 15, abs=1e-4)


def test_of_many_states_some_are_looked_at(part, fixed, monkeypatch):
    monkeypatch.setattr(module, "ASKED", 1)
    found = exposure(fixed([3, 2, 1]), part, PROVIDERS, everything)["providers"]
    assert found["Two"]["exposure"] == pytest.approx(SECOND / (FIRST + SECOND + THIRD), abs=1e-4)


@pytest.mark.parametrize(
    ("shares", "expected"),
    [
        ([1, 1, 1, 1], 0),
        ([0, 0, 0, 1], 0.75),
        ([1, 3], 0.25),
        ([3, 1], 0.25),
        ([1, 2, 3, 4], 0.25),
        ([7], 0),
        ([0, 0], 0),
        ([], 0),
    ],
)
def test_the_gini_coefficient_worked_out_by_hand(shares, expected):
    assert gini(np.array(shares, dtype=float)) == pytest.approx(expected)
