from dataclasses import fields

import numpy as np
import pytest

from recommender.simulation.businesses import Businesses
from recommender.simulation.coefficients import LOGGING
from recommender.simulation.exposures import show


def repeated(b: Businesses, row: int, times: int) -> Businesses:
    return Businesses(**{f.name: np.repeat(getattr(b, f.name)[[row]], times, 0) for f in fields(b)})


def test_ranks_count_up_and_nothing_is_shown_twice_or_is_in_use(population, lived) -> None:
    shown, told = lived.shown, lived.cohort.told
    assert not told.in_use[shown.business, shown.platform].any()
    pairs = shown.business * len(population.codebook.platforms) + shown.platform
    assert len(np.unique(pairs)) == len(pairs)
    np.testing.assert_array_equal(shown.rank, np.tile(np.arange(1, 11), len(told)))


def test_every_platform_is_shown_to_many(population, lived) -> None:
    times = np.bincount(lived.shown.platform, minlength=len(population.codebook.platforms))
    assert times.min() > 500


def test_most_of_what_is_shown_is_made_for_the_business(population, lived) -> None:
    told, shown = lived.cohort.told, lived.shown
    eligible = population.behaviour.utility.eligible[
        told.sector[shown.business], told.size[shown.business], shown.platform
    ]
    assert 0.9 < eligible.mean() < 1


def test_propensities_are_the_frequencies_of_repeated_lists(population) -> None:
    times = 60_000
    one = population.draw(1, np.random.default_rng(2)).told
    lists = show(repeated(one, 0, times), population.behaviour.utility, 3, np.random.default_rng(3))
    for rank in (1, 3):
        at_rank = lists.rank == rank
        counts = np.bincount(lists.platform[at_rank], minlength=len(population.codebook.platforms))
        stated = np.zeros(len(counts))
        stated[lists.platform[at_rank]] = lists.propensity[at_rank]
        error = np.sqrt(stated * (1 - stated) / times)
        assert (np.abs(counts / times - stated) <= 4.5 * error).all()
        assert stated.sum() == pytest.approx(1, abs=0.01)


def test_a_list_is_shorter_where_few_platforms_are_left(population) -> None:
    told = population.draw(50, np.random.default_rng(6)).told
    told.in_use[:, 4:] = True
    lists = show(told, population.behaviour.utility, 10, np.random.default_rng(7))
    assert np.bincount(lists.business).max() <= 4
    assert (lists.propensity > 0).all()
    assert (lists.propensity <= LOGGING.popular + LOGGING.shuffled + LOGGING.wide + 1e-9).all()
