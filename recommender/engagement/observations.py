"""The matrices that rankers are fitted and measured on."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse

from recommender.engagement.attention import Attention
from recommender.engagement.attribution import attribute
from recommender.engagement.strength import last_words
from recommender.features import entries, history_matrix

VIETNAM = pd.Timedelta(hours=7)
"""Ahead of UTC: the same business gets the same list until the day ends there."""


@dataclass(frozen=True)
class Observations:
    """What there is to learn from, one row a state of a business, one column a platform.

    Attributes:
        used: Platforms in use as it was seen, zeros and ones, shape (n, m).
        examined: Probability that it has looked at each platform that it was shown, shape (n, m);
            not stored where it was not shown, or in use already.
        inclusion: Probability that each of these was to be in one of its lists, same places.
        strength: How strongly it took each of these up in the end, shape (n, m); see `last_words`.
        chosen: Of these, the ones that it adopted, zeros and ones, shape (n, m).
        weights: How much each row counts, shape (n,): those of one business add up to 1.
    """

    used: sparse.csr_array
    examined: sparse.csr_array
    inclusion: sparse.csr_array
    strength: sparse.csr_array
    chosen: sparse.csr_array
    weights: NDArray[np.float64]


def observe(
    states: pd.DataFrame,
    exposures: pd.DataFrame,
    events: pd.DataFrame,
    platforms: Sequence[str],
    attention: Attention,
) -> Observations:
    """Turn what was recorded into matrices.

    A platform that was shown several times in one state counts once. Lists of one day are one list,
    at the best rank that it had there, as the same is drawn for all of them. Each day is another
    chance to be looked at, and each day with a list was another one to be shown: what was in a
    list with probability p on the days that are known is taken to have had it on all of them.

    Args:
        states: Columns state_id, business_id, platforms_in_use; one row a state.
        exposures: Columns state_id, business_id, recommendation_id, at, platform_id, rank,
            inclusion; one row for each platform of each list. Those of other states or platforms
            are left out.
        events: Columns event_id, business_id, recommendation_id, platform_id, kind, rating, at.
            Those of other businesses or platforms are left out.
        platforms: The columns of the matrices.
        attention: How likely a platform is looked at by its rank.
    """
    used = history_matrix(states["platforms_in_use"], platforms)
    shape = used.shape
    businesses, columns = pd.Index(states["business_id"].unique()), pd.Index(platforms)
    shown = pd.DataFrame(
        {
            "row": pd.Index(states["state_id"]).get_indexer(exposures["state_id"]),
            "business": businesses.get_indexer(exposures["business_id"]),
            "column": columns.get_indexer(exposures["platform_id"]),
            "recommendation_id": exposures["recommendation_id"].array,
            "at": exposures["at"].array,
            "day": (exposures["at"] + VIETNAM).dt.floor("D").array,
            "rank": exposures["rank"].array,
            "inclusion": exposures["inclusion"].array,
        }
    )
    shown = shown[(shown[["row", "business", "column"]] >= 0).all(axis=1)]
    shown = shown[entries(used, shown["row"].to_numpy(), shown["column"].to_numpy()) == 0]
    days = shown.groupby("row")["day"].nunique()
    daily = shown.sort_values("rank", kind="stable").drop_duplicates(["row", "column", "day"])
    daily["overlooked"] = 1 - attention(daily["rank"].to_numpy())
    found = daily.groupby(["row", "column"], as_index=False).agg(
        overlooked=("overlooked", "prod"), inclusion=("inclusion", "mean")
    )
    pairs = found["row"].to_numpy(), found["column"].to_numpy()
    inclusion = 1 - (1 - found["inclusion"]) ** days.loc[found["row"]].array
    happened = pd.DataFrame(
        {
            "business": businesses.get_indexer(events["business_id"]),
            "column": columns.get_indexer(events["platform_id"]),
            "recommendation_id": events["recommendation_id"].array,
            **{name: events[name].array for name in ("event_id", "kind", "rating", "at")},
        }
    )
    happened = happened[(happened[["business", "column"]] >= 0).all(axis=1)]
    last = last_words(attribute(happened, shown))
    told = last["row"].to_numpy(), last["column"].to_numpy()
    chosen = sparse.csr_array((last["chosen"].to_numpy(dtype=float), told), shape=shape)
    chosen.eliminate_zeros()
    of_business = states.groupby("business_id")["state_id"].transform("size")
    return Observations(
        used,
        sparse.csr_array((1 - found["overlooked"].to_numpy(dtype=float), pairs), shape=shape),
        sparse.csr_array((inclusion.to_numpy(dtype=float), pairs), shape=shape),
        sparse.csr_array((last["strength"].to_numpy(), told), shape=shape),
        chosen,
        1.0 / of_business.to_numpy(dtype=float),
    )
