"""From the fields of a form to a draft as typed, and from a draft to a profile.

A draft keeps what was typed, by question. Whether it is right is worked out anew each time, so
that a half-written answer survives a closed browser and a changed rule applies at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import msgspec

from recommender.domain import BusinessProfile, Reference
from recommender.domain.questionnaire import Question, Step
from service.web.forms import Form, single
from service.web.i18n import Language
from service.web.questionnaire.numbers import (
    NumberError,
    number_trouble,
    parse_billions,
    parse_count,
)
from service.web.questionnaire.options import Option, options_of, platform_ids

Answers = Mapping[str, Any]
"""What was typed, by the id of the question: a text, a list, or a text by business function."""

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

    fields: dict[str, Any]
    problems: tuple[Problem, ...] = ()

    def __add__(self, other: "Answered") -> "Answered":
        """Join two readings; the business functions of both are kept."""
        fields = {**self.fields, **other.fields}
        if "functions" in self.fields and "functions" in other.fields:
            fields["functions"] = {**self.fields["functions"], **other.fields["functions"]}
        return Answered(fields, self.problems + other.problems)


def posted(question: Question, form: Form) -> Any:
    """Return what a form tells about one question, as typed."""
    if question.kind == "functions":
        return {code: single(form, f"{question.id}-{code}") for code in question.functions}
    if question.kind in ("choices", "platforms"):
        return list(dict.fromkeys(form.get(question.id, ())))
    return single(form, question.id)


def legal_form(reference: Reference, answers: Answers) -> str | None:
    """Return the legal form, once it is known: it decides what else is asked."""
    questions = (question for step in reference.questionnaire.steps for question in step.questions)
    asked = next(question.id for question in questions if question.field == "legal_form")
    told = answers.get(asked)
    return told if isinstance(told, str) and told in reference.choices["legal_form"] else None


def steps_asked(reference: Reference, answers: Answers) -> list[tuple[Step, tuple[Question, ...]]]:
    """Return the steps for this business with their questions, without those that end up empty."""
    form = legal_form(reference, answers)
    steps = ((step, step.asked_of(form)) for step in reference.questionnaire.steps)
    return [(step, questions) for step, questions in steps if questions]


def read_questions(
    questions: tuple[Question, ...], answers: Answers, reference: Reference, language: Language
) -> Answered:
    """Read the answers to some questions."""
    reader = _Reader(reference, language, legal_form(reference, answers))
    total = Answered({})
    for question in questions:
        total += reader.read(question, answers.get(question.id))
    return total


def read_all(answers: Answers, reference: Reference, language: Language) -> Answered:
    """Read every answer that this business is asked for."""
    asked = steps_asked(reference, answers)
    questions = tuple(question for _, questions in asked for question in questions)
    return read_questions(questions, answers, reference, language)


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
    form: str | None

    def read(self, question: Question, told: Any) -> Answered:
        by_kind: dict[str, Callable[[Question, Any], Answered]] = {
            "number": self._number,
            "money": self._number,
            "functions": self._functions,
            "choices": self._several,
            "platforms": self._several,
        }
        return by_kind.get(question.kind, self._one)(question, told)

    def _problem(self, question: Question, message: str, anchor: str = "") -> Answered:
        text = question.say("text", self.language.locale)
        return Answered({}, (Problem(anchor or question.id, text, message),))

    def _one(self, question: Question, told: Any) -> Answered:
        _ = self.language.gettext
        if not told:
            if not question.required:
                return Answered({})
            if question.kind == "province":
                return self._problem(question, _("Choose one from the list."))
            return self._problem(question, _("Choose one answer."))
        known = {option.value for option in self._options(question)}
        if not isinstance(told, str) or told not in known:
            return self._problem(question, _("Choose one of the answers below."))
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

    def _functions(self, question: Question, told: Any) -> Answered:
        told = told if isinstance(told, dict) else {}
        known = self.reference.choices[question.list or "function_state"]
        total = Answered({question.field: {}})
        for code in question.functions:
            state = told.get(code)
            if isinstance(state, str) and state in known:
                total += Answered({question.field: {code: state}})
            elif state or question.required:
                function = self.reference.functions[code]
                text = function.say("question", self.language.locale)
                message = self.language.gettext("Choose one answer.")
                total += Answered({}, (Problem(f"{question.id}-{code}", text, message),))
        return total

    def _number(self, question: Question, told: Any) -> Answered:
        text = told if isinstance(told, str) else ""
        if not text and not question.required:
            return Answered({})
        if not text:
            message = self.language.gettext("Write a number, for example 3.")
            return self._problem(question, message)
        try:
            if question.kind == "number":
                return Answered({question.field: parse_count(text)})
            limit = BARE_BILLIONS.get(self.form or "", BARE_BILLIONS_OTHERS)
            return Answered({question.field: parse_billions(text, bare_limit=limit)})
        except NumberError as error:
            return self._problem(question, number_trouble(error, question.kind, self.language))

    def _options(self, question: Question) -> tuple[Option, ...]:
        return options_of(question, self.reference, self.language)
