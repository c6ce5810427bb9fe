"""Who is let in to the API: nobody without a key, and nobody further than the key goes."""

import datetime as dt
from http import HTTPStatus

import pytest

from service.access.scopes import GATED, GRANTS, KINDS, needed
from service.store.records import now

ROUTES = {
    ("POST", "/v1/recommendations"): "recommend",
    ("POST", "/v1/recommendations/batch"): "recommend:batch",
    ("POST", "/v1/plans"): "recommend",
    ("POST", "/v1/events"): "events",
    ("POST", "/v1/profiles"): "profiles:write",
    ("GET", "/v1/profiles/nobody-there"): "profiles:read",
    ("PUT", "/v1/profiles/nobody-there"): "profiles:write",
    ("DELETE", "/v1/profiles/nobody-there"): "profiles:write",
    ("GET", "/v1/profiles/nobody-there/export"): "profiles:read",
    ("GET", "/v1/profiles/nobody-there/consent"): "profiles:read",
    ("PUT", "/v1/profiles/nobody-there/consent"): "profiles:write",
    ("DELETE", "/v1/recommendations/nothing-there"): "recommend",
    ("GET", "/v1/platforms"): "platforms:read",
    ("GET", "/v1/platforms/sapo"): "platforms:read",
    ("GET", "/v1/platforms/sapo/similar"): "platforms:read",
    ("GET", "/v1/questionnaire"): "platforms:read",
    ("GET", "/metrics"): "metrics",
}
OPEN = ("/health/live", "/schema/openapi.json", "/vi/", "/en/platforms", "/static/favicon.svg")


def refused(response, status, challenge=""):
    assert response.status_code == status, response.text
    assert response.headers["Content-Type"] == "application/problem+json"
    problem = response.json()
    assert problem["status"] == status
    assert problem["title"]
    assert problem["detail"]
    if challenge:
        assert response.headers["WWW-Authenticate"] == f'Bearer realm="smedx"{challenge}'
    return problem


def test_every_route_of_the_api_is_listed_here_and_behind_the_gate(gated):
    found = set()
    for route in gated.client.app.routes:
        for handler in getattr(route, "route_handlers", ()):
            methods = set(handler.http_methods) - {"OPTIONS"}
            if route.path.startswith(("/v1", "/metrics")):
                assert handler.opt[GATED]
                found |= {(method, route.path, needed(handler.opt)) for method in methods}
            else:
                assert GATED not in handler.opt
    listed = {
        (
            method,
            path.replace("nobody-there", "{profile_id:str}")
            .replace("nothing-there", "{recommendation_id:str}")
            .replace("sapo", "{platform_id:str}"),
            scope,
        )
        for (method, path), scope in ROUTES.items()
    }
    listed = {each for each in listed if each[:2] != ("POST", "/v1/profiles/{profile_id:str}")}
    assert found == listed


def test_without_a_key_the_api_is_closed_and_the_rest_is_open(gated):
    for method, path in ROUTES:
        error = refused(gated.call(method, path, json={}), 401, "")["errors"][0]
        assert error["field"] == "Authorization"
        assert "smedx keys create" in error["expected"]
    assert gated.call("GET", "/v1/platforms").headers["WWW-Authenticate"] == 'Bearer realm="smedx"'
    for path in OPEN:
        assert gated.call("GET", path).status_code == 200


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_key_does_what_it_is_for_and_no_more(gated, kind, site, subtests):
    key = gated.create(kind)
    origin = site if kind == "publishable" else ""
    for (method, path), scope in ROUTES.items():
        with subtests.test(f"{method} {path}"):
            response = gated.call(method, path, key, origin=origin, json={})
            if scope in GRANTS[kind]:
                assert response.status_code in (200, 404, 422), response.text
            else:
                challenge = f', error="insufficient_scope", scope="{scope}"'
                error = refused(response, 403, challenge)["errors"][0]
                assert error["message"] == f"the key lacks the scope {scope}"
                assert error["expected"] == f"a key with the scope {scope}"


