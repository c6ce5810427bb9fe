"""Whatever is sent, the service answers: never with an error of its own."""

import copy
import json
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.strategies import SearchStrategy

from recommender.domain import BusinessProfile, Event
from recommender.domain.recommendation import Filters

ANY_TEXT = st.text(st.characters(exclude_categories=()), max_size=30)
"""With NUL and halves of surrogates."""

NAMES = st.sampled_from(
    [
        *BusinessProfile.__struct_fields__,
        *Event.__struct_fields__,
        *Filters.__struct_fields__,
        "profile",
        "profile_id",
        "n",
        "filters",
        "locale",
        "events",
        "sales",
        "paper",
    ]
)

VALUES: SearchStrategy[Any] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(-(10**400), 10**400)
    | st.floats()
    | ANY_TEXT
    | NAMES
    | st.datetimes().map(lambda time: f"{time.isoformat()}Z"),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(NAMES | ANY_TEXT, inner, max_size=6)
    ),
    max_leaves=12,
)

often = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow], database=None
)


@pytest.fixture(scope="module")
def good(api) -> dict[tuple[str, str], Any]:
    """A body that is accepted, for each method and path that takes one."""
    profile = {
        "legal_form": "enterprise",
        "classification": "VSIC2018",
        "sector": "G",
        "employees": 12,
        "revenue_bn_vnd": 8.5,
        "capital_bn_vnd": None,
        "province": "01",
        "sells_to_consumers": True,
        "functions": {"sales": "paper", "finance": "spreadsheet"},
        "strategy": "plan",
        "data_use": None,
        "security": "backups",
        "needs": ["sell-online", "get-paid"],
        "budget": "1m_5m",
        "platforms_in_use": ["sapo"],
    }
    id_ = api.store(profile)
    event = {
        "id": "arbitrary",
        "kind": "rate",
        "platform_id": "sapo",
        "profile_id": id_,
        "recommendation_id": None,
        "rating": 4,
        "reason": None,
        "at": "2026-03-01T09:00:00+07:00",
    }
    dismissal = {**event, "id": "arbitrary-too", "kind": "dismiss", "rating": None}
    filters = {"categories": ["crm"], "include": [], "exclude": ["sapo"], "exclude_in_use": False}
    bodies = {
        ("POST", "/v1/recommendations"): {
            "profile": profile,
            "profile_id": None,
            "n": 3,
            "filters": filters,
            "locale": "en",
        },
        ("POST", "/v1/events"): {"events": [event, dismissal]},
        ("POST", "/v1/profiles"): profile,
        ("PUT", f"/v1/profiles/{id_}"): profile,
    }
    for (method, path), body in bodies.items():
        assert api.client.request(method, path, json=body).status_code < 300
    return bodies


def answers(api: Any, method: str, path: str, body: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    response = api.client.request(method, path, content=body, headers=headers)
    assert response.status_code < 500, response.text
    kind = "application/json" if response.status_code < 300 else "application/problem+json"
    assert response.headers["Content-Type"] == kind
    json.loads(response.content)


@often
@given(value=VALUES)
def test_any_json_is_answered(api, good, value):
    for method, path in good:
        answers(api, method, path, json.dumps(value).encode())


@often
@given(value=VALUES, data=st.data())
def test_a_good_body_with_any_json_in_one_place_is_answered(api, good, value, data):
    for (method, path), body in good.items():
        changed = copy.deepcopy(body)
        place = data.draw(st.sampled_from(list(places(changed))), label=path)
        inside: Any = changed
        for step in place[:-1]:
            inside = inside[step]
        inside[place[-1]] = value
        answers(api, method, path, json.dumps(changed).encode())


@often
@given(data=st.data())
def test_a_good_body_with_any_bytes_in_one_place_is_answered(api, good, data):
    for (method, path), body in good.items():
        text = json.dumps(body).encode()
        start = data.draw(st.integers(0, len(text)), label="start")
        end = start + data.draw(st.integers(0, 12), label="length")
        inserted = data.draw(
            st.binary(max_size=12)
            | st.sampled_from([b"1e400", b"\\ud800", b"\\u0000", b"[" * 2000])
        )
        answers(api, method, path, text[:start] + inserted + text[end:])


def places(value: Any) -> Any:
    """Yield the path to every value inside a value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value)
    for step, inner in steps:
        yield (step,)
        if isinstance(inner, dict | list):
            yield from ((step, *rest) for rest in places(inner))
