"""The catalogue for everybody: browse, search, read about one platform, go to its website."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from recommender.domain import Reference
from recommender.domain.catalogue import BusinessFunction, Category, Platform
from service.serving import Serving
from service.web.forms import clean
from service.web.pages import Page
from service.web.security import PUBLIC
from service.web.spelling import plain
from service.web.wording import notes


@dataclass(frozen=True)
class Shelf:
    """The platforms of one category that were looked for."""

    category: Category
    platforms: tuple[Platform, ...]


def find_platforms(reference: Reference, category: str, words: str) -> list[Platform]:
    """Return the platforms of a category that contain every word, whatever its diacritics.

    Args:
        reference: The catalogue.
        category: Code of a category; empty for all.
        words: What was typed into the search field.
    """
    wanted = plain(words).split()
    found = []
    for platform in reference.platforms.values():
        if category and platform.category != category:
            continue
        kind = reference.categories[platform.category]
        texts = (platform.name, platform.provider, platform.summary_vi, platform.summary_en)
        haystack = plain(" ".join((*texts, kind.name_vi, kind.name_en))) if wanted else ""
        if all(word in haystack for word in wanted):
            found.append(platform)
    return sorted(found, key=lambda platform: plain(platform.name))


def website_of(platform: Platform) -> str | None:
    """Return the address of a platform's website, always encrypted."""
    return f"https://{platform.website}" if platform.website else None


@get("/platforms")
async def list_platforms(
    serving: NamedDependency[Serving],
    page: NamedDependency[Page],
    category: FromQuery[str] = "",
    q: FromQuery[str] = "",
) -> Response[Any]:
    """Show the catalogue by business function and category."""
    reference, words = serving.reference, clean(q)
    category = category if category in reference.categories else ""
    found = find_platforms(reference, category, words)
    return page.render(
        "catalogue/platforms.html",
        cache_control=PUBLIC,
        functions=_shelves(reference, found),
        categories=reference.categories.values(),
        count=len(found),
        category=category,
        words=words,
        notes=notes(reference, page.language),
    )


@get("/platforms/{platform_id:str}")
async def show_platform(
    platform_id: FromPath[str], serving: NamedDependency[Serving], page: NamedDependency[Page]
) -> Response[Any]:
    """Show one platform, with where its description comes from."""
    reference = serving.reference
    platform = _known(platform_id, reference)
    locale = page.language.locale
    return page.render(
        "catalogue/platform.html",
        cache_control=PUBLIC,
        platform=platform,
        category=reference.categories[platform.category],
        website=website_of(platform),
        sectors=[
            row.say("name", locale)
            for row in reference.asked_sectors
            if row.code in platform.sectors
        ],
        sizes=[reference.choices["size"][size].say("name", locale) for size in platform.sizes],
        source_date=page.language.day_or_text(platform.source_date) if platform.source_date else "",
        notes=notes(reference, page.language),
    )


@get("/visit/{platform_id:str}")
async def visit(
    platform_id: FromPath[str], serving: NamedDependency[Serving], page: NamedDependency[Page]
) -> Response[Any]:
    """Lead to the website of a platform.

    A page in between and not a redirect: browsers hold the `form-action` of the page that sent a
    form against every redirect that follows, and it allows no site but this one.
    """
    platform = _known(platform_id, serving.reference)
    website = website_of(platform)
    if website is None:
        raise NotFoundException("No website is known.")
    return page.render(
        "catalogue/visit.html", cache_control=PUBLIC, platform=platform, website=website
    )


def _known(platform_id: str, reference: Reference) -> Platform:
    platform = reference.platforms.get(platform_id)
    if platform is None:
        raise NotFoundException("There is no such platform.")
    return platform


def _shelves(
    reference: Reference, found: list[Platform]
) -> list[tuple[BusinessFunction, list[Shelf]]]:
    functions = []
    for code, function in reference.functions.items():
        shelves = [
            Shelf(category, tuple(p for p in found if p.category == category.code))
            for category in reference.categories.values()
            if category.function == code
        ]
        if filled := [shelf for shelf in shelves if shelf.platforms]:
            functions.append((function, filled))
    return functions
