"""One pass over a snapshot: the same sums however it is cut; nobody both learns and measures."""

import numpy as np
import pytest

from recommender.features import profile_encoder
from recommender.rankers import LinearRanker
from recommender.training import learning
from recommender.training.learning import learn
from recommender.training.snapshot import open_snapshot
from recommender.training.train import segment_groups


@pytest.fixture(scope="session")
def learn_from(reference):
    encoder = profile_encoder(reference)
    platforms = tuple(sorted(reference.platforms))

    def run(folders, chunk=1_000):
        snapshot = open_snapshot(folders, chunk)
        return learn(snapshot, encoder, platforms, segment_groups(encoder))

    return run


@pytest.fixture(scope="session")
def whole(learn_from, snapshot_dir):
    return learn_from({snapshot_dir: True})[0]


def weights(sums):
    return np.concatenate([part.ravel() for s in LinearRanker().solve(sums).sets_ for part in s])


@pytest.mark.parametrize("chunk", [350, 75])
def test_chunks_and_processes_add_up_to_the_same_model(learn_from, whole, snapshot_dir, chunk):
    found = learn_from({snapshot_dir: True}, chunk)[0]
    assert weights(found.sums) == pytest.approx(weights(whole.sums), abs=1e-9)
    assert found.businesses == whole.businesses == 600
    for part in ("choose", "test"):
        ours, theirs = getattr(found, part), getattr(whole, part)
        assert (ours.profiles != theirs.profiles).nnz == 0
        assert (ours.chosen != theirs.chosen).nnz == 0


def test_the_number_of_processes_changes_no_bit(learn_from, snapshot_dir, monkeypatch):
    several = learn_from({snapshot_dir: True}, 75)[0]
    monkeypatch.setattr(learning, "SERIAL", 100)
    one = learn_from({snapshot_dir: True}, 75)[0]
    for damping, gram in one.sums.gram.items():
        assert np.array_equal(gram, several.sums.gram[damping])
    assert one.sums.segments.equals(several.sums.segments)


def test_the_rest_is_all_but_those_held_out(whole):
    rest, everybody = whole.rest(), whole.sums
    held_out = whole.choose.sums(rest.groups).merge(whole.test.sums(rest.groups))
    assert len(whole.choose) + len(whole.test) + rest.weight == pytest.approx(600)
    assert rest.merge(held_out).gram[0.0] == pytest.approx(everybody.gram[0.0], abs=1e-9)


def test_a_deleted_business_leaves_no_trace(
    learn_from, whole, tmp_path, write_snapshot, businesses, events_of
):
    """Subtracted from the sums, it gives the model of those who never knew it."""
    others = [pair for pair in businesses if pair[0] != "business-0123"]
    events = events_of(businesses)
    gone = events["business_id"] == "business-0123"
    without = write_snapshot(tmp_path / "without", others, events[~gone])
    alone = write_snapshot(tmp_path / "alone", businesses[123:124], events[gone])
    expected = learn_from({without: True})[0].sums
    subtracted = learn_from({alone: True})[0].sums
    everybody = learn_from({without: True, alone: True})[0].sums
    assert weights(everybody) == pytest.approx(weights(whole.sums), abs=1e-9)
    assert abs(weights(everybody) - weights(expected)).max() > 1e-6
    assert weights(everybody.subtract(subtracted)) == pytest.approx(weights(expected), abs=1e-9)


def test_of_many_only_some_are_held_out(learn_from, snapshot_dir, whole, monkeypatch):
    monkeypatch.setattr(learning, "HELD_OUT", 30)
    found = learn_from({snapshot_dir: True})[0]
    assert 15 <= len(found.choose) <= 50
    assert 15 <= len(found.test) <= 50
    assert found.rest().weight > whole.rest().weight
    assert found.sums.gram[0.0] == pytest.approx(whole.sums.gram[0.0])


def test_recorded_businesses_count_1_and_simulated_ones_less(
    learn_from, tmp_path, write_snapshot, businesses, events_of
):
    simulated = write_snapshot(tmp_path / "s", businesses[:50], events_of(businesses[:50]))
    recorded = write_snapshot(tmp_path / "r", businesses[50:70], events_of(businesses[50:70]))
    found, share = learn_from({simulated: True, recorded: False})
    fade = learning.simulated_weight(20)
    assert found.businesses == 70
    assert found.sums.weight == pytest.approx(20 + 50 * fade)
    assert share == pytest.approx(50 * fade / (20 + 50 * fade))
    assert set(np.unique(found.choose.weights)) <= {1.0, fade}


def test_too_few_to_hold_any_out_do_everything(
    learn_from, tmp_path, write_snapshot, businesses, events_of
):
    few = write_snapshot(tmp_path / "few", businesses[:2], events_of(businesses[:2]))
    found, _ = learn_from({few: True})
    assert found.choose is found.test
    assert len(found.test) == found.rest().weight == found.sums.weight == 2
