"""What businesses were shown before there was a model: a simple policy with known propensities."""

from dataclasses import dataclass

import numpy as np

from recommender.simulation.businesses import Businesses, Codes, Flags, Floats
from recommender.simulation.coefficients import LOGGING
from recommender.simulation.tables import Matrix
from recommender.simulation.utility import Utility


@dataclass(frozen=True)
class Shown:
    """One row per business and platform shown, in the order of business and rank.

    Attributes:
        business: Position of the business in its chunk.
        platform: Position of the platform in the catalogue.
        rank: From 1.
        score: Popularity of the platform in the segment, in logits.
        propensity: Probability, before the list was drawn, that this platform stands at this rank.
        inclusion: The same that it stands in the list at all.
    """

    business: Codes
    platform: Codes
    rank: Codes
    score: Floats
    propensity: Floats
    inclusion: Floats

    def __len__(self) -> int:
        """Return the number of platforms shown."""
        return len(self.business)


def show(b: Businesses, utility: Utility, shown: int, rng: np.random.Generator) -> Shown:
    """Show each business one list.

    A list is one of three kinds: eligible platforms by popularity in the segment, eligible
    platforms in random order, or, more seldom, anything in random order. What is in use is never
    shown. As each kind is either fixed or uniform, the propensity of every slot is known exactly.

    Args:
        b: The businesses.
        utility: Its segment table is the popularity.
        shown: Length of a list; shorter where fewer platforms are left.
        rng: Source of randomness.
    """
    free = ~b.in_use
    eligible = free & utility.eligible[b.sector, b.size]
    popularity = utility.segment[b.sector, b.size]
    popular = _first(popularity, eligible, shown)
    kind = np.searchsorted(
        [LOGGING.popular, LOGGING.popular + LOGGING.shuffled], rng.random(len(b)), side="right"
    )
    candidates = np.where((kind == 2)[:, None], free, eligible)
    dice = rng.random(popularity.shape, dtype=np.float32)
    platform = np.where((kind == 0)[:, None], popular, _first(dice, candidates, shown))

    rows, columns = np.nonzero(platform >= 0)
    platform = platform[rows, columns]
    propensity = (
        LOGGING.popular * (popular[rows, columns] == platform)
        + LOGGING.shuffled * eligible[rows, platform] / np.maximum(1, eligible.sum(axis=1))[rows]
        + LOGGING.wide / free.sum(axis=1)[rows]
    )
    chosen = eligible.sum(axis=1), free.sum(axis=1)
    of_eligible, of_free = (np.minimum(1, shown / np.maximum(1, each)) for each in chosen)
    inclusion = (
        LOGGING.popular * (popular[rows] == platform[:, None]).any(axis=1)
        + LOGGING.shuffled * eligible[rows, platform] * of_eligible[rows]
        + LOGGING.wide * of_free[rows]
    )
    score = popularity[rows, platform].astype(np.float64)
    return Shown(rows, platform, columns + 1, score, propensity, inclusion)


def _first(score: Matrix, candidates: Flags, length: int) -> Codes:
    """Return the best candidates of each row, best first; -1 past the last, (n, length)."""
    masked = np.where(candidates, score, -np.inf)
    length = min(length, masked.shape[1])
    best = np.argpartition(-masked, length - 1, axis=1)[:, :length]
    order = np.argsort(-np.take_along_axis(masked, best, axis=1), axis=1)
    best = np.take_along_axis(best, order, axis=1)
    left = np.take_along_axis(masked, best, axis=1) > -np.inf
    return np.asarray(np.where(left, best, -1))
