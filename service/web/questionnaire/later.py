"""Go on later, or on another phone: the private link, as text and as a QR code."""

from typing import Any

from litestar import Response, get
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery

from service.store.records import Draft
from service.web.pages import Page
from service.web.qr import qr_code


@get("/form/{token:str}/later")
async def later(
    token: FromPath[str],
    draft: NamedDependency[Draft],
    page: NamedDependency[Page],
    received: FromQuery[str] = "",
) -> Response[Any]:
    """Show the link under which all that was sent is kept; who only helps hands it over instead.

    An owner who has just received it from who helped is told that this is the link to keep.
    """
    if page.lent:
        return page.redirect(f"/hand-over/{token}")
    private_url = page.full_url(f"/form/{draft.id}")
    return page.render(
        "questionnaire/later.html",
        private_url=private_url,
        code=qr_code(private_url),
        received=bool(received),
        go_on_url=page.url(f"/form/{draft.id}"),
        delete_url=page.url(f"/result/{draft.id}/delete"),
    )
