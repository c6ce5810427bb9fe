"""What forty realistic businesses are shown makes sense to a consultant."""

from pathlib import Path

import pytest

from recommender.domain import BusinessProfile, DataError, Reference
from recommender.evaluation.sense import Case, Verdict, judge, read_cases, share_met
from recommender.policy import Exploration, ModelInfo, Recommender
from recommender.simulation import SimulationSettings, simulate
from recommender.training.layout import layout_of
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

CASES = Path(__file__).parents[4] / "benchmarks" / "sense.toml"

LEAST_MET = 0.9
"""With a fifth of the businesses of a first model; `make bench-sense` measures the whole."""


@pytest.fixture(scope="module")
def cases(reference: Reference) -> tuple[Case, ...]:
    return read_cases(CASES, reference)


@pytest.fixture(scope="module")
def lists(
    reference: Reference, cases: tuple[Case, ...], tmp_path_factory: pytest.TempPathFactory
) -> tuple[list[Verdict], list[Verdict]]:
    """What a model of simulated businesses shows without chance, and on ten days with it."""
    folder = tmp_path_factory.mktemp("sense")
    simulate(SimulationSettings(businesses=10_000, seed=1), reference, folder / "world")
    registry = Registry(folder / "models")
    manifest = train(open_snapshot({folder / "world": True}), reference, registry)
    model, _ = registry.load(manifest.version, layout_of(reference).encoder.schema)
    info = ModelInfo(manifest.version, manifest.ranker, 1.0)
    greedy, drawn = (
        Recommender(model, info, reference, Exploration(share)) for share in (0.0, 1.0)
    )
    return [judge(greedy, case) for case in cases], [judge(drawn, case, 10) for case in cases]


def test_there_are_forty_businesses_of_all_forms_and_many_lines(cases) -> None:
    assert len(cases) == len({case.name for case in cases}) == 40
    assert {case.profile.legal_form for case in cases} == {"household", "cooperative", "enterprise"}
    assert len({case.profile.sector for case in cases}) >= 12
    assert all(case.expected and case.absurd for case in cases)


def test_what_is_expected_stands_among_the_first_five(lists) -> None:
    assert share_met(lists[0]) >= LEAST_MET


def test_nothing_absurd_stands_among_the_first_five_in_a_drawn_place_neither(lists) -> None:
    for verdict in (*lists[0], *lists[1]):
        assert verdict.absurd == 0, verdict


def test_nothing_absurd_may_be_shown_whatever_the_model_says(lists) -> None:
    assert {verdict.case.name: verdict.possible for verdict in lists[0] if verdict.possible} == {}


def test_a_verdict_counts_what_is_met_and_what_is_absurd() -> None:
    profile = BusinessProfile(
        legal_form="household", sector="G", employees=1, province="01", sells_to_consumers=True
    )
    case = Case("Stall", profile, expected=("payments", "accounting"), absurd=("rpa",))
    half = Verdict(case, (("payments", "rpa", "rpa"), ("accounting", "payments", "crm")), ())
    assert (half.met, half.absurd) == (1.5, 2)
    assert share_met([half]) == 0.75


def test_a_wrong_file_is_refused_with_what_would_be_right(reference, tmp_path) -> None:
    path = tmp_path / "sense.toml"
    wrong = CASES.read_text("utf-8").replace('province = "46"', 'province = "99"')
    wrong = wrong.replace('"payments", "e-invoice", "accounting"]', '"hr", "no-such-kind"]', 1)
    path.write_text(wrong, "utf-8")
    with pytest.raises(DataError) as error:
        read_cases(path, reference)
    told = str(error.value)
    for part in ("province", "'99'", "no-such-kind", "expected one of", "hr is both"):
        assert part in told
