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
    candidates: list[int]
    chances: list[float]


def fill_slots(
    greedy: Sequence[int],
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
        platform stands just there; and what was drawn, None where the list does not explore.
    """
    left = eligible.copy()
    left[list(greedy[:-1])] = False
    candidates = np.flatnonzero(left)
    share, first, last = exploration.share, exploration.first_rank, len(greedy)
    if share == 0 or last < first or len(candidates) < 2:
        return [Slot(number, "ranked", 1.0, 1.0) for number in greedy], None
    chances = chances_of(scores[candidates], exploration.temperature, exploration.floor)
    chance_of: dict[int, float] = dict(zip(candidates.tolist(), chances.tolist(), strict=True))
    whether, where, which = _uniform(key)
    at_one_rank = share / (last - first + 1)

    def moves(rank: int) -> float:
        """Return how likely the platform of this rank makes room for what is drawn."""
        return at_one_rank * max(0, rank - first + 1)

    def included(number: int) -> float:
        """Return how likely a candidate is in the list at all, drawn or as the last one."""
        anyway = 1 - share if number == greedy[-1] else 0.0
        return anyway + share * chance_of[number]

    if whether >= share:
        stay = [
            Slot(number, "ranked", 1 - moves(k), 1.0) for k, number in enumerate(greedy[:-1], 1)
        ]
        worst, chance = greedy[-1], chance_of[greedy[-1]]
        last_one = Slot(worst, "ranked", 1 - share + at_one_rank * chance, included(worst))
        return [*stay, last_one], None
    rank = first + int(where * (last - first + 1))
    drawn = int(candidates[np.searchsorted(np.cumsum(chances), which).clip(max=len(chances) - 1)])
    # What would be the last one is among those that may be drawn: it stands there either way.
    anyway = 1 - share if rank == last and drawn == greedy[-1] else 0.0
    slots = [
        *(
            Slot(number, "ranked", 1 - moves(k), 1.0)
            for k, number in enumerate(greedy[: rank - 1], 1)
        ),
        Slot(drawn, "explore", anyway + at_one_rank * chance_of[drawn], included(drawn)),
        *(
            Slot(number, "ranked", moves(k), 1.0)
            for k, number in enumerate(greedy[rank - 1 : -1], rank)
        ),
    ]
    return slots, Draw(rank, (first, last), list(chance_of), list(chance_of.values()))


def chances_of(scores: Floats, temperature: float, floor: float) -> Floats:
    """Return how likely each candidate is drawn, shape (n,): a softmax, with a floor.

    Args:
        scores: Of the candidates, shape (n,).
        temperature: As in `Exploration`.
        floor: As in `Exploration`.
    """
    scale = max(float(scores.max()), 1e-9) * temperature
    worth = np.exp((scores - scores.max()) / scale)
    floor = min(floor, 0.5 / len(scores))
    chances: Floats = floor + (1 - floor * len(scores)) * worth / worth.sum()
    return chances


def _uniform(key: str) -> tuple[float, float, float]:
    """Return three numbers from 0 to below 1, chance to everybody without the key."""
    digest = hashlib.blake2b(key.encode(), digest_size=24).digest()
    parts = (int.from_bytes(digest[begin : begin + 8]) for begin in (0, 8, 16))
    return tuple((part >> 11) / 2**53 for part in parts)  # type: ignore[return-value]  # three
