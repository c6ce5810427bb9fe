"""Hand a business over to its owner, by QR code or link; then a volunteer sees nothing of it.

What is shown to be handed over is not the owner's private link, which would open everything on the
phone of the volunteer for ever, but a link that gives it away once (`receive.py`).
"""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from service.recommend import VIETNAM
from service.store.records import RECEIVABLE_FOR, Draft, Receipt, now
from service.store.store import Store
from service.web.forms import Form, single
from service.web.pages import Page
from service.web.qr import qr_code
from service.web.security import FORGET
from service.web.tokens import new_token


@get("/hand-over/{token:str}")
async def show_hand_over(
    token: FromPath[str],
    draft: NamedDependency[Draft],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
    unopened: FromQuery[str] = "",
) -> Response[Any]:
    """Show what the owner takes it over by; who owns it is led to the private link for later."""
    if not page.lent:
        return page.redirect(f"/form/{token}/later")
    receipt = await store.make_receipt(Receipt(id=new_token(), draft_id=draft.id, made_at=now()))
    if receipt is None:
        raise NotFoundException("The owner has just taken it over.")
    link = page.full_url(f"/receive/{receipt.id}")
    until = receipt.made_at + RECEIVABLE_FOR
    return page.render(
        "volunteer/hand_over.html",
        link=link,
        code=qr_code(link),
        until=page.language.date(until.astimezone(VIETNAM).date()),
        unopened=bool(unopened),
        action=page.url(f"/hand-over/{token}"),
        back_url=page.url(f"/form/{token}"),
    )


@post("/hand-over/{token:str}")
async def hand_over(
    token: FromPath[str],
    form: NamedDependency[Form],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Close the lent address for good; sent twice, it is closed once.

    Who has not seen that the owner has yet to open the link is told so before.
    """
    lending = await store.lending(token)
    if lending is None:
        raise NotFoundException("Nothing is kept under this address.")
    if lending.draft_id is not None:  # else its owner has taken it
        if not single(form, "unopened"):
            return page.redirect(f"/hand-over/{token}?unopened=1")
        await store.return_draft(token)
    answer = page.redirect(f"/help/{lending.round}?done=1")
    answer.headers["Clear-Site-Data"] = FORGET
    return answer
