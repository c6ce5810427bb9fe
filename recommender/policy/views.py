"""Parts of an answer in the reader's language."""

from recommender.domain import Locale, Reference
from recommender.domain.catalogue import Platform
from recommender.domain.duties import Duty
from recommender.domain.maturity import Maturity
from recommender.domain.recommendation import (
    DutyMet,
    MaturityView,
    PlatformView,
    Price,
    SizeView,
    SupportOffer,
)
from recommender.domain.sizes import SizeClass
from recommender.domain.support import SupportScheme


def platform_view(platform: Platform, reference: Reference, locale: Locale) -> PlatformView:
    """Return a platform of the catalogue as answers show it."""
    category = reference.categories[platform.category]
    return PlatformView(
        id=platform.id,
        name=platform.name,
        provider=platform.provider,
        category=platform.category,
        category_name=category.say("name", locale),
        function=category.function,
        summary=platform.say("summary", locale),
        website=f"https://{platform.website}" if platform.website else None,
        sectors=platform.sectors,
        sizes=platform.sizes,
        provenance=platform.provenance,
        source_date=platform.source_date,
        price=price_of(platform),
    )


def price_of(platform: Platform) -> Price | None:
    """Return what a platform costs, where a source tells it."""
    if (
        platform.price_min_vnd_month is None
        or platform.price_source is None
        or platform.price_date is None
    ):
        return None
    return Price(
        platform.price_min_vnd_month,
        platform.price_max_vnd_month,
        platform.price_source,
        platform.price_date,
    )


def size_view(size: SizeClass, reference: Reference, locale: Locale) -> SizeView:
    """Return the size class with what was assumed."""
    note = None
    if size.assumed:
        which = "size_assumed" if len(size.assumed) == 2 else f"size_assumed_{size.assumed[0]}"
        note = reference.messages.notes[which].say(locale)
    name = reference.choices["size"][size.code].say("name", locale)
    scheme = size.rule.say("scheme", locale) if size.rule else None
    return SizeView(size.code, name, scheme, size.assumed, note)


def maturity_view(maturity: Maturity, reference: Reference, locale: Locale) -> MaturityView:
    """Return the maturity with the name of its level."""
    name = None
    if maturity.level is not None:
        name = reference.levels[maturity.level].say("name", locale)
    return MaturityView(
        maturity.score,
        maturity.level,
        name,
        maturity.functions,
        maturity.practices,
        reference.messages.notes["maturity"].say(locale),
    )


def support_offer(scheme: SupportScheme, locale: Locale) -> SupportOffer:
    """Return the most that a scheme could pay."""
    return SupportOffer(
        scheme_id=scheme.id,
        scheme=scheme.say("scheme", locale),
        kind=scheme.kind,
        status=scheme.status,
        in_force_from=scheme.in_force_from,
        rate_pct=scheme.rate_pct,
        cap_million_vnd_per_year=scheme.cap_million_vnd_per_year,
        months_min=scheme.months_min,
        months_max=scheme.months_max,
        note=scheme.say("note", locale),
    )


def duty_met(duty: Duty, locale: Locale) -> DutyMet:
    """Return a legal duty as the reason to look at a platform."""
    obligation = duty.obligation
    return DutyMet(
        obligation_id=obligation.id,
        text=obligation.say("text", locale),
        in_force_from=obligation.in_force_from,
        urgency=obligation.urgency,
        certain=duty.certain,
        verified=obligation.verified,
    )
