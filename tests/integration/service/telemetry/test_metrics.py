"""What `/metrics` tells of a service in a process of its own."""

import pytest

from recommender.evaluation.comparison import Plan
from recommender.training.registry_experiment import Experiments


@pytest.fixture
def server(start, models):
    server = start()
    server.wait_for(lambda: server.ready() == (200, ""))
    return server


def test_requests_are_told_by_template_method_and_status(server, read_metrics):
    client = server.client
    for id_ in ("sapo", "misa-amis", "sapo"):
        assert client.get(f"/v1/platforms/{id_}?locale=en").status_code == 200
    client.get("/v1/platforms/no-such-platform")
    client.get("/no/such/path")
    client.delete("/v1/platforms/sapo")
    found = read_metrics(client)
    route = "/v1/platforms/{platform_id}"
    requests = "smedx_requests_total"
    assert found.value(requests, route=route, method="GET", status="200") == 3
    assert found.value(requests, route=route, method="GET", status="404") == 1
    assert found.value(requests, route="unknown", status="404") == 1
    assert found.value(requests, route="unknown", method="DELETE", status="405") == 1
    assert found.value("smedx_request_seconds_count", route=route) == 4
    assert 0 < found.value("smedx_request_seconds_sum", route=route) < 4 * 10
    assert found.value("smedx_request_seconds_bucket", route=route, le="+Inf") == 4
    named = {labels["route"] for labels in found.labels(requests)}
    assert named == {route, "unknown", "/health/ready"}


def test_the_journal_tells_what_it_stored_and_in_how_many_transactions(
    server, restaurant, read_metrics
):
    profile_id = server.client.post("/v1/profiles", json=restaurant).json()["id"]
    events = [
        {"id": f"event-{i:08}", "kind": "view", "platform_id": "sapo", "profile_id": profile_id}
        for i in range(300)
    ]
    before = read_metrics(server.client)
    assert server.client.post("/v1/events", json={"events": events}).status_code == 200
    after = read_metrics(server.client)

    def added(name: str, **labels: str) -> float:
        return after.value(name, **labels) - before.value(name, **labels)

    assert added("smedx_journal_writes_total") == 1
    assert added("smedx_journal_commit_rows_sum") == 300
    assert added("smedx_journal_commit_rows_count") == 1
    assert added("smedx_journal_commit_rows_bucket", le="250.0") == 0
    assert added("smedx_journal_commit_rows_bucket", le="500.0") == 1
    assert after.value("smedx_journal_depth") == 0
    nobody = [events[0] | {"id": "event-of-nobody", "profile_id": "nobody-there"}]
    assert server.client.post("/v1/events", json={"events": nobody}).status_code == 422
    assert read_metrics(server.client).value("smedx_journal_rejected_total") == 1


def test_what_the_database_does_not_take_is_told(start, models, restaurant, read_metrics, tmp_path):
    (tmp_path / "store.db").mkdir()
    server = start()
    server.wait_until_live()
    # Nobody reads the metrics before the keys could be read: they tell what only a key may know.
    assert server.client.get("/metrics").status_code == 503
    (tmp_path / "store.db").rmdir()
    server.wait_for(lambda: server.ready() == (200, ""))
    for path in tmp_path.glob("store.db*"):
        path.unlink()
    (tmp_path / "store.db").mkdir()
    assert server.client.post("/v1/profiles", json=restaurant).status_code == 503
    asked = server.client.post("/v1/recommendations", json={"profile": restaurant})
    assert asked.status_code == 200
    found = read_metrics(server.client)
    assert found.value("smedx_journal_failed_total") >= 1
    server.wait_for(lambda: read_metrics(server.client).value("smedx_journal_depth") == 1)
    assert found.value("smedx_requests_total", route="/v1/profiles", status="503") == 1


