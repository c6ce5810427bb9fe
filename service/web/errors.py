"""What a reader sees when something goes wrong: what happened, and what to do now."""

from typing import Any

from litestar import Request, Response
from litestar.types import ExceptionHandlersMap

from service.store.records import UnknownReference
from service.web.i18n import language_of_path, preferred_language
from service.web.pages import page_for

KNOWN = frozenset({403, 404, 405, 409, 413, 429, 503})
"""Statuses with a text of their own; the others read like 400 or 500."""

PRIVATE_PLACES = (["form"], ["result"], ["hand-over"], ["receive"])
"""Below the language: addresses that go on with the token of a private link."""

FOR_PROGRAMS = frozenset({"health", "metrics", "schema", "static", "v1", "widget"})
"""First parts of addresses that are for programs, whatever they accept."""

RETRY_AFTER_SECONDS = 30


def is_page(request: Request[Any, Any, Any]) -> bool:
    """Tell whether a request is for a page, to be answered in words, not in JSON.

    A mistyped address is one if a browser asks for it.
    """
    path = request.url.path
    if path == "/" or language_of_path(path) is not None:
        return True
    if path.lstrip("/").split("/")[0] in FOR_PROGRAMS:
        return False
    return request.accept.best_match(["application/problem+json", "text/html"]) == "text/html"


def render_error_page(request: Request[Any, Any, Any], status: int) -> Response[str]:
    """Return the page for a failed request, in the reader's language.

    Args:
        request: The request.
        status: The HTTP status to answer with.
    """
    path = request.url.path
    language = language_of_path(path) or preferred_language(
        request.headers.get("accept-language", "")
    )
    page = page_for(request, language)
    response = page.render(
        "error.html",
        status=status,
        kind=status if status in KNOWN else 400 if status < 500 else 500,
        private=path.split("/")[2:3] in PRIVATE_PLACES,
        sent=request.method == "POST",
    )
    if status == 503:
        response.headers["Retry-After"] = str(RETRY_AFTER_SECONDS)
    return response


def _outdated(request: Request[Any, Any, Any], _: UnknownReference) -> Response[str]:
    return render_error_page(request, 409)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {UnknownReference: _outdated}
"""A button on a page whose list is no longer stored; the application answers all other errors."""
