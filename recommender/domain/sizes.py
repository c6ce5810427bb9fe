"""The size class of a business, by the rule in force (employees AND (revenue OR capital))."""

import datetime as dt
from collections.abc import Sequence
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.business import BusinessProfile, SizeCode
from recommender.domain.tables import Bilingual

MoneyField = Literal["revenue", "capital"]
Bound = Annotated[float, Meta(gt=0, le=1_000_000)]


class SizeRule(Bilingual, frozen=True):
    """Upper bounds of one size class in one group of sectors, and the law that sets them."""

    scheme_en: str
    scheme_vi: str
    in_force_from: dt.date
    size_group: str
    size: Literal["micro", "small", "medium"]
    max_employees: Annotated[int, Meta(gt=0)]
    max_revenue_bn_vnd: Bound
    max_capital_bn_vnd: Bound


class SizeClass(Struct, frozen=True):
    """The size class, by which rule, and what was not told and assumed within its bound.

    A household business stands outside the rules; one that is large is above the last of them.
    """

    code: SizeCode
    rule: SizeRule | None
    assumed: tuple[MoneyField, ...] = ()


def size_class(profile: BusinessProfile, size_group: str, rules: Sequence[SizeRule]) -> SizeClass:
    """Classify a business.

    Household businesses are a class of their own. The number of employees picks the smallest class
    that may fit; one of revenue and capital must be within its bound as well. Where none that was
    told is, one that was not told is assumed to be, and named in `assumed`. A business is large
    only by what it told: too many employees, or revenue and capital both too high.

    Args:
        profile: The business.
        size_group: The group of its sector in the rules.
        rules: The rules of the scheme, in any order.
    """
    if profile.legal_form == "household":
        return SizeClass("household", None)
    revenue, capital = profile.revenue_bn_vnd, profile.capital_bn_vnd
    money: tuple[tuple[MoneyField, float | None], ...] = (
        ("revenue", revenue),
        ("capital", capital),
    )
    not_told = tuple(name for name, value in money if value is None)
    applicable = sorted(
        (rule for rule in rules if rule.size_group == size_group),
        key=lambda rule: rule.max_employees,
    )
    for rule in applicable:
        if profile.employees > rule.max_employees:
            continue
        if (revenue is not None and revenue <= rule.max_revenue_bn_vnd) or (
            capital is not None and capital <= rule.max_capital_bn_vnd
        ):
            return SizeClass(rule.size, rule)
        if not_told:
            return SizeClass(rule.size, rule, not_told)
    return SizeClass("large", applicable[-1] if applicable else None)
