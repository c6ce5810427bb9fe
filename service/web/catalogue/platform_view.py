"""One platform as its page shows it: whom it is for, duties, support, and others like it."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.domain import Locale, Reference
from recommender.domain.catalogue import Category, Platform
from recommender.domain.duties import Obligation
from recommender.domain.recommendation import SupportOffer
from recommender.domain.support import SupportScheme
from recommender.policy.views import support_offer
from service.web.catalogue.filters import Fitting, fitting
from service.web.i18n import Language
from service.web.spelling import plain
from service.web.wording import support_since, support_status, support_terms

MOST_SIMILAR = 5
CONSULTANCY = "consultancy_contract"
"""The kind of a scheme that pays for advice and for no platform."""


@dataclass(frozen=True)
class Chance:
    """Support that somebody could get.

    Attributes:
        whom: Who could get it.
        offer: The scheme.
        terms: The most that it pays.
        since: Since when it holds.
        status: Why it may come to nothing; empty for one that is law.
        source: Where it is published.
    """

    whom: str
    offer: SupportOffer
    terms: str
    since: str
    status: str
    source: str


@dataclass(frozen=True)
class PlatformView:
    """What the page shows; empty `sectors` or `sizes` mean all.

    Attributes:
        schemes: Chances of support by the name of the scheme.
        similar: Platforms of the same kind, the most alike first.
    """

    platform: Platform
    category: Category
    website: str | None
    source: str
    source_date: str
    needs: Sequence[str]
    sectors: Sequence[str]
    sizes: Sequence[str]
    duties: Sequence[Obligation]
    schemes: dict[str, list[Chance]]
    similar: Sequence[Platform]


def view_platform(platform: Platform, reference: Reference, language: Language) -> PlatformView:
    """Prepare a platform for its page.

    Args:
        platform: One of the catalogue.
        reference: The catalogue and the rules.
        language: The reader's.
    """
    locale = language.locale
    sizes = reference.choices["size"]
    return PlatformView(
        platform=platform,
        category=reference.categories[platform.category],
        website=website_of(platform),
        source=_source(platform, locale),
        source_date=language.day_or_text(platform.source_date) if platform.source_date else "",
        needs=[
            need.say("name", locale)
            for need in reference.needs.values()
            if platform.category in need.categories
        ],
        sectors=[
            row.say("name", locale)
            for row in reference.asked_sectors
            if row.code in platform.sectors
        ],
        sizes=[sizes[size].say("name", locale) for size in platform.sizes],
        duties=[
            duty for duty in reference.obligations.values() if platform.category in duty.categories
        ],
        schemes=_schemes(platform, reference, language),
        similar=similar(platform, reference),
    )


def _source(platform: Platform, locale: Locale) -> str:
    """Return the address of a source, or what it is in words; empty for none."""
    return platform.say("source", locale) if platform.source_en else ""


def website_of(platform: Platform) -> str | None:
    """Return the address of a platform's website, always encrypted."""
    return f"https://{platform.website}" if platform.website else None


def similar(platform: Platform, reference: Reference) -> list[Platform]:
    """Return platforms of the same kind, those for the same lines of business and sizes first.

    Equally alike ones stand in the order of the alphabet.
    """
    fits = fitting(reference)
    same = [
        other
        for other in reference.platforms.values()
        if other.category == platform.category and other.id != platform.id
    ]
    same.sort(key=lambda other: (-_alike(platform, other, fits), plain(other.name)))
    return same[:MOST_SIMILAR]


def _alike(one: Platform, other: Platform, fits: Fitting) -> float:
    """Return the share of sectors that both are for, times that of sizes."""
    share = 1.0
    for name in ("sector", "size"):
        of_one, of_other = fits[one.id][name], fits[other.id][name]
        share *= len(of_one & of_other) / len(of_one | of_other)
    return share


def _schemes(
    platform: Platform, reference: Reference, language: Language
) -> dict[str, list[Chance]]:
    """Return the support for platforms of this kind and size, by scheme in file order."""
    schemes: dict[str, list[Chance]] = {}
    for scheme in reference.schemes.values():
        for_kind = not scheme.categories or platform.category in scheme.categories
        for_size = not scheme.sizes or not platform.sizes or set(scheme.sizes) & set(platform.sizes)
        if scheme.kind != CONSULTANCY and for_kind and for_size:
            offer = support_offer(scheme, language.locale)
            chance = Chance(
                whom=_whom(scheme, reference, language),
                offer=offer,
                terms=support_terms(offer, language),
                since=support_since(offer, language),
                status=support_status(offer, language),
                source=scheme.source,
            )
            schemes.setdefault(offer.scheme, []).append(chance)
    return schemes


def _whom(scheme: SupportScheme, reference: Reference, language: Language) -> str:
    """Say who could get it: kinds of business, sizes, most people."""
    _ = language.gettext
    whom = []
    for name, codes in (("legal_form", scheme.legal_forms), ("size", scheme.sizes)):
        choices = reference.choices[name]
        if codes and set(codes) != set(choices):
            names = [
                choices[code].say("name", language.locale)
                for code in codes
                if code != "household" or name == "legal_form"  # not told twice
            ]
            whom.append(", ".join(text.partition(" (")[0] for text in names))
    if scheme.max_employees is not None:
        count = language.number(scheme.max_employees)
        whom.append(_("at most %(count)s people", count=count))
    text = "; ".join(whom) or _("all businesses")
    return text[0].upper() + text[1:].lower()
