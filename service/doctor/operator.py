"""Looks at whom the pages name."""

from collections.abc import Iterator

from recommender.domain import Reference
from service.doctor.finding import Finding, passed, warned
from service.settings import Settings


def check_operator(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Look whether owners are told who answers for their data."""
    if settings.operator:
        yield passed("operator", f"the pages say that {settings.operator} answers for the data")
    else:
        told = "the pages do not say who answers for the data, nor whom to complain to"
        yield warned("operator", told, "set OPERATOR to a name and how to reach it")
