"""The round of a volunteer: what was begun in it, and the next business.

A volunteer fills in at a lent address. The owner gets another one, so that nothing opens at the
lent address once the business is handed over.
"""

import datetime as dt
from dataclasses import dataclass
from typing import Any, Literal

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import ClientException, NotFoundException
from litestar.params import FromPath, FromQuery

from recommender.domain import Reference
from service.recommend import VIETNAM
from service.serving import Serving
from service.store.records import LENT_FOR, Draft, Lending, now
from service.store.store import Store
from service.web.forms import Form, single
from service.web.pages import Page
from service.web.questionnaire.check import said
from service.web.questionnaire.walk import Walk
from service.web.security import PUBLIC
from service.web.tokens import TOKEN, lent_token, new_lent_token, new_token

KNOWN_BY = ("legal_form", "sector", "province")
"""Fields by which a volunteer tells the businesses apart that are still open."""


@dataclass(frozen=True)
class Business:
    """One of a round: what is still open can be gone on with, of the others the time is told.

    Attributes:
        state: How far it is.
        time: When it was handed over, or else begun.
        told: By which of its answers an open one is known.
        url: Where it is gone on with.
    """

    state: Literal["open", "handed_over", "over"]
    time: str
    told: str
    url: str


@get("/help")
async def show_help(page: NamedDependency[Page]) -> Response[Any]:
    """Say how to help others."""
    return page.render(
        "volunteer/help.html", cache_control=PUBLIC, hours=int(LENT_FOR / dt.timedelta(hours=1))
    )


@post("/help")
async def begin_round(page: NamedDependency[Page]) -> Response[Any]:
    """Begin a round; nothing is stored before its first business."""
    return page.redirect(f"/help/{new_token()}")


@get("/help/{round_id:str}")
async def show_round(
    round_id: FromPath[str],
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
    done: FromQuery[str] = "",
) -> Response[Any]:
    """Show what was begun, and a form for the next business."""
    lent = await store.round(_checked(round_id))
    drafts = [await store.draft(each.id) if _is_open(each) else None for each in lent]
    return page.render(
        "volunteer/round.html",
        businesses=[
            _business(lending, draft, serving.reference, page)
            for lending, draft in zip(lent, drafts, strict=True)
        ],
        done=bool(done),
        action=page.url(f"/help/{round_id}"),
        address=new_lent_token(),
    )


@post("/help/{round_id:str}")
async def begin_next(
    round_id: FromPath[str],
    form: NamedDependency[Form],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Begin the questionnaire of a business; a form that is sent twice begins one."""
    round_id, address = _checked(round_id), single(form, "address")
    if not address or lent_token(f"/{address}") != address:
        raise ClientException("This form is not from a page of ours.")
    lent_at = now()
    draft = Draft(id=new_token(), locale=page.language.locale, answers={}, updated_at=lent_at)
    await store.lend_draft(
        draft, Lending(id=address, draft_id=draft.id, round=round_id, lent_at=lent_at)
    )
    return page.redirect(f"/form/{address}")


def _checked(round_id: str) -> str:
    if not TOKEN.fullmatch(round_id) or lent_token(f"/{round_id}"):
        raise NotFoundException("There is no such round.")
    return round_id


def _is_open(lending: Lending) -> bool:
    return lending.returned_at is None and lending.lent_at > now() - LENT_FOR


def _business(lending: Lending, draft: Draft | None, reference: Reference, page: Page) -> Business:
    if lending.returned_at is not None:
        return Business("handed_over", _time(lending.returned_at, page), "", "")
    time = _time(lending.lent_at, page)
    if draft is None:
        return Business("over", time, "", "")
    walk = Walk(reference, page.language, draft.answers)
    told = ", ".join(
        said(question, asked, walk)
        for asked in walk.steps
        for question in asked.questions
        if question.field in KNOWN_BY and question.field in asked.answered.fields
    )
    return Business("open", time, told, page.url(f"/form/{lending.id}"))


def _time(at: dt.datetime, page: Page) -> str:
    local = at.astimezone(VIETNAM)
    return f"{local:%H:%M} {page.language.date(local.date())}"
