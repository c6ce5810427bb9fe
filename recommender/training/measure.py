"""Measure rankers on states that none of them has seen, beside one another and by slices."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.domain import Reference
from recommender.evaluation.intervals import Resampled
from recommender.evaluation.logged import best_reranked, full, reranked
from recommender.features import OneHotProfiles
from recommender.training.holdout import MadeFor, Part

Floats = NDArray[np.float64]
Masks = Mapping[str, Mapping[str, NDArray[np.bool_]]]

MEASURES = ("reranked", "adoptions", "full")
"""What is measured of each ranker.

`reranked` and `adoptions`: what businesses were shown, ordered anew; of the most that could be
reached, the share that the first five reach, in strength of engagement or in adoptions alone.
`full`: everything open to them ranked; the strength that the first five would have brought, per
business, told from what the lists held and how likely that was (see `evaluation.logged`).
"""


class Scorer(Protocol):
    """What can be measured: a fitted ranker, or a model."""

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Score every platform for every state, shape (n, n_platforms)."""
        ...


@dataclass(frozen=True)
class Gains:
    """What a ranker reaches of each measure for each state: above and below, shape (n,)."""

    above: Mapping[str, Floats]
    below: Mapping[str, Floats]

    @classmethod
    def of(cls, ranker: Scorer, part: Part, made_for: MadeFor) -> Self:
        """Score the states and measure the rankings."""
        scores = ranker.score(part.profiles, part.used)
        open_ = (part.used.toarray() == 0) & made_for(part.profiles)
        adopted = part.chosen
        above = {
            "reranked": reranked(scores, part.examined, part.strength),
            "adoptions": reranked(scores, part.examined, adopted),
            "full": full(scores, open_, part.examined, part.inclusion, part.strength),
        }
        below = {
            "reranked": best_reranked(part.examined, part.strength),
            "adoptions": best_reranked(part.examined, adopted),
            "full": np.ones(len(part)),
        }
        return cls(
            {name: part.weights * values for name, values in above.items()},
            {name: part.weights * values for name, values in below.items()},
        )


def measured(
    gains: Mapping[str, Gains], part: Part, seed: int = 0
) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the measures of each ranker, and by how much the first one differs from the others.

    Args:
        gains: Of each ranker, by its name.
        part: The states that they were measured on.
        seed: Seed of the resampling of businesses.

    Returns:
        For each ranker and measure `value`, `low` and `high` (95 % intervals); and, for all but
        the first ranker, the same of the paired difference.
    """
    resampled = Resampled(part.businesses, seed)
    first = next(iter(gains.values()))
    values = {
        ranker: {name: _told(resampled, each.above[name], each.below[name]) for name in MEASURES}
        for ranker, each in gains.items()
    }
    differences = {
        ranker: {
            name: _told(resampled, first.above[name] - each.above[name], first.below[name])
            for name in MEASURES
        }
        for ranker, each in gains.items()
        if each is not first
    }
    return values, differences


def by_slice(
    ours: Gains, other: Gains, part: Part, slices: Masks, seed: int = 0
) -> dict[str, dict[str, dict[str, float]]]:
    """Return, for each slice, how many states it has, what is reached, and the paired difference.

    Args:
        ours: Of the new ranker.
        other: Of the one that it is compared with.
        part: The states that both were measured on.
        slices: Who is in each, by field and value, shape (n,) each.
        seed: Seed of the resampling of businesses.
    """
    resampled = Resampled(part.businesses, seed)
    found: dict[str, dict[str, dict[str, float]]] = {}
    for field, masks in slices.items():
        found[field] = {}
        for value, rows in masks.items():
            if not rows.any():
                continue
            above, theirs, below = (
                each["reranked"] * rows for each in (ours.above, other.above, ours.below)
            )
            difference, low, high = _rounded(resampled.ratio(above - theirs, below))
            found[field][value] = {
                "states": int(rows.sum()),
                "reranked": _rounded(resampled.ratio(above, below))[0],
                "difference": difference,
                "low": low,
                "high": high,
            }
    return found


def slices_of(part: Part, encoder: OneHotProfiles, reference: Reference) -> Masks:
    """Return who is in which slice: by length of history, size, sector, region and legal form.

    Recorded businesses are one of their own: how a model does by them alone tells most, as the
    others are simulated.
    Recorded businesses that are too few in a slice are left out of it.
    """
    lengths = np.diff(part.used.indptr)
    regions = {code: row.region for code, row in reference.current_provinces.items()}
    found: dict[str, dict[str, NDArray[np.bool_]]] = {
        "history": {
            "none": lengths == 0,
            "1 to 3": (lengths >= 1) & (lengths <= 3),
            "more": lengths > 3,
        },
        "size": {},
        "sector": {},
        "region": {},
        "legal_form": {},
        "businesses": {"recorded alone": ~part.simulated},
    }
    columns = part.profiles.tocsc()
    for number, (field, value) in enumerate(encoder.columns):
        name, group = ("region", regions[value]) if field == "province" else (field, value)
        if name in found:
            rows = columns[:, [number]].toarray().ravel() > 0
            found[name][group] = found[name].get(group, False) | rows
    return {
        field: {value: part.crowd(rows) for value, rows in masks.items()}
        for field, masks in found.items()
    }


def _told(resampled: Resampled, above: Floats, below: Floats) -> dict[str, float]:
    return dict(zip(("value", "low", "high"), _rounded(resampled.ratio(above, below)), strict=True))


def _rounded(values: tuple[float, float, float]) -> tuple[float, float, float]:
    low, middle, high = (round(value, 5) for value in values)
    return low, middle, high
