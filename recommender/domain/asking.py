"""What a business is asked, given what it has told so far: no more than can change its result."""

from collections.abc import Mapping
from typing import Any

import msgspec

from recommender.domain.business import BusinessProfile
from recommender.domain.catalogue import FunctionQuestion
from recommender.domain.questionnaire import Question
from recommender.domain.reference import Reference
from recommender.domain.tables import Locale

CLASSIFICATION = "VSIC2018"
"""The classification in which the questionnaire asks for the sector."""

Told = Mapping[str, Any]
"""Fields of a profile that were answered before, by name; a missing one is not known yet."""

MOST_CAPITAL = 1_000_000.0


def is_asked(question: Question, told: Told, reference: Reference) -> bool:
    """Tell whether a question is put to a business; what is not known yet never excludes one.

    Args:
        question: The question.
        told: What was answered before.
        reference: The rules that tell what an answer can change.
    """
    form = told.get("legal_form")
    if form is not None and question.legal_forms and form not in question.legal_forms:
        return False
    if question.field == "revenue_bn_vnd":
        return form != "household" or _has_threshold(told, reference)
    if question.field == "capital_bn_vnd":
        return _capital_decides(told, reference)
    return True


def offered(question: Question, told: Told, reference: Reference) -> str:
    """Return the answer that is ticked for the business to confirm or change; empty for none.

    One person who does everything has nobody to pay; and whom one sells to goes with the sector.
    An offer answers nothing by itself: it counts once it is sent.
    """
    if question.alone and told.get("employees") == 1:
        return question.alone
    if question.kind == "yes_no" and question.field == "sells_to_consumers":
        sector = reference.sectors.get((CLASSIFICATION, told.get("sector", "")))
        usual = sector.sells_to_consumers if sector else None
        return {True: "yes", False: "no", None: ""}[usual]
    return ""


def words_of(question: Question, told: Told, reference: Reference) -> FunctionQuestion | None:
    """Return how a trade is asked about a function; None if the sector is not known yet."""
    sector = reference.sectors.get((CLASSIFICATION, told.get("sector", "")))
    if sector is None or question.function is None:
        return None
    return reference.function_questions[sector.trade, question.function]


def not_needed(question: Question, told: Told, reference: Reference, locale: Locale) -> str | None:
    """Return what those say who do not need the function of a question; None without one.

    The trade says it, unless the legal form does: 14 members of a co-operative do not work alone.
    """
    if question.function is None:
        return None
    if told.get("employees") != 1:
        for own in question.not_needed:
            if told.get("legal_form") in own.legal_forms:
                return own.say("text", locale)
    said_by = words_of(question, told, reference) or reference.functions[question.function]
    return said_by.say("none", locale)


def why_not_needed(
    function: str, profile: BusinessProfile, reference: Reference, locale: Locale
) -> str:
    """Return what a business said in its questionnaire who does not need a function."""
    asked = (each for step in reference.questionnaire.steps for each in step.questions)
    question = next(each for each in asked if each.function == function)
    told = msgspec.structs.asdict(profile)
    return not_needed(question, told, reference, locale) or ""


def _has_threshold(told: Told, reference: Reference) -> bool:
    """Tell whether a duty binds such a business from some revenue on."""
    return any(
        duty.min_revenue_bn_vnd is not None
        and told["legal_form"] in (duty.legal_forms or (told["legal_form"],))
        and (told.get("sells_to_consumers") is not False or not duty.consumers_only)
        for duty in reference.obligations.values()
    )


def _capital_decides(told: Told, reference: Reference) -> bool:
    """Tell whether the size class depends on the capital, given people and revenue."""
    if not {"legal_form", "sector", "employees"} <= told.keys():
        return True
    sizes = {
        reference.size_class(
            BusinessProfile(
                legal_form=told["legal_form"],
                sector=told["sector"],
                employees=told["employees"],
                revenue_bn_vnd=told.get("revenue_bn_vnd"),
                capital_bn_vnd=capital,
                province="",
                sells_to_consumers=False,
            )
        ).code
        for capital in (0.0, MOST_CAPITAL)
    }
    return len(sizes) > 1
