"""The questionnaire that an owner fills, as data."""

from typing import Annotated, Literal

from msgspec import Meta

from recommender.domain.business import FunctionCode, LegalForm
from recommender.domain.catalogue import Code
from recommender.domain.tables import Bilingual

QuestionKind = Literal[
    "choice", "choices", "number", "money", "yes_no", "function", "platforms", "province", "sector"
]


class NotNeeded(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Why a business of some legal forms, of more than one person, does not need a function."""

    legal_forms: Annotated[tuple[LegalForm, ...], Meta(min_length=1)]
    text_vi: str
    text_en: str


class Question(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question.

    Attributes:
        field: The field of the profile that it fills.
        list: The list of `choices.csv` (or `needs`) with its answers.
        legal_forms: Whom it is asked of; empty for everyone.
        function: The business function that it is about.
        alone: The answer that is offered where one person does everything.
        least: The smallest number that can be right.
        not_needed: What to say in place of the words of the trade who does not need the function.
    """

    id: Code
    field: str
    kind: QuestionKind
    list: str | None = None
    required: bool = False
    text_vi: str
    text_en: str
    help_vi: str = ""
    help_en: str = ""
    legal_forms: tuple[LegalForm, ...] = ()
    function: FunctionCode | None = None
    alone: str = ""
    least: int = 0
    not_needed: tuple[NotNeeded, ...] = ()


class Step(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page of the questionnaire.

    Attributes:
        on_request: Whether it is offered with the answers to be checked, not asked on the way.
    """

    id: Code
    title_vi: str
    title_en: str
    intro_vi: str = ""
    intro_en: str = ""
    on_request: bool = False
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]


class Questionnaire(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All steps, in the order in which they are asked."""

    title_vi: str
    title_en: str
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
