"""`smedx experiments`: what it prints, what it refuses, and that a refusal changes nothing."""

import datetime as dt
import json
import secrets

import msgspec
import pytest
from click.testing import CliRunner

from recommender.training.registry_experiment import Ended, Experiments
from service.cli import main
from service.experiments_cli import Status
from service.store import migrate
from service.store.engine import make_engine
from service.store.tables import consents, events, exposures


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/store.db"


@pytest.fixture
def run(models, url):
    """Run `smedx` with these words on the test's registry and database."""

    def run_now(*words, **environment):
        settings = {"MODELS_DIR": str(models.folder), "DATABASE_URL": url} | environment
        return CliRunner().invoke(main, words, env=settings)

    return run_now


@pytest.fixture
def experiments(models):
    return Experiments(models)


@pytest.fixture
def begun(run, experiments, versions):
    """An experiment that runs: the second model against the first, for verdicts of few at once."""
    words = ("--least-businesses", "100", "--follow-days", "1e-9", "--least-difference", ".1")
    done = run("experiments", "start", versions[1], "--why", "promising", "--who", "Lan", *words)
    assert done.exit_code == 0, done.output
    return experiments.running


@pytest.fixture
def happened(url, begun):
    """Store lists of the experiment to so many businesses, and the adoptions of some."""

    def store(arm, businesses, adopted, days=0):
        migrate(url)
        at = begun.started_at + dt.timedelta(days)
        same = {"model_version": "m", "policy_version": "p", "locale": "vi", "eligible": 9}
        texts = {"excluded": "{}", "filters": "{}", "items": "[]"}
        lists = [
            {
                "id": secrets.token_hex(8),
                "at": at,
                "profile_id": secrets.token_hex(8),
                "features": "{}",
                "arm": begun.recorded_as(arm),
                **same,
                **texts,
            }
            for _ in range(businesses)
        ]
        agreed = [
            {
                "profile_id": each["profile_id"],
                "purpose": "improve",
                "granted": True,
                "version": "1",
                "at": at,
                "how": "api",
            }
            for each in lists
        ]
        adoptions = [
            {
                "id": secrets.token_hex(8),
                "kind": "adopt",
                "platform_id": "momo-business",
                "profile_id": each["profile_id"],
                "at": at,
                "received_at": at,
            }
            for each in lists[:adopted]
        ]
        with make_engine(url, writes=True).begin() as connection:
            connection.execute(exposures.insert(), lists)
            connection.execute(consents.insert(), agreed)
            if adoptions:
                connection.execute(events.insert(), adoptions)

    return store


def state(registry):
    """Return every file of the registry that a refusal must not change."""
    return {path: path.read_bytes() for path in registry.folder.glob("*") if path.is_file()}


def test_a_start_says_who_is_answered_by_what(run, experiments, versions):
    words = ("--share", ".25", "--metric", "click", "--why", "fewer [features]", "--who", "Lan")
    done = run("experiments", "start", versions[1], *words)
    assert done.exit_code == 0, done.output
    running = experiments.running
    assert done.output == (
        f"Experiment {running.id} is running: {versions[1]} answers 25.0% of businesses, "
        f"{versions[0]} the others (Lan: fewer [features])\n"
    )
    assert (running.share, running.metric, running.least_businesses) == (0.25, "click", 500)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("nothing", "--why", "x"), "Error: there is no model 'nothing'; there are "),
        (("../x", "--why", "x"), "Error: there is no model '../x'; there are "),
        (("{0}", "--why", "x"), "Error: model {0} is in service: name another one\n"),
        (("{1}", "--why", " "), "Error: an experiment needs a reason\n"),
        (("{1}",), "Missing option '--why'"),
        (("{1}", "--why", "x", "--share", "0"), "'--share': 0.0 is not in the range 0<x<1"),
        (("{1}", "--why", "x", "--share", "1"), "'--share': 1.0 is not in the range 0<x<1"),
        (("{1}", "--why", "x", "--share", "1.5"), "'--share': 1.5 is not in the range 0<x<1"),
        (("{1}", "--why", "x", "--share", "half"), "'--share': 'half' is not a valid float"),
        (("{1}", "--why", "x", "--share", "nan"), "Expected `float` > 0.0 - at `$.share`"),
        (("{1}", "--why", "x", "--metric", "view"), "'view' is not one of 'adopt', 'click'"),
        (("{1}", "--why", "x", "--least-businesses", "0"), "0 is not in the range x>=1"),
        (("{1}", "--why", "x", "--most-days", "inf"), "inf is not in the range 0<x<=365"),
        (("{1}", "--why", "x", "--follow-days", "0"), "0.0 is not in the range 0<x<=365"),
        (("{1}", "--why", "x", "--most-days", "5"), "in 7 days none would count"),
    ],
)
def test_a_start_that_cannot_be_is_refused_with_what_would_be_right(
    run, models, versions, words, told
):
    before = state(models)
    done = run("experiments", "start", *(word.format(*versions) for word in words))
    assert done.exit_code in (1, 2)
    assert told.format(*versions) in done.stderr
    assert state(models) == before


