"""Where an owner takes over what a volunteer has filled in, once and for good."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.store.store import Store
from service.web.forms import Form, single
from service.web.pages import Page
from service.web.tokens import TOKEN, new_token


@get("/receive/{receipt:str}")
async def show_receipt(
    receipt: FromPath[str], store: NamedDependency[Store], page: NamedDependency[Page]
) -> Response[Any]:
    """Show the owner a button: what previews a link opens it too, and must not use it up."""
    if await store.receipt(receipt) is None:
        raise NotFoundException("There is nothing to be received here.")
    return page.render(
        "volunteer/receive.html", action=page.url(f"/receive/{receipt}"), taken_by=new_token()
    )


@post("/receive/{receipt:str}")
async def receive(
    receipt: FromPath[str],
    form: NamedDependency[Form],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Move on to the private link; the same page sent twice does so twice, any other one never."""
    taken_by = single(form, "taken_by")
    owned = await store.take_receipt(receipt, taken_by) if TOKEN.fullmatch(taken_by) else None
    if owned is None:
        raise NotFoundException("There is nothing to be received here.")
    return page.redirect(f"/form/{owned}/later?received=1")