def test_a_key_may_be_given_less_than_its_kind(gated, restaurant):
    key = gated.create("secret", scopes=["events"])
    refused(gated.call("POST", "/v1/recommendations", key, json={"profile": restaurant}), 403)
    assert gated.call("POST", "/v1/events", key, json={}).status_code == 422


def test_a_handler_that_asks_for_nothing_is_for_administration():
    assert needed({}) == "admin"
    assert "admin" not in GRANTS["secret"]


@pytest.mark.parametrize(
    "sent",
    [
        "",
        "Bearer",
        "Bearer ",
        "Basic dXNlcjpwYXNz",
        "Bearer smedx_sk_00000000_" + "A" * 43,
        "Bearer " + "A" * 10_000,
        "Bearer smedx_sk_\xff",
    ],
)
def test_what_is_no_key_is_refused(gated, sent):
    gated.create("secret")
    answer = gated.call("GET", "/v1/platforms", headers={"Authorization": sent.encode("latin-1")})
    refused(answer, 401)


def test_a_key_with_another_secret_is_refused(gated):
    key = gated.create("secret")
    forged = key[:-4] + ("AAAA" if not key.endswith("AAAA") else "BBBB")
    refused(gated.call("GET", "/v1/platforms", forged), 401, ', error="invalid_token"')
    assert gated.call("GET", "/v1/platforms", key).status_code == 200


def test_a_key_that_was_revoked_or_has_expired_is_refused(gated):
    kept = gated.create("secret")
    revoked = gated.create("secret")
    expired = gated.create("secret", expires_at=now() - dt.timedelta(seconds=1))
    assert gated.call("GET", "/v1/platforms", revoked).status_code == 200
    gated.revoke(revoked)
    for key in (revoked, expired):
        refused(gated.call("GET", "/v1/platforms", key), 401, ', error="invalid_token"')
    assert gated.call("GET", "/v1/platforms", kept).status_code == 200


def test_on_loopback_no_key_is_asked_for_until_the_first_was_created(
    gated_on, database, restaurant
):
    gated = gated_on(database, host="127.0.0.1")
    assert gated.call("POST", "/v1/profiles", json=restaurant).status_code == 201
    key = gated.create("secret")
    refused(gated.call("GET", "/v1/platforms"), 401)
    assert gated.call("GET", "/v1/platforms", key).status_code == 200
    gated.revoke(key)
    refused(gated.call("GET", "/v1/platforms"), 401)


@pytest.mark.parametrize(("host", "status"), [("127.0.0.1", 200), ("0.0.0.0", 503)])
def test_until_the_keys_were_read_others_wait(gated_on, tmp_path, restaurant, host, status):
    (tmp_path / "folder.db").mkdir()
    gated = gated_on(f"sqlite:///{tmp_path}/folder.db", host=host)
    body = {"profile": restaurant}
    assert gated.call("POST", "/v1/recommendations", json=body).status_code == status
    answer = gated.call("GET", "/v1/profiles/nobody-there", "smedx_sk_1")
    assert refused(answer, 503)["title"] == "The keys cannot be read at the moment"
    assert int(answer.headers["Retry-After"]) > 0


def test_what_was_read_holds_while_the_database_is_gone(gated, monkeypatch):
    key = gated.create("secret")

    async def fail(query):
        raise OSError("gone")

    monkeypatch.setattr(gated.keys._store, "read", fail)
    gated.refresh()
    assert gated.call("GET", "/v1/platforms", key).status_code == 200
    refused(gated.call("GET", "/v1/platforms"), 401)


def test_it_is_kept_when_a_key_was_used_to_the_hour(gated):
    key = gated.create("secret")
    for _ in range(3):
        assert gated.call("GET", "/v1/platforms", key).status_code == HTTPStatus.OK
    gated.refresh()  # keeps it
    gated.refresh()  # reads it
    (first,) = (each.last_used for each in gated.keys.ring.keys.values())
    assert abs(now() - first) < dt.timedelta(minutes=5)
    gated.call("GET", "/v1/platforms", key)
    gated.refresh()
    gated.refresh()
    (second,) = (each.last_used for each in gated.keys.ring.keys.values())
    assert second == first
