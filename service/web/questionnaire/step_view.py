"""A step of the questionnaire as its template shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from litestar import Response

from recommender.domain.asking import offered
from recommender.domain.questionnaire import Question
from service.web.pages import Page
from service.web.questionnaire.answers import AskedStep, Problem, profile_of
from service.web.questionnaire.options import (
    Option,
    OptionGroup,
    options_of,
    platform_groups,
    province_groups,
    question_text,
)
from service.web.questionnaire.walk import Walk

SECTORS_SHOWN = 8
"""Nine in ten businesses are in these; the others unfold."""

Control = Literal["radios", "checkboxes", "text", "select", "platforms"]

_CONTROLS: Mapping[str, Control] = {
    "choice": "radios",
    "sector": "radios",
    "yes_no": "radios",
    "function": "radios",
    "choices": "checkboxes",
    "number": "text",
    "money": "text",
    "province": "select",
    "platforms": "platforms",
}


@dataclass(frozen=True, kw_only=True)
class Field:
    """One thing to fill in; `anchor` is where an error summary leads to."""

    anchor: str
    control: Control
    label: str
    help: str = ""
    example: str = ""
    optional: bool = False
    whole_number: bool = False
    options: tuple[Option, ...] = ()
    more_label: str = ""
    more_options: tuple[Option, ...] = ()
    groups: tuple[OptionGroup, ...] = ()
    other_groups: tuple[OptionGroup, ...] = ()
    told: str = ""
    ticked: frozenset[str] = frozenset()
    problem: str = ""


def show_step(
    page: Page,
    walk: Walk,
    token: str,
    position: int,
    *,
    problems: bool,
    again: bool,
    status: int = 200,
) -> Response[str]:
    """Return the page of one step.

    Args:
        page: The page to answer with.
        walk: The way of this business.
        token: The private address.
        position: Which step.
        problems: Whether to say what is wrong with the answers.
        again: Whether the reader has gone back, and sees it again.
        status: The HTTP status.
    """
    asked = walk.steps[position]
    found = asked.answered.problems if problems else ()
    messages = {problem.anchor: problem for problem in found}
    fields = [_field(question, asked, walk, messages) for question in asked.questions]
    return page.render(
        "questionnaire/step.html",
        status=status,
        step=asked.step,
        fields=fields,
        problems=found,
        again=again,
        number=None if asked.step.on_request else position + 1,
        total=walk.total if walk.is_known else None,
        is_total_sure=walk.is_total_sure,
        action=page.url(walk.address(token, position)),
        check_url=page.url(walk.address(token, None)) if walk.is_known else None,
    )


def _field(
    question: Question, asked: AskedStep, walk: Walk, problems: Mapping[str, Problem]
) -> Field:
    reference, language = walk.reference, walk.language
    told = walk.answers.get(question.id)
    if told is None:
        told = offered(question, asked.told, reference)
    common: dict[str, Any] = {
        "anchor": question.id,
        "control": _CONTROLS[question.kind],
        "label": question_text(question, asked.told, reference, language),
        "help": question.say("help", language.locale),
        "optional": not question.required,
        "problem": problems[question.id].message if question.id in problems else "",
    }
    if isinstance(told, list):
        common["ticked"] = frozenset(told)
    elif isinstance(told, str):
        common["told"] = told
    if question.kind == "province":
        return Field(groups=province_groups(reference, language), **common)
    if question.kind == "platforms":
        profile = profile_of(walk.answered, reference)
        ticked = set(common.get("ticked", ()))
        fitting, others = platform_groups(reference, profile, ticked, language)
        return Field(groups=tuple(fitting), other_groups=tuple(others), **common)
    if question.kind == "number":
        return Field(whole_number=True, **common)
    if question.kind == "money":
        example = language.gettext(
            "For example: 200 million VND, 1.5 billion VND, or 50 million VND a month."
        )
        return Field(example=example, **common)
    options = options_of(question, asked.told, reference, language)
    if question.kind != "sector":
        return Field(options=options, **common)
    return Field(
        options=options[:SECTORS_SHOWN],
        more_label=language.gettext("Other lines of business"),
        more_options=options[SECTORS_SHOWN:],
        **common,
    )
