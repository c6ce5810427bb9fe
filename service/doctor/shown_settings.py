"""The settings as they may be shown to anybody: without passwords."""

import re
from typing import Any

import msgspec
from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from service.settings import Proxies, Settings

SECRET = re.compile(r"(password|passwd|secret|token|credential|pepper|salt|_key)$")
HIDDEN = "***"


def shown_settings(settings: Settings) -> dict[str, Any]:
    """Return every setting by the name of its variable, secrets hidden."""
    return {
        field.name.upper(): _shown(field.name, getattr(settings, field.name))
        for field in msgspec.structs.fields(settings)
    }


def _shown(name: str, value: Any) -> Any:
    if name == "database_url":
        return shown_url(value)
    if SECRET.search(name):
        return HIDDEN if value else ""
    if isinstance(value, Proxies):
        return ", ".join(value.listed)
    return value if isinstance(value, bool | int | float) else str(value)


def shown_url(text: str) -> str:
    """Return the address of a database without its passwords, wherever in it they are."""
    try:
        url = make_url(text)
    except ArgumentError:
        return HIDDEN  # whatever it is, a password may be in it
    hidden = {name: HIDDEN for name in url.query if SECRET.search(name.lower())}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)
