"""One slot of a list that is drawn by chance, so that what is seldom shown can be learned of."""

import hashlib
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

DIGITS = 9
"""Decimals of the probabilities that are told and kept."""

LONGEST = 1_000
"""Lengths of lists that are known at once."""


@dataclass(frozen=True)
class Exploration:
    """How lists explore.

    Attributes:
        share: Share of the lists with a slot that is drawn, 0 to 1; 0 switches it off.
        temperature: Of the softmax, as a share of the highest score that is left; above 0.
        floor: Least probability of each platform that is left, before `share`; where many are
            left, half of what each would have if all were drawn alike.
        first_rank: Where the slot is at the earliest, from 1; shorter lists do not explore.
    """

    share: float = 0.0
    temperature: float = 0.1
    floor: float = 0.002
    first_rank: int = 3

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
        if self.first_rank < 1:
            raise ValueError(f"expected a first_rank from 1, found {self.first_rank}")


GREEDY = Exploration()
"""No exploration: the best ones, best first."""


class Slot(NamedTuple):
    """A platform in its place, and how likely it was to be just there, and in the list at all."""

    number: int
    kind: Literal["ranked", "explore"]
    propensity: float
    inclusion: float


class Draw(NamedTuple):
    """The slot that was drawn: its rank, and each platform that it could hold with its chance."""

    rank: int
    ranks: tuple[int, int]
    candidates: NDArray[np.intp]
    chances: Floats


def fill_slots(
    greedy: list[int],
    scores: Floats,
    eligible: NDArray[np.bool_],
    exploration: Exploration,
    key: str,
) -> tuple[list[Slot], Draw | None]:
    """Put a platform drawn by chance into the list, or leave it as it is.

    Where the list explores, two things are drawn independently: a rank, from `first_rank` to the
    last one, each as likely; and a platform, by softmax, with a floor, from all that are eligible
    and would not be in the list otherwise or would be its last. It stands at that rank, what stood
    there and behind it moves down by one, and the last one goes. As the rank does not depend on
    the platform, how much less is looked at further down can be told from what was drawn.

    Args:
        greedy: The list without exploration: numbers of platforms, best first.
        scores: Shape (n_platforms,).
        eligible: What may be shown, shape (n_platforms,).
        exploration: How to explore.
        key: Who asks, and when: the same key gives the same list.

    Returns:
        As many slots as `greedy` has, each with the probability, over all keys, that just this
        platform stands just there, to `DIGITS`; and what was drawn, None where the list does not
        explore.
    """
    left = eligible.copy()
    left[greedy[:-1]] = False
    candidates = left.nonzero()[0]
    share, first, last = exploration.share, exploration.first_rank, len(greedy)
    if share == 0 or last < first or len(candidates) < 2:
        return [Slot(number, "ranked", 1.0, 1.0) for number in greedy], None
    chances = chances_of(scores[candidates], exploration.temperature, exploration.floor)
    whether, where, which = _uniform(key)
    at_one_rank = share / (last - first + 1)
    stays, moves = _chances_of_rest(share, first, last)
    worst = greedy[-1]

    if whether >= share:
        chance = float(chances[candidates.searchsorted(worst)])
        stay = [Slot(number, "ranked", stays[i], 1.0) for i, number in enumerate(greedy[:-1])]
        stands, included = 1 - share + at_one_rank * chance, 1 - share + share * chance
        return [*stay, _rounded(Slot(worst, "ranked", stands, included))], None
    rank = first + int(where * (last - first + 1))
    place = min(int(chances.cumsum().searchsorted(which)), len(chances) - 1)
    drawn, chance = int(candidates[place]), float(chances[place])
    # What would be the last one is among those that may be drawn: it stands there either way.
    anyway = 1 - share if drawn == worst else 0.0
    rest = [
        Slot(number, "ranked", stays[i] if i < rank - 1 else moves[i], 1.0)
        for i, number in enumerate(greedy[:-1])
    ]
    stands = (anyway if rank == last else 0.0) + at_one_rank * chance
    slot = _rounded(Slot(drawn, "explore", stands, anyway + share * chance))
    slots = [*rest[: rank - 1], slot, *rest[rank - 1 :]]
    return slots, Draw(rank, (first, last), candidates, chances)


def chances_of(scores: Floats, temperature: float, floor: float) -> Floats:
    """Return how likely each candidate is drawn, shape (n,): a softmax, with a floor.

    Args:
        scores: Of the candidates, shape (n,).
        temperature: As in `Exploration`.
        floor: As in `Exploration`.
    """
    highest = float(scores.max())
    worth = np.exp((scores - highest) / (max(highest, 1e-9) * temperature))
    floor = min(floor, 0.5 / len(scores))
    chances: Floats = floor + (1 - floor * len(scores)) * worth / worth.sum()
    return chances


@lru_cache(LONGEST)
def _chances_of_rest(share: float, first: int, last: int) -> tuple[list[float], list[float]]:
    """Return how likely what is ranked stays, or moves down by one, at each rank but the last."""
    at_one_rank = share / (last - first + 1)
    moves = [round(at_one_rank * max(0, rank - first + 1), DIGITS) for rank in range(1, last)]
    return [round(1 - moved, DIGITS) for moved in moves], moves


def _rounded(slot: Slot) -> Slot:
    propensity, inclusion = round(slot.propensity, DIGITS), round(slot.inclusion, DIGITS)
    return slot._replace(propensity=propensity, inclusion=inclusion)


def _uniform(key: str) -> tuple[float, float, float]:
    """Return three numbers from 0 to below 1, chance to everybody without the key."""
    digest = hashlib.blake2b(key.encode(), digest_size=24).digest()
    parts = (int.from_bytes(digest[begin : begin + 8]) for begin in (0, 8, 16))
    return tuple((part >> 11) / 2**53 for part in parts)  # type: ignore[return-value]  # three
