"""Compare what was drawn with what was published."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from recommender.simulation import published
from recommender.simulation.answers import stages
from recommender.simulation.businesses import FORMS, SIZES, Flags, Floats
from recommender.simulation.population import Cohort, Population
from recommender.simulation.published import Figure

SLACK = {"who": 0.2, "stage": 0.2, "tool": 0.3, "cloud by sector": 0.5, "programme": 1.0}
"""Percentage points by which a share may be off however many businesses are drawn."""


@dataclass(frozen=True)
class Comparison:
    """A published share and the drawn one, both in percent.

    `tolerance` is in percentage points: what the calibration leaves open (`SLACK`), and four
    standard errors of a share of as many businesses as were drawn.
    """

    figure: Figure
    drawn_pct: float
    tolerance: float

    @property
    def holds(self) -> bool:
        """Whether the drawn share is within the tolerance."""
        return abs(self.drawn_pct - self.figure.value_pct) <= self.tolerance


def fidelity(population: Population, cohort: Cohort, adopted: Flags) -> list[Comparison]:
    """Compare a cohort with every published figure that it is calibrated on.

    Published shares are those of enterprises, but for e-invoices, which households are compared
    by. Tools are those in the profiles, but for e-sales, where the catalogue has no platform for
    large firms and the tool in use counts, in the catalogue or not.

    Args:
        population: Where the cohort was drawn from.
        cohort: The businesses.
        adopted: Which of them adopted a platform that they were shown, (n,).
    """
    return [
        *_who(population, cohort),
        *_stages(cohort),
        *_tools(population, cohort),
        *_cloud_by_sector(population, cohort),
        *_programme(population, cohort, adopted),
    ]


def _who(population: Population, cohort: Cohort) -> Iterator[Comparison]:
    firms = cohort.firms
    enterprise = firms.form == FORMS.index("enterprise")
    letters = np.array(population.codebook.letters)[firms.sector]
    provinces = population.codebook.reference.provinces.values()
    regions = np.array([province.region for province in provinces])[firms.place]
    for size, figure in published.SIZE_MIX.items():
        yield _share(figure, firms.size == SIZES.index(size), enterprise, SLACK["who"])
    for group, figure in published.SECTOR_MIX.items():
        yield _share(figure, np.isin(letters, list(group)), enterprise, SLACK["who"])
    for region, figure in published.REGION_MIX.items():
        yield _share(figure, regions == region, enterprise, SLACK["who"])


def _stages(cohort: Cohort) -> Iterator[Comparison]:
    small = (cohort.firms.form == FORMS.index("enterprise")) & (
        cohort.firms.size < SIZES.index("large")
    )
    stage = stages(cohort.functions, cohort.practices)
    for position, figure in enumerate(published.STAGES.values()):
        yield _share(figure, stage == position, small, SLACK["stage"])


def _tools(population: Population, cohort: Cohort) -> Iterator[Comparison]:
    firms, categories = cohort.firms, population.codebook.categories
    enterprise = firms.form == FORMS.index("enterprise")
    in_profile = population.behaviour.utility.categories_in_use(cohort.told)
    of_size = {size: enterprise & (firms.size == SIZES.index(size)) for size in SIZES}
    of_size["10+"] = enterprise & (firms.size >= SIZES.index("small"))
    for category, figures, uses in (
        ("erp-all-in-one", published.ERP, in_profile),
        ("crm", published.CRM, in_profile),
        ("cloud", published.CLOUD, in_profile),
        ("e-commerce", published.E_SALES, cohort.uses),
    ):
        used = uses[:, categories.index(category)]
        for size, figure in figures.items():
            yield _share(figure, used, of_size[size], SLACK["tool"])
    e_invoice = in_profile[:, categories.index("e-invoice")]
    yield _share(
        published.E_INVOICE, e_invoice, firms.size == SIZES.index("household"), SLACK["tool"]
    )


def _cloud_by_sector(population: Population, cohort: Cohort) -> Iterator[Comparison]:
    """Compare sectors with each other; their common level is set by the use by size."""
    firms = cohort.firms
    letters = np.array(population.codebook.letters)[firms.sector]
    uses = cohort.uses[:, population.codebook.categories.index("cloud")]
    staff = (firms.form == FORMS.index("enterprise")) & (firms.size >= SIZES.index("small"))
    groups = {group: staff & np.isin(letters, list(group)) for group in published.CLOUD_BY_SECTOR}
    expected = [f.value_pct * groups[g].sum() for g, f in published.CLOUD_BY_SECTOR.items()]
    level = 100 * uses[staff].sum() / sum(expected)
    for group, figure in published.CLOUD_BY_SECTOR.items():
        yield _share(figure, uses / level, groups[group], SLACK["cloud by sector"])


def _programme(population: Population, cohort: Cohort, adopted: Flags) -> Iterator[Comparison]:
    small = (cohort.firms.form != FORMS.index("household")) & (
        cohort.firms.size < SIZES.index("large")
    )
    province = np.array(population.codebook.provinces)[cohort.firms.province]
    for code, figure in published.PROGRAMME_USE.items():
        yield _share(figure, adopted, small & (province == code), SLACK["programme"])


def _share(figure: Figure, of: Flags | Floats, among: Flags, slack: float) -> Comparison:
    share = figure.value_pct / 100
    error = np.sqrt(share * (1 - share) / among.sum())
    return Comparison(figure, 100 * float(of[among].mean()), slack + 400 * float(error))
