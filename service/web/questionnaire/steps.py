"""The questionnaire: one step a page, saved as it goes, resumed from its address."""

import secrets
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery
from msgspec.structs import replace

from service.serving import Serving
from service.store.records import Draft, StoredProfile, now
from service.store.store import Store
from service.web.forms import Form, single
from service.web.pages import Page
from service.web.questionnaire.answers import posted, profile_of, read_all
from service.web.questionnaire.step_view import show_step
from service.web.questionnaire.walk import Walk


@post("/start")
async def start(
    serving: NamedDependency[Serving], store: NamedDependency[Store], page: NamedDependency[Page]
) -> Response[Any]:
    """Begin a questionnaire under a new private address."""
    draft = Draft(id=secrets.token_urlsafe(16), locale=page.language.locale, answers={})
    await store.save_draft(draft)
    return page.redirect(Walk(serving.reference, page.language, {}).address(draft.id, 0))


@get("/form/{token:str}")
async def resume(
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    stored: NamedDependency[StoredProfile | None],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Go on where the questionnaire was left; a finished one leads to its result."""
    walk = Walk(serving.reference, page.language, draft.answers)
    if walk.first_open is not None:
        return page.redirect(walk.address(draft.id, walk.first_open))
    return page.redirect(f"/result/{draft.id}" + ("" if stored else "/consent"))


@get("/form/{token:str}/{step:str}")
async def ask(
    step: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    page: NamedDependency[Page],
    check: FromQuery[str] = "",
) -> Response[Any]:
    """Show a step; with `check`, also what is wrong with it."""
    walk = Walk(serving.reference, page.language, draft.answers)
    return show_step(page, walk, draft.id, _position(walk, step), problems=bool(check))


@post("/form/{token:str}/{step:str}")
async def answer(
    step: FromPath[str],
    form: NamedDependency[Form],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Keep what was typed, then go on, back, or show what is wrong."""
    before = Walk(serving.reference, page.language, draft.answers)
    position = _position(before, step)
    told = {question.id: posted(question, form) for question in before.steps[position][1]}
    walk = Walk(serving.reference, page.language, {**draft.answers, **told})
    kept = await store.replace_draft(
        replace(draft, answers=dict(walk.answers), locale=page.language.locale, updated_at=now())
    )
    if not kept:
        raise NotFoundException("The questionnaire was deleted meanwhile.")
    going = single(form, "go")
    if going == "back":
        back = walk.address(draft.id, position - 1) if position else "/"
        return page.redirect(back)
    if walk.reading(position).problems:
        return show_step(page, walk, draft.id, position, problems=True, status=422)
    if going == "finish" or position + 1 == len(walk.steps):
        return await _finish(walk, draft.id, store, page)
    return page.redirect(walk.address(draft.id, position + 1))


async def _finish(walk: Walk, token: str, store: Store, page: Page) -> Response[Any]:
    """Save the profile and show the result, or lead back to the first step that lacks something.

    Before that is saved for the first time, the business is asked whether we may.
    """
    answered = read_all(walk.answers, walk.reference, walk.language)
    profile = profile_of(answered, walk.reference)
    if answered.problems or profile is None:
        place = walk.address(token, walk.first_open or 0)
        return page.redirect(f"{place}?check=1")
    if not await store.consents(token):
        return page.redirect(f"/result/{token}/consent")
    if await store.finish_draft(token, profile) is None:
        raise NotFoundException("The questionnaire was deleted meanwhile.")
    return page.redirect(f"/result/{token}")


def _position(walk: Walk, step: str) -> int:
    position = walk.position(step)
    if position is None:
        raise NotFoundException("There is no such step.")
    return position