def test_a_damaged_model_is_not_compared(run, models, versions):
    path = models.folder / versions[1] / "model.joblib"
    path.write_bytes(path.read_bytes()[:-1])
    done = run("experiments", "start", versions[1], "--why", "x")
    assert (done.exit_code, models.is_experimenting) == (1, False)
    assert done.stderr == (
        f"Error: model {versions[1]} does not match the checksum in its manifest\n"
    )


def test_while_one_runs_no_other_begins_and_no_model_is_put_into_service(
    run, models, begun, versions
):
    before = state(models)
    done = run("experiments", "start", versions[2], "--why", "x")
    assert done.output == (
        f"Error: experiment {begun.id} compares {versions[0]} with {versions[1]}: stop it first\n"
    )
    refused = "Error: an experiment is running: stop it first, with `smedx experiments stop`\n"
    for words in (
        ("promote", versions[2], "--why", "x"),
        ("rollback", "--why", "x"),
        ("prune", "--keep", "0"),
    ):
        done = run("models", *words)
        assert (done.exit_code, done.output) == (1, refused)
    assert state(models) == before


@pytest.mark.parametrize("words", [("status",), ("status", "--json"), ("stop", "--why", "x")])
def test_without_an_experiment_there_is_nothing_to_show_or_stop(run, words):
    done = run("experiments", *words)
    assert (done.exit_code, done.output) == (1, "Error: no experiment is running\n")


def test_the_status_shows_rates_their_intervals_and_the_difference(run, begun, happened):
    empty = run("experiments", "status")
    assert empty.exit_code == 0, empty.output
    assert "a verdict needs 100 in each arm, followed for 1e-09 days; control has 0" in empty.output
    happened("control", 200, 10)
    happened("treatment", 190, 57)
    shown = run("experiments", "status")
    found = msgspec.json.decode(run("experiments", "status", "--json").stdout, type=Status)
    comparison = found.comparison
    assert (found.experiment, comparison.verdict) == (begun, "treatment better")
    assert (comparison.control.businesses, comparison.treatment.businesses) == (200, 190)
    assert (comparison.control.adopt.value, comparison.treatment.adopt.value) == (0.05, 0.3)
    adopt, difference = comparison.treatment.adopt, comparison.difference
    for told in (
        f"Experiment {begun.id}, 0.0 of at most 30 days (Lan: promising)",
        *begun.arms.__struct_fields__,
        begun.arms.treatment,
        f"30.00% ({adopt.low:.2%} to {adopt.high:.2%})",
        f"treatment minus control: +25.00 points ({100 * difference.low:+.2f} to ",
        "Verdict: treatment better: the difference lies between ",
    ):
        assert told in shown.stdout
    assert shown.stderr == ""


def test_the_status_shows_how_many_are_still_followed(run, begun, happened):
    happened("control", 200, 10)
    happened("control", 1_200, 1_000, days=1)
    happened("treatment", 190, 57)
    happened("treatment", 1_190, 0, days=1)
    shown = run("experiments", "status").stdout
    assert "still followed: 1,200 in control, 1,190 in treatment\n" in shown
    assert "Verdict: treatment better: the difference lies between " in shown


def test_a_split_that_chance_does_not_explain_is_warned_of(run, happened):
    happened("control", 300, 0)
    happened("treatment", 150, 0)
    shown = run("experiments", "status")
    assert "Warning: 33.3% of 450 businesses are in treatment where 50.0% should be" in shown.stderr


