from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recommender.domain import Reference
from recommender.simulation import Cohort, Population, SimulationSettings, simulate
from recommender.simulation.exposures import Shown, show
from recommender.simulation.journeys import Outcome, live

DATA = Path(__file__).parents[3] / "data"


@pytest.fixture(scope="session")
def data() -> Path:
    return DATA


@pytest.fixture(scope="session")
def population(reference: Reference) -> Population:
    return Population(reference)


@dataclass(frozen=True)
class Lived:
    """100,000 businesses, what they were shown, and what came of it."""

    cohort: Cohort
    shown: Shown
    outcome: Outcome


@pytest.fixture(scope="session")
def lived(population: Population) -> Lived:
    rng = np.random.default_rng(20)
    cohort = population.draw(100_000, rng)
    shown = show(cohort.told, population.behaviour.utility, 10, rng)
    year = 365 * 86_400.0
    outcome = live(cohort.told, cohort.firms.lodging, shown, population.behaviour, year, rng)
    return Lived(cohort, shown, outcome)


@dataclass(frozen=True)
class World:
    """The files of a simulation."""

    folder: Path
    settings: SimulationSettings
    profiles: pd.DataFrame
    exposures: pd.DataFrame
    events: pd.DataFrame
    truth: pd.DataFrame


@pytest.fixture(scope="session")
def world(reference: Reference, tmp_path_factory: pytest.TempPathFactory) -> World:
    folder = tmp_path_factory.mktemp("worlds") / "world"
    settings = SimulationSettings(businesses=5_000, seed=7, chunk=2_000)
    simulate(settings, reference, folder)
    names = ("profiles", "exposures", "events", "truth")
    return World(folder, settings, *(pd.read_parquet(folder / f"{name}.parquet") for name in names))
