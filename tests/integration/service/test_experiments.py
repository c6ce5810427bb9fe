"""While an experiment runs, each business is answered by the model of its arm, and it is logged."""

import pytest
from litestar.testing import TestClient

from recommender.evaluation.comparison import Plan
from recommender.training.registry_experiment import Experiments
from service.app import create_app
from service.data_folder import DataFolder
from service.serving import ServingSlot
from service.settings import Settings, packaged_data
from service.store.engine import make_engine
from service.store.tables import exposures

from .conftest import Api


def damage(registry, version):
    path = registry.folder / version / "model.joblib"
    path.write_bytes(path.read_bytes()[:-1])


@pytest.fixture
def experiment(models, versions):
    """One that runs: the second model against the first."""
    return Experiments(models).start(versions[1], Plan(), "promising")


@pytest.fixture
def damaged(models, experiment):
    damage(models, experiment.arms.treatment)


@pytest.fixture
def serve(models, tmp_path):
    """Start the application on the test's registry."""
    url = f"sqlite:///{tmp_path}/store.db"
    with TestClient(create_app(Settings(database_url=url, models_dir=models.folder))) as client:
        engine = make_engine(url)
        yield Api(client, engine)
        engine.dispose()


@pytest.fixture
def slot(models):
    return ServingSlot(models, DataFolder(packaged_data()))


def test_the_answer_and_the_log_name_the_model_of_the_arm(experiment, serve, restaurant):
    answers, stored = {}, []
    for employees in range(1, 20):
        business = serve.store(restaurant | {"employees": employees})
        stored.append(business)
        answer = serve.recommend(profile_id=business)
        answers[answer["recommendation_id"]] = answer["model"]["version"]
        answer = serve.recommend(profile=restaurant | {"employees": employees})
        answers[answer["recommendation_id"]] = answer["model"]["version"]
    arms = {
        experiment.recorded_as("control"): experiment.arms.control,
        experiment.recorded_as("treatment"): experiment.arms.treatment,
    }
    rows = {row["id"]: row for row in serve.rows(exposures)}
    assert {row["arm"] for row in rows.values()} == set(arms)
    for id_, version in answers.items():
        assert rows[id_]["model_version"] == version == arms[rows[id_]["arm"]]
    of_stored = {row["profile_id"]: row["arm"] for row in rows.values() if row["profile_id"]}
    assert of_stored == {id_: experiment.recorded_as(experiment.arm_of(id_)) for id_ in stored}


def test_without_an_experiment_there_is_no_arm(serve, restaurant, versions):
    answer = serve.recommend(profile=restaurant)
    (row,) = serve.rows(exposures)
    assert (row["arm"], row["model_version"]) == (None, versions[0])
    assert answer["model"]["version"] == versions[0]


def test_if_treatment_cannot_be_loaded_control_answers_everybody_and_ready_says_why(
    damaged, serve, versions, restaurant
):
    answers = [
        serve.recommend(profile=restaurant | {"employees": employees}) for employees in range(1, 20)
    ]
    assert {answer["model"]["version"] for answer in answers} == {versions[0]}
    assert {row["arm"] for row in serve.rows(exposures)} == {None}
    ready = serve.client.get("/health/ready")
    assert (ready.status_code, ready.json()["status"]) == (200, "ready")
    assert ready.json()["problems"] == [
        f"experiment: model {versions[1]} does not match the checksum in its manifest"
    ]


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b'{"share": 2}'])
def test_a_broken_file_leaves_control_to_answer_everybody(slot, models, versions, content):
    (models.folder / "experiment.json").write_bytes(content)
    slot.refresh()
    assert (slot.serving.version, slot.serving.trial) == (versions[0], None)
    assert slot.problem is None
    assert "experiment.json is broken" in slot.trial_problem
    (models.folder / "experiment.json").unlink()
    slot.refresh()
    assert slot.trial_problem is None


def test_an_experiment_with_another_control_than_the_model_in_service_is_not_under_way(
    slot, models, experiment, versions
):
    slot.refresh()
    assert slot.serving.trial.experiment == experiment
    (models.folder / "current").write_text(versions[2])  # by hand
    slot.refresh()
    assert (slot.serving.version, slot.serving.trial) == (versions[2], None)
    assert slot.trial_problem == (
        f"experiment {experiment.id} compares with {versions[0]}, but {versions[2]} is in service"
    )


def test_one_experiment_after_another_is_taken_over_whole(slot, models, experiment, versions):
    slot.refresh()
    before = slot.serving
    slot.refresh()
    assert slot.serving is before
    experiments = Experiments(models)
    (models.folder / "experiment.json").unlink()
    slot.refresh()
    assert slot.serving.trial is None
    assert slot.serving.recommender is before.recommender
    second = experiments.start(versions[2], Plan(share=0.2), "another")
    slot.refresh()
    assert slot.serving.trial.experiment == second
    assert slot.serving.trial.recommender.info.version == versions[2]
    (models.folder / "experiment.json").unlink()
    third = experiments.start(versions[1], Plan(), "within a second")
    slot.refresh()
    assert slot.serving.trial.experiment == third
    assert slot.serving.trial.recommender.info.version == versions[1]
    assert before.trial.experiment == experiment  # what a request holds stays as it was


def test_a_treatment_that_is_mended_is_taken_over(slot, models, experiment, versions):
    path = models.folder / versions[1] / "model.joblib"
    sound = path.read_bytes()
    damage(models, versions[1])
    slot.refresh()
    assert slot.serving.trial is None
    path.write_bytes(sound)
    slot.refresh()
    assert slot.serving.trial.experiment == experiment
    assert slot.trial_problem is None


def test_what_is_trained_meanwhile_is_kept_but_not_put_into_service(
    experiment, models, versions, train_on
):
    trained = train_on(models, 52)
    assert trained.version in models.versions()
    assert models.current == versions[0]
    assert Experiments(models).running == experiment
