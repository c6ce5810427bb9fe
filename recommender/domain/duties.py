"""Legal duties that a platform helps to meet."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.business import BusinessProfile, LegalForm, Money
from recommender.domain.tables import Bilingual


class Obligation(Bilingual, frozen=True):
    """A duty in law, whom it binds and which categories of platform meet it."""

    id: str
    in_force_from: dt.date
    legal_forms: tuple[LegalForm, ...]
    min_revenue_bn_vnd: Money | None
    consumers_only: bool
    categories: Annotated[tuple[str, ...], Meta(min_length=1)]
    urgency: Literal["high", "medium"]
    text_en: str
    text_vi: str
    source_en: str
    source_vi: str
    verified: bool


class Duty(Struct, frozen=True):
    """A duty that binds a business, or may bind it as its revenue is not known."""

    obligation: Obligation
    certain: bool
    met_by: tuple[str, ...] = ()


def duties_of(
    profile: BusinessProfile,
    categories_in_use: frozenset[str],
    obligations: Iterable[Obligation],
) -> tuple[Duty, ...]:
    """Return the duties of a business.

    Args:
        profile: The business.
        categories_in_use: Categories of the platforms that it uses; those that meet a duty are
            named in its `met_by`.
        obligations: Every known duty.
    """
    duties = []
    for duty in obligations:
        threshold, revenue = duty.min_revenue_bn_vnd, profile.revenue_bn_vnd
        if duty.legal_forms and profile.legal_form not in duty.legal_forms:
            continue
        if duty.consumers_only and not profile.sells_to_consumers:
            continue
        if threshold is not None and revenue is not None and revenue < threshold:
            continue
        met_by = tuple(sorted(categories_in_use.intersection(duty.categories)))
        duties.append(Duty(duty, threshold is None or revenue is not None, met_by))
    return tuple(duties)
