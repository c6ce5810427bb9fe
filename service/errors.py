"""One place where errors become answers: problem details for programs, pages for people."""

import logging
from typing import Any

from litestar import Request, Response
from litestar.exceptions import HTTPException
from litestar.types import ExceptionHandlersMap

from service.problems import to_problem
from service.store import StoreError
from service.telemetry.current import CURRENT
from service.telemetry.metrics import REFUSED
from service.web.errors import is_page, render_error_page

logger = logging.getLogger(__name__)

REFUSALS = (401, 403, 429)
"""Statuses that are counted by what was said: their titles are all written in this code."""


def answer_error(request: Request[Any, Any, Any], error: Exception) -> Response[Any]:
    """Answer a request that failed."""
    found = to_problem(error, request)
    current = CURRENT.get()
    if found.status_code in REFUSALS:
        REFUSED.labels(found.title).inc()
    if found.status_code >= 500 and not (
        isinstance(error, StoreError) or (current and current.is_gone)
    ):
        logger.error("the request failed", exc_info=error)
    if is_page(request):
        page = render_error_page(request, found.status_code)
        page.headers = {**(found.headers or {}), **page.headers}
        return page
    response = found.to_response(request)
    if current:
        response.content["request_id"] = current.id
    return response


EXCEPTION_HANDLERS: ExceptionHandlersMap = {
    HTTPException: answer_error,
    StoreError: answer_error,
    UnicodeDecodeError: answer_error,
    Exception: answer_error,
}
