"""Whose list an event follows from."""

import pandas as pd

WINDOW = pd.Timedelta(days=90)
"""How long after a list an event that does not name it can still follow from it."""

CLOCKS = pd.Timedelta(hours=1)
"""By how much an event may come before the list that it follows from: clocks differ."""


def attribute(events: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Find the state of a business in which it was shown the platform of each event.

    An event that names a list with the platform in it follows from that list. Any other one follows
    from the last list of the business that showed the platform, not more than `WINDOW` before it.
    What follows from no list was found alone: it says nothing of what is shown, and is left out.

    Args:
        events: Columns business, column (of the platform), recommendation_id (may be null), at and
            any others.
        shown: One row for each platform of each list: business, column, recommendation_id, at, row
            (the state).

    Returns:
        The events that follow from a list, in their order, with the column `row`.
    """
    known = shown.drop_duplicates(["recommendation_id", "column"])
    found = events.reset_index(drop=True).merge(
        known[["recommendation_id", "column", "row", "business"]],
        on=["recommendation_id", "column"],
        how="left",
        suffixes=("", "_shown"),
    )
    named = found["row"].notna() & (found["business"] == found["business_shown"])
    found["row"] = found["row"].where(named).astype("Int64")
    open_ = found.index[~named]
    if len(open_):
        asked = found.loc[open_, ["business", "column", "at"]].assign(place=open_)
        asked["at"] += CLOCKS
        lists = shown[["business", "column", "at", "row"]]
        last = pd.merge_asof(
            asked.sort_values("at", kind="stable"),
            lists.sort_values("at", kind="stable"),
            on="at",
            by=["business", "column"],
            tolerance=WINDOW + CLOCKS,
        ).set_index("place")
        found.loc[open_, "row"] = last["row"].astype("Int64")
    found = found[found["row"].notna()].astype({"row": "int64"})
    return found.drop(columns="business_shown")
