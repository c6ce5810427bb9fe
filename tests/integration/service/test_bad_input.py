"""Whatever is wrong with a request: 4xx, the field named, and nothing stored."""

import gzip
import json
import re
from typing import Any

import httpx
import pytest

JSON = {"Content-Type": "application/json"}
EVENT = {"id": "abcdefgh", "kind": "view", "platform_id": "sapo"}
IDENTIFIER = "8 to 64 letters (a-z, A-Z), digits, - or _"

PROFILE_FAULTS = {
    "number as text": ('"employees": "4"', "employees"),
    "fraction of a person": ('"employees": 4.5', "employees"),
    "truth as number of people": ('"employees": true', "employees"),
    "nothing as number of people": ('"employees": null', "employees"),
    "negative number of people": ('"employees": -1', "employees"),
    "more people than can be": ('"employees": 500001', "employees"),
    "more people than fit any number": ('"employees": 1e400', "employees"),
    "number of 5,000 digits": (f'"employees": {"9" * 5_000}', "employees"),
    "money as text": ('"revenue_bn_vnd": "1.5"', "revenue_bn_vnd"),
    "negative money": ('"revenue_bn_vnd": -0.1', "revenue_bn_vnd"),
    "more money than can be": ('"capital_bn_vnd": 1000000.5', "capital_bn_vnd"),
    "more money than fits any number": ('"capital_bn_vnd": 1e400', "capital_bn_vnd"),
    "yes as truth": ('"sells_to_consumers": "yes"', "sells_to_consumers"),
    "number as truth": ('"sells_to_consumers": 1', "sells_to_consumers"),
    "nothing as truth": ('"sells_to_consumers": null', "sells_to_consumers"),
    "unknown legal form": ('"legal_form": "ltd"', "legal_form"),
    "unknown sector": ('"sector": "ZZ"', "sector"),
    "no sector": ('"sector": ""', "sector"),
    "unknown classification": ('"classification": "NACE"', "classification"),
    "unknown province": ('"province": "99"', "province"),
    "province as number": ('"province": 48', "province"),
    "province that is no code": ('"province": "Da Nang"', "province"),
    "province in other digits": ('"province": "٤٨"', "province"),
    "unknown function": ('"functions": {"selling": "paper"}', "functions"),
    "unknown state": ('"functions": {"finance": "paper", "sales": "fax"}', "functions.sales"),
    "state of another type": ('"functions": {"sales": ["paper"]}', "functions.sales"),
    "functions as list": ('"functions": ["sales"]', "functions"),
    "unknown strategy": ('"strategy": "yes"', "strategy"),
    "unknown use of data": ('"data_use": "yes"', "data_use"),
    "unknown security": ('"security": "yes"', "security"),
    "unknown budget": ('"budget": 200', "budget"),
    "unknown need": ('"needs": ["sell-online", "fame"]', "needs[1]"),
    "text with a NUL": ('"needs": ["fa\\u0000me"]', "needs[0]"),
    "needs as text": ('"needs": "sell-online"', "needs"),
    "too many needs": (f'"needs": {json.dumps(["sell-online"] * 21)}', "needs"),
    "unknown platform": ('"platforms_in_use": ["misa-cukcuk", "word"]', "platforms_in_use[1]"),
    "platform as number": ('"platforms_in_use": [7]', "platforms_in_use[0]"),
    "unknown field": ('"colour": "red"', "colour"),
    "half a surrogate behind a fault": (
        '"functions": {"sales": "fax", "\\ud800": 1, "sales": "paper"}',
        "functions.?",
    ),
    "the same field twice": ('"employees": "4", "employees": 4', "employees"),
}
"""The last word on a field counts, so each of these is put behind a good profile."""

REQUEST_FAULTS = {
    "length as text": ({"n": "5"}, "n"),
    "length of 0": ({"n": 0}, "n"),
    "length of 101": ({"n": 101}, "n"),
    "unknown locale": ({"locale": "fr"}, "locale"),
    "unknown category": ({"filters": {"categories": ["crm", "games"]}}, "filters.categories[1]"),
    "unknown platform to include": ({"filters": {"include": ["word"]}}, "filters.include[0]"),
    "unknown platform to exclude": ({"filters": {"exclude": ["word"]}}, "filters.exclude[0]"),
    "yes as truth in filters": ({"filters": {"exclude_in_use": "yes"}}, "filters.exclude_in_use"),
    "unknown filter": ({"filters": {"price": 0}}, "filters.price"),
    "filters as list": ({"filters": []}, "filters"),
    "both profile and id": ({"profile_id": "abcdefgh"}, "profile"),
    "neither profile nor id": ({"profile": None}, "profile"),
    "id that is no id": ({"profile": None, "profile_id": "a b"}, "profile_id"),
    "profile as list": ({"profile": []}, "profile"),
    "unknown field": ({"colour": "red"}, "colour"),
}

