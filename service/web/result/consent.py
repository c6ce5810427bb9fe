"""What a business lets us do with its answers: asked before the first result, changed at any time.

Nothing is ticked beforehand, both answers weigh the same, and the result comes with either.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from litestar import MediaType, Response, get, post
from litestar.di import NamedDependency
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from service.recommend import VIETNAM
from service.retention import PAUSE, terms
from service.serving import Serving
from service.settings import Settings
from service.store.records import PURPOSES, Choice, Consent, Draft, Purpose, in_force, now
from service.store.store import Store
from service.web.forms import Form, single
from service.web.i18n import Language
from service.web.pages import Page
from service.web.questionnaire.answers import Problem, profile_of, read_all
from service.web.questionnaire.options import Option
from service.web.questionnaire.step_view import Field
from service.web.questionnaire.walk import Walk

VERSION = 2
"""Of the text that is asked with: it grows whenever what the text says changes."""

ANSWERS = frozenset({"yes", "no"})


@get("/result/{token:str}/consent")
async def ask_consent(
    token: FromPath[str],
    draft: NamedDependency[Draft],
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
    settings: NamedDependency[Settings],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Ask what may be done with the answers; what was said before is ticked."""
    history = await store.consents(draft.id)
    walk = Walk(serving.reference, page.language, draft.answers)
    if not history and walk.first_open is not None:
        return page.redirect(f"/form/{token}")
    granted = in_force(history)
    told = {purpose: "yes" if purpose in granted else "no" for purpose in PURPOSES if history}
    return _show(page, walk, token, settings, told, asked=bool(history))


@post("/result/{token:str}/consent")
async def answer_consent(
    token: FromPath[str],
    form: NamedDependency[Form],
    draft: NamedDependency[Draft],
    serving: NamedDependency[Serving],
    store: NamedDependency[Store],
    settings: NamedDependency[Settings],
    page: NamedDependency[Page],
) -> Response[Any]:
    """Record what the business says; if it is the first time, its profile is stored with it."""
    asked = bool(await store.consents(draft.id))
    walk = Walk(serving.reference, page.language, draft.answers)
    told = {purpose: single(form, purpose) for purpose in PURPOSES}
    if not ANSWERS.issuperset(told.values()):
        return _show(page, walk, token, settings, told, asked=asked, problems=True)
    choice = Choice(
        granted=frozenset(purpose for purpose in PURPOSES if told[purpose] == "yes"),
        version=f"{page.language.locale}-{VERSION}",
        how="volunteer" if page.lent or single(form, "helper") else "page",
    )
    if asked:
        stored = await store.record_choice(draft.id, choice)
    else:
        answered = read_all(draft.answers, serving.reference, page.language)
        profile = profile_of(answered, serving.reference)
        if answered.problems or profile is None:
            return page.redirect(f"/form/{token}")
        stored = await store.finish_draft(draft.id, profile, choice) is not None
    if not stored:
        raise NotFoundException("The business was deleted meanwhile.")
    return page.redirect(f"/result/{token}")


@get("/result/{token:str}/export")
async def export(
    draft: NamedDependency[Draft], store: NamedDependency[Store], page: NamedDependency[Page]
) -> Response[Any]:
    """Hand out everything that is held on the business, as a file, to its owner alone."""
    if page.lent:  # a file would stay on the phone of the volunteer
        return page.redirect(f"/hand-over/{page.lent}")
    held = await store.held(draft.id)
    if held is None:
        raise NotFoundException("The business was deleted meanwhile.")
    name = f"smedx-{now().astimezone(VIETNAM):%Y-%m-%d}.json"
    return Response(
        msgspec.json.format(msgspec.json.encode(held), indent=2),
        media_type=MediaType.JSON,
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def kept_until(history: Sequence[Consent], settings: Settings) -> dt.date | None:
    """Return the day by which a business is deleted, as it did not let us keep it; else None."""
    last = [each for each in history if each.purpose == "service"][-1:]
    return _gone_by(last[0].at, settings) if last and not last[0].granted else None


def _gone_by(refused_at: dt.datetime, settings: Settings) -> dt.date:
    return (refused_at + terms(settings)["refused"] + PAUSE).astimezone(VIETNAM).date()


def _show(
    page: Page,
    walk: Walk,
    token: str,
    settings: Settings,
    told: Mapping[Purpose, str],
    *,
    asked: bool,
    problems: bool = False,
) -> Response[str]:
    _ = page.language.gettext
    fields = _fields(page.language, settings, told, problems=problems)
    return page.render(
        "result/consent.html",
        status=422 if problems else 200,
        fields=fields,
        problems=[
            Problem(each.anchor, each.label, each.problem) for each in fields if each.problem
        ],
        helper=Option(
            "yes", _("I answer for the owner, who has heard both questions and answered so")
        ),
        asked=asked,
        operator=settings.operator,
        action=page.url(f"/result/{token}/consent"),
        back_url=page.url(f"/result/{token}" if asked else walk.address(token, None)),
    )


def _fields(
    language: Language, settings: Settings, told: Mapping[Purpose, str], *, problems: bool
) -> list[Field]:
    _ = language.gettext
    until = {
        "day": language.date(_gone_by(now(), settings)),
        "time": language.days(settings.retention_days),
    }
    questions: dict[Purpose, tuple[str, str, str, str, str]] = {
        "service": (
            _("May we keep your answers, so that you can come back to your result?"),
            _("Yes, keep them"),
            _("Until you delete them, or have not come back for %(time)s", **until),
            _("No, do not keep them"),
            _("You see your result, and everything is deleted by %(day)s", **until),
        ),
        "improve": (
            _("May we learn from your answers and choices, so that others get better suggestions?"),
            _("Yes, learn from them"),
            _("They are added up with those of many others, and shown to no other business"),
            _("No, do not learn from them"),
            _("Your result and your suggestions are the same"),
        ),
    }
    return [
        Field(
            anchor=purpose,
            control="radios",
            label=question,
            options=(Option("yes", yes, if_yes), Option("no", no, if_no)),
            told=told.get(purpose, ""),
            problem=_("Choose one answer.")
            if problems and told.get(purpose) not in ANSWERS
            else "",
        )
        for purpose, (question, yes, if_yes, no, if_no) in questions.items()
    ]
