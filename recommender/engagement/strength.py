"""What each kind of event says of taking up a platform, and which one has the last word."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

STRENGTH = {"adopt": 1.0, "trial": 0.5, "save": 0.3, "click": 0.2, "view": 0.05}
"""How strongly each kind of event speaks for a platform; the project's own choice."""

AGAINST = {"dismiss": -0.05, "abandon": -0.05}
"""Kinds that take back whatever came before them, and speak against the platform."""

LIFTS = ("withdraw",)
"""Kinds that take back whatever came before them, and say nothing themselves."""

RATED_GOOD = 4
"""A rating of at least this counts like an adoption, a lower one like nothing."""


def last_words(events: pd.DataFrame) -> pd.DataFrame:
    """Return how strongly each state of a business has taken up each platform in the end.

    The strongest event since the last one that took back counts; where that one came last, it
    counts itself. What came at the same time goes by id.

    Args:
        events: Columns row, column (the pair that each event is of), kind, rating, at, event_id.

    Returns:
        Columns row, column, strength (-0.05 to 1) and chosen (whether it was adopted, and is not
        abandoned since), one row a pair, without pairs of which nothing was said.
    """
    table = pd.DataFrame(
        {
            "row": events["row"].to_numpy(),
            "column": events["column"].to_numpy(),
            "at": events["at"].array,
            "event_id": events["event_id"].array,
            "strength": _says(events),
            "lifts": events["kind"].isin(LIFTS).to_numpy(),
        }
    )
    counts_at_all = (table["strength"] != 0) | table["lifts"]
    table = table[counts_at_all].sort_values(["at", "event_id"])
    backwards = table[::-1]
    taken_back = (backwards["strength"] < 0) | backwards["lifts"]
    later = taken_back.groupby([backwards["row"], backwards["column"]]).cumsum() - taken_back
    counts = table[(later[::-1] == 0).to_numpy()]
    # Of what is left, one that took back is the earliest: anything after it is stronger.
    last = counts.groupby(["row", "column"], as_index=False)["strength"].max()
    last = last[last["strength"] != 0].reset_index(drop=True)
    return last.assign(chosen=last["strength"] >= 1.0)


def _says(events: pd.DataFrame) -> NDArray[np.float64]:
    """Return what each event says by itself."""
    says = events["kind"].map(STRENGTH | AGAINST).to_numpy(dtype=float, na_value=0.0)
    rated = events["kind"].eq("rate") & events["rating"].ge(RATED_GOOD).fillna(False)
    found: NDArray[np.float64] = np.where(rated, 1.0, says)
    return found