def test_lists_are_told_by_model_arm_and_whether_one_was_drawn(
    start, models, versions, restaurant, read_metrics
):
    experiments = Experiments(models)
    (models.folder / "current").unlink()
    server = start(EXPLORATION_SHARE=1)
    server.wait_until_live()

    def ask(number: int) -> None:
        for employees in range(number):
            profile = restaurant | {"employees": employees}
            answer = server.client.post("/v1/recommendations", json={"profile": profile})
            assert answer.status_code == 200

    ask(3)
    models.promote(versions[0], "for the test")
    server.wait_for(lambda: server.ready() == (200, ""))
    ask(2)
    running = experiments.start(versions[1], Plan(share=0.5), "for the test")
    server.wait_for(
        lambda: read_metrics(server.client).value("smedx_experiment_info", experiment=running.id)
    )
    ask(40)
    found = read_metrics(server.client)
    answers = "smedx_answers_total"
    assert found.value(answers, version="none") == 3
    assert found.value(answers, version="none", explored="yes") == 0
    assert found.value(answers, version=versions[0], arm="", explored="yes") == 2
    control = found.value(answers, version=versions[0], arm="control", explored="yes")
    treatment = found.value(answers, version=versions[1], arm="treatment", explored="yes")
    assert control + treatment == 40
    assert min(control, treatment) > 0
    assert found.labels("smedx_model_info") == [
        {
            "version": versions[0],
            "ranker": models.manifest(versions[0]).ranker,
            "simulated_share": "1",
        }
    ]
    assert found.labels("smedx_experiment_info") == [
        {"experiment": running.id, "control": versions[0], "treatment": versions[1]}
    ]
    assert found.value("smedx_experiment_info") == 0.5
    assert found.value("smedx_businesses_total", sector="I56", legal_form="household") == 45


def test_drift_tells_whether_those_who_ask_are_those_learned_from(server, restaurant, read_metrics):
    """The model learned from as many of the sectors I56, G, C and A."""

    def ask(sector: str, legal_form: str) -> None:
        profile = restaurant | {"sector": sector, "legal_form": legal_form}
        answer = server.client.post("/v1/recommendations", json={"profile": profile})
        assert answer.status_code == 200, answer.text

    assert read_metrics(server.client).labels("smedx_profile_drift") == []
    like_learned = (
        ("I56", "household"),
        ("G", "household"),
        ("C", "enterprise"),
        ("A", "cooperative"),
    )
    for kind in like_learned * 10:
        ask(*kind)
    found = read_metrics(server.client)
    assert found.value("smedx_profile_window_businesses") == 40
    for field in ("sector", "legal_form"):
        drift = found.value("smedx_profile_drift", field=field)
        assert drift < found.value("smedx_profile_drift_chance", field=field)
    for _ in range(120):
        ask("I56", "household")
    found = read_metrics(server.client)
    # 130 of 160 instead of a quarter.
    assert found.value("smedx_profile_drift", field="sector") == pytest.approx(9 / 16, abs=0.01)
    for field in ("sector", "legal_form", "size"):
        drift = found.value("smedx_profile_drift", field=field)
        assert drift > found.value("smedx_profile_drift_chance", field=field)


def test_refusals_are_told_by_what_was_said(start, models, smedx, read_metrics):
    key = smedx(
        "keys", "create", "--kind", "secret", "--name", "x", "--rate", "0.01", "--burst", "1"
    )
    other = smedx(
        "keys", "create", "--kind", "secret", "--name", "Prometheus", "--scope", "metrics"
    )
    server = start(FORMS_A_MINUTE=1)
    server.wait_for(lambda: server.ready() == (200, ""))
    as_prometheus = {"Authorization": f"Bearer {other.stdout.strip()}"}
    as_website = {"Authorization": f"Bearer {key.stdout.strip()}"}

    def status(headers: dict[str, str] | None = None) -> int:
        return server.client.get("/v1/platforms", headers=headers).status_code

    assert [status(), status(as_prometheus), status(as_website), status(as_website)] == [
        401,
        403,
        200,
        429,
    ]
    assert status({"Authorization": "Bearer smedx_sk_no-such-key"}) == 401
    assert [server.client.post("/vi/start").status_code for _ in range(2)] == [303, 429]
    assert server.client.get("/metrics").status_code == 401
    found = read_metrics(server.client, headers=as_prometheus)
    assert {
        labels["why"]: found.value("smedx_refused_total", **labels)
        for labels in found.labels("smedx_refused_total")
    } == {
        "A key is needed": 2,
        "The key may not do this": 1,
        "The key is not known": 1,
        "Too many requests came with this key": 1,
        "Too many forms came from this address": 1,
    }
