"""A simulated population whose taste drifts, and a catalogue that new platforms join."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import msgspec
import numpy as np
from numpy.typing import NDArray

from recommender.domain import BusinessProfile, Reference
from recommender.domain.business import BusinessProfile as Profile
from recommender.profiles import FUNCTION_COLUMNS
from recommender.simulation.behaviour import attention
from recommender.simulation.businesses import Businesses, Flags, Floats
from recommender.simulation.population import Cohort, Population

LENGTH = 10
"""Of the lists."""

DRIFT = 0.12
"""Standard deviation of what a round adds to the worth of a platform to a line of business, in
logits: in twelve rounds that is .4, in all of them 1.2 for one in a hundred.
"""

LOOKED_AT = 3_000
"""Businesses that new platforms are chosen by."""


@dataclass(frozen=True)
class Round:
    """The businesses of a round, and what each platform is worth to them.

    Attributes:
        businesses: As they tell of themselves.
        lodging: The trait that no profile tells, (n,).
        adoption: True probability of adopting each platform once it is looked at, (n, m); 0 for
            what is in use, not made for the business, or not in the catalogue yet.
    """

    businesses: Businesses
    lodging: Flags
    adoption: Floats


class World:
    """Businesses come in rounds; taste by line of business is a random walk.

    Args:
        reference: The whole catalogue.
        new: Platforms that are not there from the beginning.
        seed: Seed of the businesses and of the drift.
    """

    def __init__(self, reference: Reference, new: Sequence[str], seed: int) -> None:
        self.population = Population(reference)
        self.behaviour = self.population.behaviour
        self.platforms = self.behaviour.platforms
        self._new = np.isin(np.array(self.platforms), list(new))
        self._at_first = self.behaviour.utility.segment.copy()
        self._seed = seed

    def round(self, number: int, n: int, with_new: bool) -> Round:
        """Draw the businesses of a round (from 1), with the taste of that time.

        The behaviour of the world is that of the round from then on.
        """
        utility = self.behaviour.utility
        utility.segment[:] = self._at_first + self._drift(number)[:, None, :]
        drawn = self.population.draw(n, self.random(number, 0))
        told = replace(drawn.told, in_use=drawn.told.in_use & ~self._new)
        return Round(told, drawn.firms.lodging, self._adoption(drawn, told, with_new))

    def random(self, number: int, what: int) -> np.random.Generator:
        """Return the source of randomness of something in a round; the same for every arm."""
        return np.random.default_rng([self._seed, number, what])

    def _drift(self, number: int) -> NDArray[np.float32]:
        """Return what has been added by a round, (sectors + 1, m)."""
        found = np.zeros(self._at_first[:, 0, :].shape, dtype=np.float32)
        for step in range(1, number + 1):
            found += np.float32(DRIFT) * self.random(step, 1).standard_normal(
                found.shape, dtype=np.float32
            )
        return found

    def _adoption(self, drawn: Cohort, told: Businesses, with_new: bool) -> Floats:
        behaviour = self.behaviour
        utilities = behaviour.utility.total(told, drawn.firms.lodging)
        steps = behaviour.steps(utilities, behaviour.awareness(told)[:, None])
        open_ = behaviour.utility.eligible[told.sector, told.size] & ~told.in_use
        if not with_new:
            open_ = open_ & ~self._new
        return np.asarray(np.prod(steps, axis=0) * open_, dtype=np.float64)


def expected_adoptions(adoption: Floats, ranking: NDArray[np.intp]) -> Floats:
    """Return how many adoptions each list brings on average, (n,).

    Args:
        adoption: As in `Round`, (n, m).
        ranking: Platforms of each list from its top, -1 past its end, (n, length).
    """
    chance = np.take_along_axis(adoption, np.maximum(ranking, 0), axis=1) * (ranking >= 0)
    return np.asarray(chance @ attention(np.arange(1, ranking.shape[1] + 1)))


def best_lists(adoption: Floats) -> NDArray[np.intp]:
    """Return the lists of an oracle, (n, `LENGTH`); -1 past their end."""
    ranking = np.argsort(-adoption, axis=1, kind="stable")[:, :LENGTH]
    return np.where(np.take_along_axis(adoption, ranking, axis=1) > 0, ranking, -1)


def newcomers(reference: Reference, n: int) -> tuple[str, ...]:
    """Return platforms of different categories that an oracle would show most.

    They are the ones that join later: the more there is to find, the more the search matters.
    """
    world = World(reference, (), seed=0)
    first = best_lists(world.round(0, LOOKED_AT, True).adoption)[:, :5]
    counts = np.bincount(first[first >= 0], minlength=len(world.platforms))
    found: dict[str, str] = {}
    for number in np.argsort(-counts, kind="stable").tolist():
        id_ = world.platforms[number]
        found.setdefault(reference.platforms[id_].category, id_)
    return tuple(found.values())[:n]


def profiles_of(world: World, some: Businesses) -> list[BusinessProfile]:
    """Return the businesses as the service gets them."""
    ids = [f"b-{number}" for number in range(len(some))]
    rows = world.population.codebook.decode(some, ids).to_pylist()
    return [
        msgspec.convert(
            {
                **{name: row[name] for name in _SAME},
                "functions": {
                    code: row[column]
                    for code, column in FUNCTION_COLUMNS.items()
                    if row[column] is not None
                },
            },
            Profile,
        )
        for row in rows
    ]


_SAME = (
    "legal_form", "classification", "sector", "employees", "revenue_bn_vnd", "capital_bn_vnd",
    "province", "sells_to_consumers", "strategy", "data_use", "security", "needs", "budget",
    "platforms_in_use",
)  # fmt: skip
