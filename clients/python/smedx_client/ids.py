"""Ids that the sender chooses."""

import secrets


def new_id() -> str:
    """Return a new id: what is sent twice under it counts once."""
    return secrets.token_hex(16)
