"""Which operation follows from which, for the OpenAPI document: readers and test tools go by it."""

from collections.abc import Mapping
from typing import Any

_PROFILE = {"profile_id": "$response.body#/id"}
_FIRST_ITEM = "$response.body#/items/0/platform/id"
_OF_A_STORED_BUSINESS: Mapping[str, Any] = {
    "read": {"operationId": "get_profile", "parameters": _PROFILE},
    "replace": {"operationId": "replace_profile", "parameters": _PROFILE},
    "erase": {"operationId": "delete_profile", "parameters": _PROFILE},
    "export": {"operationId": "export_profile", "parameters": _PROFILE},
    "consented": {"operationId": "get_consent", "parameters": _PROFILE},
    "consent": {"operationId": "set_consent", "parameters": _PROFILE},
    "recommend": {"operationId": "recommend", "requestBody": _PROFILE},
    "plan": {"operationId": "make_plan", "requestBody": _PROFILE},
    "recommend_batch": {
        "operationId": "recommend_batch",
        "requestBody": {"businesses": [_PROFILE]},
    },
}

LINKS: Mapping[str, Mapping[str, Any]] = {
    "create_profile": _OF_A_STORED_BUSINESS,
    "replace_profile": _OF_A_STORED_BUSINESS,
    "recommend": {
        "tell": {
            "operationId": "record_events",
            "requestBody": {
                "events": [
                    {
                        "id": "$response.body#/recommendation_id",
                        "kind": "view",
                        "platform_id": _FIRST_ITEM,
                        "recommendation_id": "$response.body#/recommendation_id",
                    }
                ]
            },
        },
        "erase": {
            "operationId": "delete_list",
            "parameters": {"recommendation_id": "$response.body#/recommendation_id"},
        },
    },
    "list_platforms": {
        name: {
            "operationId": operation,
            "parameters": {"platform_id": "$response.body#/platforms/0/id"},
        }
        for name, operation in (("read", "get_platform"), ("similar", "similar_platforms"))
    },
    "similar_platforms": {
        "read": {"operationId": "get_platform", "parameters": {"platform_id": _FIRST_ITEM}}
    },
}
"""The links of each operation's good answer, by its id."""

REPEATABLE = ("recommend", "recommend_batch", "make_plan", "record_events")
"""What is posted and may be posted again: lists are made anew, events count once."""


def annotate(operation: dict[str, Any]) -> dict[str, Any]:
    """Return an operation of the document with its links, and whether it may be repeated."""
    if operation["operationId"] in REPEATABLE:
        operation = operation | {"x-repeatable": True}
    links = LINKS.get(operation["operationId"])
    if links is None:
        return operation
    responses = {
        status: response | {"links": links} if status in ("200", "201") else response
        for status, response in operation["responses"].items()
    }
    return operation | {"responses": responses}
