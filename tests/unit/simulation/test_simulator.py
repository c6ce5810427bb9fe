import hashlib
import json
import tracemalloc

import numpy as np
import pandas as pd
import pytest

from recommender.profiles import STATE_COLUMNS
from recommender.simulation import FORMAT, Behaviour, SimulationSettings, simulate
from recommender.simulation.simulator import chunks

FILES = {"profiles.parquet", "exposures.parquet", "events.parquet", "truth.parquet"}
SMALL = SimulationSettings(businesses=700, seed=3, chunk=300)


def digests(manifest: dict) -> dict[str, str]:
    return {name: file["sha256"] for name, file in manifest["files"].items()}


def test_the_manifest_says_what_is_there(world, reference) -> None:
    manifest = json.loads((world.folder / "manifest.json").read_text("utf-8"))
    assert manifest["simulated"] is True
    assert manifest["format"] == FORMAT
    assert manifest["reference"] == reference.version
    assert manifest["settings"]["seed"] == world.settings.seed
    assert {path.name for path in world.folder.iterdir()} == FILES | {"manifest.json"}
    for name in FILES:
        content = (world.folder / name).read_bytes()
        assert hashlib.sha256(content).hexdigest() == manifest["files"][name]["sha256"]
        assert len(pd.read_parquet(world.folder / name)) == manifest["files"][name]["rows"]
    assert manifest["files"]["profiles.parquet"]["rows"] == world.settings.businesses
    assert manifest["files"]["exposures.parquet"]["rows"] == 10 * world.settings.businesses


def test_the_same_seed_gives_the_same_bytes_and_another_seed_does_not(reference, tmp_path) -> None:
    first = simulate(SMALL, reference, tmp_path / "first")
    second = simulate(SMALL, reference, tmp_path / "second")
    other = simulate(
        SimulationSettings(businesses=700, seed=4, chunk=300), reference, tmp_path / "other"
    )
    assert first == second
    assert set(digests(first)) == FILES
    assert not set(digests(first).values()) & set(digests(other).values())


def test_a_chunk_does_not_depend_on_how_many_there_are(reference, tmp_path) -> None:
    few = next(chunks(SimulationSettings(businesses=300, seed=3, chunk=300), reference))
    many = next(chunks(SMALL, reference))
    for name in FILES:
        assert few[name].equals(many[name]), name


def test_a_chunk_comes_before_the_whole_is_drawn(reference) -> None:
    endless = SimulationSettings(businesses=10**9, chunk=50)
    assert next(chunks(endless, reference))["profiles.parquet"].num_rows == 50


def test_memory_is_bounded_by_the_chunk(reference, tmp_path) -> None:
    def peak(businesses: int) -> int:
        settings = SimulationSettings(businesses=businesses, chunk=500)
        tracemalloc.start()
        simulate(settings, reference, tmp_path / str(businesses))
        _, highest = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        return highest

    assert peak(5_000) < 1.25 * peak(1_000)


def test_progress_counts_the_businesses_that_are_done(reference, tmp_path) -> None:
    done: list[int] = []
    simulate(SMALL, reference, tmp_path / "world", done.append)
    assert done == [300, 600, 700]


def test_the_truth_can_be_computed_again_from_the_profiles(world, reference) -> None:
    behaviour = Behaviour(reference)
    of_business = world.truth.drop_duplicates("business_id").set_index("business_id")["lodging"]
    lodging = of_business.reindex(world.profiles["business_id"]).to_numpy()
    sectors = world.profiles["sector"].to_numpy()
    assert 0 < lodging[sectors == "I"].mean() < 0.4  # the profile does not tell
    assert lodging[sectors == "I55"].all()
    assert not lodging[~np.isin(sectors, ["I", "I55"])].any()
    row = pd.Index(world.profiles["business_id"]).get_indexer(world.truth["business_id"])
    column = pd.Index(behaviour.platforms).get_indexer(world.truth["platform_id"])
    for name, values in (
        ("utility", behaviour.utilities(world.profiles, lodging)),
        ("adoption_probability", behaviour.adoption_probability(world.profiles, lodging)),
    ):
        np.testing.assert_allclose(world.truth[name], values[row, column], rtol=1e-4, atol=1e-5)


def test_truth_and_exposures_stand_side_by_side(world) -> None:
    key = ["recommendation_id", "business_id", "platform_id", "rank"]
    assert world.truth[key].equals(world.exposures[key])
    assert set(world.exposures["source"]) == set(world.events["source"]) == {"simulated"}
    assert set(world.exposures["slot"]) == {"ranked"}


def test_a_business_has_one_state_from_when_its_list_was_shown(world) -> None:
    states = world.profiles
    assert tuple(states.columns) == STATE_COLUMNS
    assert states["state_id"].tolist() == [f"{id_}.1" for id_ in states["business_id"]]
    shown = world.exposures.groupby("state_id")["at"].agg(["min", "max"])
    expected = states.set_index("state_id")["at"]
    assert shown["min"].equals(shown["max"])
    assert (shown["min"] == expected.loc[shown.index]).all()
    assert len(shown) == len(states)


def test_nothing_was_drawn_or_tried_on_an_arm(world) -> None:
    never = ["explored_first", "explored_last", "arm"]
    assert world.exposures[never].isna().all(axis=None)
    assert set(world.exposures["model_version"]) == {"simulated"}
    assert set(world.exposures["policy_version"]) == {"simulated"}


def test_a_failure_leaves_what_was_there(reference, tmp_path) -> None:
    def fail(done: int) -> None:
        raise RuntimeError("no more")

    folder = tmp_path / "world"
    manifest = simulate(SMALL, reference, folder)
    with pytest.raises(RuntimeError, match="no more"):
        simulate(SMALL, reference, folder, fail)
    assert json.loads((folder / "manifest.json").read_text("utf-8")) == manifest
    assert [path.name for path in tmp_path.iterdir()] == ["world"]


def test_an_earlier_simulation_is_replaced_and_nothing_else(reference, tmp_path) -> None:
    folder = tmp_path / "deep" / "world"
    simulate(SMALL, reference, folder)
    manifest = simulate(SimulationSettings(businesses=10), reference, folder)
    assert manifest["files"]["profiles.parquet"]["rows"] == 10
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("Keep me.")
    with pytest.raises(FileExistsError, match="letters"):
        simulate(SMALL, reference, tmp_path / "letters")
    assert (tmp_path / "letters" / "dear.txt").exists()


@pytest.mark.parametrize("days", [2, 30])
def test_a_short_window_still_holds_whole_stories(reference, days: int) -> None:
    settings = SimulationSettings(businesses=2_000, days=days)
    events = next(chunks(settings, reference))["events.parquet"].to_pandas()
    begin, end = settings.window
    assert events["at"].min() >= pd.Timestamp(begin)
    assert events["at"].max() < pd.Timestamp(end)
    assert (events["kind"] == "adopt").sum() > 100


@pytest.mark.parametrize(
    ("setting", "value"),
    [("businesses", 0), ("shown", 0), ("chunk", 0), ("seed", -1), ("days", 1),
     ("household_share", 1.5)],
)  # fmt: skip
def test_settings_that_describe_no_world_are_refused(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match=setting):
        SimulationSettings(**{setting: value})


def test_any_length_of_list_can_be_shown(reference) -> None:
    def longest(shown: int) -> int:
        part = next(chunks(SimulationSettings(businesses=20, shown=shown), reference))
        return int(part["exposures.parquet"]["rank"].to_numpy().max())

    assert longest(1) == 1
    assert 50 < longest(500) <= len(reference.platforms)
