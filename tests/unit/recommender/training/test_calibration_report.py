"""What owners are told, beside what came true, for all and for each slice."""

import numpy as np
import pytest
from scipy import sparse

from recommender.calibration import Calibration, Curve
from recommender.features import OneHotProfiles
from recommender.rankers import PopularityRanker
from recommender.training.calibration_report import calibration_report
from recommender.training.holdout import Part, everything

ENCODER = OneHotProfiles({"size": ["small", "big"], "sector": ["G", "I", "Z"]})
PLATFORMS = 8
AS_IT_IS = Curve(np.array([0.0, 1.0]), np.array([0.0, 1.0]))
POPULARITY = np.linspace(0.8, 0.1, PLATFORMS)


@pytest.fixture(scope="module")
def part():
    """Small ones choose as popularity says, big ones half as often; half of all use the last."""
    random = np.random.default_rng(0)
    n = 4_000
    big = np.arange(n) % 2
    profiles = np.zeros((n, 5))
    profiles[np.arange(n), big] = 1
    profiles[np.arange(n), 2 + np.arange(n) // 2 % 2] = 1
    declared = np.zeros((n, PLATFORMS))
    declared[: n // 2, -1] = 1
    chosen = (random.random((n, PLATFORMS)) < POPULARITY * (1 - big / 2)[:, None]) * (1 - declared)
    chosen = sparse.csr_array(chosen)
    return Part(sparse.csr_array(profiles), sparse.csr_array(declared), chosen, chosen, np.ones(n))


@pytest.fixture(scope="module")
def report(part):
    one = sparse.csr_array(np.ones((1, 5)))
    ranker = PopularityRanker().fit(one, sparse.csr_array(POPULARITY[None]))
    return calibration_report(
        ranker, Calibration(AS_IT_IS, AS_IT_IS), part, ENCODER, everything, "simulated"
    )


def test_each_slice_has_figures_of_its_own(report):
    found, _ = report
    for kind in ("cold", "warm"):
        by_size = found[kind]["by_size"]
        assert found[kind]["businesses"] == 2_000
        assert by_size["small"]["businesses"] == by_size["big"]["businesses"] == 1_000
        assert by_size["small"]["first5_error"] < 0.03
        assert by_size["big"]["first5_error"] == pytest.approx(POPULARITY[:5].mean() / 2, abs=0.03)
        assert found[kind]["first5_error"] == pytest.approx(POPULARITY[:5].mean() / 4, abs=0.03)


def test_slices_in_which_nobody_is_are_left_out(report):
    assert set(report[0]["cold"]["by_sector"]) == {"G", "I"}


def test_told_and_true_are_those_of_the_first_five(report):
    small = report[0]["cold"]["by_size"]["small"]
    assert small["first5_told"] == pytest.approx(POPULARITY[:5].mean(), abs=1e-4)
    assert small["first5_true"] == pytest.approx(POPULARITY[:5].mean(), abs=0.03)


def test_the_error_over_all_counts_what_could_be_suggested_alone(report, part):
    """Warm businesses use the last platform: that they do not choose it is no mistake."""
    assert report[0]["warm"]["by_size"]["small"]["error"] < 0.03


def test_the_picture_is_a_png(report):
    assert report[1].startswith(b"\x89PNG")
