"""Maturity from 0 to 100 and its levels; what does not apply never lowers it."""

from typing import get_args

import msgspec
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from recommender.domain.business import (
    DataAnswer,
    FunctionCode,
    FunctionState,
    SecurityAnswer,
    StrategyAnswer,
)
from recommender.domain.maturity import maturity

FUNCTIONS = get_args(FunctionCode)
LADDERS = {
    "strategy": get_args(StrategyAnswer),
    "data_use": get_args(DataAnswer),
    "security": get_args(SecurityAnswer),
}
STATES = tuple(state for state in get_args(FunctionState) if state != "not_applicable")


def with_function(profile, code, state):
    functions = {name: told for name, told in profile.functions.items() if name != code}
    if state is not None:
        functions[code] = state
    return msgspec.structs.replace(profile, functions=functions)


def test_the_total_is_three_quarters_functions_and_a_quarter_practices(reference, make_profile):
    profile = make_profile(
        functions={"sales": "linked_tool", "finance": "spreadsheet", "people": "not_applicable"},
        strategy="plan",
        security="passwords",
    )
    found = reference.maturity(profile)
    assert found.score == 0.75 * (100 + 40) / 2 + 0.25 * (67 + 33) / 2
    assert found.level == 4
    assert found.functions == {"sales": 100, "finance": 40, "people": None}
    assert found.practices == {"strategy": 67, "security": 33}


def test_a_part_that_was_not_answered_leaves_its_weight_to_the_other(reference, make_profile):
    assert reference.maturity(make_profile(functions={"sales": "paper"})).score == 20
    assert reference.maturity(make_profile(strategy="plan_with_budget")).score == 100


def test_nothing_answered_gives_no_score_and_no_level(reference, make_profile):
    found = reference.maturity(make_profile())
    assert (found.score, found.level) == (None, None)


def test_nothing_but_not_applicable_gives_no_score_and_no_level(reference, make_profile):
    functions = dict.fromkeys(FUNCTIONS, "not_applicable")
    found = reference.maturity(make_profile(functions=functions))
    assert (found.score, found.level) == (None, None)


def test_the_worst_answers_give_0_and_the_best_100(reference, make_profile):
    worst, best = (
        make_profile(
            functions=dict.fromkeys(FUNCTIONS, STATES[end]),
            **{name: ladder[end] for name, ladder in LADDERS.items()},
        )
        for end in (0, -1)
    )
    assert (reference.maturity(worst).score, reference.maturity(worst).level) == (0, 0)
    assert (reference.maturity(best).score, reference.maturity(best).level) == (100, 5)


@pytest.mark.parametrize(
    ("total", "level"),
    [
        (0, 0),
        (9.9, 0),
        (10, 1),
        (24.9, 1),
        (25, 2),
        (44.9, 2),
        (45, 3),
        (64.9, 3),
        (65, 4),
        (84.9, 4),
        (85, 5),
        (100, 5),
    ],
)
def test_a_level_begins_at_its_bound(reference, make_profile, total, level):
    scores = {"function_state": {"paper": total}}
    found = maturity(make_profile(functions={"sales": "paper"}), scores, reference.levels)
    assert (found.score, found.level) == (total, level)


@given(data=st.data())
def test_the_total_stays_within_0_and_100_and_fits_its_level(reference, any_profile, data):
    found = reference.maturity(data.draw(any_profile))
    assume(found.score is not None)
    assert 0 <= found.score <= 100
    assert reference.levels[found.level].min_score <= found.score
    if found.level < 5:
        assert found.score < reference.levels[found.level + 1].min_score


@given(data=st.data(), code=st.sampled_from(FUNCTIONS))
def test_what_does_not_apply_counts_like_what_was_not_answered(reference, any_profile, data, code):
    profile = data.draw(any_profile)
    unanswered = reference.maturity(with_function(profile, code, None))
    not_needed = reference.maturity(with_function(profile, code, "not_applicable"))
    assert (unanswered.score, unanswered.level) == (not_needed.score, not_needed.level)


@given(data=st.data(), code=st.sampled_from(FUNCTIONS))
def test_not_applicable_instead_of_not_done_never_lowers(reference, any_profile, data, code):
    profile = data.draw(any_profile)
    missing = reference.maturity(with_function(profile, code, "not_done"))
    not_needed = reference.maturity(with_function(profile, code, "not_applicable"))
    assume(not_needed.score is not None)
    assert not_needed.score >= missing.score
    assert not_needed.level >= missing.level


@given(data=st.data(), code=st.sampled_from(FUNCTIONS), state=st.sampled_from(STATES))
def test_a_function_that_does_not_apply_never_lowers_what_the_others_reached(
    reference, any_profile, data, code, state
):
    """All functions alike in one state: leaving one out changes nothing."""
    profile = msgspec.structs.replace(
        data.draw(any_profile), functions=dict.fromkeys(FUNCTIONS, state)
    )
    all_apply = reference.maturity(profile)
    one_less = reference.maturity(with_function(profile, code, "not_applicable"))
    assert (one_less.score, one_less.level) == (all_apply.score, all_apply.level)


@given(data=st.data(), code=st.sampled_from(FUNCTIONS))
def test_a_better_state_of_one_function_never_lowers(reference, any_profile, data, code):
    profile = data.draw(any_profile)
    worse, better = sorted(data.draw(st.tuples(*[st.integers(0, len(STATES) - 1)] * 2)))
    before = reference.maturity(with_function(profile, code, STATES[worse]))
    after = reference.maturity(with_function(profile, code, STATES[better]))
    assert after.score >= before.score
    assert after.level >= before.level


@given(data=st.data(), name=st.sampled_from(sorted(LADDERS)))
def test_a_better_practice_never_lowers(reference, any_profile, data, name):
    profile, ladder = data.draw(any_profile), LADDERS[name]
    worse, better = sorted(data.draw(st.tuples(*[st.integers(0, len(ladder) - 1)] * 2)))
    before, after = (
        reference.maturity(msgspec.structs.replace(profile, **{name: ladder[place]}))
        for place in (worse, better)
    )
    assert after.score >= before.score
    assert after.level >= before.level


@pytest.mark.parametrize("name", ["function_state", *LADDERS])
def test_scores_rise_from_answer_to_answer(reference, name):
    ladder = STATES if name == "function_state" else LADDERS[name]
    scores = [reference.scores[name][answer] for answer in ladder]
    assert scores == sorted(set(scores))
    assert (scores[0], scores[-1]) == (0, 100)
