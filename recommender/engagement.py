"""Events -> the interaction matrix: how strongly each business has taken up each platform."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from recommender.features import history_matrix

STRENGTH = {"adopt": 1.0, "trial": 0.5, "save": 0.3, "click": 0.1, "view": 0.0}
"""What each kind of event says about taking up a platform; the project's own choice."""

WITHDRAWN = ("dismiss", "abandon")
"""Kinds that take back whatever came before them."""

RATED_GOOD = 4
"""A rating of at least this counts like an adoption, a lower one like nothing."""

SIMULATED_PRIOR = 1_000.0
"""Number of recorded businesses at which a simulated one counts half as much as a recorded one."""


@dataclass(frozen=True)
class Engagement:
    """What there is to learn from, one row a business, one column a platform.

    Attributes:
        declared: Platforms in use before the business was shown anything, zeros and ones, without
            those that it has given up since.
        taken_up: Strength from 0 to 1 of how it took up other platforms since.
        chosen: Of these, the ones that it adopted, zeros and ones.
        known: Whether anything is known of a business, shape (n_businesses,): it was shown a list,
            tells what it uses, or did something. That one was shown a list and chose nothing is
            known, too: else probabilities would be those of the businesses that react.
    """

    declared: sparse.csr_array
    taken_up: sparse.csr_array
    chosen: sparse.csr_array
    known: NDArray[np.bool_]


def simulated_weight(recorded: int) -> float:
    """Return how much a simulated business counts beside so many recorded ones, 0 to 1."""
    return SIMULATED_PRIOR / (SIMULATED_PRIOR + recorded)


def build_engagement(
    profiles: pd.DataFrame, events: pd.DataFrame, platforms: Sequence[str]
) -> Engagement:
    """Turn profiles and events into matrices.

    Args:
        profiles: A profile table with a boolean column `shown` for those shown a list.
        events: Columns business_id, platform_id, kind, rating, at, and event_id.
        platforms: The columns of the matrices; events of other platforms are left out.
    """
    rows = pd.Index(profiles["business_id"]).get_indexer(events["business_id"])
    told = history_matrix(profiles["platforms_in_use"], platforms)
    observed, withdrawn = _observed(rows, len(profiles), events, platforms)
    declared = _without_zeros(told - told.multiply(withdrawn))
    taken_up = _without_zeros(observed - observed.multiply(declared))
    chosen = _without_zeros((taken_up >= 1.0).astype(float))
    known = profiles["shown"].to_numpy(dtype=bool) | (np.diff(told.indptr) > 0)
    known[rows[rows >= 0]] = True
    return Engagement(declared, taken_up, chosen, known)


def _observed(
    rows: NDArray[np.intp], n: int, events: pd.DataFrame, platforms: Sequence[str]
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """Return each pair's best strength since its last withdrawal, and whether there was one."""
    table = pd.DataFrame(
        {
            "row": rows,
            "column": pd.Index(platforms).get_indexer(events["platform_id"]),
            "at": events["at"].array,
            "event_id": events["event_id"].array,
            "strength": _strength(events),
        }
    )
    table = table[(table["row"] >= 0) & (table["column"] >= 0) & (table["strength"] != 0)]
    table = table.sort_values(["at", "event_id"])
    backwards = table[::-1]
    withdrawals = (backwards["strength"] < 0).groupby([backwards["row"], backwards["column"]])
    taken_back = withdrawals.cumsum() > 0
    table["strength"] = table["strength"].mask(taken_back, 0.0)
    table["withdrawn"] = taken_back.astype(float)
    best = table.groupby(["row", "column"], as_index=False)[["strength", "withdrawn"]].max()
    pairs, shape = (best["row"], best["column"]), (n, len(platforms))
    return (
        sparse.csr_array((best["strength"], pairs), shape=shape),
        sparse.csr_array((best["withdrawn"], pairs), shape=shape),
    )


def _strength(events: pd.DataFrame) -> NDArray[np.float64]:
    """Return what each event says, -1 for a withdrawal."""
    says: dict[str, float] = STRENGTH | dict.fromkeys(WITHDRAWN, -1.0)
    strength = events["kind"].map(says).to_numpy(dtype=float, na_value=0.0)
    rated = events["kind"].eq("rate") & events["rating"].ge(RATED_GOOD).fillna(False)
    found: NDArray[np.float64] = np.where(rated, 1.0, strength)
    return found


def _without_zeros(matrix: sparse.sparray) -> sparse.csr_array:
    matrix = sparse.csr_array(matrix)
    matrix.eliminate_zeros()
    return matrix
