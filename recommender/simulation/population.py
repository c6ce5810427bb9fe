"""Businesses that stand for the published shares."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit

from recommender.domain import Reference
from recommender.simulation import calibration
from recommender.simulation.answers import AnswerDraw, leave_out
from recommender.simulation.behaviour import Behaviour
from recommender.simulation.businesses import Businesses, Codes, Flags, Floats
from recommender.simulation.coefficients import ANSWERS, READINESS
from recommender.simulation.firms import FirmDraw, Firms


@dataclass(frozen=True)
class Cohort:
    """`n` businesses as drawn: what they tell, and what they do not.

    Attributes:
        told: The profiles, with the answers that are missing left out.
        firms: The facts, with nothing left out.
        readiness: Latent digital readiness, (n,).
        uses: Categories of tool in use, whether or not the catalogue has a platform of the
            category that is made for the business, (n, categories).
        functions: States of the functions before answers are left out, (n, functions).
        practices: Practices before answers are left out, (n, 3).
    """

    told: Businesses
    firms: Firms
    readiness: Floats
    uses: Flags
    functions: Codes
    practices: Codes


class Population:
    """The population of a reference, ready to be drawn from.

    Args:
        reference: Its shares, catalogue and rules.
        household_share: Share of household businesses, 0 to 1.
    """

    def __init__(self, reference: Reference, household_share: float = 0.30) -> None:
        of = calibration.shares(reference)
        self.behaviour = Behaviour(reference)
        self.codebook = self.behaviour.utility.codebook
        self.calibration = calibration.calibrate(reference, of)
        self._firms = FirmDraw(reference, of, household_share)
        self._answers = AnswerDraw(self.codebook, self.calibration)
        self._readiness, self._places = calibration.mean_readiness(reference)

    def draw(self, n: int, rng: np.random.Generator) -> Cohort:
        """Draw `n` businesses."""
        firms = self._firms.draw(n, rng)
        readiness = self._readiness[firms.sector, firms.size] + self._places[firms.place]
        readiness = readiness + rng.standard_normal(n)
        uses = self._tools(firms, readiness, rng)
        functions, practices = self._answers.functions(firms, readiness, uses, rng)
        needs = self._answers.needs(firms, functions, rng)
        budget = self._answers.budget(firms, readiness, rng)
        answers = leave_out(functions, practices, needs, budget, rng)
        secret = rng.random((2, n)) < [[ANSWERS.missing["revenue"]], [ANSWERS.missing["capital"]]]
        told = Businesses(
            form=firms.form,
            sector=firms.sector,
            employees=firms.employees,
            revenue=np.where(secret[0], np.nan, firms.revenue),
            capital=np.where(secret[1], np.nan, firms.capital),
            province=firms.province,
            consumers=firms.consumers,
            functions=answers[0],
            practices=answers[1],
            needs=answers[2],
            budget=answers[3],
            in_use=self._platforms(firms, uses, rng),
            size=firms.size,
            level=np.full(n, -1),
        )
        return Cohort(self.codebook.classify(told), firms, readiness, uses, functions, practices)

    def table(self, cohort: Cohort, first: int = 1) -> pd.DataFrame:
        """Return the profiles as told, with exactly `PROFILE_COLUMNS`.

        Args:
            cohort: The businesses.
            first: Number in the id of the first one.
        """
        arrow = self.codebook.decode(cohort.told, business_ids(first, len(cohort.told)))
        table = arrow.to_pandas(integer_object_nulls=True)
        lists = {name: arrow[name].to_pylist() for name in ("needs", "platforms_in_use")}
        return table.assign(**lists).astype({"maturity_level": "Int64"})

    def _tools(self, firms: Firms, readiness: Floats, rng: np.random.Generator) -> Flags:
        """Draw which categories of tool are in use, (n, categories)."""
        logit = self.calibration.use[:, firms.sector, firms.size].T
        logit = logit + READINESS.tool_slope * readiness[:, None]
        uses = rng.random(logit.shape) < expit(logit)
        uses &= ~self.calibration.active | (readiness >= self.calibration.stage_cuts[0])[:, None]
        for category, keeps in (("hotel-tourism", firms.lodging), ("pos-fnb", ~firms.lodging)):
            if category in self.codebook.categories:
                uses[:, self.codebook.categories.index(category)] &= keeps
        return np.asarray(uses)

    def _platforms(self, firms: Firms, uses: Flags, rng: np.random.Generator) -> Flags:
        """Draw the platform used in each category, by the utility it has before it is known.

        Only platforms made for the sector and size count; where a category has none, the tool in
        use is one that the catalogue does not have.
        """
        utility = self.behaviour.utility.standing(
            firms.sector, firms.size, firms.province, firms.consumers, firms.lodging
        )
        utility += rng.gumbel(size=utility.shape).astype(np.float32)
        utility[~self.behaviour.utility.eligible[firms.sector, firms.size]] = -np.inf
        in_use = np.zeros(utility.shape, dtype=np.bool_)
        for category in range(uses.shape[1]):
            members = np.flatnonzero(self.codebook.category_of == category)
            users = np.flatnonzero(uses[:, category])
            if members.size:
                best = utility[np.ix_(users, members)].argmax(axis=1)
                in_use[users, members[best]] = utility[users, members[best]] > -np.inf
        return in_use


def draw_population(n: int, rng: np.random.Generator, reference: Reference) -> pd.DataFrame:
    """Draw `n` profiles with exactly `PROFILE_COLUMNS`; 30 % of them households.

    Args:
        n: Number of businesses.
        rng: Source of randomness.
        reference: Shares, catalogue and rules.
    """
    population = Population(reference)
    return population.table(population.draw(n, rng))


def business_ids(first: int, n: int) -> list[str]:
    """Return the ids of `n` simulated businesses, the first bearing the number `first`."""
    return [f"sim-{number:07d}" for number in range(first, first + n)]
