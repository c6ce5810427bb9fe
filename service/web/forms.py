"""Forms as browsers send them, read strictly."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qsl

from litestar import Request
from litestar.exceptions import ClientException

Form = Mapping[str, tuple[str, ...]]
"""The values of each field, in the order in which they were sent."""

MAX_BYTES = 64 * 1024
"""Largest form taken; the largest page of the questionnaire sends about 3 KB."""

MAX_FIELDS = 600
MAX_TEXT = 200


async def read_form(request: Request[Any, Any, Any]) -> Form:
    """Read a URL-encoded form.

    Litestar's own reader keeps the last 1,024 bodies in memory; these are private, and an erased
    business must not linger there.

    Raises:
        ClientException: The body is not a form, not UTF-8, or has too many fields.
    """
    body = await request.body()
    try:
        pairs = parse_qsl(
            body.decode("ascii"),
            keep_blank_values=True,
            errors="strict",
            max_num_fields=MAX_FIELDS,
        )
    except ValueError as error:  # UnicodeDecodeError is one too
        raise ClientException("The form cannot be read.") from error
    form: dict[str, tuple[str, ...]] = {}
    for name, value in pairs:
        form[name] = (*form.get(name, ()), clean(value))
    return form


def clean(text: str) -> str:
    """Return one line of at most 200 visible characters."""
    visible = "".join(sign if sign.isprintable() else " " for sign in text[: MAX_TEXT * 4])
    return " ".join(visible.split())[:MAX_TEXT]


def single(form: Form, name: str) -> str:
    """Return the value of a field that is sent once; several different ones are kept apart.

    Two different answers to one question fit no option, so that the page asks again.
    """
    return ", ".join(dict.fromkeys(value for value in form.get(name, ()) if value))[:MAX_TEXT]
