"""Not the same list for everyone: how much first fives differ, and what moves them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.evaluation import metrics
from recommender.features import OneHotProfiles
from recommender.rankers import Ranker
from recommender.training.holdout import Part

ASKED = 1_000
"""Businesses whose lists are compared."""

FLOORS = {"distinct_lists": 100, "difference": 0.3, "moved_by_sector": 0.2, "moved_by_size": 0.1}
"""What a model for all businesses must reach; about half of what the first ones did."""


def variety(ranker: Ranker, part: Part, encoder: OneHotProfiles, seed: int = 0) -> dict[str, Any]:
    """Compare the first fives of a thousand businesses.

    Args:
        ranker: A fitted ranker.
        part: Businesses to draw from, with what they use.
        encoder: The feature columns.
        seed: Seed of the draw.

    Returns:
        `asked`: how many businesses; `distinct_lists`: how many different first fives they get;
        `difference`: the share of a first five that another business does not get, on average (the
        inter-user diversity of Zhou et al., PNAS 2010); `moved_by_<field>`: the share of a first
        five that goes when the answer in that field is another business's; `below_floor`: the names
        of those below `FLOORS`.
    """
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(len(part))[:ASKED])
    profiles, declared = part.profiles[rows], part.declared[rows]
    other = random.permutation(len(rows))

    def first5(asked: sparse.csr_array) -> NDArray[np.intp]:
        ranking: NDArray[np.intp] = metrics.rank(ranker.score(asked, declared), declared)[:, :5]
        return ranking

    lists = first5(profiles)
    found: dict[str, Any] = {
        "asked": len(rows),
        "distinct_lists": metrics.distinct_lists(lists),
        "difference": _difference(lists, lists[other]),
    }
    for field in encoder.vocabulary:
        changed = first5(encoder.exchange(profiles, profiles[other], field))
        found[f"moved_by_{field}"] = _difference(lists, changed)
    found["below_floor"] = [name for name, floor in FLOORS.items() if found[name] < floor]
    return found


def _difference(lists: NDArray[np.intp], others: NDArray[np.intp]) -> float:
    """Return the mean share of each row that is not in the other row."""
    shared = (lists[:, :, None] == others[:, None, :]).any(axis=2)
    return round(float(1 - shared.mean()), 4)
