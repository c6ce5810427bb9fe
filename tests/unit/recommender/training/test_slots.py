"""Drawn slots: what they tell of attention, and of another ranking."""

import numpy as np
import pandas as pd
import pytest

from recommender.engagement import estimate_attention
from recommender.policy.exploration import GREEDY, Exploration, chances_of
from recommender.training.slots import REACTIONS, DrawnSlots, reactions
from recommender.training.snapshot import Chunk, Snapshot, SnapshotError

PLATFORMS = ("a", "b", "c", "d")
RANKS = ["recommendation_id", "platform_id", "rank", "explored_first", "explored_last"]
EVENTS = ["recommendation_id", "platform_id", "kind"]
SLOTS = ["recommendation_id", "state_id", "platform_id", "chance", "drawn"]


@pytest.fixture
def snapshot_of(tmp_path):
    """Write the columns that are read of one recorded folder, each row as it is exported."""

    def make(exposures=(), events=(), slots=(), simulated=False):
        types = {"rank": "int64", "explored_first": "Int64", "explored_last": "Int64"}
        tables = {
            "exposures": pd.DataFrame(list(exposures), columns=RANKS).astype(types),
            "events": pd.DataFrame(list(events), columns=EVENTS),
            "slots": pd.DataFrame(list(slots), columns=SLOTS),
        }
        for name, table in tables.items():
            table.to_parquet(tmp_path / f"{name}.parquet")
        return Snapshot((Chunk(tmp_path, simulated, "", "", 1),), 1, "", None)

    return make


@pytest.fixture
def part(make_part):
    """Three states that use nothing: `business-0000.1` and so on."""
    return make_part(np.ones((3, 1)), np.zeros((3, 4)), np.ones((3, 4)))


def rows(*values):
    return [list(column) for column in zip(*values, strict=True)]


def test_reactions_are_those_to_drawn_slots_with_the_ranks_that_they_could_have_had(snapshot_of):
    exposures = [
        ("one", "a", 1, None, None),
        ("one", "b", 4, 3, 8),
        ("two", "a", 3, 3, 5),
        ("two", "b", 4, None, None),
        ("three", "c", 5, 2, 9),
    ]
    events = [
        ("one", "a", "adopt"),
        ("one", "b", "click"),
        ("two", "b", "click"),
        ("three", "c", "trial"),
        ("three", "c", "click"),
    ]
    found = reactions(snapshot_of(exposures, events))
    assert [each.tolist() for each in found] == rows((4, 3, 8), (5, 2, 9))
    assert estimate_attention(*found).reactions == 2


@pytest.mark.parametrize("kind", ["view", "dismiss", "rate", "abandon"])
def test_what_is_less_than_a_click_is_no_reaction(snapshot_of, kind):
    assert kind not in REACTIONS
    drawn = [("one", "b", 4, 3, 8)]
    assert len(reactions(snapshot_of(drawn, [("one", "b", kind)])).rank) == 0
    assert len(reactions(snapshot_of(drawn, [("one", "b", "click")])).rank) == 1


def test_an_event_that_names_another_list_or_none_is_no_reaction(snapshot_of):
    events = [("two", "b", "click"), (None, "b", "click"), ("one", "a", "click")]
    assert len(reactions(snapshot_of([("one", "b", 4, 3, 8)], events)).rank) == 0


def test_what_was_simulated_is_not_asked(snapshot_of):
    found = reactions(snapshot_of([("one", "b", 4, 3, 8)], [("one", "b", "click")], simulated=True))
    assert [len(each) for each in found] == [0, 0, 0]
    assert estimate_attention(*found).reactions == 0


def test_where_nothing_is_recorded_there_are_no_reactions(snapshot_of):
    assert [len(each) for each in reactions(snapshot_of())] == [0, 0, 0]


@pytest.mark.parametrize("column", ["explored_first", "explored_last"])
def test_a_recorded_folder_that_does_not_tell_of_draws_is_named(snapshot_of, tmp_path, column):
    snapshot = snapshot_of()
    path = tmp_path / "exposures.parquet"
    pd.read_parquet(path).drop(columns=column).to_parquet(path)
    with pytest.raises(SnapshotError, match=f"exposures.parquet cannot be read.*{column}"):
        reactions(snapshot)


def slot(name, state, chances, drawn):
    """The rows of one slot: what could have been drawn, how likely, and what was."""
    return [(name, state, id_, chance, id_ == drawn) for id_, chance in chances.items()]


ONE = slot("one", "business-0000.1", {"a": 0.2, "b": 0.5, "c": 0.3}, "b")
TWO = slot("two", "business-0002.1", {"c": 0.6, "d": 0.4}, "d")


def test_slots_are_those_of_the_states_with_what_could_have_been_drawn(snapshot_of, part):
    other = slot("three", "elsewhere.1", {"a": 0.5, "b": 0.5}, "a")
    events = [("two", "d", "click"), ("one", "b", "view"), ("one", "a", "click")]
    found = DrawnSlots.of(snapshot_of((), events, [*ONE, *TWO, *other]), part, PLATFORMS)
    assert found.rows.tolist() == [0, 2]
    assert found.candidates.astype(int).tolist() == [[1, 1, 1, 0], [0, 0, 1, 1]]
    assert found.log.actions.tolist() == [1, 3]
    assert found.log.propensities.tolist() == [0.5, 0.4]
    assert found.log.rewards.tolist() == [0, 1]


