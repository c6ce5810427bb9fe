"""What a check says."""

from collections.abc import Callable, Iterator
from typing import Literal

from msgspec import Struct

from recommender.domain import Reference
from service.settings import Settings

Verdict = Literal["PASS", "WARN", "FAIL"]


class Finding(Struct, frozen=True):
    """What was found.

    Attributes:
        check: What was looked at.
        verdict: FAIL where the service cannot do its work, WARN where it soon may not.
        told: What was found.
        todo: What to do about it; empty where nothing is to be done.
    """

    check: str
    verdict: Verdict
    told: str
    todo: str = ""


Check = Callable[[Settings, Reference | None], Iterator[Finding]]
"""Looks at one thing; it is given the data tables unless they have faults."""


def passed(check: str, told: str) -> Finding:
    """Return that all is well."""
    return Finding(check, "PASS", told)


def warned(check: str, told: str, todo: str) -> Finding:
    """Return what may become a fault."""
    return Finding(check, "WARN", told, todo)


def failed(check: str, told: str, todo: str) -> Finding:
    """Return a fault."""
    return Finding(check, "FAIL", told, todo)
