"""The tables that utility is looked up in: one row per code, one column per platform.

Where an answer may be missing, a last row stands for "not told", which code -1 selects. What is
drawn once and for all (appeal, prices, what neighbours use) comes from a hash of the platform's id,
so that it stays the same whatever else is in the catalogue and whatever the seed of a run.
"""

import hashlib
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import ndtri

from recommender.domain import Reference
from recommender.simulation.businesses import SIZES, STATES, Codebook, Flags
from recommender.simulation.coefficients import UTILITY
from recommender.simulation.tastes import CATEGORIES, NEUTRAL, PULL, Category

Matrix = NDArray[np.float32]


def table(values: ArrayLike) -> Matrix:
    """Return the values as a float32 array."""
    return np.asarray(values, dtype=np.float32)


def tastes_of(reference: Reference) -> list[Category]:
    """Return the tastes for the category of each platform."""
    return [CATEGORIES.get(p.category, NEUTRAL) for p in reference.platforms.values()]


def made_for(reference: Reference) -> tuple[Flags, Flags]:
    """Return which sectors and which sizes each platform is made for."""
    platforms = reference.platforms.values()
    sectors = [
        [not p.sectors or code in p.sectors for p in platforms] for _, code in reference.sectors
    ]
    sizes = [[not p.sizes or size in p.sizes for p in platforms] for size in SIZES]
    return np.array(sectors), np.array(sizes)


def segment(reference: Reference, codebook: Codebook) -> Matrix:
    """Return appeal, taste and fit by sector (with "not told") and size."""
    tastes = tastes_of(reference)
    for_sector, for_size = made_for(reference)
    specialist = UTILITY.specialist * (1 - for_sector.mean(axis=0))
    sector = np.array([[taste.taste(code) for taste in tastes] for code in codebook.letters])
    sector = sector + np.where(for_sector, specialist, UTILITY.wrong_sector)
    sector = np.concatenate([sector, sector.mean(axis=0, keepdims=True)])
    size = np.array([taste.size for taste in tastes]).T
    size = size + np.where(for_size, 0.0, UTILITY.wrong_size)
    return table(sector[:, None] + size + _appeal(codebook))


def neighbours(reference: Reference, codebook: Codebook) -> Matrix:
    """Return what is seen to be in use nearby, by province of today and for "not told"."""
    regions = [province.region for province in reference.current_provinces.values()]
    seen = {
        region: [_normal(f"{region} {platform}") for platform in codebook.platforms]
        for region in dict.fromkeys(regions)
    }
    nowhere = [0.0] * len(codebook.platforms)
    return table([*(seen[region] for region in regions), nowhere]) * np.float32(UTILITY.neighbours)


def lodging_fit(reference: Reference) -> Matrix:
    """Return what food and what lodging add, for businesses of section I."""
    fit = {"pos-fnb": (1.0, -2.0), "hotel-tourism": (-2.0, 1.0)}
    rows = [fit.get(p.category, (0.0, 0.0)) for p in reference.platforms.values()]
    return table(np.array(rows).T * UTILITY.right_lodging)


def price_gap(reference: Reference) -> Matrix:
    """Return by how many steps the price exceeds each budget, and a budget that is not told."""
    prices = [
        UTILITY.prices[reference.categories[platform.category].stage]
        + UTILITY.household_price * ("household" in platform.sizes)
        + UTILITY.price_spread * _normal(f"price {platform.id}")
        for platform in reference.platforms.values()
    ]
    budgets = np.array([*UTILITY.budgets, UTILITY.budget_unknown])
    return table(np.maximum(0, np.array(prices) - budgets[:, None]))


def effort(reference: Reference) -> Matrix:
    """Return how many levels of maturity a platform asks for and each level lacks."""
    stages = [reference.categories[p.category].stage for p in reference.platforms.values()]
    asked = np.array([UTILITY.levels[stage] for stage in stages])
    levels = np.array([*range(reference.levels[-1].level + 1), UTILITY.level_unknown])
    return table(np.maximum(0, asked - levels[:, None]))


def gap() -> Matrix:
    """Return what the state of a function adds to the platforms that serve it."""
    return table([*(UTILITY.gap[state] for state in STATES), UTILITY.gap_unknown])


def pull(codebook: Codebook) -> Matrix:
    """Return what a category in use (row) adds to each platform: (categories, platforms)."""
    known = codebook.categories
    between = np.diag([CATEGORIES.get(category, NEUTRAL).again for category in known])
    for (used, wanted), weight in PULL.items():
        if used in known and wanted in known:
            between[known.index(used), known.index(wanted)] = weight
    return table(between[:, codebook.category_of])


def members(codebook: Codebook, groups: Iterable[Sequence[str]]) -> Matrix:
    """Return which platforms belong to the categories of each group: (groups, platforms)."""
    positions = [[codebook.categories.index(category) for category in group] for group in groups]
    return table([np.isin(codebook.category_of, group) for group in positions])


def _appeal(codebook: Codebook) -> NDArray[np.float64]:
    """Return -zipf * log(rank), the rank being drawn within the category."""
    dice = np.array([_normal(f"appeal {platform}") for platform in codebook.platforms])
    same = np.equal.outer(codebook.category_of, codebook.category_of)
    ranks = 1 + (same & (dice[None] > dice[:, None])).sum(axis=1)
    return np.asarray(-UTILITY.zipf * np.log(ranks))


def _normal(text: str) -> float:
    """Return a standard normal draw that depends on the text alone."""
    digest = hashlib.blake2b(text.encode(), digest_size=6).digest()
    return float(ndtri((int.from_bytes(digest) + 0.5) / 2**48))
