"""What was told beside what came true, in bins."""

import numpy as np
import pytest

from recommender.evaluation.reliability import Reliability, reliability_plot


def drawn(truth, seed=7):
    return (np.random.default_rng(seed).random(len(truth)) < truth).astype(float)


def test_a_perfect_predictor_has_almost_no_error():
    outcomes = np.array([0.0, 1.0] * 50)
    assert Reliability.measure(outcomes, outcomes).error == 0
    truth = np.random.default_rng(0).random(50_000)
    assert Reliability.measure(truth, drawn(truth)).error < 0.01


@pytest.mark.parametrize("bias", [0.05, 0.2, -0.1])
def test_the_error_of_a_biased_predictor_is_its_bias(bias):
    truth = 0.3 + 0.4 * np.random.default_rng(1).random(50_000)
    found = Reliability.measure(truth + bias, drawn(truth))
    assert found.error == pytest.approx(abs(bias), abs=0.01)
    assert found.mean_told - found.mean_true == pytest.approx(bias, abs=0.01)


def test_bins_worked_out_by_hand():
    probabilities, outcomes = np.array([0.1, 0.9, 0.1, 0.5]), np.array([0.0, 1, 1, 0])
    found = Reliability.measure(probabilities, outcomes, bins=2)
    assert found.told == pytest.approx([0.1, 0.7])
    assert found.true == pytest.approx([0.5, 0.5])
    assert found.error == pytest.approx((2 * abs(0.1 - 0.5) + 2 * abs(0.7 - 0.5)) / 4)
    squares = np.array([0.1**2 + 0.9**2, 0.5**2 + 0.1**2])
    assert found.spread == pytest.approx(np.sqrt(squares) / 2)
    assert found.chance == pytest.approx(np.sqrt(2 / np.pi) * (np.sqrt(squares) / 2).mean())
    assert Reliability.measure(np.array([0.3]), np.array([1.0])).error == pytest.approx(0.7)


def test_weights_count_like_repeated_pairs_within_a_bin():
    told, true = np.array([0.2, 0.6]), np.array([0.0, 1.0])
    found = Reliability.measure(told, true, np.array([3.0, 1.0]), bins=1)
    repeated = Reliability.measure(np.repeat(told, [3, 1]), np.repeat(true, [3, 1]), bins=1)
    assert found.error == pytest.approx(repeated.error)
    assert found.weights.tolist() == [4]
    assert found.spread == pytest.approx(np.sqrt((3 * 0.2) ** 2 + (1 * 0.4) ** 2) / 4)


def test_pairs_that_count_nothing_change_nothing():
    told, true = np.array([0.2, 0.6, 0.9]), np.array([0.0, 1.0, 0.0])
    found = Reliability.measure(told, true, np.array([1.0, 1.0, 0.0]))
    assert found.error == Reliability.measure(told[:2], true[:2]).error


def test_of_no_pair_nothing_is_wrong():
    found = Reliability.measure(np.zeros(0), np.zeros(0))
    assert (found.error, found.mean_told, found.mean_true, found.chance) == (0, 0, 0, 0)


def measured(bias, seed, weighted):
    """Measure probabilities that are off by so much."""
    random = np.random.default_rng(seed)
    truth = random.beta(2, 8, 3_000)
    weights = random.choice([0.1, 1.0, 3.0], len(truth)) if weighted else None
    return Reliability.measure(truth + bias, drawn(truth, seed + 1_000), weights)


@pytest.mark.parametrize("weighted", [False, True])
def test_of_what_comes_true_as_told_chance_makes_all_of_the_error(weighted):
    found = [measured(0.0, seed, weighted) for seed in range(300)]
    error, chance = (
        np.mean([getattr(each, name) for each in found]) for name in ("error", "chance")
    )
    assert error == pytest.approx(chance, rel=0.05)
    assert chance > 0.01


@pytest.mark.parametrize("weighted", [False, True])
def test_of_what_is_told_wrongly_the_error_is_far_above_chance(weighted):
    for seed in range(20):
        found = measured(0.15, seed, weighted)
        assert found.error > 3 * found.chance


def test_with_more_pairs_chance_makes_less_of_an_error():
    truth = np.random.default_rng(2).random(40_000)
    some, all_ = (Reliability.measure(truth[:n], drawn(truth[:n])) for n in (400, 40_000))
    assert all_.chance == pytest.approx(some.chance / 10, rel=0.1)


@pytest.mark.parametrize("probabilities", [np.zeros(0), np.zeros(40), np.linspace(0, 0.2, 40)])
def test_the_plot_is_a_picture_whatever_there_is_to_draw(probabilities):
    one = Reliability.measure(probabilities, np.zeros(len(probabilities)))
    assert reliability_plot({"one": one}, "simulated").startswith(b"\x89PNG")
