"""The catalogue for everybody: browse, search, read about one platform, go to its website."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from recommender.domain import Reference
from recommender.domain.catalogue import Platform
from service.serving import Serving
from service.store.records import Draft
from service.web.catalogue.filters import Asked, understood
from service.web.catalogue.listing import look_up
from service.web.catalogue.platform_view import view_platform, website_of
from service.web.forms import clean
from service.web.pages import Page
from service.web.security import PUBLIC
from service.web.wording import notes


@get("/platforms")
async def list_platforms(
    serving: NamedDependency[Serving],
    page: NamedDependency[Page],
    q: FromQuery[str] = "",
    need: FromQuery[str] = "",
    sector: FromQuery[str] = "",
    size: FromQuery[str] = "",
    category: FromQuery[str] = "",
) -> Response[Any]:
    """Show what was looked for, the best first; without words the catalogue by function."""
    reference = serving.reference
    asked = understood(Asked(clean(q), need, sector, size, category), reference)
    return page.render(
        "catalogue/platforms.html",
        cache_control=PUBLIC,
        listing=await look_up(asked, reference, page.language),
        total=len(reference.platforms),
        notes=notes(reference, page.language),
    )


@get("/platforms/{platform_id:str}")
async def show_platform(
    platform_id: FromPath[str], serving: NamedDependency[Serving], page: NamedDependency[Page]
) -> Response[Any]:
    """Show one platform: whom it is for, duties, support, others like it, and its source."""
    reference = serving.reference
    return page.render(
        "catalogue/platform.html",
        cache_control=PUBLIC,
        view=view_platform(_known(platform_id, reference), reference, page.language),
        dated=reference.sources["platforms"].dated,
        notes=notes(reference, page.language),
        result="",
    )


@get("/result/{token:str}/platforms/{platform_id:str}")
async def show_suggested(
    token: FromPath[str],
    platform_id: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Show one platform to who comes from a result, with the way back; no cache keeps it."""
    return page.render(
        "catalogue/platform.html",
        view=view_platform(
            _known(platform_id, serving.reference), serving.reference, page.language
        ),
        dated=serving.reference.sources["platforms"].dated,
        notes=notes(serving.reference, page.language),
        result=f"/result/{token}",
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