@pytest.mark.parametrize(
    ("control", "treatment", "verdict"),
    [
        (10, 60, "treatment better"),
        (60, 10, "control better"),
        (4, 4, "no difference that matters"),
        (80, 100, "undecided"),
    ],
)
def test_it_ends_with_a_verdict_and_treatment_is_promoted_only_if_it_is_better(
    run, models, experiments, versions, happened, begun, control, treatment, verdict
):
    happened("control", 200, control)
    happened("treatment", 200, treatment)
    done = run("experiments", "stop", "--why", "seen enough", "--who", "Minh", "--promote")
    assert done.exit_code == 0, done.output
    assert f"Verdict: {verdict}: the difference " in done.stdout
    assert "It is over (Minh: seen enough)" in done.stdout
    assert experiments.running is None
    (ended,) = experiments.ended()
    assert (ended.experiment, ended.comparison.verdict, ended.who) == (begun, verdict, "Minh")
    if verdict == "treatment better":
        assert models.current == versions[1]
        line = models.history.read()[-1]
        assert line.why == f"experiment {begun.id}: treatment better; seen enough"
        assert f"Model {versions[1]} is in service instead of {versions[0]}" in done.stdout
    else:
        assert models.current == versions[0]
        stays = f"Model {versions[0]} stays in service, as treatment is not known to be better"
        assert stays in done.stdout


def test_without_being_asked_nothing_is_promoted(run, models, versions, happened):
    happened("control", 200, 10)
    happened("treatment", 200, 60)
    done = run("experiments", "stop", "--why", "x")
    assert "Verdict: treatment better" in done.stdout
    assert f"Model {versions[0]} stays in service\n" in done.stdout
    assert models.current == versions[0]


def test_if_treatment_is_better_but_damaged_the_experiment_goes_on(
    run, models, versions, happened, begun, experiments
):
    happened("control", 200, 10)
    happened("treatment", 200, 60)
    path = models.folder / versions[1] / "model.joblib"
    path.write_bytes(path.read_bytes()[:-1])
    before = state(models)
    done = run("experiments", "stop", "--why", "x", "--promote")
    assert done.exit_code == 1
    assert "does not match the checksum" in done.stderr
    assert state(models) == before
    assert experiments.running == begun


@pytest.mark.parametrize("words", [("status",), ("stop", "--why", "x")])
@pytest.mark.parametrize(
    "url", ["postgresql://nobody@127.0.0.1:1/nothing", "mysql://x/y", "sqlite:////dev/null/x.db"]
)
def test_a_database_that_cannot_be_read_is_told_in_one_line_and_it_goes_on(
    run, models, begun, words, url
):
    before = state(models)
    done = run("experiments", *words, DATABASE_URL=url)
    assert done.exit_code == 1
    assert len(done.stderr.splitlines()) == 1
    assert state(models) == before


def test_a_broken_file_is_named_with_what_to_do(run, models):
    (models.folder / "experiment.json").write_bytes(b"{")
    for words in (("status",), ("stop", "--why", "x"), ("list",)):
        done = run("experiments", *words)
        assert done.exit_code == 1
        assert "experiment.json is broken" in done.stderr
        assert "mend it, or delete it to end the experiment" in done.stderr


def test_those_that_are_over_are_listed_the_newest_first(run, begun, versions, happened):
    assert json.loads(run("experiments", "list", "--json").stdout) == []
    happened("control", 120, 1)
    run("experiments", "stop", "--why", "too slow", "--who", "Lan")
    run("experiments", "start", versions[2], "--why", "x")
    assert versions[2] not in run("experiments", "list").stdout
    run("experiments", "stop", "--why", "y", "--who", "Lan")
    ended = msgspec.json.decode(run("experiments", "list", "--json").stdout, type=list[Ended])
    assert [each.experiment.arms.treatment for each in ended] == [versions[2], versions[1]]
    assert ended[1].experiment == begun
    shown = run("experiments", "list").stdout
    assert shown.index(versions[2]) < shown.index(versions[1])
    for told in (f"{versions[0]} (120)", "undecided", "Lan: too slow"):
        assert told in shown