EVENT_FAULTS = {
    "unknown kind": ({"kind": "hover"}, "kind"),
    "no kind": ({"kind": None}, "kind"),
    "id too short": ({"id": "1234567"}, "id"),
    "id as number": ({"id": 12345678}, "id"),
    "unknown platform": ({"platform_id": "word"}, "platform_id"),
    "platform with a NUL": ({"platform_id": "sa\0po"}, "platform_id"),
    "unknown profile": ({"profile_id": "nobody-there"}, "profile_id"),
    "unknown recommendation": ({"recommendation_id": "never-made"}, "recommendation_id"),
    "nobody": ({"profile_id": None}, "profile_id"),
    "rating without rate": ({"rating": 4}, "rating"),
    "rate without rating": ({"kind": "rate"}, "rating"),
    "rating of 6": ({"kind": "rate", "rating": 6}, "rating"),
    "rating of a half": ({"kind": "rate", "rating": 4.5}, "rating"),
    "reason without dismiss": ({"reason": "too_expensive"}, "reason"),
    "unknown reason": ({"kind": "dismiss", "reason": "ugly"}, "reason"),
    "time without offset": ({"at": "2026-03-01T09:00:00"}, "at"),
    "time before the year 1": ({"at": "0001-01-01T00:00:00+14:00"}, "at"),
    "time as number": ({"at": 1_772_355_600}, "at"),
    "unknown field": ({"colour": "red"}, "colour"),
}

BODIES = {
    "empty": (b"", 400, None),
    "nothing": (b"null", 422, "body"),
    "list": (b"[]", 422, "body"),
    "text": (b'"profile"', 422, "body"),
    "number": (b"4", 422, "body"),
    "number that fits nothing": (b"1e400", 422, "body"),
    "no JSON": (b"{profile}", 400, None),
    "broken UTF-8": (b"\xff\xfe", 400, None),
    "UTF-16": ('{"events": []}'.encode("utf-16"), 400, None),
    "nested lists": (b"[" * 50_000, 400, None),
    "nested objects": (b'{"profile":' * 5_000, 400, None),
    "no JSON after a fault": (b'{"n": "x", "employees": "x", "events": 1, oops', 400, None),
    "10 MB of blanks": (b" " * 10_000_000, 413, None),
    "10 MB of JSON": (b'{"colour": "' + b"x" * 10_000_000 + b'"}', 413, None),
}


@pytest.fixture
def refuses(api):
    """Send a request; it must be refused as told, and store nothing."""

    def send(
        method: str,
        path: str,
        status: int,
        field: str | None = None,
        headers: dict[str, str] = JSON,
        **body: Any,
    ) -> httpx.Response:
        before = api.counts()
        response = api.client.request(method, path, headers=headers, **body)
        assert response.status_code == status, response.text
        assert response.headers["Content-Type"] == "application/problem+json"
        problem = response.json()
        assert problem["status"] == status
        assert problem["title"]
        fields = [error["field"] for error in problem.get("errors", ())]
        assert field is None or field in fields, problem
        assert all(
            error["message"] and (error.get("expected") or status != 422)
            for error in problem.get("errors", ())
        ), problem
        assert not re.search(r"Traceback|regex|\[A-Za-z|\\d", response.text)
        assert api.counts() == before
        return response

    return send


@pytest.fixture
def profile_id(api, restaurant) -> str:
    return api.store(restaurant)


@pytest.fixture(params=["POST /v1/recommendations", "POST /v1/profiles", "PUT /v1/profiles"])
def place(request, profile_id) -> tuple[str, str, str, str]:
    """Method and path of each place that takes a profile, what is around it, and its name."""
    method, path = request.param.split()
    if path == "/v1/recommendations":
        return method, path, '{"profile": %s}', "profile."
    return method, f"{path}/{profile_id}" if method == "PUT" else path, "%s", ""


@pytest.mark.parametrize(("fault", "field"), PROFILE_FAULTS.values(), ids=PROFILE_FAULTS)
def test_a_wrong_profile_is_refused_wherever_it_is_sent(refuses, place, restaurant, fault, field):
    method, path, around, prefix = place
    profile = f"{json.dumps(restaurant)[:-1]}, {fault}}}"
    response = refuses(method, path, 422, prefix + field, content=(around % profile).encode())
    if not field.startswith("colour"):
        assert response.json()["errors"][0]["expected"]


