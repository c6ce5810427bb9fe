"""The private addresses of a questionnaire: its owner's, and one that is lent to who helps."""

import re
import secrets

_LENT = "lent-"
TOKEN = re.compile(rf"(?:{_LENT})?[A-Za-z0-9_-]{{22}}")
"""`secrets.token_urlsafe(16)`: 128 bits, not to be guessed."""

_LENT_PART = re.compile(rf"/({_LENT}[A-Za-z0-9_-]{{22}})(?=/|$)")


def new_token() -> str:
    """Return an address for a new owner, or for the round of a volunteer."""
    return secrets.token_urlsafe(16)


def new_lent_token() -> str:
    """Return an address to be lent."""
    return _LENT + new_token()


def lent_token(path: str) -> str:
    """Return the lent address that a path goes through; empty for an owner's own pages."""
    match = _LENT_PART.search(path)
    return match[1] if match else ""