@pytest.mark.parametrize(
    "slots", [[], slot("three", "elsewhere.1", {"a": 0.5, "b": 0.5}, "a")], ids=["none", "others"]
)
def test_where_nothing_was_drawn_for_these_states_there_is_nothing_to_tell(
    snapshot_of, part, slots
):
    assert DrawnSlots.of(snapshot_of(slots=slots), part, PLATFORMS) is None


def test_what_was_simulated_has_no_slots(snapshot_of, part):
    assert DrawnSlots.of(snapshot_of(slots=ONE, simulated=True), part, PLATFORMS) is None


def test_a_slot_whose_platform_left_the_catalogue_is_left_out(snapshot_of, part):
    """Of the other one, what left could not be drawn today."""
    gone = slot("two", "business-0002.1", {"gone": 0.6, "d": 0.4}, "gone")
    left = slot("one", "business-0000.1", {"gone": 0.2, "b": 0.5, "c": 0.3}, "b")
    found = DrawnSlots.of(snapshot_of(slots=[*left, *gone]), part, PLATFORMS)
    assert found.rows.tolist() == [0]
    assert found.candidates.astype(int).tolist() == [[0, 1, 1, 0]]


def test_a_folder_without_slots_is_named(snapshot_of, part, tmp_path):
    snapshot = snapshot_of()
    (tmp_path / "slots.parquet").unlink()
    with pytest.raises(SnapshotError, match=r"slots.parquet cannot be read"):
        DrawnSlots.of(snapshot, part, PLATFORMS)


APPEAL = np.array([0.05, 0.1, 0.3, 0.6])


def truth(scores, draw=GREEDY):
    """How many of the slots of a ranker would be reacted to."""
    return chances_of(scores, draw.temperature, draw.floor) @ APPEAL


@pytest.fixture
def drawn(snapshot_of, make_part):
    """3,000 slots drawn alike from all four, and reactions as likely as their appeal."""
    n, random = 3_000, np.random.default_rng(0)
    numbers = random.integers(0, 4, n)
    slots = [
        row
        for row, number in enumerate(numbers)
        for row in slot(
            f"list-{row}", f"business-{row:04}.1", dict.fromkeys(PLATFORMS, 0.25), PLATFORMS[number]
        )
    ]
    reacted = np.flatnonzero(random.random(n) < APPEAL[numbers])
    events = [(f"list-{row}", PLATFORMS[numbers[row]], "click") for row in reacted]
    part = make_part(np.ones((n, 1)), np.zeros((n, 4)), np.ones((n, 4)))
    return DrawnSlots.of(snapshot_of(events=events, slots=slots), part, PLATFORMS), part


def test_a_better_ranker_is_recognised_and_its_worth_is_the_true_one(drawn, fixed):
    slots, part = drawn
    right, flat = APPEAL, np.full(4, 0.2)
    found = slots.compare(fixed(right), fixed(flat), part, GREEDY)
    assert found["slots"] == 3_000
    assert found["believable"]
    assert found["warnings"] == []
    assert found["new"] == pytest.approx(truth(right), abs=0.03)
    assert found["in_service"] == pytest.approx(truth(flat), abs=0.03)
    assert 0 < found["low"] < truth(right) - truth(flat) < found["high"]
    assert found["difference"] == pytest.approx(found["new"] - found["in_service"], abs=2e-5)


def test_what_is_estimated_is_what_the_service_would_draw(drawn, fixed):
    """Drawn evenly, slots are reacted to less than where the best is drawn nearly always."""
    slots, part = drawn
    for draw in (Exploration(temperature=0.05), Exploration(temperature=1.0)):
        found = slots.compare(fixed(APPEAL), fixed(np.full(4, 0.2)), part, draw)
        assert found["new"] == pytest.approx(truth(APPEAL, draw), abs=0.03)
    assert truth(APPEAL, Exploration(temperature=0.05)) > truth(APPEAL, draw) + 0.1


def test_a_worse_ranker_is_recognised_as_well(drawn, fixed):
    slots, part = drawn
    found = slots.compare(fixed(np.full(4, 0.2)), fixed(APPEAL), part, GREEDY)
    assert found["low"] < found["high"] < 0


def test_rankers_that_score_alike_differ_by_nothing(drawn, fixed):
    slots, part = drawn
    found = slots.compare(fixed(APPEAL), fixed(APPEAL), part, GREEDY)
    assert found["difference"] == found["low"] == found["high"] == 0


def test_few_slots_are_not_to_be_believed(snapshot_of, part, fixed):
    slots = DrawnSlots.of(snapshot_of(slots=[*ONE, *TWO]), part, PLATFORMS)
    found = slots.compare(fixed(APPEAL), fixed(np.full(4, 0.2)), part, GREEDY)
    assert not found["believable"]
    assert found["warnings"]
