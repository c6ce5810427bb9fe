"""One slot of a list that is drawn by chance, so that what is seldom shown can be learned of."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Exploration:
    """How lists explore.

    Attributes:
        share: Share of the lists with a slot that is drawn, 0 to 1; 0 switches it off.
        temperature: Of the softmax, as a share of the highest score that is left; above 0.
        floor: Least probability of each platform that is left, before `share`.
        rank: Where the slot is, from 1; shorter lists do not explore.
    """

    share: float = 0.0
    temperature: float = 0.25
    floor: float = 0.002
    rank: int = 5

    def __post_init__(self) -> None:
        """Refuse what is no probability.

        Raises:
            ValueError: Naming the setting and what it may be.
        """
        if not 0 <= self.share <= 1:
            raise ValueError(f"expected a share from 0 to 1, found {self.share}")
        if not 0 < self.temperature < np.inf:
            raise ValueError(f"expected a temperature above 0, found {self.temperature}")
        if not 0 <= self.floor <= 0.01:
            raise ValueError(f"expected a floor from 0 to 0.01, found {self.floor}")
        if self.rank < 1:
            raise ValueError(f"expected a rank from 1, found {self.rank}")


GREEDY = Exploration()
"""No exploration: the best ones, best first."""


class Slot(NamedTuple):
    """A platform in its place, and how likely it was to be just there."""

    number: int
    kind: Literal["ranked", "explore"]
    propensity: float


def fill_slots(
    greedy: Sequence[int],
    scores: Floats,
    eligible: NDArray[np.bool_],
    exploration: Exploration,
    key: str,
) -> list[Slot]:
    """Put a platform drawn by chance into the list, or leave it as it is.

    Where the list explores, the platform drawn stands at `rank`, what stood there and behind it
    moves down by one, and the last one goes. It is drawn by softmax, with a floor, from all that
    are eligible and would not be in the list otherwise.

    Args:
        greedy: The list without exploration: numbers of platforms, best first.
        scores: Shape (n_platforms,).
        eligible: What may be shown, shape (n_platforms,).
        exploration: How to explore.
        key: Who asks, and when: the same key gives the same list.

    Returns:
        As many slots as `greedy` has, each with the probability, over all keys, that just this
        platform stands just there.
    """
    left = eligible.copy()
    left[list(greedy[:-1])] = False
    candidates = np.flatnonzero(left)
    if exploration.share == 0 or len(greedy) < exploration.rank or len(candidates) < 2:
        return [Slot(number, "ranked", 1.0) for number in greedy]
    chances = chances_of(scores[candidates], exploration.temperature, exploration.floor)
    place = exploration.rank - 1
    whether, which = _uniform(key)
    share = exploration.share
    own = dict(zip(candidates.tolist(), chances.tolist(), strict=True))
    if whether < share:
        drawn = int(candidates[np.searchsorted(np.cumsum(chances), which).clip(max=len(own) - 1)])
        # At the end of a list, the one that stood there is among those that may be drawn.
        stays = 1 - share if drawn == greedy[place] else 0.0
        before = [Slot(number, "ranked", 1.0) for number in greedy[:place]]
        after = [Slot(number, "ranked", share) for number in greedy[place:-1]]
        return [*before, Slot(drawn, "explore", share * own[drawn] + stays), *after]
    return [
        Slot(
            number,
            "ranked",
            1.0 if rank < place else 1 - share + share * own.get(number, 0.0) * (rank == place),
        )
        for rank, number in enumerate(greedy)
    ]


def chances_of(scores: Floats, temperature: float, floor: float) -> Floats:
    scale = max(float(scores.max()), 1e-9) * temperature
    worth = np.exp((scores - scores.max()) / scale)
    chances: Floats = floor + (1 - floor * len(scores)) * worth / worth.sum()
    return chances


def _uniform(key: str) -> tuple[float, float]:
    """Return two numbers from 0 to 1 that nobody can tell from chance without the key."""
    digest = hashlib.blake2b(key.encode(), digest_size=16).digest()
    return tuple(int.from_bytes(part) / 2**64 for part in (digest[:8], digest[8:]))  # type: ignore[return-value]  # two parts
