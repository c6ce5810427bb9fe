"""Not the same list for everyone: how much first fives differ, and what moves them."""

from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.evaluation import metrics
from recommender.features import OneHotProfiles
from recommender.rankers import Ranker
from recommender.training.holdout import MadeFor, Part

ASKED = 1_000
"""Businesses whose lists are compared."""


def variety(
    ranker: Ranker, part: Part, encoder: OneHotProfiles, made_for: MadeFor, seed: int = 0
) -> dict[str, Any]:
    """Compare the first fives of a thousand businesses.

    Args:
        ranker: A fitted ranker.
        part: Businesses to draw from, with what they use.
        encoder: The feature columns.
        made_for: Which platforms could be suggested to whom.
        seed: Seed of the draw.

    Returns:
        `asked`: how many businesses; `distinct_lists`: how many different first fives they get;
        `difference`: the share of a first five that another business does not get, on average (the
        inter-user diversity of Zhou et al., PNAS 2010); `moved_by_<field>`: the share of a first
        five that goes when the answer in that field is another business's.
    """
    random = np.random.default_rng(seed)
    rows = np.sort(random.permutation(len(part))[:ASKED])
    profiles, used = part.profiles[rows], part.used[rows]
    other = random.permutation(len(rows))

    def first5(asked: sparse.csr_array) -> NDArray[np.intp]:
        left_out = (used.toarray() > 0) | ~made_for(asked)
        scores = ranker.score(asked, used)
        return metrics.rank(scores, sparse.csr_array(left_out.astype(float)))[:, :5]

    lists = first5(profiles)
    found: dict[str, Any] = {
        "asked": len(rows),
        "distinct_lists": metrics.distinct_lists(lists),
        "difference": _difference(lists, lists[other]),
    }
    for field in encoder.vocabulary:
        changed = first5(encoder.exchange(profiles, profiles[other], field))
        found[f"moved_by_{field}"] = _difference(lists, changed)
    return found


def _difference(lists: NDArray[np.intp], others: NDArray[np.intp]) -> float:
    """Return the mean share of each row that is not in the other row."""
    shared = (lists[:, :, None] == others[:, None, :]).any(axis=2)
    return round(float(1 - shared.mean()), 4)
