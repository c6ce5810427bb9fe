"""A simulated world: a population calibrated on published shares, and choices with a known truth.

Until real events exist, this is what models learn from and are measured on. `simulate` writes one;
`Population` and `Behaviour` serve in memory.
"""

from recommender.simulation.behaviour import Behaviour, attention
from recommender.simulation.population import Cohort, Population, draw_population
from recommender.simulation.settings import SimulationSettings
from recommender.simulation.simulator import FORMAT, simulate

__all__ = [
    "FORMAT",
    "Behaviour",
    "Cohort",
    "Population",
    "SimulationSettings",
    "attention",
    "draw_population",
    "simulate",
]
