"""How businesses choose: the known truth behind simulated engagement."""

import numpy as np
import pandas as pd
from scipy.special import expit

from recommender.domain import Reference
from recommender.simulation.businesses import FORMS, Businesses, Codes, Flags, Floats
from recommender.simulation.coefficients import FIRMS, FUNNEL, Step
from recommender.simulation.tables import Matrix
from recommender.simulation.utility import Utility


def attention(rank: Codes) -> Floats:
    """Return the probability that a platform at a rank (from 1) is examined."""
    return np.asarray(rank**-FUNNEL.attention)


def chance(step: Step, utility: Matrix | Floats, shift: Floats | float = 0.0) -> Floats:
    """Return the probability of a step at a utility; `shift` is added to its logit."""
    return np.asarray(expit(step.intercept + step.slope * utility + shift))


class Behaviour:
    """The known choice model over the platforms of a reference.

    It depends on the profile as told (an answer left out counts as a typical one) and on whether
    a business of section I gives lodging or serves food, which not every profile tells.

    Attributes:
        platforms: Ids of the `m` platforms, in the order of the columns returned.
        utility: The sum behind `utilities`, on coded businesses.
    """

    def __init__(self, reference: Reference) -> None:
        self.utility = Utility(reference)
        self.platforms = tuple(self.utility.codebook.platforms)
        known = self.utility.codebook.provinces
        aware = [FUNNEL.awareness.get(code, FUNNEL.awareness_elsewhere) for code in known]
        self._awareness = np.array([*aware, FUNNEL.awareness_elsewhere])
        lodging = [FIRMS.lodging.get(code, 0.0) == 1 for code in self.utility.codebook.sector_codes]
        self._gives_lodging = np.array([*lodging, False])

    def utilities(self, profiles: pd.DataFrame, lodging: Flags | None = None) -> Matrix:
        """Return the true utility of each platform in logits, float32 (n, m).

        Args:
            profiles: Table with `PROFILE_COLUMNS`.
            lodging: Whether each business of section I gives lodging, (n,); as its division tells,
                else food, if left out.
        """
        businesses = self.utility.codebook.encode(profiles)
        return self.utility.total(businesses, self._or_told(lodging, businesses))

    def adoption_probability(self, profiles: pd.DataFrame, lodging: Flags | None = None) -> Matrix:
        """Return the probability of adopting each platform once it is examined, float32 (n, m).

        Args:
            profiles: Table with `PROFILE_COLUMNS`.
            lodging: As in `utilities`.
        """
        businesses = self.utility.codebook.encode(profiles)
        utilities = self.utility.total(businesses, self._or_told(lodging, businesses))
        probability = np.prod(self.steps(utilities, self.awareness(businesses)[:, None]), axis=0)
        return np.asarray(probability, dtype=np.float32)

    def awareness(self, businesses: Businesses) -> Floats:
        """Return how well known the programme is where each business is, in logits, (n,)."""
        household = businesses.form == FORMS.index("household")
        where = self._awareness[businesses.province]
        return np.asarray(where + FUNNEL.awareness_household * household)

    def steps(self, utility: Matrix | Floats, awareness: Floats) -> tuple[Floats, ...]:
        """Return the probabilities of view, click, trial and adoption, each after the last."""
        return (
            chance(FUNNEL.view, utility),
            chance(FUNNEL.click, utility),
            chance(FUNNEL.trial, utility),
            chance(FUNNEL.adopt, utility, awareness),
        )

    def _or_told(self, lodging: Flags | None, businesses: Businesses) -> Flags:
        """Return who gives lodging, where it is known or the division tells it."""
        return self._gives_lodging[businesses.sector] if lodging is None else lodging
