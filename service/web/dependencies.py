"""What the handlers of pages are given by name."""

from typing import Any

from litestar import Request
from litestar.di import NamedDependency, Provide
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.store.records import Draft, StoredProfile
from service.store.store import Store
from service.web.forms import read_form
from service.web.i18n import Language
from service.web.pages import Page, page_for
from service.web.tokens import TOKEN


async def provide_page(
    request: Request[Any, Any, Any], language: NamedDependency[Language]
) -> Page:
    """Give the page in the language of its address."""
    return page_for(request, language)


async def provide_draft(token: FromPath[str], store: NamedDependency[Store]) -> Draft:
    """Give the questionnaire that a private address opens.

    A page opens only what was begun on a page: a profile that came through the API belongs to the
    website that sent it, which may hold its id less dear than a private link.

    Raises:
        NotFoundException: Nothing is kept under this address.
    """
    draft = await store.draft(token) if TOKEN.fullmatch(token) else None
    if draft is None:
        raise NotFoundException("Nothing is kept under this address.")
    return draft


async def provide_stored(
    draft: NamedDependency[Draft], store: NamedDependency[Store]
) -> StoredProfile | None:
    """Give the business of a finished questionnaire; None while it is not finished."""
    return await store.profile(draft.id)


PROVIDERS = {
    "page": Provide(provide_page),
    "draft": Provide(provide_draft),
    "stored": Provide(provide_stored),
    "form": Provide(read_form),
}
