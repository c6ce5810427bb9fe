"""A key gets its share and no more, is told how much is left, and when to come again."""

import re

import pytest

from service.access import gate
from service.access.bucket import Limit

LITTLE = Limit(rate=0.01, burst=3)


def seconds(response) -> int:
    return int(response.headers["Retry-After"])


def test_a_key_that_asks_too_often_is_told_to_wait(gated):
    key = gated.create("secret", limit=LITTLE)
    other = gated.create("secret", limit=LITTLE)
    answers = [gated.call("GET", "/v1/platforms/sapo", key) for _ in range(5)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429, 429]
    assert [answer.headers["RateLimit"] for answer in answers[:3]] == [
        '"key";r=2;t=100',
        '"key";r=1;t=200',
        '"key";r=0;t=300',
    ]
    assert {answer.headers["RateLimit-Policy"] for answer in answers} == {'"key";q=3;w=300'}
    late = answers[-1]
    assert late.headers["Content-Type"] == "application/problem+json"
    assert late.json()["title"] == "Too many requests came with this key"
    assert 0 < seconds(late) <= 100
    assert late.headers["RateLimit"] == f'"key";r=0;t={seconds(late)}'
    assert gated.call("GET", "/v1/platforms/sapo", other).status_code == 200


def test_requests_that_fail_count_too(gated):
    key = gated.create("secret", limit=LITTLE)
    answers = [gated.call("POST", "/v1/events", key, content=b"{") for _ in range(4)]
    assert [answer.status_code for answer in answers] == [415, 415, 415, 429]
    assert all("RateLimit" in answer.headers for answer in answers)


def test_the_rest_of_an_hour_long_window_is_told_in_structured_fields(gated):
    key = gated.create("secret", limit=Limit(rate=1, burst=3600))
    headers = gated.call("GET", "/v1/platforms/sapo", key).headers
    assert re.fullmatch(r'"key";q=3600;w=3600', headers["RateLimit-Policy"])
    assert re.fullmatch(r'"key";r=3599;t=\d+', headers["RateLimit"])


def test_wrong_keys_are_limited_by_address_and_lock_nobody_out(gated_on, database, monkeypatch):
    monkeypatch.setattr(gate, "WRONG_KEYS", LITTLE)
    gated = gated_on(database)
    key = gated.create("secret")
    wrong = "smedx_sk_00000000_" + "A" * 43
    answers = [gated.call("GET", "/v1/platforms", wrong) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 429]
    assert 0 < seconds(answers[-1]) <= 100
    assert gated.call("GET", "/v1/platforms", key).status_code == 200


def test_one_visitor_cannot_use_up_a_publishable_key(gated_on, database, site, monkeypatch):
    monkeypatch.setattr(gate, "VISITORS", LITTLE)
    gated = gated_on(database)
    key = gated.create("publishable", limit=Limit(rate=0.01, burst=1_000))
    answers = [gated.call("GET", "/v1/platforms/sapo", key, origin=site) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert answers[2].headers["RateLimit"].startswith('"key";r=997;')
    assert answers[-1].json()["title"] == "Too many requests came from this address"
    assert answers[-1].headers["Access-Control-Allow-Origin"] == site


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_forms_of_one_address_are_limited_in_the_language_of_the_reader(gated_on, database, locale):
    gated = gated_on(database, forms_a_minute=3)
    answers = [gated.client.post(f"/{locale}/start", follow_redirects=False) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [303, 303, 303, 429]
    page = answers[-1]
    assert {"vi": "Bạn chờ một chút nhé", "en": "One moment, please"}[locale] in page.text
    assert 0 < seconds(page) <= 20
    assert gated.client.get(f"/{locale}/").status_code == 200
    other = {"vi": "en", "en": "vi"}[locale]
    assert gated.client.post(f"/{other}/start", follow_redirects=False).status_code == 429
