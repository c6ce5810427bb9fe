"""Errors as problem details (RFC 9457): each names the field and what would be right."""

import json
import re
from collections.abc import Iterable
from typing import Any, TypeVar

import msgspec
from litestar import Request
from litestar.exceptions import (
    HTTPException,
    MethodNotAllowedException,
    ValidationException,
)
from litestar.openapi.datastructures import ResponseSpec
from litestar.params import ParameterKwarg
from litestar.plugins.problem_details import ProblemDetailsException
from msgspec import Struct

from recommender.domain import FieldProblem
from recommender.domain.tables import describe_schema
from service.access.bucket import seconds_of
from service.methods import allow_header
from service.store import (
    ConflictingEvent,
    StoreError,
    StoreUnavailable,
    UnknownReference,
    Unreadable,
)

Decoded = TypeVar("Decoded")

RETRY_AFTER_SECONDS = 5
LONGEST_MESSAGE = 300

PROFILE_ID = "the id that POST /v1/profiles gave"
REFERENCES = {
    "profile_id": f"{PROFILE_ID}, of a business that was not erased",
    "recommendation_id": "that of an answer, to the same business if profile_id is given, too",
}
"""What an event may name."""

JSON = re.compile(r"application/(.+\+)?json", re.IGNORECASE)
"""Types of a body; compiled here, as to look it up takes longer than to match it."""

WHOLE = "body"
"""The field of an error that is about all that was sent."""

MEANINGS = {
    400: "The body or the address is not valid JSON or UTF-8",
    401: "A key is needed, or the one that was sent is not known",
    403: "The key may not do this, or is not for this website; `errors` names what it lacks",
    404: "There is nothing of that id; `errors` names the field",
    408: "The body came too slowly",
    409: "What is stored is something else, was stored by another version, or goes with another",
    413: "The body is too large",
    415: "The body is not declared as JSON, or is compressed",
    422: "Fields are wrong; `errors` names each and what would be right",
    429: "Too many requests; try again after `Retry-After` seconds",
    503: "Nothing can be stored or read at the moment; try again after `Retry-After` seconds",
}
"""What each error status means, as the OpenAPI document says it."""

ALWAYS = (401, 403, 429, 503)
"""What the gate and the time limit may answer, whatever the handler."""


class FieldError(Struct, frozen=True, omit_defaults=True):
    """What is wrong with one field of a request.

    Attributes:
        field: Where it is, as `profile.needs[0]`.
        message: What is wrong.
        expected: What would be right.
    """

    field: str
    message: str
    expected: str = ""


class ProblemDetails(Struct, frozen=True, omit_defaults=True):
    """The body of every error.

    Attributes:
        status: The HTTP status.
        title: What is wrong.
        detail: More of it, where there is more to say.
        errors: What is wrong with each field.
        request_id: As the header `X-Request-Id` and the logs tell it.
    """

    status: int
    title: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    request_id: str = ""


def answers(*statuses: int) -> dict[int, ResponseSpec]:
    """Describe the errors that a handler of the API answers with, for the OpenAPI document."""
    return {
        status: ResponseSpec(
            ProblemDetails,
            generate_examples=False,
            description=MEANINGS[status],
            media_type="application/problem+json",
        )
        for status in sorted({*statuses, *ALWAYS})
    }


def problem(
    status: int,
    title: str,
    errors: Iterable[FieldError] = (),
    detail: str = "",
    headers: dict[str, str] | None = None,
) -> ProblemDetailsException:
    """Return the exception that answers with problem details."""
    listed = [msgspec.structs.replace(error, message=_shortened(error.message)) for error in errors]
    if status == 503:
        headers = {"Retry-After": str(RETRY_AFTER_SECONDS)}
    return ProblemDetailsException(
        status_code=status,
        title=title,
        detail=detail or _summary(listed),
        extra={"errors": msgspec.to_builtins(listed)} if listed else None,
        headers=headers,
    )


def details_of(error: ProblemDetailsException, place: str) -> ProblemDetails:
    """Return problem details as a part of an answer.

    Args:
        error: The error, as it would be answered alone.
        place: Where the request stands that it is about, such as `businesses[3]`.
    """
    listed = error.extra.get("errors", ()) if isinstance(error.extra, dict) else ()
    fields = [f"{place}.{each['field']}".removesuffix(f".{WHOLE}") for each in listed]
    errors = tuple(
        FieldError(**each | {"field": field}) for each, field in zip(listed, fields, strict=True)
    )
    detail = _summary(errors) or error.detail
    return ProblemDetails(error.status_code, error.title or "", detail, errors)


