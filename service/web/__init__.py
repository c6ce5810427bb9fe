"""The pages for business owners: questionnaire, result, catalogue, in Vietnamese and English.

They work without scripts and better with them, load nothing from elsewhere, and keep no cookie.
"""

from collections.abc import Sequence

from litestar import Router
from litestar.config.compression import CompressionConfig
from litestar.datastructures import CacheControlHeader
from litestar.di import Provide
from litestar.handlers import HTTPRouteHandler
from litestar.middleware import DefineMiddleware
from litestar.middleware.compression import CompressionMiddleware
from litestar.static_files import create_static_files_router
from litestar.types import Guard

from recommender.domain.tables import Locale
from service.web import front
from service.web.catalogue import platforms
from service.web.dependencies import PROVIDERS
from service.web.errors import EXCEPTION_HANDLERS, is_page, render_error_page
from service.web.forms import MAX_BYTES
from service.web.i18n import LANGUAGES, LOCALES, Language
from service.web.pages import STATIC
from service.web.questionnaire import check, later, steps
from service.web.result import comparison, consent, result
from service.web.security import limit_forms, refuse_cross_site, secure
from service.web.volunteer import hand_over, receive, rounds
from service.web.widget import show_widget

__all__ = ["is_page", "render_error_page", "web_routers"]

HANDLERS = (
    front.show_start,
    front.show_about,
    front.show_privacy,
    steps.start,
    steps.resume,
    steps.ask,
    steps.answer,
    check.check,
    check.finish,
    later.later,
    rounds.show_help,
    rounds.begin_round,
    rounds.show_round,
    rounds.begin_next,
    hand_over.show_hand_over,
    hand_over.hand_over,
    receive.show_receipt,
    receive.receive,
    result.show_result,
    result.download_sheet,
    comparison.compare,
    result.give_feedback,
    consent.ask_consent,
    consent.answer_consent,
    consent.export,
    result.confirm_deletion,
    result.delete_everything,
    result.show_deleted,
    platforms.list_platforms,
    platforms.show_platform,
    platforms.show_suggested,
    platforms.visit,
)

COMPRESSED = DefineMiddleware(
    CompressionMiddleware, config=CompressionConfig(backend="gzip", gzip_compress_level=6)
)
"""Of pages and their files alone: answers of the API are short, and would take longer. There is no
cookie, so no other website can have a private page sent and learn from how well it packs."""

YEAR_SECONDS = 365 * 24 * 3600


def web_routers(forms_a_minute: int) -> list[Router | HTTPRouteHandler]:
    """Return all pages, and the widget for other websites.

    Handlers are given `keys`, `serving` and `store` by name.

    Args:
        forms_a_minute: How many forms are taken from one address.
    """
    files = create_static_files_router(
        path="/static",
        directories=[STATIC],
        cache_control=CacheControlHeader(public=True, max_age=YEAR_SECONDS, immutable=True),
        middleware=[COMPRESSED],
    )
    way_in = Router(
        "/", route_handlers=[front.choose_language], after_request=secure, include_in_schema=False
    )
    guards = (refuse_cross_site, limit_forms(forms_a_minute))
    return [way_in, files, show_widget, *(_pages(locale, guards) for locale in LOCALES)]


def _pages(locale: Locale, guards: Sequence[Guard]) -> Router:
    """Return the pages of one language; the language is part of the address."""

    async def provide_language() -> Language:
        return LANGUAGES[locale]

    return Router(
        f"/{locale}",
        route_handlers=HANDLERS,
        dependencies={**PROVIDERS, "language": Provide(provide_language)},
        guards=guards,
        exception_handlers=EXCEPTION_HANDLERS,
        middleware=[COMPRESSED],
        after_request=secure,
        request_max_body_size=MAX_BYTES,
        include_in_schema=False,
    )
