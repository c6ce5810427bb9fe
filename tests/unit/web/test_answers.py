"""Answers as typed become a profile, or problems that say where and what."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from recommender.domain import load_reference
from service.settings import packaged_data
from service.web.i18n import LANGUAGES
from service.web.questionnaire.answers import posted, profile_of, read_all
from service.web.questionnaire.options import options_of
from service.web.questionnaire.walk import Walk
from tests.owners import FARM, GARMENT_EXPORTER, ONLINE_SHOP, RESTAURANT, RICE_COOPERATIVE

COMPLETE = {
    **GARMENT_EXPORTER,
    "employees": "1.200",
    "revenue": "150",
    "capital": "",
    "strategy": "",
    "data-use": "recorded",
    "security": "",
    "finance": "linked_tool",
    "infrastructure": "not_applicable",
    "needs": ["deliver-trace"],
    "budget": "",
    "tools": ["misa-amis", "misa-amis"],
}
REFERENCE = load_reference(packaged_data())
VI = LANGUAGES["vi"]


def asked(answers):
    steps = Walk(REFERENCE, VI, answers).steps
    return [question.id for each in steps for question in each.questions]


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
    assert {"legal-form", "sector", "province", "employees", "sales"} <= set(problems({}))
    assert "revenue" not in problems({})


def test_each_legal_form_takes_its_own_path():
    household, enterprise = asked(RESTAURANT), asked(COMPLETE)
    assert "people" in household
    assert not {"capital", "documents", "strategy", "employees"} & set(household)
    assert {"employees", "documents", "strategy"} <= set(enterprise)
    assert "people" not in enterprise
    assert len(household) < len(enterprise)


def test_who_counts_themselves_is_one_at_least():
    assert problems({**FARM, "people": "0"})["people"] == "Đếm cả bạn nữa: ít nhất là 1."
    assert "employees" not in problems({**COMPLETE, "employees": "0"})


def test_what_need_not_be_known_may_stay_empty_and_the_error_says_so():
    assert "cứ để trống" in problems({**RESTAURANT, "revenue": "không biết"})["revenue"]
    english = problems({**RESTAURANT, "revenue": "don't know"}, "en")
    assert english["revenue"].endswith(
        "1.5 billion VND or 200 million VND. If you do not know, leave it empty."
    )
    assert "để trống" not in problems({**RESTAURANT, "people": "không biết"})["people"]


def last_choice(answers, question, locale="en"):
    asked = next(
        each
        for each in Walk(REFERENCE, LANGUAGES[locale], answers).steps
        if each.questions[0].id == question
    )
    return options_of(asked.questions[0], asked.told, REFERENCE, LANGUAGES[locale])[-1].label


def test_who_does_not_need_something_says_so_in_words_that_fit_the_form_and_number():
    cooperative = {**RICE_COOPERATIVE, "workers": "14"}
    assert last_choice(cooperative, "staff") == "Members do their own share and nobody is paid"
    assert "Head office" not in last_choice(cooperative, "infrastructure")
    assert last_choice({**FARM, "people": "1"}, "staff") == "I work alone"
    assert last_choice({**FARM, "people": "3"}, "staff") != "I work alone"
    assert last_choice(GARMENT_EXPORTER, "infrastructure") == "Head office takes care of this"


def test_how_many_questions_there_are_is_told_for_sure_only_when_no_answer_can_change_it():
    for answers in (GARMENT_EXPORTER, RICE_COOPERATIVE, RESTAURANT, FARM, ONLINE_SHOP):
        walk, told, sure = Walk(REFERENCE, VI, {}), {}, set()
        while walk.first_open is not None:
            asked = walk.steps[walk.first_open]
            told |= {each.id: answers.get(each.id, "") for each in asked.questions}
            walk = Walk(REFERENCE, VI, told)
            sure |= {len(walk.steps)} if walk.is_total_sure else set()
        assert sure == {len(walk.steps)}
    assert not Walk(REFERENCE, VI, {"legal-form": "enterprise"}).is_total_sure


def test_revenue_is_asked_of_a_household_only_where_a_rule_depends_on_it():
    assert "revenue" in asked(ONLINE_SHOP)
    assert "revenue" not in asked(FARM)


def test_capital_is_asked_only_where_it_decides_the_size_class():
    small = {**COMPLETE, "employees": "60", "revenue": "90 tỷ"}
    assert "capital" not in asked({**small, "revenue": "20 tỷ"})
    assert "capital" in asked({**small, "employees": "120", "revenue": "250 tỷ"})


def test_a_trade_is_asked_in_its_own_words():
    def question(sector):
        steps = Walk(REFERENCE, VI, {**RESTAURANT, "sector": sector, "sales": ""}).steps
        return next(p.question for s in steps for p in s.answered.problems if p.anchor == "sales")

    assert "bàn" in question("I56")
    assert "phòng" in question("I55")
    assert "đơn đặt hàng" in question("C")


def test_an_answer_that_is_no_longer_asked_for_does_not_count():
    household = {**COMPLETE, "legal-form": "household", "people": "3", "capital": "not a number"}
    answered = read_all(household, REFERENCE, VI)
    assert not answered.problems
    assert "capital_bn_vnd" not in answered.fields


def test_the_reader_is_told_in_their_language():
    assert problems({**COMPLETE, "employees": "vài"})["employees"] == "Hãy ghi một số, ví dụ 3."
    english = problems({**COMPLETE, "employees": "vài"}, "en")
    assert english["employees"] == "Write a number, for example 3."


def test_an_unclear_amount_names_both_readings():
    message = problems({**RESTAURANT, "revenue": "500"})["revenue"]
    assert "500 triệu" in message
    assert "500 tỷ" in message


@pytest.mark.parametrize(
    "wrong",
    [
        {"legal-form": "emperor"},
        {"sector": "ZZ"},
        {"province": "00"},
        {"consumers": "maybe"},
        {"sales": "magic"},
        {"needs": ["everything"]},
        {"tools": ["no-such-platform"]},
        {"legal-form": ["household"]},
        {"sales": ["paper"]},
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
    assert not Walk(REFERENCE, VI, {question.id: told}).is_known
