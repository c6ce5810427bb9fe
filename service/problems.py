"""Errors as problem details (RFC 9457): each names the field and what would be right."""

import re
from collections.abc import Iterable
from typing import Any

import msgspec
from litestar import Request
from litestar.exceptions import HTTPException, ValidationException
from litestar.plugins.problem_details import ProblemDetailsException
from msgspec import Struct

from recommender.domain import FieldProblem
from recommender.domain.tables import describe_schema
from service.store import StoreError, StoreUnavailable, UnknownReference

RETRY_AFTER_SECONDS = 5


class FieldError(Struct, frozen=True, omit_defaults=True):
    """What is wrong with one field of a request."""

    field: str
    message: str
    expected: str = ""


class ProblemDetails(Struct, frozen=True, omit_defaults=True):
    """The body of every error."""

    status: int
    title: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()


def problem(
    status: int, title: str, errors: Iterable[FieldError] = (), detail: str = ""
) -> ProblemDetailsException:
    """Return the exception that answers with problem details."""
    listed = [msgspec.to_builtins(error) for error in errors]
    headers = {"Retry-After": str(RETRY_AFTER_SECONDS)} if status == 503 else None
    return ProblemDetailsException(
        status_code=status,
        title=title,
        detail=detail or "; ".join(f"{error['field']}: {error['message']}" for error in listed),
        extra={"errors": listed} if listed else None,
        headers=headers,
    )


def invalid(errors: Iterable[FieldError]) -> ProblemDetailsException:
    """Return the answer to a request whose fields are wrong."""
    return problem(422, "The request is not valid", errors)


def unknown_codes(problems: Iterable[FieldProblem], prefix: str = "") -> ProblemDetailsException:
    """Return the answer to a request with codes that no table knows."""
    return invalid(
        FieldError(prefix + each.field, f"{each.found!r} is not known", each.expected)
        for each in problems
    )


class StrictRequest(Request[Any, Any, Any]):
    """Decodes a JSON body straight into the type that the handler asks for.

    Litestar would decode it untyped and convert it leniently afterwards, so that "4" passed for a
    number, and the path of a fault was lost; this is stricter, and one pass instead of two.
    """

    async def json(self) -> Any:
        """Return the body as the type of the handler's `data`.

        Raises:
            ProblemDetailsException: If it is no JSON (400) or not of that type (422).
        """
        wanted = self.route_handler.parsed_data_field
        kind = wanted.annotation if wanted else Any
        body = await self.body()
        try:
            return msgspec.json.decode(body, type=kind)
        except msgspec.ValidationError as error:
            raise invalid([explain(str(error), kind, msgspec.json.decode(body))]) from error
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
            raise problem(400, "The body is not valid JSON in UTF-8", detail=str(error)) from error


def explain(message: str, kind: Any, sent: Any) -> FieldError:
    """Turn a message of msgspec into the field that is wrong and what would be right.

    Args:
        message: Such as "Expected `int` >= 0 - at `$.profile.employees`".
        kind: The type that was decoded into.
        sent: What was sent, decoded without a type.
    """
    message, _, where = message.partition(" - at ")
    (schema,), parts = msgspec.json.schema_components([kind])
    path, field = "", schema
    for step in re.findall(r"\[.*?\]|[^.\[\]`$]+", where.replace("`key` in ", "")):
        field = _resolve(field, parts)
        if step == "[...]":  # msgspec does not say which entry of a mapping: the first wrong one
            field = _resolve(field["additionalProperties"], parts)
            step = next((k for k, value in sent.items() if value not in field.get("enum", ())), "")
            path, sent = f"{path}.{step}", sent.get(step)
        elif step.startswith("["):
            field, sent = field["items"], sent[int(step[1:-1])]
            path += step
        else:
            field, sent = field["properties"][step], sent[step]
            path = f"{path}.{step}".removeprefix(".")
    field = _resolve(field, parts)
    if named := re.search(r"required field `(.+?)`", message):
        path, field = f"{path}.{named[1]}", _resolve(field["properties"][named[1]], parts)
    elif named := re.search(r"unknown field `(.+?)`", message):
        path = f"{path}.{named[1]}"
    elif where.startswith("`key`"):
        field = _resolve(field.get("propertyNames", {}), parts)
    return FieldError(path.removeprefix(".") or "body", message, describe_schema(field))


def _resolve(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    while True:
        if "$ref" in schema:
            schema = parts[schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            options = [option for option in schema["anyOf"] if option.get("type") != "null"]
            schema = options[-1]
        else:
            return schema


def to_problem(error: Exception) -> ProblemDetailsException:
    """Return an error as problem details; one of our own tells nothing of the inside."""
    match error:
        case ProblemDetailsException():
            return error
        case ValidationException(extra=[{"key": "data"}]):
            return problem(400, "The body is empty", detail="expected JSON")
        case ValidationException(extra=list() as listed):
            return invalid(FieldError(each["key"], each["message"]) for each in listed)
        case HTTPException():
            return problem(error.status_code, error.detail or "The request failed")
        case StoreUnavailable():
            return problem(503, "Nothing can be stored or read at the moment", detail=str(error))
        case UnknownReference():
            name = f"events[{error.index}].{error.field}"
            return invalid([FieldError(name, f"{error.value!r} is not known")])
        case StoreError():
            return problem(422, "The request cannot be stored", detail=str(error))
        case UnicodeDecodeError():
            return problem(400, "The request is not valid UTF-8", detail=str(error))
        case _:
            return problem(500, "Something went wrong on our side")
