"""`GET /v1/questionnaire`: the questions, and the codes that answer them."""

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromQuery
from msgspec import Struct

from recommender.domain import Locale, Reference
from recommender.domain.business import FunctionCode, LegalForm
from recommender.domain.questionnaire import Question, QuestionKind
from service.access.scopes import needs
from service.problems import answers
from service.serving import Serving


class OptionView(Struct, frozen=True):
    """One possible answer; `code` is what the profile holds."""

    code: str
    text: str


class QuestionView(Struct, frozen=True):
    """One question; its answer goes into the field `field` of the profile."""

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
    """One page of questions."""

    id: str
    title: str
    intro: str
    questions: tuple[QuestionView, ...]


class QuestionnaireView(Struct, frozen=True):
    """All questions, in the order in which they are asked."""

    title: str
    steps: tuple[StepView, ...]


@get(
    "/questionnaire",
    sync_to_thread=False,
    responses=answers(400, 422),
    operation_id="get_questionnaire",
    summary="Read the questionnaire",
    tags=["questionnaire"],
    **needs("platforms:read"),
)
def get_questionnaire(
    serving: NamedDependency[Serving], locale: FromQuery[Locale] = "vi"
) -> QuestionnaireView:
    """Return the questions with every possible answer."""
    reference = serving.reference
    return QuestionnaireView(
        reference.questionnaire.say("title", locale),
        tuple(
            StepView(
                step.id,
                step.say("title", locale),
                step.say("intro", locale),
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
        sectors = sorted(reference.sectors.values(), key=lambda row: row.position)
        return tuple(OptionView(row.code, row.say("name", locale)) for row in sectors)
    rows = (
        reference.needs
        if question.list == "needs"
        else reference.choices.get(question.list or "", {})
    )
    return tuple(OptionView(code, row.say("name", locale)) for code, row in rows.items())
