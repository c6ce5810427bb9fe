"""`GET /v1/questionnaire`: the questions, and the codes that answer them."""

from typing import Any

from litestar import Request, Response
from litestar.di import NamedDependency
from msgspec import Struct

from recommender.domain import Locale, Reference
from recommender.domain.business import FunctionCode, LegalForm
from recommender.domain.questionnaire import Question, QuestionKind
from service.api.catalogue import cacheable, reads
from service.api.parameters import Language
from service.serving import Serving


class OptionView(Struct, frozen=True):
    """One possible answer; `code` is what the profile holds.

    Attributes:
        code: What the profile holds.
        text: What the owner reads.
    """

    code: str
    text: str


class QuestionView(Struct, frozen=True):
    """One question; its answer goes into the field `field` of the profile.

    Attributes:
        id: Code of the question.
        field: Field of the profile that the answer goes into.
        kind: How it is answered.
        required: Whether it must be answered.
        text: The question.
        help: What helps to answer it; may be empty.
        legal_forms: Who is asked; empty means everyone.
        function: Which function of `functions` it is about, if any.
        options: Possible answers; empty where something is typed.
    """

    id: str
    field: str
    kind: QuestionKind
    required: bool
    text: str
    help: str
    legal_forms: tuple[LegalForm, ...]
    function: FunctionCode | None
    options: tuple[OptionView, ...]


class StepView(Struct, frozen=True):
    """One page of questions.

    Attributes:
        id: Code of the page.
        title: Its heading.
        intro: What stands above the questions; may be empty.
        on_request: Whether it is offered with the answers to be checked, not asked on the way.
        questions: What is asked.
    """

    id: str
    title: str
    intro: str
    on_request: bool
    questions: tuple[QuestionView, ...]


class QuestionnaireView(Struct, frozen=True):
    """All questions, in the order in which they are asked.

    Attributes:
        title: What it is called.
        steps: Its pages.
    """

    title: str
    steps: tuple[StepView, ...]


@reads(
    "/questionnaire",
    400,
    422,
    operation_id="get_questionnaire",
    scope="platforms:read",
    summary="Read the questionnaire",
    tags=["questionnaire"],
)
def get_questionnaire(
    request: Request[Any, Any, Any],
    serving: NamedDependency[Serving],
    locale: Language = "vi",
) -> Response[QuestionnaireView]:
    """Return the questions with every possible answer."""
    return cacheable(request, questionnaire_view(serving.reference, locale))


def questionnaire_view(reference: Reference, locale: Locale) -> QuestionnaireView:
    """Return the questionnaire in the reader's language."""
    return QuestionnaireView(
        reference.questionnaire.say("title", locale),
        tuple(
            StepView(
                step.id,
                step.say("title", locale),
                step.say("intro", locale),
                step.on_request,
                tuple(_view(question, reference, locale) for question in step.questions),
            )
            for step in reference.questionnaire.steps
        ),
    )


def _view(question: Question, reference: Reference, locale: Locale) -> QuestionView:
    return QuestionView(
        question.id,
        question.field,
        question.kind,
        question.required,
        question.say("text", locale),
        question.say("help", locale),
        question.legal_forms,
        question.function,
        _options(question, reference, locale),
    )


def _options(question: Question, reference: Reference, locale: Locale) -> tuple[OptionView, ...]:
    if question.kind == "platforms":
        return tuple(OptionView(id_, row.name) for id_, row in reference.platforms.items())
    if question.kind == "province":
        provinces = reference.current_provinces.items()
        return tuple(OptionView(code, row.say("new_name", locale)) for code, row in provinces)
    if question.kind == "sector":
        sectors = reference.asked_sectors
        return tuple(OptionView(row.code, row.say("name", locale)) for row in sectors)
    rows = (
        reference.needs
        if question.list == "needs"
        else reference.choices.get(question.list or "", {})
    )
    return tuple(OptionView(code, row.say("name", locale)) for code, row in rows.items())
