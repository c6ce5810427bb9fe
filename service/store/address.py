"""The address of a database as it may be shown to anybody: without passwords."""

import re

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

SECRET = re.compile(r"(password|passwd|secret|token|credential|pepper|salt|_key)$")
"""How the names of what is secret end."""

HIDDEN = "***"


def shown_url(text: str) -> str:
    """Return the address of a database without its passwords, wherever in it they are."""
    try:
        url = make_url(text)
    except ArgumentError:
        return HIDDEN  # whatever it is, a password may be in it
    hidden = {name: HIDDEN for name in url.query if SECRET.search(name.lower())}
    return url.update_query_dict(hidden).render_as_string(hide_password=True)