@pytest.mark.parametrize(
    "missing", ["legal_form", "sector", "employees", "province", "sells_to_consumers"]
)
def test_a_profile_that_lacks_a_field_is_refused(refuses, place, restaurant, missing):
    method, path, around, prefix = place
    del restaurant[missing]
    refuses(method, path, 422, prefix + missing, content=around % json.dumps(restaurant))


@pytest.mark.parametrize(("fault", "field"), REQUEST_FAULTS.values(), ids=REQUEST_FAULTS)
def test_a_wrong_question_is_refused(refuses, restaurant, fault, field):
    refuses("POST", "/v1/recommendations", 422, field, json={"profile": restaurant} | fault)


@pytest.mark.parametrize(("fault", "field"), EVENT_FAULTS.values(), ids=EVENT_FAULTS)
def test_one_wrong_event_among_many_stores_none(refuses, profile_id, fault, field):
    batch = [
        {"id": f"good-{i:04}", "kind": "click", "platform_id": "sapo", "profile_id": profile_id}
        for i in range(20)
    ]
    batch[7] |= fault
    refuses("POST", "/v1/events", 422, f"events[7].{field}", json={"events": batch})


@pytest.mark.parametrize("count", [0, 1001])
def test_a_batch_holds_from_1_to_1000_events(refuses, profile_id, count):
    event = {"kind": "click", "platform_id": "sapo", "profile_id": profile_id}
    batch = [event | {"id": f"many-{i:04}"} for i in range(count)]
    refused = refuses("POST", "/v1/events", 422, "events", json={"events": batch})
    expected = "a list of 1 to 1000, each an object with id, kind, platform_id,"
    assert refused.json()["errors"][0]["expected"].startswith(expected)


@pytest.mark.parametrize("businesses", [[], {}, 1, None])
def test_a_batch_of_businesses_is_a_list_of_1_to_1000(refuses, businesses):
    path = "/v1/recommendations/batch"
    refused = refuses("POST", path, 422, "businesses", json={"businesses": businesses})
    assert refused.json()["errors"][0]["expected"].startswith("a list of 1 to 1000, ")


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/v1/platforms?locale=fr", "one of en, vi"),
        ("/v1/platforms/sapo/similar?n=0", "a whole number from 1 to 100"),
        ("/v1/platforms/sapo/similar?n=many", "a whole number from 1 to 100"),
    ],
)
def test_what_would_be_right_in_an_address_is_told(refuses, path, expected):
    name = path.partition("?")[2].partition("=")[0]
    assert refuses("GET", path, 422, name).json()["errors"][0]["expected"] == expected


@pytest.mark.parametrize(
    ("path", "body", "field", "expected"),
    [
        ("recommendations", {"profile_id": "x"}, "profile_id", IDENTIFIER),
        ("events", {"events": [{"id": "a b c d e"}]}, "events[0].id", IDENTIFIER),
        ("profiles", {"province": "Da Nang"}, "province", "two digits like 48"),
    ],
)
def test_what_does_not_match_is_told_in_words(refuses, path, body, field, expected):
    problem = refuses("POST", f"/v1/{path}", 422, field, json=body).json()
    told = {"field": field, "message": f"Expected {expected}", "expected": expected}
    assert problem["errors"] == [told]
    assert problem["detail"] == f"{field}: Expected {expected}"


@pytest.mark.parametrize(
    ("path", "body", "field", "expected"),
    [
        (
            "events",
            {"events": [EVENT | {"profile_id": "nobody-there"}]},
            "events[0].profile_id",
            "the id that POST /v1/profiles gave, of a business that was not erased",
        ),
        (
            "events",
            {"events": [EVENT | {"recommendation_id": "never-made"}]},
            "events[0].recommendation_id",
            "that of an answer, to the same business if profile_id is given, too",
        ),
        ("events", {"events": [EVENT]}, "events[0].profile_id", "the id of either"),
        (
            "recommendations",
            {},
            "profile",
            "the business itself, or the profile_id of a stored one, not both",
        ),
        (
            "recommendations/batch",
            {"businesses": []},
            "businesses",
            "a list of 1 to 1000, each an object with profile or profile_id",
        ),
    ],
)
def test_what_would_be_right_in_a_body_is_told(refuses, path, body, field, expected):
    problem = refuses("POST", f"/v1/{path}", 422, field, json=body).json()
    assert problem["errors"][0]["expected"] == expected


@pytest.mark.parametrize("coding", ["gzip", "br"])
def test_a_body_that_is_compressed_is_told_from_one_that_is_no_json(refuses, coding):
    headers = JSON | {"Content-Encoding": coding}
    sent = {"headers": headers, "content": gzip.compress(b"{}")}
    problem = refuses("POST", "/v1/events", 415, "Content-Encoding", **sent).json()
    assert problem["detail"] == f"Content-Encoding: found {coding}"