def _summary(errors: Iterable[FieldError]) -> str:
    return "; ".join(f"{error.field}: {error.message}" for error in errors)


def invalid(errors: Iterable[FieldError]) -> ProblemDetailsException:
    """Return the answer to a request whose fields are wrong."""
    return problem(422, "The request is not valid", errors)


def unknown_codes(problems: Iterable[FieldProblem], prefix: str = "") -> ProblemDetailsException:
    """Return the answer to a request with codes that no table knows."""
    return invalid(
        FieldError(prefix + each.field, f"{each.found!r} is not known", each.expected)
        for each in problems
    )


def too_many(wait: int, title: str) -> ProblemDetailsException:
    """Return the answer to one request too many.

    Args:
        wait: Nanoseconds until one may come again.
        title: What there was too much of.
    """
    seconds = seconds_of(wait)
    told = f"Try again in {seconds} seconds" if seconds > 1 else "Try again in a second"
    return problem(429, title, detail=told, headers={"Retry-After": str(seconds)})


def unknown_profile() -> ProblemDetailsException:
    """Return the answer to a request for a profile that is not stored."""
    error = FieldError("profile_id", "no such profile is stored", PROFILE_ID)
    return problem(404, "There is no such profile", [error])


class StrictRequest(Request[Any, Any, Any]):
    """Decodes a JSON body straight into the type that the handler asks for.

    Litestar would decode it untyped and convert it leniently afterwards, so that "4" passed for a
    number, and the path of a fault was lost; this is stricter, and one pass instead of two.
    """

    async def json(self) -> Any:
        """Return the body as the type of the handler's `data`.

        Raises:
            ProblemDetailsException: If it is not declared as JSON (415), is no JSON (400) or is
                not of that type (422), or if it is compressed (415).
        """
        declared = self.content_type[0]
        if not JSON.fullmatch(declared):
            expected = FieldError("Content-Type", f"found {declared or 'none'}", "application/json")
            raise problem(415, "The body is not declared as JSON", [expected])
        wanted = self.route_handler.parsed_data_field
        kind = wanted.annotation if wanted else Any
        try:
            return decode(await self.body(), kind)
        except ProblemDetailsException as error:
            coding = self.headers.get("content-encoding", "identity")
            if error.status_code != 400 or coding == "identity":
                raise
            expected = FieldError("Content-Encoding", f"found {coding}", "none: JSON as it is")
            raise problem(415, "The body is encoded", [expected]) from error


def decode(body: bytes | msgspec.Raw, kind: type[Decoded]) -> Decoded:
    """Decode JSON into a type.

    Raises:
        ProblemDetailsException: If it is no JSON (400), or not of that type (422).
    """
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError as error:
        raise invalid([explain(str(error), kind, _read_again(bytes(body)))]) from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise _no_json(error) from error


def _read_again(body: bytes) -> Any:
    """Decode a body that msgspec read only up to the first wrong field.

    Python's own decoder takes the numbers that are too large for msgspec: one may be that field.
    """
    try:
        return json.loads(body.decode(), parse_int=float)
    except (ValueError, RecursionError) as error:
        raise _no_json(error) from error


def _no_json(error: Exception) -> ProblemDetailsException:
    return problem(400, "The body is not valid JSON in UTF-8", detail=str(error))


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
        inside = sent if isinstance(sent, dict) else {}  # may be no object if a name stands twice
        if step == "[...]":  # msgspec does not say which entry of a mapping: the first wrong one
            field = _resolve(field["additionalProperties"], parts)
            known = field.get("enum", ())
            step = next((name for name, value in inside.items() if value not in known), "")
            path, sent = f"{path}.{step}".rstrip("."), inside.get(step)
        elif step.startswith("["):
            field, sent = field["items"], None  # no list on the wire holds a mapping
            path += step
        else:
            field, sent = field["properties"][step], inside.get(step)
            path = f"{path}.{step}".removeprefix(".")
    field = _resolve(field, parts)
    if "matching regex" in message:
        message = f"Expected {describe_schema(field)}"
    elif named := re.search(r"required field `(.+?)`", message):
        path, field = f"{path}.{named[1]}", _resolve(field["properties"][named[1]], parts)
    elif named := re.search(r"unknown field `(.+?)`", message):
        path = f"{path}.{named[1]}"
    elif where.startswith("`key`"):
        field = _resolve(field.get("propertyNames", {}), parts)
    if "items" in field:
        name = field["items"].get("$ref", "").rpartition("/")[2]
        field = field | {"items": parts.get(name, field["items"])}
    path = path.encode(errors="replace").decode()  # half a surrogate cannot be answered
    return FieldError(path.removeprefix(".") or WHOLE, message, describe_schema(field))


