"""The questionnaire: one thing a page, saved as it goes, resumed from its address."""

from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath, FromQuery

from service.serving import Serving
from service.store.records import Draft, StoredProfile
from service.store.store import Store
from service.web.forms import Form, single
from service.web.pages import ADDRESS, Page
from service.web.questionnaire.answers import posted
from service.web.questionnaire.step_view import show_step
from service.web.questionnaire.tools import ticked, withdrawals
from service.web.questionnaire.walk import Walk
from service.web.tokens import new_token


@post("/start")
async def start(
    serving: NamedDependency[Serving], store: NamedDependency[Store], page: NamedDependency[Page]
) -> Response[Any]:
    """Begin a questionnaire under a new private address."""
    draft = Draft(id=new_token(), locale=page.language.locale, answers={})
    await store.save_draft(draft)
    return page.redirect(Walk(serving.reference, page.language, {}).address(draft.id, 0))


@get("/form/{token:str}")
async def resume(
    token: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    stored: NamedDependency[StoredProfile | None],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Go on where the questionnaire was left; a finished one leads to its result."""
    walk = Walk(serving.reference, page.language, draft.answers)
    if walk.first_open is not None:
        return page.redirect(walk.address(token, walk.first_open))
    return page.redirect(f"/result/{token}" if stored else walk.address(token, None))


@get("/form/{token:str}/{step:str}")
async def ask(
    token: FromPath[str],
    step: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    page: NamedDependency[Page],
    check: FromQuery[str] = "",
    again: FromQuery[str] = "",
) -> Response[Any]:
    """Show a step; with `check`, also what is wrong with it.

    Who has gone back and sees it `again` sees those that follow again too. A step that is not asked
    of such a business, as other answers have changed since, leads to where it is to go on.
    """
    walk = Walk(serving.reference, page.language, draft.answers)
    position = _position(walk, step)
    if position is None:
        return page.redirect(f"/form/{token}")
    if position and not walk.is_known:  # what is asked depends on the first step
        return page.redirect(walk.address(token, 0))
    return show_step(page, walk, token, position, problems=bool(check), again=bool(again))


@post("/form/{token:str}/{step:str}")
async def answer(
    token: FromPath[str],
    step: FromPath[str],
    form: NamedDependency[Form],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Keep what was typed, then go on, back, or show what is wrong."""
    before = Walk(serving.reference, page.language, draft.answers)
    position, going = _position(before, step), single(form, "go")
    if position is None:
        return page.redirect(f"/form/{token}")
    told = {question.id: posted(question, form) for question in before.steps[position].questions}
    if going != "next":  # nothing was chosen yet: it is asked again, not taken as left out
        told = {id_: value for id_, value in told.items() if value or id_ in draft.answers}
    kept = await store.answer_draft(draft.id, told, page.language.locale)
    if kept is None:
        raise NotFoundException("The questionnaire was deleted meanwhile.")
    gone = _unticked(draft, kept, serving)
    if gone and await store.consents(draft.id):  # none before the first result
        await store.append_events(withdrawals(draft.id, gone))
    walk = Walk(serving.reference, page.language, kept.answers)
    again = bool(single(form, "again"))
    if going == "back":
        place = f"{walk.address(token, position - 1)}?again=1" if position else "/"
    elif going == "later":
        place = f"/form/{token}/later"
    elif walk.steps[position].answered.problems:
        if page.accept != ADDRESS:
            return show_step(page, walk, token, position, problems=True, again=again, status=422)
        place = f"{walk.address(token, position)}?check=1" + ("&again=1" if again else "")
    elif again and walk.is_done_after(position):
        place = f"{walk.address(token, position + 1)}?again=1"
    else:
        place = walk.address(token, walk.open_after(position))
    return page.redirect(place)


def _unticked(before: Draft, after: Draft, serving: Serving) -> set[str]:
    """Return which known platforms are ticked no more as in use."""
    (_, old), (_, new) = (ticked(each.answers, serving.reference) for each in (before, after))
    return serving.reference.platforms.keys() & set(old) - set(new)


def _position(walk: Walk, step: str) -> int | None:
    """Return where a step stands, from 0; None if it is not asked of such a business.

    Raises:
        NotFoundException: If it is asked of nobody.
    """
    if all(step != known.id for known in walk.reference.questionnaire.steps):
        raise NotFoundException("There is no such step.")
    return walk.position(step)
