"""One place where errors become answers: problem details for programs, pages for people."""

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from service.problems import to_problem
from service.store import StoreError
from service.web.errors import is_page, render_error_page

logger = logging.getLogger(__name__)


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a request that failed."""
    found = to_problem(error)
    if found.status_code >= 500 and not isinstance(error, StoreError):
        logger.error("%s %s failed", request.method, request.url.path, exc_info=error)
    if is_page(request):
        page = render_error_page(request, found.status_code)
        page.headers = {**(found.headers or {}), **page.headers}
        return page
    return found.to_response(request)


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    HTTPException: answer_error,
    StoreError: answer_error,
    UnicodeDecodeError: answer_error,
    Exception: answer_error,
}
