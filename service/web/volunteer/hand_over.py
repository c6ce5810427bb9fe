"""Hand a business over to its owner, by QR code or link; then a volunteer sees nothing of it."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.store.records import Draft
from service.store.store import Store
from service.web.pages import Page
from service.web.qr import qr_code

FORGET = '"cache", "storage"'
"""Pages that the browser of the volunteer keeps for its Back button, and what was typed there."""


@get("/hand-over/{token:str}")
async def show_hand_over(
    token: FromPath[str], draft: NamedDependency[Draft], page: NamedDependency[Page]
) -> Response[Any]:
    """Show the owner's link; an owner's own address leads to the owner's own page for it."""
    if not page.lent:
        return page.redirect(f"/form/{token}/later")
    private_url = page.full_url(f"/form/{draft.id}")
    return page.render(
        "volunteer/hand_over.html",
        private_url=private_url,
        code=qr_code(private_url),
        action=page.url(f"/hand-over/{token}"),
        back_url=page.url(f"/form/{token}"),
    )


@post("/hand-over/{token:str}")
async def hand_over(
    token: FromPath[str], store: NamedDependency[Store], page: NamedDependency[Page]
) -> Response[Any]:
    """Close the lent address for good; sent twice, it is closed once."""
    lending = await store.lending(token)
    if lending is None:
        raise NotFoundException("Nothing is kept under this address.")
    await store.return_draft(token)
    answer = page.redirect(f"/help/{lending.round}?done=1")
    answer.headers["Clear-Site-Data"] = FORGET
    return answer
