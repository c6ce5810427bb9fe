"""A step of the questionnaire as its template shows it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from litestar import Response

from recommender.domain.questionnaire import Question
from service.web.pages import Page
from service.web.questionnaire.answers import Problem, profile_of, read_all
from service.web.questionnaire.options import (
    Option,
    OptionGroup,
    function_options,
    options_of,
    platform_groups,
    province_groups,
)
from service.web.questionnaire.walk import Walk

SECTORS_SHOWN = 8
"""Nine in ten businesses are in these; the others unfold."""

Control = Literal["radios", "checkboxes", "text", "select", "platforms"]

_CONTROLS: Mapping[str, Control] = {
    "choice": "radios",
    "sector": "radios",
    "yes_no": "radios",
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


@dataclass(frozen=True)
class Block:
    """A question: one field, or several under a heading."""

    heading: str
    help: str
    fields: tuple[Field, ...]


@dataclass(frozen=True)
class StepLink:
    """A step in the list of all steps."""

    title: str
    path: str
    done: bool
    current: bool


def show_step(
    page: Page,
    walk: Walk,
    token: str,
    position: int,
    *,
    problems: bool,
    status: int = 200,
) -> Response[str]:
    """Return the page of one step.

    Args:
        page: The page to answer with.
        walk: The way of this business.
        token: The private address.
        position: Which step.
        problems: Whether to say what is wrong with the answers.
        status: The HTTP status.
    """
    step, questions = walk.steps[position]
    found = walk.reading(position).problems if problems else ()
    messages = {problem.anchor: problem for problem in found}
    others = [i for i in range(len(walk.steps)) if i != position]
    links = tuple(
        StepLink(
            each.say("title", page.language.locale),
            page.url(walk.address(token, i)),
            walk.is_done(i),
            i == position,
        )
        for i, (each, _) in enumerate(walk.steps)
    )
    return page.render(
        "questionnaire/step.html",
        status=status,
        step=step,
        blocks=[_block(question, walk, messages) for question in questions],
        problems=found,
        number=position + 1,
        total=len(walk.steps),
        links=links,
        can_finish=position + 1 < len(walk.steps) and all(walk.is_done(i) for i in others),
        action=page.url(walk.address(token, position)),
        private_url=page.full_url(f"/form/{token}"),
        delete_url=page.url(f"/result/{token}/delete"),
    )


def _block(question: Question, walk: Walk, problems: Mapping[str, Problem]) -> Block:
    locale = walk.language.locale
    text, help_text = question.say("text", locale), question.say("help", locale)
    if question.kind == "functions":
        return Block(text, help_text, tuple(_function_fields(question, walk, problems)))
    told = walk.answers.get(question.id)
    common: dict[str, Any] = {
        "anchor": question.id,
        "control": _CONTROLS[question.kind],
        "label": text,
        "help": help_text,
        "optional": not question.required,
        "problem": problems[question.id].message if question.id in problems else "",
    }
    if isinstance(told, list):
        common["ticked"] = frozenset(told)
    elif isinstance(told, str):
        common["told"] = told
    if question.kind == "province":
        field = Field(groups=province_groups(walk.reference, walk.language), **common)
    elif question.kind == "platforms":
        profile = profile_of(read_all(walk.answers, walk.reference, walk.language), walk.reference)
        ticked = set(common.get("ticked", ()))
        fitting, others = platform_groups(walk.reference, profile, ticked, walk.language)
        field = Field(groups=tuple(fitting), other_groups=tuple(others), **common)
    elif question.kind in ("number", "money"):
        example = ""
        if question.kind == "money":
            example = walk.language.gettext("You can also write it in words: 200 million.")
        field = Field(whole_number=question.kind == "number", example=example, **common)
    elif question.kind == "sector":
        options = options_of(question, walk.reference, walk.language)
        field = Field(
            options=options[:SECTORS_SHOWN],
            more_label=walk.language.gettext("Other lines of business"),
            more_options=options[SECTORS_SHOWN:],
            **common,
        )
    else:
        field = Field(options=options_of(question, walk.reference, walk.language), **common)
    return Block("", "", (field,))


def _function_fields(
    question: Question, walk: Walk, problems: Mapping[str, Problem]
) -> list[Field]:
    told = walk.answers.get(question.id)
    states = told if isinstance(told, dict) else {}
    fields = []
    for code in question.functions:
        function = walk.reference.functions[code]
        anchor = f"{question.id}-{code}"
        fields.append(
            Field(
                anchor=anchor,
                control="radios",
                label=function.say("question", walk.language.locale),
                optional=not question.required,
                options=function_options(function, question, walk.reference, walk.language),
                told=str(states.get(code, "")),
                problem=problems[anchor].message if anchor in problems else "",
            )
        )
    return fields
