"""What a key may do, by its kind, and how a handler says what it needs."""

from collections.abc import Mapping
from typing import Any, Literal, get_args

from service.access.retirement import Retirement

Kind = Literal["publishable", "secret", "admin"]
Scope = Literal[
    "recommend",
    "recommend:batch",
    "events",
    "platforms:read",
    "profiles:read",
    "profiles:write",
    "metrics",
    "admin",
]

SCOPES: tuple[Scope, ...] = get_args(Scope)
KINDS: tuple[Kind, ...] = get_args(Kind)

GRANTS: Mapping[Kind, frozenset[Scope]] = {
    "publishable": frozenset({"recommend", "events", "platforms:read"}),
    "secret": frozenset(SCOPES) - {"admin"},
    "admin": frozenset(SCOPES),
}
"""The most that a key of each kind may do."""

GATED = "gated"
"""The option of handlers that stand behind the gate."""

ENDS = "ends"
"""The option of handlers that end one day."""

SCHEME = "key"
"""What the OpenAPI document calls the keys."""


def needs(
    scope: Scope, *, seconds: float | None = None, ends: Retirement | None = None
) -> dict[str, Any]:
    """Return what a handler is declared with: read by `Gate`, `TimeLimit` and the document.

    Args:
        scope: What a key must be allowed to call it.
        seconds: How long a call may take, if not as long as any other.
        ends: When it ends, if it does: told in every answer, and the document calls it deprecated.
    """
    opt: dict[str, Any] = {"scope": scope}
    if seconds is not None:
        opt["seconds"] = seconds
    if ends is not None:
        opt[ENDS] = ends
    return {"opt": opt, "security": [{SCHEME: [scope]}], "deprecated": ends is not None}


def needed(opt: Mapping[str, Any]) -> Scope:
    """Return what a handler needs; one that says nothing is for administration."""
    scope: Scope = opt.get("scope", "admin")
    return scope
