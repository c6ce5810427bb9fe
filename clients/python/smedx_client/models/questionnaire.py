"""What is sent and answered: questionnaire.

Written by `make clients` from the OpenAPI document: change nothing here."""

from msgspec import Struct


class OptionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One possible answer; `code` is what the profile holds.

    Attributes:
        code: What the profile holds.
        text: What the owner reads.
    """

    code: str
    text: str


class QuestionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
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
    kind: str
    required: bool
    text: str
    help: str
    legal_forms: tuple[str, ...]
    function: str | None
    options: tuple[OptionView, ...]


class StepView(Struct, frozen=True, kw_only=True, omit_defaults=True):
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


class QuestionnaireView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All questions, in the order in which they are asked.

    Attributes:
        title: What it is called.
        steps: Its pages.
    """

    title: str
    steps: tuple[StepView, ...]
