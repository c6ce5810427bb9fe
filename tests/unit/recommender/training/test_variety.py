"""Not the same list for everyone, and a floor that a model of the same list falls under."""

import numpy as np
import pytest
from scipy import sparse

from recommender.features import OneHotProfiles
from recommender.rankers import LinearRanker, PopularityRanker, Regime
from recommender.training.holdout import Part, everything
from recommender.training.variety import FLOORS, variety

SECTORS, PLATFORMS = list("abcdef"), 30
ENCODER = OneHotProfiles(
    {"sector": SECTORS, "size": ["small", "big"], "mood": ["good", "bad"]},
    crossed=("sector", "size"),
)


@pytest.fixture(scope="module")
def part():
    """Platforms go by sector and size; mood says nothing."""
    random = np.random.default_rng(0)
    n = 1_500
    sector, size, mood = (random.integers(0, k, n) for k in (6, 2, 2))
    profiles = np.zeros((n, len(ENCODER.columns)))
    for row, codes in enumerate(zip(sector, size, mood, strict=True)):
        names = zip(ENCODER.vocabulary, codes, strict=True)
        told = {field: ENCODER.vocabulary[field][code] for field, code in names}
        profiles[row, ENCODER.encode(told)] = 1
    likely = np.arange(PLATFORMS) // 5 == sector[:, None]
    likely &= (np.arange(PLATFORMS) % 2 == size[:, None]) | (np.arange(PLATFORMS) % 5 == 0)
    used = (random.random((n, PLATFORMS)) < 0.05 + 0.6 * likely).astype(float)
    nothing = sparse.csr_array((n, PLATFORMS))
    return Part(sparse.csr_array(profiles), nothing, sparse.csr_array(used), nothing, np.ones(n))


def test_one_list_for_all_falls_under_every_floor(part):
    ranker = PopularityRanker().solve(part.sums(()))
    found = variety(ranker, part, ENCODER, everything)
    assert (found["asked"], found["distinct_lists"], found["difference"]) == (1_000, 1, 0)
    assert found["below_floor"] == list(FLOORS)


def test_what_decides_moves_the_lists_and_what_does_not_leaves_them(part):
    regime = (Regime(keep=0.0),)
    ranker = LinearRanker(regime, regime, regime).solve(part.sums(()))
    found = variety(ranker, part, ENCODER, everything)
    assert found["moved_by_sector"] > 0.6
    assert 0.1 < found["moved_by_size"] < found["moved_by_sector"]
    assert found["moved_by_mood"] < 0.1
    assert found["difference"] > 0.6
    assert found["distinct_lists"] > 12


def test_the_same_seed_asks_the_same_businesses(part):
    ranker = PopularityRanker().solve(part.sums(()))
    assert variety(ranker, part, ENCODER, everything, seed=3) == variety(
        ranker, part, ENCODER, everything, seed=3
    )


def test_few_businesses_are_all_asked(part):
    few = part[np.arange(len(part.weights)) < 7]
    assert variety(PopularityRanker().solve(part.sums(())), few, ENCODER, everything)["asked"] == 7


def test_only_what_is_made_for_a_business_is_in_its_list(part):
    """Where each size has platforms of its own, size alone decides."""
    own = np.zeros((2, PLATFORMS), dtype=bool)
    own[0, :5], own[1, 5:10] = True, True
    ranker = PopularityRanker().solve(part.sums(()))
    found = variety(ranker, part, ENCODER, lambda profiles: (profiles[:, 6:8] @ own) > 0)
    assert found["distinct_lists"] == 2
    assert found["moved_by_sector"] == 0
    assert found["moved_by_size"] == pytest.approx(0.5, abs=0.06)
