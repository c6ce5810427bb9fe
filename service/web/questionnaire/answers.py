"""From the fields of a form to a draft as typed, and from a draft to a profile.

A draft keeps what was typed, by question. Whether it is right is worked out anew each time, so
that a half-written answer survives a closed browser and a changed rule applies at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from recommender.domain import BusinessProfile, Reference
from recommender.domain.asking import Told, is_asked
from recommender.domain.questionnaire import Question, Step
from service.web.forms import Form, single
from service.web.i18n import Language
from service.web.questionnaire.numbers import (
    NumberError,
    number_trouble,
    parse_billions,
    parse_count,
)
from service.web.questionnaire.options import Option, options_of, platform_ids, question_text

Answers = Mapping[str, Any]
"""What was typed, by the id of the question: a text, or a list."""

BARE_BILLIONS = {"household": 20}
BARE_BILLIONS_OTHERS = 300
"""Above these a number without a unit is asked again: 300 billion is the bound of a medium firm."""


@dataclass(frozen=True)
class Problem:
    """What is wrong with an answer: where it stands on the page, and what to do."""

    anchor: str
    question: str
    message: str


@dataclass(frozen=True)
class Answered:
    """The fields of the profile that answers give, and what is wrong with them."""

    fields: dict[str, Any] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: "Answered") -> "Answered":
        """Join two readings; the business functions of both are kept."""
        fields = {**self.fields, **other.fields}
        if "functions" in self.fields and "functions" in other.fields:
            fields["functions"] = {**self.fields["functions"], **other.fields["functions"]}
        return Answered(fields, self.problems + other.problems)


@dataclass(frozen=True)
class AskedStep:
    """A step as a business is asked it.

    Attributes:
        step: The step.
        questions: Those of its questions that are put to the business.
        told: The fields of the profile that were answered before it.
        answered: What it was answered.
    """

    step: Step
    questions: tuple[Question, ...]
    told: Told
    answered: Answered


def posted(question: Question, form: Form) -> Any:
    """Return what a form tells about one question, as typed."""
    if question.kind in ("choices", "platforms"):
        return list(dict.fromkeys(form.get(question.id, ())))
    return single(form, question.id)


def go_through(answers: Answers, reference: Reference, language: Language) -> tuple[AskedStep, ...]:
    """Return the steps that a business is asked: each answer decides what else can matter."""
    steps, so_far = [], Answered()
    for step in reference.questionnaire.steps:
        told = so_far.fields
        asked = tuple(each for each in step.questions if is_asked(each, told, reference))
        if not asked:
            continue
        reader, answered = _Reader(reference, language, told), Answered()
        for question in asked:
            answered += reader.read(question, answers.get(question.id))
        steps.append(AskedStep(step, asked, told, answered))
        so_far += answered
    return tuple(steps)


def read_all(answers: Answers, reference: Reference, language: Language) -> Answered:
    """Read every answer that this business is asked for."""
    steps = go_through(answers, reference, language)
    return sum((each.answered for each in steps), Answered())


def profile_of(answered: Answered, reference: Reference) -> BusinessProfile | None:
    """Return the profile that answers add up to; None where they do not (yet) make one."""
    try:
        profile = msgspec.convert(answered.fields, BusinessProfile)
    except msgspec.ValidationError:
        return None
    return None if reference.check(profile) else reference.normalise(profile)


@dataclass(frozen=True)
class _Reader:
    """Reads one answer; a problem names the field on the page and what to do."""

    reference: Reference
    language: Language
    told: Told

    def read(self, question: Question, told: Any) -> Answered:
        by_kind: dict[str, Callable[[Question, Any], Answered]] = {
            "number": self._number,
            "money": self._number,
            "choices": self._several,
            "platforms": self._several,
        }
        return by_kind.get(question.kind, self._one)(question, told)

    def _problem(self, question: Question, message: str) -> Answered:
        text = question_text(question, self.told, self.reference, self.language)
        return Answered({}, (Problem(question.id, text, message),))

    def _one(self, question: Question, told: Any) -> Answered:
        _ = self.language.gettext
        if not told:
            if not question.required:
                return Answered()
            if question.kind == "province":
                return self._problem(question, _("Choose one from the list."))
            return self._problem(question, _("Choose one answer."))
        known = {option.value for option in self._options(question)}
        if not isinstance(told, str) or told not in known:
            return self._problem(question, _("Choose one of the answers below."))
        if question.function is not None:
            return Answered({question.field: {question.function: told}})
        return Answered({question.field: told == "yes" if question.kind == "yes_no" else told})

    def _several(self, question: Question, told: Any) -> Answered:
        told = [str(each) for each in told] if isinstance(told, list) else []
        known = (
            platform_ids(self.reference)
            if question.kind == "platforms"
            else {option.value for option in self._options(question)}
        )
        if not known.issuperset(told):
            message = self.language.gettext("Choose only from the answers below.")
            return self._problem(question, message)
        return Answered({question.field: tuple(told)})

    def _number(self, question: Question, told: Any) -> Answered:
        text = told if isinstance(told, str) else ""
        if not text and not question.required:
            return Answered()
        if not text:
            message = self.language.gettext("Write a number, for example 3.")
            return self._problem(question, message)
        try:
            if question.kind == "number":
                return self._count(question, parse_count(text))
            limit = BARE_BILLIONS.get(self.told.get("legal_form", ""), BARE_BILLIONS_OTHERS)
            return Answered({question.field: parse_billions(text, bare_limit=limit)})
        except NumberError as error:
            message = number_trouble(error, question.kind, self.language)
            if error.trouble == "not_a_number" and not question.required:
                message += " " + self.language.gettext("If you do not know, leave it empty.")
            return self._problem(question, message)

    def _count(self, question: Question, count: int) -> Answered:
        if count < question.least:
            message = self.language.gettext("Count yourself as well: it is 1 at least.")
            return self._problem(question, message)
        return Answered({question.field: count})

    def _options(self, question: Question) -> tuple[Option, ...]:
        return options_of(question, self.told, self.reference, self.language)
