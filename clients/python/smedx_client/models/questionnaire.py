"""What is sent and answered: questionnaire.

Written by `make clients` from the OpenAPI document: change nothing here."""

from msgspec import Struct


class OptionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One possible answer; `code` is what the profile holds."""

    code: str
    text: str


class QuestionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question; its answer goes into the field `field` of the profile."""

    id: str
    field: str
    kind: str
    required: bool
    text: str
    help: str
    legal_forms: tuple[str, ...]
    function: str | None
    options: tuple[OptionView, ...]


class StepView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One page of questions."""

    id: str
    title: str
    intro: str
    questions: tuple[QuestionView, ...]


class QuestionnaireView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All questions, in the order in which they are asked."""

    title: str
    steps: tuple[StepView, ...]
