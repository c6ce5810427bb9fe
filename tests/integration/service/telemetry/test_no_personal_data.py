"""Whatever is sent and whatever goes wrong, nothing of a business is in the log or in a trace."""

import signal

import pytest
from click.testing import CliRunner

from service.cli import main
from tests.owners import AGREED, RESTAURANT

MARK = "zq7"
"""In every text that is sent; no word that is logged has it."""

CANNOT_RANK, CANNOT_STORE = 473_015, 473_016
"""Employees of businesses at which the servers of these tests fail."""

BREAKING = f"""
from sqlalchemy.exc import IntegrityError
from recommender.policy.recommender import Recommender
from service.store.writes import SaveProfile

rank, save = Recommender.recommend, SaveProfile.apply

def recommend(self, profile, asked, *more):
    if profile.employees == {CANNOT_RANK}:
        raise RuntimeError(f"cannot rank {{profile}} as {{asked}}")
    return rank(self, profile, asked, *more)

def apply(self, connection):
    if self.profile.employees == {CANNOT_STORE}:
        raise IntegrityError("INSERT", None, ValueError(f"Failing row contains {{self.profile}}"))
    return save(self, connection)

Recommender.recommend, SaveProfile.apply = recommend, apply
"""
"""Runs in each process before the service: errors whose messages repeat what was sent."""

HEADERS = {
    "User-Agent": f"{MARK}-agent",
    "Referer": f"http://{MARK}.example/page",
    "Cookie": f"name={MARK}-cookie",
    "Accept-Language": f"vi;q=0.9, {MARK}",
    "X-Forwarded-For": "203.0.113.77",
    "X-Request-Id": f"{MARK}-not-an-id",
    "traceparent": f"00-{MARK}",
}
FIELDS = (
    "legal_form", "classification", "sector", "employees", "revenue_bn_vnd", "capital_bn_vnd",
    "province", "sells_to_consumers", "functions", "strategy", "data_use", "security", "needs",
    "budget", "platforms_in_use", MARK,
)  # fmt: skip
ANSWERS = {**RESTAURANT, "people": f"{CANNOT_RANK}", "revenue": "34567,891 tỷ"}

SETUPS = {
    "json": {},
    "text": {"LOG_FORMAT": "text", "OTEL_TRACES_EXPORTER": "console"},
    "two workers": {"WORKERS": 2},
}


@pytest.fixture(params=SETUPS)
def server(request, start, models, tmp_path):
    (tmp_path / "sitecustomize.py").write_text(BREAKING)
    server = start(
        **SETUPS[request.param],
        ACCESS_LOG="true",
        TRUSTED_PROXIES="127.0.0.1",
        PYTHONPATH=tmp_path,
    )
    server.wait_for(lambda: server.ready() == (200, ""))
    server.client.headers.update(HEADERS)
    return server


def send_to_the_api(client, profile) -> set[str]:
    """Send right and wrong requests of every kind; return the ids that were made."""
    big = profile | {"revenue_bn_vnd": 34567.891, "capital_bn_vnd": 45678.912}
    stored = client.post("/v1/profiles", json=big).json()["id"]
    answer = client.post("/v1/recommendations", json={"profile_id": stored}).json()
    told = {"consent": ["service"], "consent_version": f"{MARK}-text"}
    assert client.put(f"/v1/profiles/{stored}/consent", json=told).status_code == 200
    event = {"id": f"{MARK}-event", "kind": "click", "platform_id": "sapo", "profile_id": stored}
    assert client.post("/v1/events", json={"events": [event]}).status_code == 200
    assert client.request(MARK.upper(), "/v1/platforms").status_code == 400
    declared = {"Content-Type": "application/json"}
    asked = {"profile": profile, "filters": {"include": [MARK]}}
    answers = [
        *(client.post("/v1/profiles", json=profile | {name: f"{MARK}-{name}"}) for name in FIELDS),
        *(
            client.post("/v1/events", json={"events": [event | wrong]})
            for wrong in (
                {"platform_id": MARK},
                {"id": f"{MARK}-other", "profile_id": f"{MARK}-nobody"},
                {"platform_id": "kiotviet"},
                {"kind": "dismiss", "reason": MARK},
                {"at": MARK},
            )
        ),
        client.post("/v1/recommendations", json=asked),
        client.get(f"/v1/profiles/{MARK}-profile-00"),
        client.get(f"/{MARK}/nothing?name={MARK}-query"),
        client.get("/v1/platforms", params={"category": MARK}),
        client.delete(f"/v1/platforms?{MARK}"),
        client.post("/v1/profiles", content=f"{{{MARK}", headers=declared),
        client.post("/v1/profiles", content=MARK.encode("utf-16"), headers=declared),
        client.post("/v1/profiles", content=MARK, headers={"Content-Type": f"text/{MARK}"}),
    ]
    assert {answer.status_code for answer in answers} == {400, 404, 405, 409, 415, 422}
    for each in answers:
        assert each.json()["request_id"] == each.headers["X-Request-Id"]
    return {stored, answer["recommendation_id"]}


