"""What a suggested platform means beside what the business has."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.recommendation import Filters
from recommender.policy import Asked, Exploration, ModelInfo, Recommender
from recommender.policy.fit import fits


@pytest.fixture(scope="session")
def recommender(model, reference):
    return Recommender(model, ModelInfo("version-1", "LinearRanker", 1.0), reference)


@pytest.fixture(scope="session")
def exploring(model, reference):
    """Return what draws a platform into every list."""
    info = ModelInfo("version-1", "LinearRanker", 1.0)
    return Recommender(model, info, reference, Exploration(share=1.0))


@pytest.fixture(scope="session")
def fit_of(recommender, make_profile):
    """Return how one platform fits a household restaurant, but for the fields given."""

    def find(platform, **fields):
        asked = Asked("a", filters=Filters(include=(platform,), exclude_in_use=False))
        answer = recommender.recommend(make_profile(**fields), asked)
        return fits(answer, recommender.reference, "en")[platform]

    return find


ENTERPRISE = {"legal_form": "enterprise", "sector": "C", "employees": 60}


def ids(found):
    return [each.id for each in found]


def test_another_platform_of_the_same_kind_covers_it_and_could_be_replaced(fit_of):
    fit = fit_of("ipos-fabi", platforms_in_use=["misa-cukcuk"])
    assert (fit.covered, ids(fit.covered_by), ids(fit.replaces)) == (
        True, ["misa-cukcuk"], ["misa-cukcuk"],
    )  # fmt: skip
    assert fit.notes[0] == "CUKCUK does this for you already: no change needed"


def test_an_all_in_one_system_could_take_the_place_of_what_it_does_too(fit_of):
    fit = fit_of("misa-amis", **ENTERPRISE, platforms_in_use=["base-hrm", "misa-esign"])
    assert (fit.covered, ids(fit.replaces), ids(fit.connects)) == (
        False, ["base-hrm"], ["misa-esign"],
    )  # fmt: skip
    assert [note.partition(":")[0] for note in fit.notes] == [
        "Could take the place of", "Ask the provider whether it can be linked with",
    ]  # fmt: skip


def test_a_part_is_covered_by_the_all_in_one_system_in_use_which_it_does_not_replace(fit_of):
    fit = fit_of("base-hrm", **ENTERPRISE, platforms_in_use=["misa-amis"])
    assert (fit.covered, ids(fit.covered_by), ids(fit.replaces)) == (True, ["misa-amis"], [])


def test_work_done_with_a_tool_needs_no_change_unless_more_is_asked_for(fit_of):
    done = {"functions": {"sales": "separate_tool"}}
    fit = fit_of("misa-cukcuk", **done)
    assert (fit.covered, fit.today) == (True, "separate_tool")
    assert "no change needed" in fit.notes[0]
    assert not fit_of("misa-cukcuk", **done, needs=["shop-floor"]).covered
    assert not fit_of("misa-cukcuk", functions={"sales": "paper"}).covered


def test_a_platform_does_not_replace_itself(fit_of):
    fit = fit_of("misa-cukcuk", platforms_in_use=["misa-cukcuk"])
    assert (ids(fit.covered_by), fit.replaces) == (["misa-cukcuk"], ())


def test_nothing_is_said_where_nothing_is_known(fit_of):
    fit = fit_of("misa-cukcuk")
    assert (fit.today, fit.today_name, fit.covered, fit.notes) == (None, None, False, ())


@settings(max_examples=30)
@given(data=st.data(), locale=st.sampled_from(["vi", "en"]))
def test_every_platform_of_a_list_is_told_of_in_sound_sentences(
    recommender, reference, clean_profile, data, locale
):
    profile = data.draw(clean_profile)
    answer = recommender.recommend(profile, Asked("a", n=20, locale=locale))
    found = fits(answer, reference, locale)
    assert list(found) == [item.platform.id for item in answer.recommendation.items]
    for fit in found.values():
        mine = {*ids(fit.covered_by), *ids(fit.replaces), *ids(fit.connects)}
        assert mine <= set(answer.profile.platforms_in_use)
        assert not fit.covered or fit.notes
        for text in fit.notes:
            assert not re.search(r"[{}]|None", text)


def test_what_is_covered_stands_last(recommender, reference, make_profile):
    profile = make_profile(functions={"sales": "separate_tool"}, platforms_in_use=["misa-esign"])
    covered, _ = covered_and_drawn(recommender.recommend(profile, Asked("a", n=20)), reference)
    assert [*map(len, (covered, set(covered)))] == [20, 2]
    assert covered == sorted(covered)


@pytest.mark.parametrize("n", [1, 2])
def test_a_short_list_begins_with_what_is_new(recommender, reference, make_profile, n):
    functions = {"sales": "separate_tool", "finance": "separate_tool"}
    profile = make_profile(functions=functions, platforms_in_use=["misa-esign", "misa-cukcuk"])
    whole, _ = covered_and_drawn(recommender.recommend(profile, Asked("a", n=10)), reference)
    assert sum(whole) > len(whole) / 2
    short, _ = covered_and_drawn(recommender.recommend(profile, Asked("a", n=n)), reference)
    assert short == [False] * n


@settings(max_examples=50)
@given(data=st.data(), n=st.integers(1, 30))
def test_what_is_drawn_changes_nothing_of_that_and_is_never_covered(
    exploring, reference, clean_profile, data, n
):
    asked = Asked("a", n=n, key=data.draw(st.text()))
    answer = exploring.recommend(data.draw(clean_profile), asked)
    covered, drawn = covered_and_drawn(answer, reference)
    assert covered == sorted(covered)
    assert not any(drawn)
    if answer.explored:
        new = len(covered) - sum(covered)
        assert answer.explored.ranks == (Exploration().first_rank, new)


def covered_and_drawn(answer, reference):
    """Return whether each line of a list is covered, and the same of those that were drawn."""
    found, items = fits(answer, reference, "en"), answer.recommendation.items
    covered = [found[item.platform.id].covered for item in items]
    drawn = [each for each, item in zip(covered, items, strict=True) if item.slot == "explore"]
    return covered, drawn


def test_nothing_is_drawn_where_few_are_new(exploring, reference, make_profile):
    functions = {"sales": "separate_tool", "finance": "separate_tool"}
    profile = make_profile(functions=functions, platforms_in_use=["misa-esign", "misa-cukcuk"])
    for key in "abc":
        answer = exploring.recommend(profile, Asked("a", n=10, key=key))
        covered, _ = covered_and_drawn(answer, reference)
        few = covered.count(False) < Exploration().first_rank
        assert few is (answer.explored is None)
