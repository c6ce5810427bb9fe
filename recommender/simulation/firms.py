"""Who the businesses are: legal form, sector, size, place, people and money."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from recommender.domain import Reference
from recommender.simulation.businesses import FORMS, SIZES, Codebook, Codes, Flags, Floats
from recommender.simulation.calibration import Shares, sector_traits
from recommender.simulation.coefficients import FIRMS

HOUSEHOLD = SIZES.index("household")


@dataclass(frozen=True)
class Firms:
    """The facts about `n` businesses, (n,) each.

    `place` is the province before the merger of 2025, `province` the one of today; both are
    positions in the lists of the reference. Money is in billions of VND a year.
    """

    form: Codes
    sector: Codes
    size: Codes
    place: Codes
    province: Codes
    employees: Codes
    revenue: Floats
    capital: Floats
    consumers: Flags
    lodging: Flags


class FirmDraw:
    """Draws businesses whose form, sector, size and place have the published shares.

    Staff and money lie within the bounds of the size drawn, so that the size rules give it back,
    whether or not the business tells its money.
    """

    def __init__(self, reference: Reference, of: Shares, household_share: float) -> None:
        codebook = Codebook(reference)
        traits = [sector_traits(letter) for letter in codebook.letters]
        cooperatives = np.array([t.cooperatives for t in traits]) * _within_section(
            of.cells.sum(axis=1), codebook.letters
        )
        self._cells = _joint(of.cells, cooperatives, household_share)
        self._places = of.provinces.cumsum(axis=1)
        today = [codebook.provinces.index(p.new_code) for p in reference.provinces.values()]
        self._today = np.array(today)
        self._staff, self._money = _bounds(reference)
        self._revenue = np.array([t.revenue for t in traits])
        self._consumers = np.array([t.consumers for t in traits])
        self._lodging = np.array([FIRMS.lodging.get(code, 0.0) for code in codebook.sector_codes])

    def draw(self, n: int, rng: np.random.Generator) -> Firms:
        """Draw `n` businesses."""
        cell = _pick(self._cells.ravel().cumsum(), rng.random(n))
        form, sector, size = np.unravel_index(cell, self._cells.shape)
        chance = rng.random(n)
        household = size == HOUSEHOLD
        place = np.where(household, _pick(self._places[0], chance), _pick(self._places[-1], chance))
        low, high = self._staff[:, sector, size]
        employees = np.floor(low * ((high + 1) / low) ** rng.random(n)).astype(np.int64)
        revenue, capital = self._draw_money(sector, size, employees, rng)
        untouched = FIRMS.household_other**household
        consumers = rng.random(n) >= (1 - self._consumers[sector]) * untouched
        lodging = rng.random(n) < self._lodging[sector]
        return Firms(
            form, sector, size, place, self._today[place],
            employees, revenue, capital, consumers, lodging,
        )  # fmt: skip

    def _draw_money(
        self, sector: Codes, size: Codes, employees: Codes, rng: np.random.Generator
    ) -> tuple[Floats, Floats]:
        n = len(sector)
        firm, household = self._revenue[sector] * employees, FIRMS.household_revenue
        median = np.where(size == HOUSEHOLD, household * np.sqrt(employees / 2), firm)
        revenue = median * np.exp(FIRMS.revenue_sd * rng.standard_normal(n))
        spread = np.exp(FIRMS.capital_sd * rng.standard_normal(n))
        money = np.stack([revenue, FIRMS.capital_per_revenue * revenue * spread])
        money = np.minimum(money, self._money[:, sector, size] * rng.uniform(0.4, 1, (2, n)))
        revenue, capital = np.maximum(0.01, np.round(money, 2))
        return revenue, capital


def _within_section(shares: Floats, letters: Sequence[str]) -> Floats:
    """Return the share that each sector has of its section, (sectors,)."""
    section = np.equal.outer(letters, letters)
    return np.asarray(shares / (section @ shares))


def _joint(cells: Floats, cooperatives: Floats, household_share: float) -> Floats:
    """Return the probability of each legal form, sector and size."""
    joint = np.zeros((len(FORMS), *cells.shape))
    rest = 1 - household_share
    sizes = np.array(FIRMS.cooperative_sizes)
    joint[FORMS.index("household"), :, 0] = household_share * cells[:, 0]
    joint[FORMS.index("enterprise"), :, 1:] = rest * (1 - FIRMS.cooperative_share) * cells[:, 1:]
    if cooperatives.sum():
        odds = np.outer(cooperatives, sizes)
        joint[FORMS.index("cooperative")] = rest * FIRMS.cooperative_share * odds / odds.sum()
    return np.asarray(joint / joint.sum())


def _bounds(reference: Reference) -> tuple[Floats, Floats]:
    """Return the bounds of staff (least, most) and of money (revenue, capital) that give a size.

    Both are (2, sectors, sizes); no bound on the money of households and large firms.
    """
    shape = (2, len(reference.sectors), len(SIZES))
    staff, money = np.ones(shape), np.full(shape, np.inf)
    staff[1, :, HOUSEHOLD] = FIRMS.household_max_employees
    for i, sector in enumerate(reference.sectors.values()):
        rules = [rule for rule in reference.size_rules if rule.size_group == sector.size_group]
        above = 1.0
        for rule in sorted(rules, key=lambda rule: rule.max_employees):
            size = SIZES.index(rule.size)
            staff[:, i, size] = above, rule.max_employees
            money[:, i, size] = rule.max_revenue_bn_vnd, rule.max_capital_bn_vnd
            above = rule.max_employees + 1
        staff[:, i, SIZES.index("large")] = above, above * FIRMS.large_factor
    return staff, money


def _pick(cumulative: Floats, chance: Floats) -> Codes:
    """Return the position that each uniform draw falls on."""
    return np.asarray(np.searchsorted(cumulative[:-1], chance, side="right"))
