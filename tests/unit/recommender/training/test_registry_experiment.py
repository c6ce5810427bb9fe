"""One experiment at a time: begun whole or not at all, ended with what it told."""

import collections
import datetime as dt
import threading
from pathlib import Path

import msgspec
import pytest

from recommender.evaluation.comparison import Plan, Tallies, Tally, compare
from recommender.training.registry import RegistryError
from recommender.training.registry_experiment import Experiment, Experiments

from .small_models import FACTS, files, make_model, raiser

TOLD = compare(Plan(), Tallies(Tally(900, 90, 9), Tally(900, 99, 90)), days=3)


@pytest.fixture
def experiments(three):
    """The experiments of a registry, and its three versions; the last one is in service."""
    registry, versions = three
    return Experiments(registry), registry, versions


def test_an_experiment_is_kept_with_all_that_was_decided(experiments):
    experiments, registry, (first, _, third) = experiments
    assert experiments.running is None
    plan = Plan(share=0.2, metric="click", least_difference=0.03, most_days=9)
    begun = experiments.start(first, plan, "fewer features\nless to ask", "Lan \udcff")
    assert experiments.running == begun
    assert msgspec.json.decode((registry.folder / "experiment.json").read_bytes()) == {
        "share": 0.2,
        "metric": "click",
        "least_difference": 0.03,
        "least_businesses": 500,
        "follow_days": 7.0,
        "most_days": 9.0,
        "id": begun.id,
        "started_at": begun.started_at.isoformat().replace("+00:00", "Z"),
        "arms": {"control": third, "treatment": first},
        "who": "Lan ?",
        "why": "fewer features\nless to ask",
    }
    assert dt.timedelta(0) <= dt.datetime.now(dt.UTC) - begun.started_at < dt.timedelta(minutes=1)


@pytest.mark.parametrize(
    ("treatment", "plan", "why", "told"),
    [
        ("nothing", Plan(), "x", "there is no model nothing"),
        ("../x", Plan(), "x", "is not the name of a model"),
        (2, Plan(), "x", "is in service: name another one"),
        (0, Plan(), " ", "an experiment needs a reason"),
        (0, Plan(share=1.0), "x", r"Expected `float` < 1.0 - at `\$.share`"),
        (0, Plan(least_businesses=0), "x", r"at `\$.least_businesses`"),
        (0, Plan(follow_days=0), "x", r"Expected `float` > 0.0 - at `\$.follow_days`"),
        (0, Plan(most_days=7), "x", "for less than the 7 days .* in 7 days none would count"),
    ],
)
def test_what_cannot_be_compared_is_refused_and_nothing_is_written(
    experiments, treatment, plan, why, told
):
    experiments, registry, versions = experiments
    before = files(registry)
    with pytest.raises(RegistryError, match=told):
        experiments.start(versions[treatment] if treatment in (0, 2) else treatment, plan, why)
    assert files(registry) == before


def test_a_model_that_cannot_serve_is_not_compared(experiments):
    experiments, registry, (first, *_) = experiments
    before = files(registry)
    with pytest.raises(RegistryError, match="too old"):
        experiments.start(first, Plan(), "x", check=raiser(RegistryError("too old")))
    assert files(registry) == before


def test_without_a_model_in_service_there_is_nothing_to_compare_with(experiments):
    experiments, registry, (first, *_) = experiments
    (registry.folder / "current").unlink()
    with pytest.raises(RegistryError, match="no model is in service"):
        experiments.start(first, Plan(), "x")


