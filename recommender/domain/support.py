"""Public support for buying a platform: what a business could get at most, and by which scheme."""

import datetime as dt
from collections.abc import Iterable
from typing import Annotated, Literal

from msgspec import Meta

from recommender.domain.business import BusinessProfile, LegalForm, SizeCode
from recommender.domain.tables import Bilingual


class SupportScheme(Bilingual, frozen=True):
    """A scheme; empty `legal_forms`, `sizes` or `categories` mean that it is open to all."""

    id: str
    scheme_en: str
    scheme_vi: str
    status: Literal["in_force", "draft", "reported"]
    in_force_from: dt.date | None
    kind: str
    legal_forms: tuple[LegalForm, ...]
    sizes: tuple[SizeCode, ...]
    max_employees: Annotated[int, Meta(ge=0)] | None
    rate_pct: Annotated[float, Meta(ge=0, le=100)] | None
    cap_million_vnd_per_year: Annotated[float, Meta(ge=0)] | None
    months_min: Annotated[int, Meta(ge=0)] | None
    months_max: Annotated[int, Meta(ge=0)] | None
    categories: tuple[str, ...]
    note_en: str
    note_vi: str
    source: str


def support_for(
    profile: BusinessProfile, size: SizeCode, schemes: Iterable[SupportScheme]
) -> tuple[SupportScheme, ...]:
    """Return the schemes that this business could use, those in force first."""
    order = ("in_force", "reported", "draft")
    open_to = [
        scheme
        for scheme in schemes
        if (not scheme.legal_forms or profile.legal_form in scheme.legal_forms)
        and (not scheme.sizes or size in scheme.sizes)
        and (scheme.max_employees is None or profile.employees <= scheme.max_employees)
    ]
    return tuple(sorted(open_to, key=lambda scheme: order.index(scheme.status)))
