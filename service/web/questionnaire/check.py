"""The page after the last step: the answers as they were understood, to be checked or changed."""

from dataclasses import dataclass
from typing import Any

from litestar import Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from recommender.domain.questionnaire import Question
from service.serving import Serving
from service.store.records import Draft
from service.store.store import Store
from service.web.pages import Page
from service.web.questionnaire.answers import AskedStep, profile_of
from service.web.questionnaire.options import options_of
from service.web.questionnaire.walk import Walk
from service.web.wording import money


@dataclass(frozen=True)
class Line:
    """A step with its answer; `answer` is empty where it is still to be given, or may be."""

    title: str
    answer: str
    change_url: str
    on_request: bool


@get("/form/{token:str}/check")
async def check(
    token: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Show all answers, each with a way to change it."""
    walk = Walk(serving.reference, page.language, draft.answers)
    if not walk.is_known:
        return page.redirect(walk.address(token, 0))
    lines = [
        Line(
            asked.step.say("title", page.language.locale),
            _answer(asked, walk) if walk.is_done(i) else "",
            page.url(walk.address(token, i)),
            asked.step.on_request,
        )
        for i, asked in enumerate(walk.steps)
    ]
    is_open = walk.first_open is not None
    return page.render(
        "questionnaire/check.html",
        lines=lines,
        action=page.url(walk.address(token, None)),
        open_url=page.url(walk.address(token, walk.first_open)) if is_open else None,
    )


@post("/form/{token:str}/check")
async def finish(
    token: FromPath[str],
    serving: NamedDependency[Serving],
    draft: NamedDependency[Draft],
    store: NamedDependency[Store],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Show the result, or lead back to the first step that lacks something.

    Before the business is saved for the first time, it is asked whether we may.
    """
    walk = Walk(serving.reference, page.language, draft.answers)
    profile = profile_of(walk.answered, walk.reference)
    if walk.first_open is not None or profile is None:
        place = walk.address(token, walk.first_open or 0)
        return page.redirect(f"{place}?check=1")
    if not await store.consents(draft.id):
        return page.redirect(f"/result/{token}/consent")
    if await store.finish_draft(draft.id, profile) is None:
        raise NotFoundException("The questionnaire was deleted meanwhile.")
    return page.redirect(f"/result/{token}")


def _answer(asked: AskedStep, walk: Walk) -> str:
    return "; ".join(said(question, asked, walk) for question in asked.questions)


def said(question: Question, asked: AskedStep, walk: Walk) -> str:
    """Say what an answer was understood as."""
    _ = walk.language.gettext
    value = asked.answered.fields.get(question.field)
    if question.function is not None:
        value = asked.answered.fields[question.field][question.function]
    if value is None or value == ():
        none = question.kind in ("choices", "platforms")
        return _("None of these") if none else _("Left out")
    if question.kind == "number":
        return walk.language.number(value)
    if question.kind == "money":
        return money(value, walk.language)
    if question.kind == "platforms":
        return ", ".join(walk.reference.platforms[id_].name for id_ in value)
    chosen = value if isinstance(value, tuple) else (value,)
    if question.kind == "yes_no":
        chosen = ("yes" if value else "no",)
    options = options_of(question, asked.told, walk.reference, walk.language)
    return "; ".join(option.label for option in options if option.value in chosen)
