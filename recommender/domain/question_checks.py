"""Faults of the questionnaire: questions that fill nothing, twice or not at all, missing words."""

from collections import Counter
from collections.abc import Iterator
from typing import get_args

import msgspec

from recommender.domain.business import BusinessProfile, LegalForm
from recommender.domain.questionnaire import Question
from recommender.domain.reference import Reference
from recommender.domain.tables import Problem

FILE = "questionnaire.toml"


def question_faults(reference: Reference) -> Iterator[Problem]:
    """Yield what is wrong with the questions, and which trade lacks the words of a function."""
    yield from _faults_of_each(reference)
    yield from _faults_of_paths(reference)
    yield from _missing_words(reference)


def _faults_of_each(reference: Reference) -> Iterator[Problem]:
    fields = set(BusinessProfile.__struct_fields__)
    for step in reference.questionnaire.steps:
        for question in step.questions:
            place = f"{step.id}.{question.id}"
            if question.field not in fields:
                message = f"no profile has the field {question.field!r}"
                yield Problem(FILE, 0, place, message)
            if question.list not in (None, "needs") and question.list not in reference.choices:
                message = f"choices.csv has no list {question.list!r}"
                yield Problem(FILE, 0, place, message)
            elif question.alone and question.alone not in reference.choices[question.list or ""]:
                message = f"the list {question.list!r} has no answer {question.alone!r}"
                yield Problem(FILE, 0, place, message)
            if (question.kind == "function") != (question.function is not None):
                message = "expected a function where the kind is function, and only there"
                yield Problem(FILE, 0, place, message)


def _faults_of_paths(reference: Reference) -> Iterator[Problem]:
    """Yield what is asked twice of a business, or never, by legal form."""
    questions = [q for step in reference.questionnaire.steps for q in step.questions]
    for id_, count in Counter(question.id for question in questions).items():
        if count > 1:
            yield Problem(FILE, 0, id_, "a question of this id stands here for the second time")
    for field in sorted(set(BusinessProfile.__struct_fields__) - {"classification"}):
        if not any(question.field == field for question in questions):
            yield Problem(FILE, 0, field, "no question fills this field")
    needed = {f.name for f in msgspec.structs.fields(BusinessProfile) if f.required}
    for form in get_args(LegalForm):
        asked = Counter(_filled(q) for q in questions if form in (q.legal_forms or (form,)))
        for place in sorted(place for place, count in asked.items() if count > 1):
            yield Problem(FILE, 0, place, f"is asked of {form} more than once")
        for field in sorted(needed & {q.field for q in questions} - asked.keys()):
            yield Problem(FILE, 0, field, f"is needed, and not asked of {form}")


def _filled(question: Question) -> str:
    """Return what a question fills: a field of the profile, or one function of it."""
    return f"functions.{question.function}" if question.function else question.field


def _missing_words(reference: Reference) -> Iterator[Problem]:
    for trade in sorted({sector.trade for sector in reference.sectors.values()}):
        for function in reference.functions:
            if (trade, function) not in reference.function_questions:
                message = f"expected a row for the trade {trade} and the function {function}"
                yield Problem("function_questions.csv", 0, "trade", message)