def _resolve(schema: dict[str, Any], parts: dict[str, Any]) -> dict[str, Any]:
    while True:
        if "$ref" in schema:
            schema = parts[schema["$ref"].rsplit("/", 1)[1]]
        elif "anyOf" in schema:
            options = [option for option in schema["anyOf"] if option.get("type") != "null"]
            schema = options[-1]
        else:
            return schema


def to_problem(
    error: Exception, request: Request[Any, Any, Any] | None = None
) -> ProblemDetailsException:
    """Return an error as problem details; one of our own tells nothing of the inside.

    Args:
        error: What went wrong.
        request: What was asked; without it, less is told of what would be right.
    """
    match error:
        case ProblemDetailsException():
            return error
        case ValidationException(extra=[{"key": "data"}]):
            return problem(400, "The body is empty", detail="expected JSON")
        case ValidationException(extra=list() as listed):
            return invalid(
                FieldError(each["key"], each["message"], _expected(each["key"], request))
                for each in listed
            )
        case MethodNotAllowedException():
            allowed = allow_header((error.headers or {}).get("allow", "").split(", "))
            title, headers = "This address does not take this method", {"Allow": allowed}
            return problem(405, title, detail=f"expected {allowed}", headers=headers)
        case HTTPException():
            title, expected = _refusal(error, request)
            return problem(error.status_code, title, detail=expected, headers=error.headers)
        case StoreUnavailable():
            return problem(503, "Nothing can be stored or read at the moment", detail=str(error))
        case UnknownReference():
            name = f"events[{error.index}].{error.field}"
            found = f"{error.value!r} is not known"
            return invalid([FieldError(name, found, REFERENCES[error.field])])
        case ConflictingEvent():
            name, expected = f"events[{error.index}].id", "a new id for each event"
            conflict = FieldError(name, f"{error.id!r} is the id of another event", expected)
            return problem(409, "An event contradicts another one of its id", [conflict])
        case Unreadable():
            title = "This was stored by another version; send it again"
            return problem(409, title, detail=str(error))
        case StoreError():
            return problem(422, "The request cannot be stored", detail=str(error))
        case UnicodeDecodeError():
            return problem(400, "The request is not valid UTF-8", detail=str(error))
        case _:
            return problem(500, "Something went wrong on our side")


def _expected(name: str, request: Request[Any, Any, Any] | None) -> str:
    """Say which values a parameter of the path or of the query takes."""
    handler = request.scope.get("route_handler") if request else None
    parameter = handler.parsed_fn_signature.parameters.get(name) if handler else None
    if parameter is None or not isinstance(parameter.kwarg_definition, ParameterKwarg):
        return ""
    told = parameter.kwarg_definition
    bounds = {"minimum": told.ge, "maximum": told.le}
    schema = _resolve(msgspec.json.schema(parameter.annotation), {})
    return describe_schema(schema | {k: v for k, v in bounds.items() if v is not None})


def _refusal(error: HTTPException, request: Request[Any, Any, Any] | None) -> tuple[str, str]:
    """Return what the framework refuses, and what would be right as far as that is known."""
    if error.status_code == 404:
        return "There is nothing at this address", "/schema/openapi.json lists what there is"
    if error.status_code == 413 and request:
        limit = request.route_handler.resolve_request_max_body_size()
        known = f"expected at most {limit:,} bytes" if isinstance(limit, int) else ""
        return "The body is too large", known
    return error.detail or "The request failed", ""


def _shortened(text: str) -> str:
    """Return a text of at most a few lines: what was sent may be long, and is repeated in it."""
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"