def test_one_experiment_runs_at_a_time_even_if_many_are_begun_at_once(experiments):
    experiments, _, (first, second, third) = experiments
    outcomes, together = [], threading.Barrier(8)

    def begin(version):
        together.wait()
        try:
            outcomes.append(experiments.start(version, Plan(), "x"))
        except RegistryError as error:
            outcomes.append(str(error))

    threads = [threading.Thread(target=begin, args=([first, second][i % 2],)) for i in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (begun,) = [each for each in outcomes if isinstance(each, Experiment)]
    refusals = {each for each in outcomes if each is not begun}
    versions = f"{third} with {begun.arms.treatment}"
    assert refusals == {f"experiment {begun.id} compares {versions}: stop it first"}
    assert experiments.running == begun


def test_a_start_that_fails_leaves_nothing_behind(experiments, monkeypatch):
    experiments, registry, (first, *_) = experiments
    before = files(registry)
    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", raiser(OSError("full")))
        with pytest.raises(OSError, match="full"):
            experiments.start(first, Plan(), "x")
    assert files(registry) == before
    assert experiments.start(first, Plan(), "x")


def test_while_it_runs_no_model_is_put_into_service_and_none_removed(experiments):
    experiments, registry, (first, second, third) = experiments
    begun = experiments.start(first, Plan(), "x")
    before = files(registry)
    for forbidden in (
        lambda: registry.promote(second),
        lambda: registry.promote(third),
        lambda: registry.rollback("x"),
        lambda: registry.prune(0),
    ):
        with pytest.raises(RegistryError, match="an experiment is running: stop it first, with"):
            forbidden()
    assert files(registry) == before
    assert registry.save(make_model(0.3), FACTS).version in registry.versions()
    experiments.end(begun, TOLD, "enough")
    registry.promote(second)
    assert registry.current == second


def test_it_ends_with_what_it_told_and_another_may_begin(experiments):
    experiments, registry, (first, second, _) = experiments
    begun = experiments.start(first, Plan(), "x")
    ended = experiments.end(begun, TOLD, "clear enough", "Lan")
    assert experiments.running is None
    assert not registry.is_experimenting
    assert experiments.ended() == [ended]
    assert (ended.experiment, ended.comparison) == (begun, TOLD)
    assert (ended.who, ended.why) == ("Lan", "clear enough")
    again = experiments.start(second, Plan(), "y")
    assert again.id != begun.id
    with pytest.raises(RegistryError, match=f"experiment {begun.id} does not run any more"):
        experiments.end(begun, TOLD, "twice")
    with pytest.raises(RegistryError, match="needs a reason"):
        experiments.end(again, TOLD, " ")
    assert experiments.running == again
    experiments.end(again, TOLD, "z")
    assert [line.experiment for line in experiments.ended()] == [begun, again]


def test_an_end_that_is_interrupted_leaves_it_running_and_can_be_repeated(experiments, monkeypatch):
    experiments, _, (first, *_) = experiments
    begun = experiments.start(first, Plan(), "x")
    with monkeypatch.context() as patch:
        patch.setattr(Path, "unlink", raiser(KeyboardInterrupt()))
        with pytest.raises(KeyboardInterrupt):
            experiments.end(begun, TOLD, "first")
    assert experiments.running == begun
    assert experiments.ended() == []
    experiments.end(begun, TOLD, "second")
    assert [line.why for line in experiments.ended()] == ["second"]


@pytest.mark.parametrize(
    "content", [b"", b"{", b"[]", b"\xff", b'{"id": "12345678"}', b'{"share": 2}']
)
def test_a_broken_file_is_named_with_what_to_do_and_changes_nothing(experiments, content):
    experiments, registry, (first, *_) = experiments
    path = registry.folder / "experiment.json"
    path.write_bytes(content)
    for forbidden in (
        lambda: experiments.running,
        lambda: experiments.ended(),
        lambda: experiments.start(first, Plan(), "x"),
    ):
        with pytest.raises(RegistryError, match=r"experiment\.json is broken .*mend it, or delete"):
            forbidden()
    with pytest.raises(RegistryError, match="stop it first"):
        registry.promote(first)
    assert path.read_bytes() == content


def test_one_from_before_businesses_were_followed_goes_on_and_stays_in_the_record(experiments):
    experiments, registry, (first, *_) = experiments
    begun = experiments.start(first, Plan(), "x")
    path = registry.folder / "experiment.json"
    path.write_bytes(path.read_bytes().replace(b'"follow_days": 7', b'"least_days": 2'))
    old = experiments.running
    assert old == msgspec.structs.replace(begun, least_days=2.0)
    experiments.end(old, TOLD, "enough")
    record = registry.folder / "experiments.jsonl"
    line = record.read_bytes()
    for new in (b'"follow_days":7.0,', b',"following":0'):  # what no line had
        assert new in line
        line = line.replace(new, b"")
    record.write_bytes(line)
    assert [(each.experiment, each.comparison) for each in experiments.ended()] == [(old, TOLD)]


def test_a_file_with_a_share_that_is_none_is_broken(experiments):
    experiments, registry, (first, *_) = experiments
    experiments.start(first, Plan(), "x")
    path = registry.folder / "experiment.json"
    path.write_bytes(path.read_bytes().replace(b'"share": 0.5', b'"share": 1.5'))
    with pytest.raises(RegistryError, match=r"Expected `float` < 1.0 - at `\$.share`"):
        _ = experiments.running


def test_a_business_stays_in_its_arm_and_the_arms_have_their_shares(experiments):
    experiments, _, (first, *_) = experiments
    businesses = [f"business-{number}" for number in range(20_000)]
    seen = []
    for share in (0.5, 0.1):
        begun = experiments.start(first, Plan(share=share), "x")
        arms = [begun.arm_of(business) for business in businesses]
        assert arms == [experiments.running.arm_of(business) for business in businesses]
        assert collections.Counter(arms)["treatment"] == pytest.approx(20_000 * share, rel=0.1)
        seen.append(arms)
        experiments.end(begun, TOLD, "x")
    of_treated = [new for old, new in zip(*seen, strict=True) if old == "treatment"]
    # Whoever was in treatment is split anew by the next experiment.
    assert of_treated.count("treatment") == pytest.approx(10_000 * 0.1, rel=0.15)
