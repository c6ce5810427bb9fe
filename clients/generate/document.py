"""The OpenAPI document as the clients need it."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any

Schema = Mapping[str, Any]

GOOD = "application/json"
IDEMPOTENT = ("get", "put", "delete")


@dataclass(frozen=True)
class Parameter:
    """A parameter in the path or in the query."""

    name: str
    schema: Schema
    description: str


@dataclass(frozen=True)
class Operation:
    """One operation.

    Attributes:
        id: Its name.
        method: In lower case.
        path: With parameters in braces.
        about: One line, a blank one, and more of it.
        in_path: Parameters of the path, all of them required.
        in_query: Parameters of the query, all of them optional.
        body: Name of the schema that is sent, or None.
        answer: Name of the schema that is answered, or None for nothing.
        accepts: The statuses with which it is answered.
        repeatable: Whether it may be sent again when it is not known what became of it.
        deprecated: Whether it ends.
    """

    id: str
    method: str
    path: str
    about: str
    in_path: tuple[Parameter, ...]
    in_query: tuple[Parameter, ...]
    body: str | None
    answer: str | None
    accepts: tuple[int, ...]
    repeatable: bool
    deprecated: bool


def operations(document: Schema) -> list[Operation]:
    """Return the operations, in the order of the document."""
    return [
        _operation(path, method, told)
        for path, item in document["paths"].items()
        for method, told in item.items()
    ]


def schemas(document: Schema) -> dict[str, Schema]:
    """Return the schemas by name, each after those that it refers to."""
    found: dict[str, Schema] = document["components"]["schemas"]
    graph = {name: sorted(references(schema)) for name, schema in found.items()}
    return {name: found[name] for name in TopologicalSorter(graph).static_order()}


def topics(document: Schema) -> dict[str, str]:
    """Return the topic of each schema by name: a tag of the operations.

    Of several that need it, it is the one that comes last in the document. What a schema refers to
    is needed wherever the schema is, so that its topic is the same or comes later.
    """
    found: dict[str, str] = {}
    for item in document["paths"].values():
        for told in item.values():
            (tag,) = told["tags"]
            found |= dict.fromkeys(_within(document, references(_content(told))), tag)
    return found


def sent(document: Schema) -> set[str]:
    """Return the names of the schemas that are part of a body that is sent."""
    return _within(document, {each.body for each in operations(document) if each.body})


def unwrapped(text: str) -> str:
    """Return a text with each paragraph on one line; what is indented stays on lines of its own."""
    return re.sub(r"(?<=\S)\n(?=\S)", " ", text)


def references(node: Any) -> set[str]:
    """Return the names of the schemas that something refers to."""
    return set(_references(node))


def reference(schema: Schema) -> str | None:
    """Return the name of the schema that this one stands for, or None."""
    if "allOf" in schema:
        (schema,) = schema["allOf"]
    return str(schema["$ref"]).rpartition("/")[2] if "$ref" in schema else None


def _references(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        if "$ref" in node:
            yield str(node["$ref"]).rpartition("/")[2]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _within(document: Schema, names: Iterable[str]) -> set[str]:
    """Return the names of schemas and of all that they refer to."""
    known = document["components"]["schemas"]
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += references(known[name])
    return found


def _content(told: Schema) -> list[Schema]:
    """Return the schemas of what an operation takes and answers."""
    parts = [told.get("requestBody", {}), *told["responses"].values()]
    bodies = (part.get("content", {}).get(GOOD) for part in parts)
    return [body["schema"] for body in bodies if body]


def _about(told: Schema) -> str:
    summary = told["summary"]
    ended = summary if summary.endswith("?") else f"{summary}."
    return f"{ended}\n\n{told.get('description', '')}"


def _operation(path: str, method: str, told: Schema) -> Operation:
    answers = {
        int(status): response["content"][GOOD]["schema"]
        for status, response in told["responses"].items()
        if GOOD in response.get("content", {})
    }
    bodies = told.get("requestBody", {}).get("content", {})
    places: dict[str, list[Parameter]] = {"path": [], "query": []}
    for each in told.get("parameters", ()):
        parameter = Parameter(each["name"], each["schema"], each.get("description", ""))
        places[each["in"]].append(parameter)
    (answer,) = {reference(schema) for schema in answers.values()} or {None}
    return Operation(
        id=told["operationId"],
        method=method,
        path=path,
        about=_about(told),
        in_path=tuple(places["path"]),
        in_query=tuple(places["query"]),
        body=reference(bodies[GOOD]["schema"]) if bodies else None,
        answer=answer,
        accepts=tuple(sorted(answers)) or (204,),
        repeatable=method in IDEMPOTENT or told.get("x-repeatable", False),
        deprecated=told.get("deprecated", False),
    )
