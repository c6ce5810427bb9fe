"""The size class of a business, by the rule in force (employees AND (revenue OR capital))."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.business import BusinessProfile, SizeCode

Bound = Annotated[float, Meta(gt=0)]


class SizeRule(Struct, frozen=True):
    """Upper bounds of one size class in one group of sectors."""

    scheme: str
    in_force_from: dt.date
    size_group: str
    size: Literal["micro", "small", "medium"]
    max_employees: Annotated[int, Meta(gt=0)]
    max_revenue_bn_vnd: Bound
    max_capital_bn_vnd: Bound


class SizeClass(Struct, frozen=True):
    """The size class, and what had to be assumed because it was not told."""

    code: SizeCode
    scheme: str | None
    assumed: tuple[Literal["revenue", "capital"], ...] = ()


def size_class(profile: BusinessProfile, size_group: str, rules: Sequence[SizeRule]) -> SizeClass:
    """Classify a business.

    Household businesses are a class of their own. Where neither revenue nor capital is told, both
    are assumed to be within the bound and the number of employees alone decides; where one is
    told, it decides alone, as the rule needs only one of them to be within its bound.

    Args:
        profile: The business.
        size_group: The group of its sector in the rules.
        rules: The rules of the scheme, in any order.
    """
    if profile.legal_form == "household":
        return SizeClass("household", None)
    revenue, capital = profile.revenue_bn_vnd, profile.capital_bn_vnd
    assumed: tuple[Literal["revenue", "capital"], ...] = (
        ("revenue", "capital") if revenue is None and capital is None else ()
    )
    applicable = sorted(
        (rule for rule in rules if rule.size_group == size_group),
        key=lambda rule: rule.max_employees,
    )
    for rule in applicable:
        money_fits = (
            bool(assumed)
            or (revenue is not None and revenue <= rule.max_revenue_bn_vnd)
            or (capital is not None and capital <= rule.max_capital_bn_vnd)
        )
        if profile.employees <= rule.max_employees and money_fits:
            return SizeClass(rule.size, rule.scheme, assumed)
    return SizeClass("large", applicable[0].scheme if applicable else None, assumed)
