"""The questionnaire that an owner fills, as data."""

from typing import Annotated, Literal

from msgspec import Meta

from recommender.domain.business import FunctionCode, LegalForm
from recommender.domain.tables import Bilingual

QuestionKind = Literal[
    "choice", "choices", "number", "money", "yes_no", "functions", "platforms", "province", "sector"
]


class Question(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One question; `field` names the field of the profile that it fills."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
    field: str
    kind: QuestionKind
    list: str | None = None
    required: bool = False
    text_vi: str
    text_en: str
    help_vi: str = ""
    help_en: str = ""
    legal_forms: tuple[LegalForm, ...] = ()
    functions: tuple[FunctionCode, ...] = ()


class Step(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One page of the questionnaire."""

    id: Annotated[str, Meta(pattern=r"^[a-z0-9-]+$")]
    title_vi: str
    title_en: str
    intro_vi: str = ""
    intro_en: str = ""
    questions: Annotated[tuple[Question, ...], Meta(min_length=1)]

    def asked_of(self, legal_form: str | None) -> tuple[Question, ...]:
        """Return the questions for a business of this legal form (all if it is not known)."""
        return tuple(
            question
            for question in self.questions
            if not question.legal_forms or legal_form is None or legal_form in question.legal_forms
        )


class Questionnaire(Bilingual, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """All steps, in the order in which they are asked."""

    title_vi: str
    title_en: str
    steps: Annotated[tuple[Step, ...], Meta(min_length=1)]
