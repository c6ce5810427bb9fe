"""Solve for what makes the drawn shares come out as published.

Nothing is fitted on a sample: shares are integrated over the cells of the population (sector, size,
region) and the quantiles of readiness within a cell, so that the result depends on the data alone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import expit, logit, ndtr, ndtri

from recommender.domain import Reference
from recommender.simulation.businesses import SIZES, Flags, Floats
from recommender.simulation.coefficients import FIRMS, READINESS
from recommender.simulation.published import CLOUD_BY_SECTOR, SIZE_MIX, STAGES
from recommender.simulation.tastes import CATEGORIES, NEUTRAL, SECTORS, Category, Sector

QUANTILES = ndtri((np.arange(32) + 0.5) / 32)
"""Equally likely values of the noise in readiness."""

SMES = slice(SIZES.index("micro"), SIZES.index("large"))
OVER_10_STAFF = slice(SIZES.index("small"), None)


@dataclass(frozen=True)
class Shares:
    """Published shares, as probabilities in the order of the reference.

    Attributes:
        cells: Sector and size: (sectors, sizes). The column of household businesses sums to 1,
            and so do the others together, which are enterprises.
        provinces: Provinces before the merger, by size: (sizes, provinces).
    """

    cells: Floats
    provinces: Floats


@dataclass(frozen=True)
class Calibration:
    """What the draw needs besides the shares.

    Attributes:
        stage_cuts: Readiness at which the basic, integrated and full stage begin, (3,).
        use: Logit of using a category at readiness 0: (categories, sectors, sizes); -inf in
            sectors where nobody uses it.
        active: Whether using a category takes at least the basic stage, (categories,).
    """

    stage_cuts: Floats
    use: Floats
    active: Flags


def shares(reference: Reference) -> Shares:
    """Join the shares of `sectors.csv` and `provinces.csv` with the published size mix."""
    sectors = reference.sectors.values()
    households = _normed([sector.household_share_pct for sector in sectors])
    enterprises = _normed([sector.enterprise_share_pct for sector in sectors])
    size_mix = _normed([figure.value_pct for figure in SIZE_MIX.values()])
    scale = np.array([sector_traits(letter).scale for letter in _letters(reference)])
    odds = np.exp(np.outer(scale, np.arange(len(size_mix))))
    provinces = _normed([p.enterprise_share_pct for p in reference.provinces.values()])
    spread = _normed(provinces**FIRMS.household_spread)
    return Shares(
        cells=np.column_stack([households, rake(odds, enterprises, size_mix)]),
        provinces=np.stack([spread] + [provinces] * len(size_mix)),
    )


def rake(table: Floats, rows: Floats, columns: Floats) -> Floats:
    """Scale a table until it has the given margins; its odds ratios stay."""
    for _ in range(100):
        table = table * (columns / table.sum(axis=0))
        table = table * (rows / table.sum(axis=1))[:, None]
    return table


def sector_traits(letter: str) -> Sector:
    """Return what sets a sector apart; nothing, if the sector is not known."""
    return SECTORS.get(letter, Sector())


def mean_readiness(reference: Reference) -> tuple[Floats, Floats]:
    """Return mean readiness by sector and size, and what each province before the merger adds."""
    sector = np.array([sector_traits(letter).readiness for letter in _letters(reference)])
    region = [READINESS.region.get(p.region, 0.0) for p in reference.provinces.values()]
    return sector[:, None] + np.array(READINESS.size), np.array(region)


def calibrate(reference: Reference, of: Shares) -> Calibration:
    """Solve for the stages and the use of tools that the published figures ask for."""
    letters = _letters(reference)
    tastes = {code: CATEGORIES.get(code, NEUTRAL) for code in reference.categories}
    cells = _Cells(reference, of)
    use = {
        code: cells.use(taste, np.array([taste.taste(letter) for letter in letters]), letters)
        for code, taste in tastes.items()
    }
    if "cloud" in use:
        use["cloud"] = _rake_cloud(cells, tastes["cloud"], letters)
    active = np.array([not taste.passive for taste in tastes.values()])
    return Calibration(cells.stage_cuts, np.stack(list(use.values())), active)


class _Cells:
    """The cells of the population, their weights, and how readiness is spread in them."""

    def __init__(self, reference: Reference, of: Shares) -> None:
        mean, places = mean_readiness(reference)
        regions, region_of = np.unique(places, return_inverse=True)
        by_region = np.stack([np.bincount(region_of, row) for row in of.provinces])
        self.weights = of.cells
        self.stage_cuts = _stage_cuts(
            (mean[..., None] + regions)[:, SMES], (of.cells[..., None] * by_region)[:, SMES]
        )
        nodes = np.add.outer(regions, QUANTILES).ravel()
        self._readiness = mean[..., None] + nodes
        self._started = self._readiness >= self.stage_cuts[0]
        self._nodes = np.repeat(by_region, len(QUANTILES), axis=1) / len(QUANTILES)

    def rates(self, use: Floats, category: Category) -> Floats:
        """Return the share that uses a category, given its logits: both (sectors, sizes)."""
        rate = expit(use[..., None] + READINESS.tool_slope * self._readiness)
        return np.asarray(
            np.einsum("scn,cn->sc", rate * (self._started | category.passive), self._nodes)
        )

    def use(self, category: Category, effects: Floats, letters: Sequence[str]) -> Floats:
        """Return the logits that give each size its share, the sectors differing by `effects`."""
        relevant = np.array([not category.only or letter in category.only for letter in letters])
        weights = self.weights * relevant[:, None] / (self.weights * relevant[:, None]).sum(axis=0)
        low, high = np.full(len(SIZES), -20.0), np.full(len(SIZES), 20.0)
        for _ in range(32):
            middle = (low + high) / 2
            rate = (self.rates(effects[:, None] + middle, category) * weights).sum(axis=0)
            above = rate > np.array(category.use) / 100
            low, high = np.where(above, low, middle), np.where(above, middle, high)
        return np.where(relevant[:, None], effects[:, None] + (low + high) / 2, -np.inf)


def _stage_cuts(means: Floats, weights: Floats) -> Floats:
    """Return the quantiles of readiness among small and medium enterprises."""
    weights = weights / weights.sum()
    below = np.cumsum([figure.value_pct for figure in STAGES.values()])[:-1] / 100
    return np.array(
        [brentq(lambda cut, q=q: (weights * ndtr(cut - means)).sum() - q, -9, 9) for q in below]
    )


def _rake_cloud(cells: _Cells, category: Category, letters: Sequence[str]) -> Floats:
    """Rake the use of cloud services by sector, keeping the published use by size.

    The two published margins come from different years and countries and do not agree on the
    level, so sectors keep their ratios to each other and take their level from the sizes.
    """
    published = np.array([_by_letter(letter) for letter in letters]) / 100
    weights = cells.weights[:, OVER_10_STAFF]
    of_sector = weights / weights.sum(axis=1, keepdims=True)
    level = (weights.sum(axis=0) * category.use[OVER_10_STAFF]).sum() / 100
    target = published * level / (weights.sum(axis=1) * published).sum()
    effects = logit(published)
    for _ in range(6):
        use = cells.use(category, effects, letters)
        rate = (cells.rates(use, category)[:, OVER_10_STAFF] * of_sector).sum(axis=1)
        effects = effects + logit(target) - logit(rate)
    return use


def _by_letter(letter: str) -> float:
    found = [f.value_pct for letters, f in CLOUD_BY_SECTOR.items() if letter in letters]
    return found[0] if found else _by_letter("S")


def _letters(reference: Reference) -> list[str]:
    """Return the letter of the section of each sector."""
    return [code[:1] for _, code in reference.sectors]


def _normed(values: ArrayLike) -> Floats:
    array = np.asarray(values, dtype=np.float64)
    return np.asarray(array / array.sum())
