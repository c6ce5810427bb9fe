"""One pass over a snapshot: the same sums however it is cut; nobody both learns and measures."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from recommender.engagement import SIMULATED_ATTENTION, Attention, decay, simulated_weight
from recommender.rankers import ResponseRanker
from recommender.training import learning, windows
from recommender.training.layout import layout_of
from recommender.training.learning import learn
from recommender.training.snapshot import open_snapshot

PARTS = ("choose", "calibrate", "test", "sample")


@pytest.fixture(scope="session")
def learn_from(reference):
    layout = layout_of(reference)

    def run(folders, chunk=1_000, attention=SIMULATED_ATTENTION):
        return learn(open_snapshot(folders, chunk), layout, attention)

    return run


@pytest.fixture(scope="session")
def whole(learn_from, snapshot_dir):
    return learn_from({snapshot_dir: True})[0]


@pytest.fixture
def write(tmp_path, write_snapshot, journeys_of):
    """Write a folder of some businesses; `later` moves all that they saw and did by so long."""

    def make(name, pairs, later=None, change=lambda journeys: journeys):
        journeys = change(journeys_of(pairs))
        if later is not None:
            journeys = type(journeys)(*(t.assign(at=t["at"] + later) for t in journeys))
        return write_snapshot(tmp_path / name, pairs, journeys)

    return make


def weights(sums):
    sets = ResponseRanker(kinds=sums.kinds, pairs=sums.pairs).solve(sums).sets_
    return np.concatenate([part.ravel() for each in sets for part in each])


def close(one, other):
    return np.allclose(one, other, rtol=0, atol=1e-9)


def numbers(part):
    return [int(id_.rpartition("-")[2]) for id_ in part.businesses]


@pytest.mark.parametrize("chunk", [350, 75])
def test_chunks_and_processes_add_up_to_the_same_model(learn_from, whole, snapshot_dir, chunk):
    found = learn_from({snapshot_dir: True}, chunk)[0]
    assert close(weights(found.sums), weights(whole.sums))
    assert found.businesses == whole.businesses == 600
    for name in PARTS:
        ours, theirs = getattr(found, name), getattr(whole, name)
        assert ours.states.tolist() == theirs.states.tolist()
        assert (ours.profiles != theirs.profiles).nnz == 0
        assert (ours.strength != theirs.strength).nnz == 0


def test_the_number_of_processes_changes_no_bit(learn_from, snapshot_dir, monkeypatch):
    several = learn_from({snapshot_dir: True}, 75)[0].sums
    monkeypatch.setattr(learning, "SERIAL", 100)
    one = learn_from({snapshot_dir: True}, 75)[0].sums
    for damping, gram in one.gram.items():
        assert np.array_equal(gram, several.gram[damping])
    assert np.array_equal(one.responses.gram, several.responses.gram)
    assert np.array_equal(one.responses.moment, several.responses.moment)
    assert one.segments.equals(several.segments)


def test_the_last_ones_measure_and_those_before_calibrate_and_choose(whole):
    assert numbers(whole.choose) == list(range(360, 450))
    assert numbers(whole.calibrate) == list(range(450, 510))
    assert numbers(whole.test) == list(range(510, 600))
    assert whole.test.at[0] == np.datetime64("2026-03-22T06:00:00")


def test_the_rest_is_all_but_those_held_out(whole, learn_from, write, businesses):
    rest = whole.without(whole.choose, whole.calibrate, whole.test)
    first = learn_from({write("first", businesses[:360]): True})[0].sums
    assert rest.weight == pytest.approx(360)
    assert close(rest.gram[0.0], first.gram[0.0])
    assert close(rest.responses.gram, first.responses.gram)
    assert close(rest.responses.moment, first.responses.moment)
    assert close(weights(rest), weights(first))


def test_a_deleted_business_leaves_no_trace(learn_from, whole, write, businesses):
    """Subtracted from the sums, it gives the model of those who never knew it."""
    without = write("without", [pair for pair in businesses if pair[0] != "business-0123"])
    alone = write("alone", businesses[123:124])
    expected = learn_from({without: True})[0].sums
    subtracted = learn_from({alone: True})[0].sums
    everybody = learn_from({without: True, alone: True})[0].sums
    assert close(weights(everybody), weights(whole.sums))
    assert abs(weights(everybody) - weights(expected)).max() > 1e-6
    assert close(weights(everybody.subtract(subtracted)), weights(expected))


def test_of_many_only_some_are_held_out(learn_from, snapshot_dir, whole, monkeypatch):
    monkeypatch.setattr(windows, "HELD_OUT", 30)
    found = learn_from({snapshot_dir: True})[0]
    assert [len(part) for part in (found.choose, found.calibrate, found.test)] == [30, 30, 30]
    assert found.without(found.choose, found.calibrate, found.test).weight == pytest.approx(510)
    assert close(found.sums.gram[0.0], whole.sums.gram[0.0])


def test_the_sample_is_of_those_that_are_not_held_out(whole):
    assert sorted(numbers(whole.sample)) == list(range(360))


def test_the_sample_is_drawn_the_same_however_the_folder_is_cut(
    learn_from, snapshot_dir, monkeypatch
):
    monkeypatch.setattr(learning, "SAMPLE", 100)
    monkeypatch.setattr(learning, "SERIAL", 100)
    one, several = (learn_from({snapshot_dir: True}, chunk)[0].sample for chunk in (1_000, 75))
    assert 30 < len(one) < 90  # a sixth of 360
    assert numbers(one) == numbers(several)
    assert max(numbers(one)) < 360


def test_what_was_recorded_counts_less_the_longer_ago_it_was(learn_from, write, businesses):
    old, new = dt.timedelta(days=-180), dt.timedelta()
    folders = {write("old", businesses[:30], old): False, write("new", businesses[30:60]): False}
    found, share = learn_from(folders)
    until = pd.Timestamp(dt.datetime(2026, 3, 3, 11, tzinfo=dt.UTC))  # that of the 60th
    begin = until - dt.timedelta(hours=59)
    ages = [begin + dt.timedelta(hours=n) + (old if n < 30 else new) for n in range(60)]
    expected = decay(pd.Series(ages), until)
    assert expected.min() == pytest.approx(0.5, abs=0.01)
    assert found.sums.weight == pytest.approx(expected.sum())
    measuring = numbers(found.test)
    assert found.test.weights == pytest.approx(expected[measuring])
    assert share == 0


def test_what_was_simulated_does_not_age(learn_from, write, businesses):
    old = write("old", businesses[:30], dt.timedelta(days=-3_000))
    assert learn_from({old: True})[0].sums.weight == pytest.approx(30)


def test_simulated_businesses_fade_by_the_weight_of_those_recorded(learn_from, write, businesses):
    """Those recorded long ago count less, and so let simulated ones count more."""
    simulated = write("simulated", businesses[:50])
    now, earlier = write("now", businesses[50:70]), dt.timedelta(days=-360)
    before = write("before", businesses[70:90], earlier)
    found, share = learn_from({simulated: True, now: False, before: False})
    recorded = learn_from({now: False, before: False})[0].sums.weight
    assert recorded == pytest.approx(20 + 20 / 4, abs=0.1)
    fade = simulated_weight(recorded)
    assert found.businesses == 90
    assert found.sums.weight == pytest.approx(recorded + 50 * fade)
    assert share == pytest.approx(50 * fade / (recorded + 50 * fade))
    for part in (found.choose, found.test, found.sample):
        assert part.simulated.any()
        assert not part.simulated.all()
        assert np.unique(part.weights[part.simulated]) == pytest.approx([fade])


def test_attention_is_that_of_the_simulator_for_what_was_simulated(learn_from, write, businesses):
    folder = write("folder", businesses[:40])
    steep = Attention(1.3)
    for is_simulated, expected in ((True, SIMULATED_ATTENTION), (False, steep)):
        test = learn_from({folder: is_simulated}, attention=steep)[0].test
        ranks = np.arange(1, 9)
        assert sorted(test.examined[[0]].data) == pytest.approx(sorted(expected(ranks)))


def test_states_that_were_never_shown_anything_tell_of_use_alone(learn_from, write, businesses):
    def forget_the_last_ones(journeys):
        return type(journeys)(
            *(table[table["business_id"] < "business-0080"] for table in journeys)
        )

    folder = write("silent", businesses[:100], change=forget_the_last_ones)
    found = learn_from({folder: True})[0]
    assert found.sums.weight == pytest.approx(100)
    assert max(number for part in PARTS for number in numbers(getattr(found, part))) == 79
    assert found.sums.responses.examined.sum() == pytest.approx(
        learn_from({write("shown", businesses[:80]): True})[0].sums.responses.examined.sum()
    )


def test_too_few_to_hold_any_out_do_everything(learn_from, write, businesses):
    found, _ = learn_from({write("few", businesses[:2]): True})
    assert found.choose is found.calibrate is found.test is found.sample
    assert not found.held_out
    assert (
        len(found.test)
        == found.without(found.choose, found.calibrate, found.test).weight
        == found.sums.weight
        == 2
    )


def test_businesses_that_were_never_shown_anything_cannot_be_learned_from(
    learn_from, write, businesses
):
    def forget(journeys):
        return type(journeys)(*(table.iloc[:0] for table in journeys))

    folder = write("silent", businesses[:20], change=forget)
    with pytest.raises(ValueError, match="nothing was shown to any business: expected exposures"):
        learn_from({folder: True})
