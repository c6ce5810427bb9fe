"""What owners are told, beside what came true of what was shown, for all and for each slice."""

import dataclasses

import numpy as np
import pytest

from recommender.calibration import Calibration, Curve
from recommender.features import OneHotProfiles
from recommender.training.calibration_report import (
    LEAST_STATES,
    calibration_report,
    shown_pairs,
)
from recommender.training.holdout import FEWEST, everything

ENCODER = OneHotProfiles({"size": ["small", "big"], "sector": ["G", "I", "Z"]})
PLATFORMS = 8
AS_IT_IS = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
APPEAL = np.linspace(0.8, 0.1, PLATFORMS)
FIRST5 = APPEAL[:5].mean()


@pytest.fixture(scope="module")
def draw(make_part):
    """Small ones adopt as their appeal says, big ones half as often; half of all use the last."""

    def make(n, seen=1.0, seed=0, simulated=True):
        random = np.random.default_rng(seed)
        big = np.arange(n) % 2
        profiles = np.zeros((n, 5))
        profiles[np.arange(n), big] = 1
        profiles[np.arange(n), 2 + np.arange(n) // 2 % 2] = 1
        used = np.zeros((n, PLATFORMS))
        used[: n // 2, -1] = 1
        likely = APPEAL * (1 - big / 2)[:, None]
        looked = random.random((n, PLATFORMS)) < seen
        chosen = (random.random((n, PLATFORMS)) < likely) * looked * (1 - used)
        return make_part(profiles, used, seen * (1 - used), chosen=chosen, simulated=simulated)

    return make


@pytest.fixture(scope="module")
def report_of(fixed):
    def report(part, made_for=everything, scores=APPEAL, curve=AS_IT_IS):
        return calibration_report(
            fixed(scores), Calibration(curve, curve), part, ENCODER, made_for, "simulated"
        )

    return report


@pytest.fixture(scope="module")
def report(draw, report_of):
    return report_of(draw(4_000))


def test_each_slice_has_figures_of_its_own(report):
    found, _ = report
    for kind in ("cold", "warm"):
        by_size = found[kind]["by_size"]
        assert found[kind]["states"] == 2_000
        assert by_size["small"]["states"] == by_size["big"]["states"] == 1_000
        assert by_size["small"]["first5_error"] < 0.03
        assert by_size["big"]["first5_error"] == pytest.approx(FIRST5 / 2, abs=0.03)
        assert found[kind]["first5_error"] == pytest.approx(FIRST5 / 4, abs=0.03)


def test_slices_in_which_nobody_is_are_left_out(report):
    assert set(report[0]["cold"]["by_sector"]) == {"G", "I"}


def test_of_a_slice_with_too_few_recorded_businesses_nothing_is_told(draw, report_of):
    """Every other state is of a small business, the first one too."""
    n = 4 * LEAST_STATES  # half of them use something: of five small businesses, and of four big
    whose = [f"{i % 2}, {i // 4 % (FEWEST - i % 2)}" for i in range(n)]
    part = dataclasses.replace(draw(n), businesses=np.array(whose, dtype=object))
    recorded = dataclasses.replace(part, simulated=np.zeros(n, dtype=bool))
    warm = report_of(recorded)[0]["warm"]
    assert warm["states"] == 2 * LEAST_STATES
    assert set(warm["by_size"]) == {"small"}
    assert set(report_of(part)[0]["warm"]["by_size"]) == {"small", "big"}


def test_of_a_slice_with_few_states_nothing_is_told(draw, report_of):
    """One that looked at little and adopted it would make the share of those who do above 1."""
    assert set(report_of(draw(4 * LEAST_STATES))[0]["cold"]["by_size"]) == {"small", "big"}
    assert report_of(draw(4 * LEAST_STATES - 4))[0]["cold"]["by_size"] == {}


def test_told_and_true_are_those_of_the_first_five(report):
    small = report[0]["cold"]["by_size"]["small"]
    assert small["first5_told"] == pytest.approx(FIRST5, abs=1e-4)
    assert small["first5_true"] == pytest.approx(FIRST5, abs=0.03)


def test_the_error_over_all_counts_what_was_shown_alone(report):
    """Warm businesses use the last platform: that they do not choose it is no mistake."""
    assert report[0]["warm"]["by_size"]["small"]["error"] < 0.03


@pytest.mark.parametrize("seen", [1.0, 0.3])
def test_who_did_not_look_says_nothing_of_who_does(draw, report_of, seen):
    """The share of those who looked that adopted is the same, however few looked."""
    small = report_of(draw(20_000, seen))[0]["cold"]["by_size"]["small"]
    assert small["first5_true"] == pytest.approx(FIRST5, abs=0.02)
    assert small["first5_error"] < 0.03


def test_a_business_that_was_not_shown_a_platform_says_nothing_of_it(make_part, report_of):
    """All are told 0.8 of the first platform; of two that saw it, one adopted it."""
    n, shown = 50, np.zeros((50, PLATFORMS))
    shown[:2, 0] = 1
    chosen = np.zeros_like(shown)
    chosen[0, 0] = 1
    part = make_part(np.zeros((n, 5)), np.zeros_like(shown), shown, chosen=chosen)
    cold = report_of(part)[0]["cold"]
    assert cold["states"] == n
    assert (cold["first5_told"], cold["first5_true"]) == (0.8, 0.5)
    assert cold["first5_error"] == pytest.approx(0.5, abs=1e-4)  # 0.2 and 0.8, one each


@pytest.mark.parametrize("left_out", [3, 6])
def test_the_first_five_are_of_what_could_be_suggested(draw, report_of, left_out):
    """Where the first ones are not made for anybody, the next five are; or as many as there are."""
    mask = np.arange(PLATFORMS)[None] >= left_out
    small = report_of(draw(2_000), lambda profiles: mask)[0]["cold"]["by_size"]["small"]
    assert small["first5_told"] == pytest.approx(APPEAL[left_out:].mean(), abs=1e-4)


def test_those_with_and_without_tools_in_use_are_told_by_curves_of_their_own(draw, fixed):
    half = Curve(np.array([0.0, 1.0]), np.array([0.0, 0.5]))
    calibration = Calibration(half, AS_IT_IS)
    found, _ = calibration_report(fixed(APPEAL), calibration, draw(400), ENCODER, everything, "")
    assert found["cold"]["first5_told"] == pytest.approx(FIRST5 / 2, abs=1e-4)
    assert found["warm"]["first5_told"] == pytest.approx(FIRST5, abs=1e-4)


@pytest.mark.parametrize("n", [400, 40_000])
def test_of_true_probabilities_the_error_is_about_what_chance_gives(draw, report_of, n):
    small = report_of(draw(n))[0]["cold"]["by_size"]["small"]
    assert small["first5_chance"] > 0
    assert small["first5_error"] < 2 * small["first5_chance"]


def test_chance_shrinks_with_the_number_of_states_and_the_error_of_wrong_ones_stays(
    draw, report_of
):
    few, many = (report_of(draw(n), scores=APPEAL / 2)[0]["cold"] for n in (1_000, 16_000))
    few, many = (each["by_size"]["small"] for each in (few, many))
    assert many["first5_chance"] == pytest.approx(few["first5_chance"] / 4, rel=0.15)
    for each in (few, many):
        assert each["first5_error"] == pytest.approx(FIRST5 / 2, abs=0.06)


def test_states_count_by_their_weight(make_part, report_of):
    shown = np.ones((2, PLATFORMS))
    part = make_part(
        np.zeros((2, 5)), np.zeros_like(shown), shown, chosen=[[1] * 8, [0] * 8], weights=[3, 1]
    )
    assert report_of(part)[0]["cold"]["first5_true"] == 0.75


def test_where_nobody_is_there_is_nothing_to_tell(draw, report_of):
    part = draw(100)
    cold = report_of(part[np.diff(part.used.indptr) == 0])[0]
    assert cold["cold"]["states"] == 50
    assert cold["warm"]["states"] == 0
    assert cold["warm"]["first5_error"] == cold["warm"]["first5_true"] == 0
    assert cold["warm"]["by_size"] == {}


def test_the_pairs_that_are_calibrated_on_are_what_was_shown(make_part, fixed):
    part = make_part(
        np.ones((2, 1)),
        np.zeros((2, 3)),
        [[1, 0.5, 0], [0, 0.25, 0]],
        chosen=[[0, 1, 0], [0, 0, 0]],
        weights=[1, 2],
    )
    scores, outcomes, weights = shown_pairs(fixed([0.9, 0.5, 0.1]), part)
    assert scores.tolist() == [0.9, 0.5, 0.5]
    assert outcomes.tolist() == [0, 2, 0]
    assert weights.tolist() == [1, 0.5, 0.5]
    assert weights @ outcomes / weights.sum() == 0.5


def test_the_picture_is_a_png(report):
    assert report[1].startswith(b"\x89PNG")
