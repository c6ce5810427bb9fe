"""The world of the loop: the same for every arm, drifting, with a known truth."""

import numpy as np
import pandas as pd
import pytest

from recommender.closed_loop.records import Records
from recommender.closed_loop.world import (
    DRIFT,
    World,
    best_lists,
    expected_adoptions,
    newcomers,
    profiles_of,
)
from recommender.policy import Asked, Exploration, ModelInfo, Recommender
from recommender.profiles import profile_table
from recommender.training.snapshot import COLUMNS, open_snapshot


@pytest.fixture(scope="module")
def new(reference):
    return newcomers(reference, 3)


@pytest.fixture(scope="module")
def world(reference, new):
    return World(reference, new, seed=4)


def test_the_newcomers_are_of_different_kinds_and_an_oracle_would_show_them(reference, new):
    assert len({reference.platforms[id_].category for id_ in new}) == 3
    world = World(reference, (), seed=9)
    first = best_lists(world.round(0, 500, True).adoption)[:, :5]
    for id_ in new:
        assert (first == world.platforms.index(id_)).any(axis=1).mean() > 0.1


def test_the_businesses_of_a_round_are_the_same_for_every_arm(reference, new):
    one, other = (World(reference, new, seed=2) for _ in range(2))
    other.round(1, 50, False)  # whatever was asked for before
    first, second = one.round(3, 50, True), other.round(3, 50, True)
    assert np.array_equal(first.adoption, second.adoption)
    assert np.array_equal(first.businesses.in_use, second.businesses.in_use)
    assert not np.array_equal(first.adoption, World(reference, new, 5).round(3, 50, True).adoption)


def test_taste_is_a_random_walk(world):
    at_first = world.round(0, 5, False)
    start = world.behaviour.utility.segment.copy()
    moved = []
    for number in (1, 9):
        world.round(number, 5, False)
        moved.append((world.behaviour.utility.segment - start).std())
    assert at_first is not None
    assert moved == pytest.approx([DRIFT, 3 * DRIFT], rel=0.05)


def test_newcomers_are_neither_used_nor_adopted_before_they_join(world, new):
    columns = [world.platforms.index(id_) for id_ in new]
    before, after = world.round(2, 400, False), world.round(2, 400, True)
    assert before.adoption[:, columns].max() == 0
    assert after.adoption[:, columns].max() > 0
    assert not after.businesses.in_use[:, columns].any()
    others = np.delete(np.arange(len(world.platforms)), columns)
    assert np.array_equal(before.adoption[:, others], after.adoption[:, others])


def test_the_oracle_has_the_best_lists(world):
    adoption = world.round(1, 200, True).adoption
    best = expected_adoptions(adoption, best_lists(adoption))
    random = np.random.default_rng(0)
    for _ in range(5):
        others = np.argsort(random.random(adoption.shape), axis=1)[:, :10]
        assert (expected_adoptions(adoption, others) <= best + 1e-12).all()


def test_adoptions_are_expected_by_rank_and_nothing_of_what_is_not_there():
    adoption = np.array([[0.5, 0.25, 0.0]])
    assert expected_adoptions(adoption, np.array([[1, 0, -1]])) == pytest.approx(
        0.25 + 0.5 * 2**-0.7
    )


def test_the_service_gets_the_businesses_as_they_told(world, reference):
    drawn = world.round(1, 30, True)
    profiles = profiles_of(world, drawn.businesses)
    table = profile_table([(f"b-{n}", each) for n, each in enumerate(profiles)], reference)
    codes = world.population.codebook.encode(table)
    assert np.array_equal(codes.in_use, drawn.businesses.in_use)
    assert np.array_equal(codes.functions, drawn.businesses.functions)
    assert np.array_equal(codes.size, drawn.businesses.size)


@pytest.fixture(scope="module")
def kept(world, reference, model, tmp_path_factory):
    """Two rounds of lists that explore, and what was kept of them."""
    records = Records(tmp_path_factory.mktemp("loop") / "recorded")
    recommender = Recommender(
        model, ModelInfo("m", "response", 1.0), reference, Exploration(share=1.0)
    )
    lists = []
    for number in (1, 2):
        drawn = world.round(number, 150, True)
        answers = [
            recommender.recommend(profile, Asked("x", n=10, key=f"{number}:{place}"))
            for place, profile in enumerate(profiles_of(world, drawn.businesses))
        ]
        lists += answers
        records.add(world, drawn, answers, number)
    return records.folder, lists


def test_training_can_read_what_is_kept(kept):
    folder, lists = kept
    snapshot = open_snapshot({folder: False})
    assert snapshot.businesses == len(lists) == 300
    tables = snapshot.chunks[0].read()
    for table, columns in zip(tables, COLUMNS.values(), strict=True):
        assert tuple(table.columns) == columns
    assert set(tables.events["recommendation_id"].dropna()) <= set(
        tables.exposures["recommendation_id"]
    )


def test_all_that_was_shown_and_drawn_is_kept(kept):
    folder, lists = kept
    shown = pd.read_parquet(folder / "exposures.parquet")
    assert len(shown) == sum(len(each.recommendation.items) for each in lists)
    assert shown["inclusion"].between(0, 1).all()
    explored = [each for each in lists if each.explored]
    assert shown["explored_first"].notna().sum() == len(explored) > 250
    slots = pd.read_parquet(folder / "slots.parquet")
    assert slots["drawn"].sum() == len(explored)
    assert slots.groupby("recommendation_id")["chance"].sum().to_numpy() == pytest.approx(1)


def test_rounds_follow_one_another_and_end_before_today(kept):
    at = pd.read_parquet(kept[0] / "events.parquet")["at"]
    first = pd.read_parquet(kept[0] / "profiles.parquet")["at"]
    assert (first[:150].max(), first[150:].min()) == (first[:150].max(), first[150:].min())
    assert first[:150].max() < first[150:].min()
    assert (at.max() - at.min()).days <= 60