def send_to_the_pages(client) -> str:
    """Fill the questionnaire as a business that no list can be made for; return its token."""
    token = client.post("/vi/start").headers["Location"].split("/")[3]
    form = f"/vi/form/{token}"
    assert client.post(f"{form}/revenue", data={"revenue": MARK}).status_code == 422
    assert client.post(f"{form}/{MARK}", data={MARK: MARK}).status_code == 404
    for question, told in ANSWERS.items():
        sent = client.post(f"{form}/{question}", data={question: told, "go": "next"})
        assert sent.status_code == 303
    assert client.post(f"{form}/tools", data={"go": "next"}).headers["Location"] == f"{form}/check"
    assert client.post(f"{form}/check").status_code == 303
    consent = f"/vi/result/{token}/consent"
    assert client.post(consent, data={"service": MARK}).status_code == 422
    assert client.post(consent, data={**AGREED, "helper": MARK}).status_code == 303
    assert str(CANNOT_RANK) in client.get(f"/vi/result/{token}/export").text
    assert client.get(f"/vi/result/{token}?done={MARK}&platform={MARK}").status_code == 500
    assert client.get(f"/en/result/{MARK}?name={MARK}").status_code == 404
    return token


def use_keys(server, folder) -> str:
    """Call with a key that is wrong and with one that is right; return its secret part."""
    made = CliRunner().invoke(
        main,
        ["keys", "create", "--kind", "secret", "--name", MARK],
        env={"DATABASE_URL": f"sqlite:///{folder}/store.db"},
    )
    key = made.stdout.strip()

    def answers(sent: str) -> int:
        headers = {"Authorization": f"Bearer {sent}"}
        return server.client.get("/v1/platforms", headers=headers).status_code

    for sent, status in ((f"{key}{MARK}", 401), (key, 200)):
        server.wait_for(lambda sent=sent, status=status: answers(sent) == status)
    server.client.headers["Authorization"] = f"Bearer {key}"
    return key.rpartition("_")[2]


def take_the_database_away(server, folder, profile) -> None:
    for path in folder.glob("store.db*"):
        path.unlink()
    (folder / "store.db").mkdir()
    event = {"id": MARK * 3, "kind": "click", "platform_id": "sapo", "profile_id": MARK * 3}
    for path, body in (("profiles", profile), ("events", {"events": [event]})):
        server.wait_for(
            lambda path=path, body=body: (
                server.client.post(f"/v1/{path}?{MARK}", json=body).status_code == 503
            )
        )


def test_nothing_of_a_business_is_logged(server, restaurant, tmp_path):
    hidden = {MARK, MARK.upper(), "203.0.113.77", "34567", "45678"}
    hidden |= {str(CANNOT_RANK), str(CANNOT_STORE)}
    hidden |= send_to_the_api(server.client, restaurant)
    hidden.add(send_to_the_pages(server.client))
    unranked = {"profile": restaurant | {"employees": CANNOT_RANK}}
    failed = server.client.post("/v1/recommendations", json=unranked)
    assert failed.status_code == 500
    unstored = restaurant | {"employees": CANNOT_STORE}
    assert server.client.post("/v1/profiles", json=unstored).status_code == 422
    hidden.add(use_keys(server, tmp_path))
    take_the_database_away(server, tmp_path, restaurant)
    if server.process.poll() is None:
        server.end(signal.SIGTERM)  # the last spans are sent

    log = server.said()
    assert {word for word in hidden if word in log} == set()
    told = {"answered", "the request failed", "RuntimeError", "IntegrityError", "503"}
    told |= {"/v1/profiles/{profile_id}", "/vi/form/{token}/{step}", failed.headers["X-Request-Id"]}
    assert {word for word in told if word not in log} == set()
    assert "Traceback" not in log
