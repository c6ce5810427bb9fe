import msgspec
import numpy as np
import pandas as pd
import pytest

from recommender.domain.engagement import Event
from recommender.simulation import attention
from recommender.simulation.journeys import KINDS

AFTER = {"click": "view", "save": "click", "trial": "click", "adopt": "trial", "rate": "adopt"}


def has(lived, kind: str) -> np.ndarray:
    """Say for each row shown whether an event of a kind came of it."""
    events, shown = lived.outcome.events, lived.shown
    lists = np.zeros((len(lived.cohort.told), shown.rank.max() + 1), dtype=bool)
    chosen = events.kind == KINDS.index(kind)
    lists[events.business[chosen], events.rank[chosen]] = True
    return lists[shown.business, shown.rank]


def test_adoption_among_the_examined_has_the_stated_probability(lived) -> None:
    examined, stated = lived.outcome.examined, lived.outcome.adoption
    adopted = has(lived, "adopt")
    assert not (adopted & ~examined).any()
    stated, adopted = stated[examined], adopted[examined]
    bins = np.digitize(stated, np.quantile(stated, np.linspace(0, 1, 21)[1:-1]))
    for i in range(20):
        inside = bins == i
        error = np.sqrt((stated[inside] * (1 - stated[inside])).sum()) / inside.sum()
        assert abs(adopted[inside].mean() - stated[inside].mean()) < 4 * error + 1e-6


def test_attention_falls_by_position_in_what_is_logged(lived) -> None:
    shown, views = lived.shown, has(lived, "view")
    shuffled = shown.propensity < 0.1  # where position says nothing about popularity
    rate = np.array([views[shuffled & (shown.rank == rank)].mean() for rank in range(1, 11)])
    np.testing.assert_allclose(rate / rate[0], attention(np.arange(1, 11)), atol=0.02)
    examined = [lived.outcome.examined[shown.rank == rank].mean() for rank in range(1, 11)]
    np.testing.assert_allclose(examined, attention(np.arange(1, 11)), atol=0.01)


def test_each_event_follows_the_one_that_it_needs(world) -> None:
    events = world.events[world.events["recommendation_id"].notna()]
    at = events.pivot_table("at", ["recommendation_id", "platform_id"], "kind", aggfunc="first")
    exposed = world.exposures.set_index(["recommendation_id", "platform_id"])["at"]
    assert (at["view"] > exposed.reindex(at.index)).all()
    for kind, before in AFTER.items():
        happened = at[at[kind].notna()]
        assert len(happened) > 100
        assert (happened[kind] > happened[before]).all(), kind
    abandoned = at[at["abandon"].notna()]
    assert (abandoned["abandon"] > abandoned["adopt"].fillna(abandoned["trial"])).all()
    dismissed = at[at["dismiss"].notna()]
    assert dismissed["click"].isna().all()
    assert (dismissed["dismiss"] > dismissed["view"]).all()


def test_everything_happens_within_the_window(world) -> None:
    begin, end = world.settings.window
    for moments in (world.exposures["at"], world.events["at"]):
        assert moments.min() >= pd.Timestamp(begin)
        assert moments.max() < pd.Timestamp(end)


def test_ratings_and_reasons_stand_where_they_belong(world) -> None:
    events = world.events
    assert (events["rating"].notna() == (events["kind"] == "rate")).all()
    assert (events["reason"].notna() == events["kind"].isin(["dismiss", "abandon"])).all()
    assert set(events["rating"].dropna()) <= {1, 2, 3, 4, 5}
    reasons = events["reason"].value_counts(normalize=True)
    assert reasons.idxmax() == "too_expensive"  # the barrier that firms name most
    assert reasons.min() > 0.02


def test_a_few_find_a_platform_without_being_shown_it(world) -> None:
    found = world.events[world.events["recommendation_id"].isna()]
    assert set(found["kind"]) == {"adopt"}
    assert 0.02 < found["business_id"].nunique() / len(world.profiles) < 0.04
    shown = world.exposures.groupby("business_id")["platform_id"].agg(set)
    in_use = world.profiles.set_index("business_id")["platforms_in_use"]
    for row in found.itertuples():
        assert row.platform_id not in shown[row.business_id]
        assert row.platform_id not in in_use[row.business_id]


def test_ids_are_unique_and_fit_the_wire(world) -> None:
    assert world.events["event_id"].is_unique
    for row in world.events.head(500).astype(object).itertuples():
        event = {
            "id": row.event_id,
            "kind": row.kind,
            "platform_id": row.platform_id,
            "profile_id": row.business_id,
            "recommendation_id": None if pd.isna(row.recommendation_id) else row.recommendation_id,
            "at": row.at.isoformat(),
        }
        assert msgspec.convert(event, Event).id == row.event_id


@pytest.mark.parametrize("better", ["trial", "adopt"])
def test_what_is_worth_more_goes_further(lived, better) -> None:
    utility, came = lived.outcome.utility, has(lived, better)
    assert utility[came].mean() > utility[has(lived, "view") & ~came].mean() + 0.5