def test_what_is_refused_before_it_is_read_says_what_would_be_right(refuses):
    large = refuses("POST", "/v1/profiles", 413, content=b" " * 70_000).json()
    assert (large["title"], large["detail"]) == (
        "The body is too large",
        "expected at most 65,536 bytes",
    )
    assert refuses("GET", "/v1/events", 405).json()["detail"] == "expected OPTIONS, POST"
    assert "/schema/openapi.json" in refuses("GET", "/v1/nothing", 404).json()["detail"]


@pytest.mark.parametrize(("body", "status", "field"), BODIES.values(), ids=BODIES)
@pytest.mark.parametrize("target", ["recommendations", "events", "profiles", "profiles/{id}"])
def test_a_body_that_is_not_what_is_asked_for_is_refused(
    refuses, profile_id, target, body, status, field
):
    path = f"/v1/{target}".replace("{id}", profile_id)
    refuses("PUT" if "{" in target else "POST", path, status, field, content=body)


@pytest.mark.parametrize("value", [b"NaN", b'"\\ud800"', b'"\xff"', b"'text'", b"01"])
@pytest.mark.parametrize(
    ("target", "body"),
    [
        ("recommendations", b'{"locale": %s}'),
        ("profiles", b'{"sector": %s}'),
        ("events", b'{"events": [{"id": %s}]}'),
    ],
)
def test_a_value_that_is_no_json_is_refused(refuses, target, body, value):
    refuses("POST", f"/v1/{target}", 400, content=body % value)


@pytest.mark.parametrize(
    "declared", [None, "text/plain", "application/x-www-form-urlencoded", "application/xml", "json"]
)
@pytest.mark.parametrize("target", ["recommendations", "profiles", "events"])
def test_a_body_that_is_not_declared_as_json_is_refused(
    refuses, restaurant, profile_id, target, declared
):
    event = {"id": "declared", "kind": "view", "platform_id": "sapo", "profile_id": profile_id}
    good = {
        "recommendations": {"profile": restaurant},
        "profiles": restaurant,
        "events": {"events": [event]},
    }[target]
    headers = {} if declared is None else {"Content-Type": declared}
    refuses("POST", f"/v1/{target}", 415, "Content-Type", headers, content=json.dumps(good))


@pytest.mark.parametrize("declared", ["application/json; charset=utf-8", "application/ld+json"])
def test_json_may_be_declared_with_parameters_or_by_a_suffix(api, restaurant, declared):
    content = json.dumps({"profile": restaurant})
    headers = {"Content-Type": declared}
    response = api.client.post("/v1/recommendations", content=content, headers=headers)
    assert response.status_code == 200


@pytest.mark.parametrize("id_", ["nobody-there", "%00", "a%00b-nobody", "%ff", "x" * 3000, "%2e"])
@pytest.mark.parametrize("method", ["GET", "PUT", "DELETE"])
def test_an_unknown_profile_is_not_found(refuses, restaurant, method, id_):
    body = {"json": restaurant} if method == "PUT" else {}
    refuses(method, f"/v1/profiles/{id_}", 404, "profile_id", **body)


def test_a_recommendation_for_an_unknown_profile_is_not_found(refuses):
    body = {"profile_id": "nobody-there"}
    refuses("POST", "/v1/recommendations", 404, "profile_id", json=body)


@pytest.mark.parametrize(
    ("path", "status", "field"),
    [
        ("/v1/platforms?locale=fr", 422, "locale"),
        ("/v1/platforms?category=games", 422, "category"),
        ("/v1/platforms?category=%ff", 422, "category"),
        ("/v1/platforms/word", 404, "platform_id"),
        ("/v1/platforms/%00", 404, "platform_id"),
        ("/v1/platforms/sapo?locale=fr", 422, "locale"),
        ("/v1/questionnaire?locale=", 422, "locale"),
        ("/v1/nothing", 404, None),
        ("/v1", 404, None),
        ("/nothing", 404, None),
    ],
)
def test_a_wrong_address_is_refused(refuses, path, status, field):
    refuses("GET", path, status, field)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/recommendations"),
        ("DELETE", "/v1/events"),
        ("PATCH", "/v1/profiles/abcdefgh"),
        ("POST", "/v1/platforms"),
        ("PUT", "/v1/questionnaire"),
        ("POST", "/health/live"),
    ],
)
def test_a_method_that_a_path_does_not_know_is_refused(refuses, method, path):
    refuses(method, path, 405)
