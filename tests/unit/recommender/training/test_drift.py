"""Whether businesses are still those of the last time."""

import dataclasses
import json

import numpy as np
import pytest

from recommender.training.drift import FEW, IN_USE, describe, drift
from recommender.training.holdout import FEWEST
from recommender.training.layout import layout_of
from recommender.training.learning import learn
from recommender.training.snapshot import open_snapshot

SECTORS = {"G": 0.5, "I": 0.3, "C": 0.2}


@pytest.fixture(scope="module")
def layout(reference):
    return layout_of(reference)


@pytest.fixture(scope="module")
def found(snapshot_dir, layout):
    return learn(open_snapshot({snapshot_dir: True}), layout)[0]


@pytest.fixture(scope="module")
def whole(found, layout):
    return describe(found, layout)


@pytest.fixture
def with_recorded(found, layout):
    """Describe the same as if so many of the businesses with an answer were recorded ones."""

    def describe_them(**recorded):
        counts = np.zeros_like(found.recorded)
        for place, (field, value) in enumerate(layout.encoder.columns):
            counts[place] = recorded.get(field, {}).get(value, 0)
        for place, id_ in enumerate(layout.platforms, len(layout.encoder.columns)):
            counts[place] = recorded.get("platforms", {}).get(id_, 0)
        return describe(dataclasses.replace(found, recorded=counts), layout)["fields"]

    return describe_them


def told(businesses, **fields):
    return {"businesses": businesses, "fields": fields}


def test_the_same_data_have_not_moved(whole):
    found = drift(whole, whole)
    assert set(found) == {field for field, values in whole["fields"].items() if values}
    assert all(each["distance"] == 0 for each in found.values())
    assert found["sector"]["chance"] > 0


def test_a_field_that_has_changed_has_moved_beyond_chance_and_the_others_not():
    before = told(2_000, sector=SECTORS, size={"micro": 0.6, "small": 0.4})
    now = told(2_000, sector={"G": 0.3, "I": 0.5, "C": 0.2}, size={"micro": 0.61, "small": 0.39})
    found = drift(before, now)
    assert list(found) == ["sector", "size"]
    assert found["sector"]["distance"] == pytest.approx(0.2)
    assert found["sector"]["distance"] > found["sector"]["chance"]
    assert found["size"]["distance"] == pytest.approx(0.01)
    assert found["size"]["distance"] < found["size"]["chance"]


def test_the_distance_is_of_how_often_values_are_given_of_all_answers():
    """Half as many answer the question, in the same shares: nothing has moved."""
    half = {value: share / 2 for value, share in SECTORS.items()}
    found = drift(told(1_000, sector=SECTORS), told(1_000, sector=half))
    assert found["sector"]["distance"] == 0


def test_values_that_come_or_go_count():
    found = drift(told(1_000, sector={"G": 1.0}), told(1_000, sector={"G": 0.75, "I": 0.25}))
    assert found["sector"]["distance"] == pytest.approx(0.25)
    found = drift(told(1_000, sector={"G": 1.0}), told(1_000, sector={"I": 1.0}))
    assert found["sector"]["distance"] == 1


def test_chance_shrinks_with_the_number_of_businesses():
    few, many = (
        drift(told(n, sector=SECTORS), told(n, sector=SECTORS))["sector"]["chance"]
        for n in (100, 10_000)
    )
    assert many == pytest.approx(few / 10, rel=0.3)


def test_chance_is_what_the_same_businesses_drawn_twice_give_one_time_in_twenty():
    random = np.random.default_rng(0)
    beyond = []
    for seed in range(300):
        both = [
            told(400, sector=dict(zip(SECTORS, drawn / 400, strict=True)))
            for drawn in random.multinomial(400, list(SECTORS.values()), size=2)
        ]
        found = drift(*both, seed=seed)["sector"]
        beyond.append(found["distance"] > found["chance"])
    assert 0.02 < np.mean(beyond) < 0.09


def test_fields_that_only_one_of_both_knows_are_left_out():
    found = drift(told(10, sector=SECTORS, old={"x": 1.0}), told(10, sector=SECTORS, new={}))
    assert list(found) == ["sector"]


def test_a_field_that_nobody_answers_is_left_out():
    nobody = told(10, sector=SECTORS, size={})
    assert list(drift(nobody, nobody)) == ["sector"]


def test_what_is_kept_are_the_shares_of_answers_and_of_platforms_in_use(
    whole, businesses, reference
):
    assert whole["businesses"] == len(businesses)
    profiles = [profile for _, profile in businesses]
    for sector, share in whole["fields"]["sector"].items():
        expected = np.mean([profile.sector == sector for profile in profiles])
        assert share == pytest.approx(expected, abs=1e-5)
    for id_, share in whole["fields"][IN_USE].items():
        expected = np.mean([id_ in profile.platforms_in_use for profile in profiles])
        assert share == pytest.approx(expected, abs=1e-5)
    used = {id_ for profile in profiles for id_ in profile.platforms_in_use}
    assert set(whole["fields"][IN_USE]) == used
    assert not any(" x " in field for field in whole["fields"])


def test_it_can_be_kept_in_a_manifest(whole):
    again = json.loads(json.dumps(whole))
    assert drift(whole, again) == drift(whole, whole)


def test_what_few_recorded_businesses_have_is_told_together_alone(whole, with_recorded):
    before = whole["fields"]["sector"]
    one, four, enough, many, *none = sorted(before)
    told = with_recorded(sector={one: 1, four: 4, enough: FEWEST, many: 100})
    assert set(told["sector"]) == {FEW, enough, many, *none}
    assert told["sector"][FEW] == pytest.approx(before[one] + before[four], abs=2e-6)
    assert told["size"] == whole["fields"]["size"]


def test_together_they_are_enough_or_all_there_are(whole, with_recorded):
    """What the others leave of all would tell of them otherwise."""
    one, three, enough, many, *none = sorted(whole["fields"]["sector"])
    told = with_recorded(sector={one: 1, three: 3, enough: FEWEST, many: 100})
    assert set(told["sector"]) == {FEW, many, *none}
    told = with_recorded(sector={one: 1})
    assert set(told["sector"]) == {FEW, three, enough, many, *none}


def test_platforms_that_few_recorded_businesses_use_are_told_together(whole, with_recorded):
    rare, rarer, often, *none = sorted(whole["fields"][IN_USE])
    told = with_recorded(platforms={rare: FEWEST - 1, rarer: 1, often: FEWEST})
    assert set(told[IN_USE]) == {FEW, often, *none}


def test_what_stands_among_the_few_of_one_time_is_compared_with_them():
    before = told(1_000, sector={"G": 0.5, "I": 0.3, "B": 0.2})
    now = told(1_000, sector={"G": 0.5, "I": 0.3, FEW: 0.2})
    assert drift(before, now)["sector"]["distance"] == pytest.approx(0)
    moved = told(1_000, sector={"G": 0.4, "I": 0.3, FEW: 0.3})
    assert drift(before, moved)["sector"]["distance"] == pytest.approx(0.1)
