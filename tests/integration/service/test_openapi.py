"""The OpenAPI document is valid in itself, and true of what the API takes and answers."""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.access.scopes import SCOPES

METHODS = {"get", "put", "post", "delete", "options", "head", "patch", "trace"}
TYPES = {
    "null": type(None),
    "boolean": bool,
    "integer": int,
    "number": (int, float),
    "string": str,
    "array": list,
    "object": dict,
}
ANNOTATIONS = {"title", "description", "default", "examples", "format"}


@pytest.fixture(scope="module")
def document(api) -> dict[str, Any]:
    return api.client.get("/schema/openapi.json").json()


@pytest.fixture(scope="module")
def operations(document) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Path, method and description of each operation, by its id."""
    found = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
    ]
    by_id = {
        operation["operationId"]: (path, method, operation) for path, method, operation in found
    }
    assert len(by_id) == len(found), "operation ids are not unique"
    return by_id


def test_the_document_has_the_shape_that_openapi_3_1_asks_for(document, operations):
    assert re.fullmatch(r"3\.1\.\d+", document["openapi"])
    assert document["info"]["title"]
    assert document["info"]["version"]
    for path, method, operation in operations.values():
        assert path.startswith("/")
        assert method in METHODS
        assert operation["summary"]
        places = [(entry["name"], entry["in"]) for entry in operation.get("parameters", ())]
        assert len(places) == len(set(places))
        assert {name for name, place in places if place == "path"} == set(
            re.findall(r"{(\w+)}", path)
        )
        assert all(e["required"] for e in operation.get("parameters", ()) if e["in"] == "path")
        assert any(status.startswith("2") for status in operation["responses"])
        for status, response in operation["responses"].items():
            assert re.fullmatch(r"[1-5]\d\d", status)
            assert response["description"]


def test_every_schema_is_known_json_schema_and_every_reference_leads_somewhere(document):
    seen = [schema for _, schema in _schemas(document)]
    assert len(seen) > 50
    for schema in seen:
        # Nothing fits every schema: only keywords that are not known, or broken ones, raise.
        list(_complaints(object(), schema, document))


def test_everything_that_is_sent_or_answered_says_what_it_means_and_nothing_speaks_python(
    document, operations
):
    schemas = document["components"]["schemas"]
    told = {
        f"{name}.{field}": schema.get("description", "")
        for name, each in schemas.items()
        for field, schema in each.get("properties", {}).items()
    } | {
        f"{operation['operationId']}({entry['name']})": entry.get("description", "")
        for _, _, operation in operations.values()
        for entry in operation.get("parameters", ())
    }
    assert len(told) > 200
    assert [name for name, text in told.items() if not text] == []
    texts = [*told.values(), *(schema["description"] for schema in schemas.values())]
    assert [text for text in texts if re.search("None (where|if)|Attributes:", text)] == []


def test_every_error_is_described_as_problem_details_that_name_fields(document, operations):
    for path, _, operation in operations.values():
        errors = {status: r for status, r in operation["responses"].items() if status[0] in "45"}
        if path.startswith("/health"):
            continue
        assert errors, path
        for response in errors.values():
            assert list(response["content"]) == ["application/problem+json"]
            schema = _resolve(response["content"]["application/problem+json"]["schema"], document)
            assert {"status", "title", "detail", "errors"} <= set(schema["properties"])
            error = _resolve(schema["properties"]["errors"]["items"], document)
            assert {"field", "message", "expected"} <= set(error["properties"])


def test_every_operation_of_the_api_says_which_scope_it_needs(api, document, operations):
    (scheme,) = document["components"]["securitySchemes"]
    assert document["components"]["securitySchemes"][scheme]["scheme"] == "bearer"
    for path, _, operation in operations.values():
        if path.startswith("/health"):
            assert "security" not in operation
            continue
        ((scope,),) = (each[scheme] for each in operation["security"])
        assert scope in SCOPES
        assert {"401", "403", "429", "503"} <= set(operation["responses"])
        assert ("requestBody" in operation) == ("408" in operation["responses"])


def test_every_example_fits_its_schema_and_is_accepted(api, document, operations, restaurant):
    profile_id = api.store(restaurant)
    recommendation_id = api.recommend(profile=restaurant)["recommendation_id"]
    sent = []
    for id_, (path, method, operation) in operations.items():
        body = operation.get("requestBody", {}).get("content", {}).get("application/json")
        if body is None:
            continue
        examples = list(_examples(body))
        assert examples, f"{id_} takes a body but shows none"
        for example in examples:
            text = json.dumps(example).replace("RECOMMENDATION_ID", recommendation_id)
            assert not list(_complaints(json.loads(text), body["schema"], document))
            response = api.client.request(
                method,
                path.replace("{profile_id}", profile_id),
                content=text,
                headers={"Content-Type": "application/json"},
            )
            assert response.status_code < 300, response.text
            sent.append(id_)
    assert set(sent) == {
        id_ for id_, (_, _, operation) in operations.items() if "requestBody" in operation
    }
    assert len(sent) >= 5


def test_every_operation_answers_what_the_document_says(api, document, operations, restaurant):
    calls = _calls(api, restaurant)
    assert calls.keys() == operations.keys()
    for id_, call in calls.items():
        response = call()
        path, method, operation = operations[id_]
        assert response.request.method == method.upper()
        assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", path), response.request.url.path)
        described = operation["responses"][str(response.status_code)]
        if response.status_code == 204:
            assert not response.content
            assert "content" not in described
            continue
        schema = described["content"][response.headers["Content-Type"]]["schema"]
        assert list(_complaints(response.json(), schema, document)) == []


def _calls(api: Any, restaurant: dict[str, Any]) -> dict[str, Callable[[], Any]]:
    """Return one good call of every operation; the last one deletes what the others use."""
    profile_id = api.store(restaurant)
    of_passer_by = api.recommend(profile=restaurant)["recommendation_id"]
    event = {"id": f"of-{profile_id}", "kind": "view", "platform_id": "sapo"}
    return {
        "recommend": lambda: api.post("/v1/recommendations", {"profile_id": profile_id}),
        "recommend_batch": lambda: api.post(
            "/v1/recommendations/batch",
            {"businesses": [{"profile_id": profile_id}, {"profile_id": "nobody-there"}]},
        ),
        "make_plan": lambda: api.post("/v1/plans", {"profile_id": profile_id}),
        "record_events": lambda: api.post(
            "/v1/events", {"events": [event | {"profile_id": profile_id}]}
        ),
        "create_profile": lambda: api.post("/v1/profiles", restaurant),
        "get_profile": lambda: api.client.get(f"/v1/profiles/{profile_id}"),
        "replace_profile": lambda: api.client.put(f"/v1/profiles/{profile_id}", json=restaurant),
        "get_consent": lambda: api.client.get(f"/v1/profiles/{profile_id}/consent"),
        "set_consent": lambda: api.client.put(
            f"/v1/profiles/{profile_id}/consent", json={"consent": ["service"]}
        ),
        "export_profile": lambda: api.client.get(f"/v1/profiles/{profile_id}/export"),
        "delete_list": lambda: api.client.delete(f"/v1/recommendations/{of_passer_by}"),
        "list_platforms": lambda: api.client.get("/v1/platforms"),
        "get_platform": lambda: api.client.get("/v1/platforms/sapo"),
        "similar_platforms": lambda: api.client.get("/v1/platforms/sapo/similar"),
        "get_questionnaire": lambda: api.client.get("/v1/questionnaire"),
        "live": lambda: api.client.get("/health/live"),
        "ready": lambda: api.client.get("/health/ready"),
        "delete_profile": lambda: api.client.delete(f"/v1/profiles/{profile_id}"),
    }


def _examples(node: Any) -> Iterator[Any]:
    """Yield the examples of a media type, and of its schema."""
    for source in (node, node["schema"]):
        listed = source.get("examples", [])
        yield from (e["value"] for e in listed.values()) if isinstance(listed, dict) else listed


def _schemas(node: Any, where: str = "") -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every schema of the document."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key in ("schema", "items", "additionalProperties") and isinstance(value, dict):
                yield f"{where}/{key}", value
            if key in ("schemas", "properties"):
                yield from ((f"{where}/{key}/{name}", schema) for name, schema in value.items())
            yield from _schemas(value, f"{where}/{key}")
    elif isinstance(node, list):
        for i, value in enumerate(node):
            yield from _schemas(value, f"{where}/{i}")


def _resolve(schema: dict[str, Any], document: dict[str, Any]) -> dict[str, Any]:
    if "$ref" not in schema:
        return schema
    found: Any = document
    for step in schema["$ref"].removeprefix("#/").split("/"):
        found = found[step]
    return {**found, **{key: value for key, value in schema.items() if key != "$ref"}}


def _complaints(
    value: Any, schema: dict[str, Any], document: dict[str, Any], where: str = "$"
) -> Iterator[str]:
    """Yield why a value does not fit a JSON schema; an unknown keyword raises."""
    schema = _resolve(schema, document)

    def inside(part: Any, of: dict[str, Any], step: Any = "") -> list[str]:
        return list(_complaints(part, of, document, f"{where}.{step}" if step else where))

    for keyword, told in schema.items():
        match keyword, value:
            case ("type", _):
                kinds = [told] if isinstance(told, str) else told
                right = any(isinstance(value, TYPES[kind]) for kind in kinds)
                if not right or (isinstance(value, bool) and "boolean" not in kinds):
                    yield f"{where}: {value!r} is not of type {told}"
            case ("enum", _):
                if value not in told:
                    yield f"{where}: {value!r} is none of {told}"
            case ("anyOf", _):
                if all(inside(value, option) for option in told):
                    yield f"{where}: {value!r} fits none of {told}"
            case ("allOf", _):
                for part in told:
                    yield from inside(value, part)
            case ("oneOf", _):
                if sum(not inside(value, option) for option in told) != 1:
                    yield f"{where}: {value!r} does not fit exactly one of {told}"
            case ("minimum", int() | float()) if value < told:
                yield f"{where}: {value} is below {told}"
            case ("maximum", int() | float()) if value > told:
                yield f"{where}: {value} is above {told}"
            case ("minLength", str()) | ("minItems", list()) if len(value) < told:
                yield f"{where}: shorter than {told}"
            case ("maxLength", str()) | ("maxItems", list()) if len(value) > told:
                yield f"{where}: longer than {told}"
            case ("uniqueItems", list()) if len(value) > len({json.dumps(each) for each in value}):
                yield f"{where}: an entry stands there twice"
            case ("pattern", str()) if not re.search(told, value):
                yield f"{where}: {value!r} does not match {told}"
            case ("items", list()):
                for i, entry in enumerate(value):
                    yield from inside(entry, told, i)
            case ("properties", dict()):
                for name in told.keys() & value.keys():
                    yield from inside(value[name], told[name], name)
            case ("required", dict()):
                yield from (f"{where}: lacks {name}" for name in told if name not in value)
            case ("propertyNames", dict()):
                for name in value:
                    yield from inside(name, told, name)
            case ("additionalProperties", dict()):
                for name in value.keys() - schema.get("properties", {}).keys():
                    if told is False:
                        yield f"{where}: {name} is not known"
                    else:
                        yield from inside(value[name], told, name)
            case _:
                if keyword not in ANNOTATIONS | KEYWORDS and not keyword.startswith("x-"):
                    raise AssertionError(f"{where}: {keyword!r} is no keyword that is known here")


KEYWORDS = {
    "minimum", "maximum", "minLength", "minItems", "maxLength", "maxItems", "uniqueItems",
    "pattern", "items", "properties", "required", "propertyNames", "additionalProperties",
}  # fmt: skip
"""Keywords that say nothing about values of other types."""
