import csv
from pathlib import Path

import numpy as np
import pytest

from recommender.simulation import published
from recommender.simulation.businesses import FORMS, SIZES
from recommender.simulation.calibration import rake, shares
from recommender.simulation.fidelity import fidelity
from recommender.simulation.journeys import KINDS
from recommender.simulation.published import Figure


def published_figures() -> list[Figure]:
    found = []
    for value in vars(published).values():
        found += [value] if isinstance(value, Figure) else []
        found += value.values() if isinstance(value, dict) else []
    return [figure for figure in found if isinstance(figure, Figure)]


def test_every_figure_stands_in_the_data(data: Path) -> None:
    rows: dict[tuple[str, str], list[float]] = {}
    with (data / "calibration.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            rows.setdefault((row["measure"], row["group"]), []).append(float(row["value_pct"]))
    figures = published_figures()
    assert len(figures) > 30
    for figure in figures:
        mean = np.mean(rows[figure.measure, figure.group])
        assert figure.value_pct == pytest.approx(mean, abs=0.005), figure


def test_drawn_shares_are_within_the_stated_tolerances(population, lived) -> None:
    events = lived.outcome.events
    adopted = np.zeros(len(lived.cohort.told), dtype=bool)
    adopted[events.business[(events.kind == KINDS.index("adopt")) & (events.rank > 0)]] = True
    comparisons = fidelity(population, lived.cohort, adopted)
    for c in comparisons:
        print(
            f"{c.figure.measure[:46]:46} {c.figure.group[:52]:52} "
            f"{c.figure.value_pct:6.2f} {c.drawn_pct:6.2f} ±{c.tolerance}"
        )
    assert [c for c in comparisons if not c.holds] == []
    compared = {(c.figure.measure, c.figure.group) for c in comparisons}
    barriers = {(f.measure, f.group) for f in published.BARRIERS.values()}
    assert {(f.measure, f.group) for f in published_figures()} - compared == barriers


@pytest.mark.parametrize("form", ["household", "enterprise"])
def test_each_sector_and_province_has_its_share(population, reference, lived, form) -> None:
    firms = lived.cohort.firms
    chosen = firms.form == FORMS.index(form)
    of = shares(reference)
    cells = of.cells[:, :1] if form == "household" else of.cells[:, 1:]
    sectors = np.bincount(firms.sector[chosen], minlength=len(cells)) / chosen.sum()
    np.testing.assert_allclose(sectors, cells.sum(axis=1), atol=0.007)
    expected = of.provinces[0 if form == "household" else 1]
    places = np.bincount(firms.place[chosen], minlength=len(expected)) / chosen.sum()
    np.testing.assert_allclose(places, expected, atol=0.007)
    codes = np.array(list(reference.provinces))[firms.place]
    today = [reference.provinces[code].new_code for code in codes]
    assert list(np.array(population.codebook.provinces)[firms.province]) == today


def test_cooperatives_are_few_and_mostly_farm(population, lived) -> None:
    firms = lived.cohort.firms
    cooperatives = firms.form == FORMS.index("cooperative")
    assert cooperatives.mean() == pytest.approx(0.7 * 0.02, abs=0.002)
    farms = np.array(population.codebook.letters)[firms.sector] == "A"
    assert farms[cooperatives].mean() > 0.55


def test_bigger_and_more_digital_sectors_use_more(population, lived) -> None:
    uses, firms = lived.cohort.uses, lived.cohort.firms
    for category in ("erp-all-in-one", "crm", "cloud", "hr"):
        used = uses[:, population.codebook.categories.index(category)]
        by_size = [used[firms.size == size].mean() for size in range(len(SIZES))]
        assert by_size == sorted(by_size), category


def test_raking_keeps_margins_and_odds_ratios() -> None:
    seed = np.array([[1.0, 2.0], [3.0, 1.0]])
    rows, columns = np.array([0.3, 0.7]), np.array([0.4, 0.6])
    raked = rake(seed, rows, columns)
    np.testing.assert_allclose(raked.sum(axis=0), columns)
    np.testing.assert_allclose(raked.sum(axis=1), rows)
    odds = raked[0, 0] * raked[1, 1] / raked[0, 1] / raked[1, 0]
    assert odds == pytest.approx(1 / 6)
