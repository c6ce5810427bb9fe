"""An experiment begins and ends without a restart, without a failed request, and keeps to arms."""

import hashlib

import msgspec
import pytest

from recommender.domain import BusinessProfile
from recommender.evaluation.comparison import Plan
from recommender.training.registry_experiment import Experiments
from service.settings import Settings

from .load import TAKE_OVER, load_on

BUSINESSES = 24


@pytest.fixture
def restaurants(restaurant):
    """Restaurants of different sizes, as they are sent."""
    return [restaurant | {"employees": number} for number in range(1, BUSINESSES + 1)]


def known_by(profile, reference):
    """Return what a business that is not stored is known by."""
    normalised = reference.normalise(msgspec.convert(profile, BusinessProfile))
    return hashlib.sha256(msgspec.json.encode(normalised)).hexdigest()


def test_an_experiment_begins_and_ends_under_load_without_a_failed_request(
    start, models, versions, smedx, restaurants, reference, record_property
):
    control, treatment, _ = versions
    server = start(MODEL_POLL_SECONDS=Settings().model_poll_seconds)
    server.wait_until_live()
    seconds = {}
    # The pauses leave some of a small machine to the commands.
    with load_on(server, restaurants, pause=0.02) as load:
        server.wait_for(lambda: load.all_are_served(control))
        words = ("--share", ".5", "--why", "promising", "--least-businesses", "2")
        done = smedx("experiments", "start", treatment, *words)
        assert done.returncode == 0, done.stderr
        experiment = Experiments(models).running
        of_arm = {"control": control, "treatment": treatment}
        expected = [
            of_arm[experiment.arm_of(known_by(profile, reference))] for profile in restaurants
        ]
        server.wait_for(lambda: load.are_served(expected))
        begun = (models.folder / "experiment.json").stat().st_mtime
        treated = [number for number, version in enumerate(expected) if version == treatment]
        seconds["start"] = load.last_of(control, treated) - begun

        done = smedx("experiments", "stop", "--why", "seen enough")
        assert done.returncode == 0, done.stderr
        assert f"Model {control} stays in service" in done.stdout
        server.wait_for(lambda: load.all_are_served(control))
        ended = Experiments(models).ended()[-1]
        seconds["stop"] = load.last_of(treatment) - ended.ended_at.timestamp()

    assert load.failures == []
    assert 0 < len(treated) < BUSINESSES
    seen = {control: [control], treatment: [control, treatment, control]}
    assert load.in_turn() == [seen[version] for version in expected]
    assert server.ready() == (200, "")
    following = ended.comparison.control.following, ended.comparison.treatment.following
    assert following == (BUSINESSES - len(treated), len(treated))
    for command, took in seconds.items():
        record_property(f"{command}_seconds", round(took, 2))
        print(f"{command}: the last answer of before came {took:.2f} s later")
        assert took < TAKE_OVER


def test_a_business_stays_in_its_arm_in_every_process_and_in_one_that_starts_later(
    start, models, versions, restaurants
):
    control, treatment, _ = versions
    experiment = Experiments(models).start(treatment, Plan(), "x")
    servers = [start(), start()]
    for server in servers:
        server.wait_until_live()
    first = servers[0].client
    stored = [first.post("/v1/profiles", json=each).json()["id"] for each in restaurants]
    asked = [{"profile": each} for each in restaurants] + [{"profile_id": id_} for id_ in stored]

    def arms(server):
        answers = [server.client.post("/v1/recommendations", json=each) for each in asked]
        return [answer.json()["model"]["version"] for answer in answers]

    found = arms(servers[0])
    assert set(found) == {control, treatment}
    assert arms(servers[1]) == arms(servers[0]) == found
    again = start()
    again.wait_until_live()
    assert arms(again) == found
    of_arm = {"control": control, "treatment": treatment}
    assert found[BUSINESSES:] == [of_arm[experiment.arm_of(id_)] for id_ in stored]
