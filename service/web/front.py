"""The pages before the questionnaire: the way in, the start, how it all works."""

from typing import Any

from litestar import Request, Response, get
from litestar.di import NamedDependency
from litestar.response import Redirect

from service.serving import Serving
from service.settings import Settings
from service.web.i18n import preferred_language
from service.web.model_figures import model_facts
from service.web.pages import Page
from service.web.security import PUBLIC
from service.web.wording import notes


@get("/")
async def choose_language(request: Request[Any, Any, Any]) -> Redirect:
    """Send the reader to the pages in their language."""
    language = preferred_language(request.headers.get("accept-language", ""))
    headers = {"Vary": "Accept-Language"}
    return Redirect(f"/{language.locale}/", status_code=303, headers=headers)


@get("/")
async def show_start(
    serving: NamedDependency[Serving], page: NamedDependency[Page]
) -> Response[Any]:
    """Say what this is, what it takes, and what to know before beginning."""
    reference = serving.reference
    return page.render(
        "start.html",
        cache_control=PUBLIC,
        title=reference.questionnaire.say("title", page.language.locale),
        notes=notes(reference, page.language),
        platforms=len(reference.platforms),
    )


@get("/about")
async def show_about(
    serving: NamedDependency[Serving],
    settings: NamedDependency[Settings],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Say how the ranking works, what is simulated, what is kept, and what it all rests on."""
    reference = serving.reference
    return page.render(
        "about.html",
        cache_control=PUBLIC,
        sources=reference.sources.values(),
        rules=reference.rules,
        info=serving.recommender.info,
        exploration=serving.recommender.exploration,
        is_compared=serving.trial is not None,
        facts=await model_facts(settings.models_dir, serving.version),
        notes=notes(reference, page.language),
    )


@get("/privacy")
async def show_privacy(
    settings: NamedDependency[Settings], page: NamedDependency[Page]
) -> Response[Any]:
    """Say what is kept of a business, why and for how long, and what it can do."""
    return page.render("privacy.html", cache_control=PUBLIC, settings=settings)
