"""Answers are read by the websites of a key alone, and protect themselves."""

import pytest

PATHS = (
    "/v1/platforms",
    "/v1/nothing",
    "/nothing",
    "/health/live",
    "/schema/openapi.json",
    "/static/favicon.svg",
    "/vi/",
    "/vi/nowhere",
    "/",
)


def may_read(response) -> str | None:
    assert response.headers.get("Vary") == "Origin"
    assert response.headers.get("Access-Control-Allow-Origin") != "*"
    assert "Access-Control-Allow-Credentials" not in response.headers
    return response.headers.get("Access-Control-Allow-Origin")


@pytest.mark.parametrize(
    ("origin", "status"),
    [
        ("https://www.example.vn", 200),
        ("https://shop.example.vn:8443", 200),
        ("http://www.example.vn", 403),
        ("https://www.example.vn:8443", 403),
        ("https://example.vn", 403),
        ("https://www.example.vn.evil.com", 403),
        ("https://evil.com/https://www.example.vn", 403),
        ("HTTPS://WWW.EXAMPLE.VN", 403),
        ("null", 403),
        ("*", 403),
        ("", 403),
    ],
)
def test_a_publishable_key_works_on_its_own_websites_alone(gated, origin, status):
    own = ["https://www.example.vn", "https://shop.example.vn:8443"]
    key = gated.create("publishable", origins=own)
    answer = gated.call("GET", "/v1/platforms/sapo", key, origin=origin)
    assert answer.status_code == status
    assert may_read(answer) == (origin if status == 200 else None)
    if status == 403:
        assert answer.json()["errors"][0]["field"] == "Origin"
    else:
        assert "RateLimit" in answer.headers["Access-Control-Expose-Headers"]


def test_the_website_of_another_key_may_read_why_it_is_refused_but_no_more(gated):
    key = gated.create("publishable", origins=["https://a.vn"])
    gated.create("publishable", origins=["https://b.vn"])
    assert may_read(gated.call("GET", "/v1/platforms", origin="https://b.vn")) == "https://b.vn"
    assert may_read(gated.call("GET", "/v1/platforms", origin="https://c.vn")) is None
    foreign = gated.call("GET", "/v1/platforms", key, origin="https://b.vn")
    assert (foreign.status_code, may_read(foreign)) == (403, None)


def test_a_browser_cannot_read_what_a_secret_key_gets(gated, site):
    gated.create("publishable")
    answer = gated.call("GET", "/v1/platforms", gated.create("secret"), origin=site)
    assert (answer.status_code, may_read(answer)) == (200, None)


def test_browsers_are_told_before_what_they_may_send(gated, site):
    key = gated.create("publishable")
    wanted = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type",
    }
    known = gated.call("OPTIONS", "/v1/recommendations", origin=site, headers=wanted)
    assert known.status_code == 204
    assert may_read(known) == site
    assert "POST" in known.headers["Access-Control-Allow-Methods"]
    assert known.headers["Access-Control-Allow-Headers"] == (
        "Authorization, Content-Type, If-None-Match"
    )
    assert int(known.headers["Access-Control-Max-Age"]) > 0
    for origin in ("https://evil.com", "null", ""):
        unknown = gated.call("OPTIONS", "/v1/recommendations", origin=origin, headers=wanted)
        assert may_read(unknown) is None
        assert "Access-Control-Allow-Methods" not in unknown.headers
    gated.revoke(key)
    assert may_read(gated.call("OPTIONS", "/v1/recommendations", origin=site)) is None


def test_pages_are_read_by_no_other_website(gated, site):
    gated.create("publishable")
    for path in ("/vi/", "/schema/openapi.json", "/health/live"):
        answer = gated.call("GET", path, origin=site)
        assert not [name for name in answer.headers if name.startswith("access-control")]


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_protects_itself(gated, path):
    headers = gated.client.get(path, follow_redirects=False).headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    policy = headers["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert "Cache-Control" in headers
    assert "Strict-Transport-Security" not in headers
    assert len(headers.get_list("Cache-Control")) == 1


def test_answers_of_the_api_are_kept_by_nobody(gated, restaurant):
    key = gated.create("secret")
    body = {"profile": restaurant}
    answers = [
        gated.call("POST", "/v1/recommendations", key, json=body),
        gated.call("POST", "/v1/profiles", key, json=restaurant),
        gated.call("GET", "/v1/profiles/nobody-there", key),
        gated.call("GET", "/v1/profiles/nobody-there"),
    ]
    assert [answer.status_code for answer in answers] == [200, 201, 404, 401]
    assert {answer.headers["Cache-Control"] for answer in answers} == {"no-store"}


def test_where_the_connection_is_encrypted_it_stays_so(gated):
    gated.client.base_url = "https://www.example.vn"
    for path in PATHS:
        headers = gated.client.get(path, follow_redirects=False).headers
        assert headers["Strict-Transport-Security"] == "max-age=31536000"


def test_the_widget_is_read_by_the_websites_of_keys_alone(gated, site):
    gated.create("publishable")
    for origin, readable in ((site, site), ("https://evil.com", None), ("", None)):
        answer = gated.call("GET", "/widget/v1.js", origin=origin)
        assert answer.status_code == 200
        assert may_read(answer) == readable
