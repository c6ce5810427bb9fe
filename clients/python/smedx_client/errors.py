"""What can go wrong with a call.

SmedxError              whatever it is
├── Unreachable         the service does not answer; it is not known what became of the call
├── UnexpectedAnswer    it answers something else than the document says: is it this service?
└── ApiError            it says what is wrong; `problem` has all of it
    ├── NotAllowed      401, 403: the key is not known, or may not do this
    ├── NotFound        404
    ├── Invalid         400, 409, 413, 415, 422: `problem.errors` names fields and what is right
    └── Busy            408, 429, 503: to be tried again, after `retry_after` seconds
"""

import httpx
import msgspec

from smedx_client.models import ProblemDetails


class SmedxError(Exception):
    """Whatever goes wrong with a call."""


class Unreachable(SmedxError):
    """The service does not answer; it is not known what became of the call."""


class UnexpectedAnswer(SmedxError):
    """The service answers something else than the document says."""


class ApiError(SmedxError):
    """The service says what is wrong.

    Attributes:
        problem: What it says: the status, a title, and the fields that are wrong.
        retry_after: Seconds after which to try again; None if it does not say.
    """

    def __init__(self, problem: ProblemDetails, retry_after: float | None = None) -> None:
        super().__init__(f"{problem.status} {problem.title}: {problem.detail}".rstrip(": "))
        self.problem = problem
        self.retry_after = retry_after


class NotAllowed(ApiError):
    """The key is not known, or may not do this."""


class NotFound(ApiError):
    """There is nothing of that id."""


class Invalid(ApiError):
    """The request is wrong; `problem.errors` names the fields and what would be right."""


class Busy(ApiError):
    """The service cannot do it now; try again."""


_KINDS: dict[int, type[ApiError]] = {
    **dict.fromkeys((401, 403), NotAllowed),
    404: NotFound,
    **dict.fromkeys((400, 409, 413, 415, 422), Invalid),
    **dict.fromkeys((408, 429, 503), Busy),
}


def error_of(response: httpx.Response) -> ApiError:
    """Return what an answer that is none says; one without problem details has its status."""
    try:
        problem = msgspec.json.decode(response.content, type=ProblemDetails)
    except msgspec.DecodeError:
        problem = ProblemDetails(status=response.status_code, title=response.reason_phrase)
    kind = _KINDS.get(response.status_code, ApiError)
    return kind(problem, retry_after(response))


def retry_after(response: httpx.Response) -> float | None:
    """Return how many seconds an answer asks to wait, if it does."""
    told = response.headers.get("Retry-After", "")
    return float(told) if told.isascii() and told.isdigit() else None
