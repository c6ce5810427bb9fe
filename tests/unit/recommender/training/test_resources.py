"""What training is likely to take, and what it took."""

import itertools
import os
import subprocess
import sys

import pytest

from recommender.training.resources import CURVE, cores, estimate, peak_megabytes


@pytest.mark.parametrize(("businesses", "seconds", "megabytes"), CURVE.tolist())
def test_at_what_was_measured_the_estimate_is_what_was_measured(businesses, seconds, megabytes):
    found = estimate(int(businesses))
    assert found.seconds == pytest.approx(seconds)
    assert found.megabytes == pytest.approx(megabytes)


def test_between_two_measurements_it_lies_between_them():
    for before, after in itertools.pairwise(CURVE):
        found = estimate(int((before[0] * after[0]) ** 0.5))  # half-way, in logarithms
        assert found.seconds == pytest.approx((before[1] * after[1]) ** 0.5, rel=1e-3)
        assert found.megabytes == pytest.approx((before[2] * after[2]) ** 0.5, rel=1e-3)


def test_fewer_than_were_measured_take_no_less_than_the_fewest():
    assert estimate(0) == estimate(1) == estimate(int(CURVE[0, 0]))


def test_more_than_were_measured_take_longer_in_proportion_and_no_more_memory():
    businesses, seconds, megabytes = CURVE[-1]
    found = estimate(3 * int(businesses))
    assert found.seconds == pytest.approx(3 * seconds)
    assert found.megabytes == megabytes


def test_more_businesses_never_take_less():
    found = [estimate(10**n) for n in range(9)]
    assert found == sorted(found)


def test_the_memory_is_the_most_that_this_process_or_one_that_it_started_ever_had():
    before = peak_megabytes()
    assert before > 30  # of numpy and pandas alone
    subprocess.run([sys.executable, "-c", f"b'x' * {int((before + 100) * 1e6)}"], check=True)
    assert before + 50 < peak_megabytes() < before + 200


def test_cores_are_those_that_this_process_may_use():
    assert cores() == len(os.sched_getaffinity(0))
