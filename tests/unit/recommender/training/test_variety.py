"""Not the same list for everyone: how much first fives differ, and what moves them."""

from dataclasses import replace

import numpy as np
import pytest
from scipy import sparse

from recommender.features import OneHotProfiles
from recommender.rankers import LinearRanker, PopularityRanker, Regime, Sums
from recommender.training.holdout import everything
from recommender.training.variety import variety

SECTORS, PLATFORMS = list("abcdef"), 30
ENCODER = OneHotProfiles(
    {"sector": SECTORS, "size": ["small", "big"], "mood": ["good", "bad"]},
    crossed=("sector", "size"),
)


@pytest.fixture(scope="module")
def part(make_part):
    """Platforms in use go by sector and size; mood says nothing."""
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
    return make_part(profiles, used, np.zeros((n, PLATFORMS)))


@pytest.fixture(scope="module")
def sums(part):
    return part.add_to(Sums(len(ENCODER.columns), PLATFORMS))


@pytest.fixture(scope="module")
def asked(part):
    """The same businesses before they used anything."""
    return replace(part, used=sparse.csr_array(part.used.shape))


def test_one_list_for_all_is_told(asked, sums):
    found = variety(PopularityRanker().solve(sums), asked, ENCODER, everything)
    assert (found["asked"], found["distinct_lists"], found["difference"]) == (1_000, 1, 0)
    assert {name for name in found if name.startswith("moved_by_")} == {
        "moved_by_sector",
        "moved_by_size",
        "moved_by_mood",
    }
    assert found["moved_by_sector"] == found["moved_by_size"] == 0


def test_what_decides_moves_the_lists_and_what_does_not_leaves_them(asked, sums):
    regime = (Regime(keep=0.0),)
    found = variety(LinearRanker(regime, regime, regime).solve(sums), asked, ENCODER, everything)
    assert found["moved_by_sector"] > 0.6
    assert 0.1 < found["moved_by_size"] < found["moved_by_sector"]
    assert found["moved_by_mood"] < 0.1
    assert found["difference"] > 0.6
    assert found["distinct_lists"] > 12


def test_what_is_in_use_is_in_no_list(part, sums):
    """Popularity alone decides, and still lists differ: by what each business uses already."""
    found = variety(PopularityRanker().solve(sums), part, ENCODER, everything)
    assert found["distinct_lists"] > 12
    assert found["moved_by_sector"] == 0


def test_the_same_seed_asks_the_same_businesses(part, sums):
    ranker = PopularityRanker().solve(sums)
    first = variety(ranker, part, ENCODER, everything, seed=3)
    assert variety(ranker, part, ENCODER, everything, seed=3) == first
    assert variety(ranker, part, ENCODER, everything, seed=4) != first


def test_few_businesses_are_all_asked(part, sums):
    few = part[np.arange(7)]
    assert variety(PopularityRanker().solve(sums), few, ENCODER, everything)["asked"] == 7


def test_only_what_is_made_for_a_business_is_in_its_list(asked, sums):
    """Where each size has platforms of its own, size alone decides."""
    own = np.zeros((2, PLATFORMS), dtype=bool)
    own[0, :5], own[1, 5:10] = True, True
    ranker = PopularityRanker().solve(sums)
    found = variety(ranker, asked, ENCODER, lambda profiles: (profiles[:, 6:8] @ own) > 0)
    assert found["distinct_lists"] == 2
    assert found["moved_by_sector"] == 0
    assert found["moved_by_size"] == pytest.approx(0.5, abs=0.06)
