"""Answers as typed become a profile, or problems that say where and what."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.domain import load_reference
from service.settings import packaged_data
from service.web.i18n import LANGUAGES
from service.web.questionnaire.answers import legal_form, posted, profile_of, read_all, steps_asked

COMPLETE = {
    "legal-form": "enterprise",
    "sector": "C",
    "province": "79",
    "employees": "1.200",
    "consumers": "no",
    "revenue": "150",
    "capital": "",
    "functions-market": {
        "sales": "separate_tool",
        "finance": "linked_tool",
        "customers": "spreadsheet",
        "supply-chain": "paper",
    },
    "functions-inside": {
        "people": "paper",
        "operations": "not_done",
        "documents": "paper",
        "infrastructure": "not_applicable",
    },
    "strategy": "",
    "data-use": "recorded",
    "security": "",
    "needs": ["deliver-trace"],
    "budget": "",
    "platforms": ["misa-amis", "misa-amis"],
}
REFERENCE = load_reference(packaged_data())
VI = LANGUAGES["vi"]


def problems(answers, locale="vi"):
    found = read_all(answers, REFERENCE, LANGUAGES[locale]).problems
    return {problem.anchor: problem.message for problem in found}


def test_answers_become_a_profile_and_what_was_not_answered_is_left_out():
    answered = read_all(COMPLETE, REFERENCE, VI)
    assert not answered.problems
    profile = profile_of(answered, REFERENCE)
    assert profile is not None
    assert profile.employees == 1200
    assert profile.revenue_bn_vnd == 150
    assert profile.capital_bn_vnd is None
    assert profile.sells_to_consumers is False
    assert profile.strategy is None
    assert profile.data_use == "recorded"
    assert profile.functions["finance"] == "linked_tool"
    assert profile.functions["infrastructure"] == "not_applicable"
    assert len(profile.functions) == 8
    assert profile.platforms_in_use == ("misa-amis",)


def test_nothing_answered_names_every_required_question():
    assert {"legal-form", "sector", "province", "employees", "functions-market-sales"} <= set(
        problems({})
    )
    assert "revenue" not in problems({})


def test_a_household_is_not_asked_for_capital():
    asked = {
        question.id
        for _, questions in steps_asked(REFERENCE, {"legal-form": "household"})
        for question in questions
    }
    assert "capital" not in asked
    assert "revenue" in asked


def test_an_answer_that_is_no_longer_asked_for_does_not_count():
    household = {**COMPLETE, "legal-form": "household", "revenue": "1", "capital": "not a number"}
    answered = read_all(household, REFERENCE, VI)
    assert not answered.problems
    assert "capital_bn_vnd" not in answered.fields


def test_the_reader_is_told_in_their_language():
    assert problems({**COMPLETE, "employees": "vài"})["employees"] == "Hãy ghi một số, ví dụ 3."
    english = problems({**COMPLETE, "employees": "vài"}, "en")
    assert english["employees"] == "Write a number, for example 3."


def test_an_unclear_amount_names_both_readings():
    message = problems({**COMPLETE, "legal-form": "household", "revenue": "500"})["revenue"]
    assert "500 triệu" in message
    assert "500 tỷ" in message


@pytest.mark.parametrize(
    "wrong",
    [
        {"legal-form": "emperor"},
        {"sector": "ZZ"},
        {"province": "00"},
        {"consumers": "maybe"},
        {"functions-market": {"sales": "magic"}},
        {"needs": ["everything"]},
        {"platforms": ["no-such-platform"]},
        {"legal-form": ["household"]},
        {"functions-market": "paper"},
        {"employees": ["3"]},
    ],
)
def test_what_no_list_knows_is_a_problem(wrong):
    assert problems({**COMPLETE, **wrong})


@settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.dictionaries(
        st.sampled_from(list(COMPLETE)),
        st.none()
        | st.text(max_size=20)
        | st.lists(st.text(max_size=5), max_size=3)
        | st.dictionaries(st.text(max_size=5), st.integers() | st.text(max_size=5), max_size=3),
    )
)
def test_any_draft_can_be_read(answers):
    answered = read_all({**COMPLETE, **answers}, REFERENCE, VI)
    assert answered.problems or profile_of(answered, REFERENCE) is not None


def test_two_answers_to_one_question_fit_no_option():
    question = REFERENCE.questionnaire.steps[0].questions[0]
    told = posted(question, {question.id: ("household", "enterprise")})
    assert legal_form(REFERENCE, {question.id: told}) is None
