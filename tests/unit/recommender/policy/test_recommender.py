"""The answer to one business: what is in it, what is not, and that it adds up."""

import dataclasses
import re

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.recommendation import Filters, Recommendation
from recommender.fallback import popularity_model
from recommender.policy import Asked, ModelInfo, Recommender
from recommender.profiles import profile_row

LOCALES = ("vi", "en")
INFO = ModelInfo("version-1", "LinearRanker", 1.0)


@pytest.fixture(scope="session")
def recommender(model, reference):
    return Recommender(model, INFO, reference)


@pytest.fixture(scope="session")
def fallback(reference):
    info = ModelInfo("popularity", "popularity", 0.0, is_fallback=True)
    return Recommender(popularity_model(reference, {}, 0), info, reference)


def ask(recommender, profile, **asked):
    reference = recommender.reference
    answer = recommender.recommend(reference.normalise(profile), Asked("answer-1", **asked))
    return answer.recommendation


def boosts_of(item):
    return [reason for reason in item.reasons if reason.feature.endswith("_boost")]


def highest(answer):
    """Return the highest score that the model gave, before any boost."""
    return max(i.score - sum(boost.contribution for boost in boosts_of(i)) for i in answer.items)


def ids(answer):
    return [item.platform.id for item in answer.items]


@settings(max_examples=30)
@given(data=st.data(), locale=st.sampled_from(LOCALES))
def test_every_answer_is_sound(recommender, reference, clean_profile, data, locale):
    profile = data.draw(clean_profile)
    some = st.lists(st.sampled_from(sorted(reference.platforms)), max_size=5).map(tuple)
    adopted, dismissed = data.draw(some), data.draw(some)
    answer = ask(recommender, profile, locale=locale, n=94, adopted=adopted, dismissed=dismissed)
    shown = ids(answer)
    assert len(shown) == len(set(shown)) == answer.eligible
    assert not {*profile.platforms_in_use, *adopted, *dismissed} & set(shown)
    assert answer.eligible + sum(answer.excluded.values()) == len(reference.platforms)
    assert [item.rank for item in answer.items] == list(range(1, len(shown) + 1))
    for item in answer.items:
        told = sum(reason.contribution for reason in item.reasons)
        assert item.base + told + item.other == pytest.approx(item.score, abs=1e-9)
        assert 0 <= item.probability <= 1
        assert item.reasons
        for reason in item.reasons:
            assert reason.text
            assert not re.search(r"[{}]|None", reason.text)
    decoded = msgspec.json.decode(msgspec.json.encode(answer), type=Recommendation)
    assert decoded == answer


@settings(max_examples=10)
@given(data=st.data())
def test_both_languages_tell_the_same_in_other_words(recommender, clean_profile, data):
    profile = data.draw(clean_profile)
    vi, en = (ask(recommender, profile, locale=locale, n=30) for locale in LOCALES)
    assert ids(vi) == ids(en)
    assert (vi.eligible, vi.excluded) == (en.eligible, en.excluded)
    assert vi.probability_means != en.probability_means
    assert vi.size_class.name != en.size_class.name
    assert vi.model.note != en.model.note
    for one, other in zip(vi.items, en.items, strict=True):
        assert (one.score, one.probability) == (other.score, other.probability)
        assert one.platform.summary != other.platform.summary
        for reason, same in zip(one.reasons, other.reasons, strict=True):
            assert (reason.feature, reason.contribution) == (same.feature, same.contribution)
            assert reason.text != same.text


def test_the_same_question_gets_the_same_answer(recommender, make_profile):
    profile = make_profile(needs=["get-paid"], platforms_in_use=["misa-cukcuk"])
    assert ask(recommender, profile) == ask(recommender, profile)


@pytest.mark.parametrize("exclude_in_use", [True, False])
def test_what_is_in_use_is_shown_only_when_asked_for(recommender, make_profile, exclude_in_use):
    filters = Filters(exclude_in_use=exclude_in_use)
    profile = make_profile(platforms_in_use=["misa-cukcuk"])
    answer = ask(recommender, profile, n=94, filters=filters, adopted=("misa-meinvoice",))
    for platform in ("misa-cukcuk", "misa-meinvoice"):
        assert (platform in ids(answer)) is not exclude_in_use
    assert answer.excluded.get("in_use", 0) == (2 if exclude_in_use else 0)


def test_a_dismissed_platform_is_never_shown_even_if_asked_for(recommender, make_profile):
    filters = Filters(include=("misa-cukcuk", "misa-meinvoice"), exclude_in_use=False)
    answer = ask(recommender, make_profile(), filters=filters, dismissed=("misa-cukcuk",))
    assert ids(answer) == ["misa-meinvoice"]
    assert answer.excluded == {"include": 92, "dismissed": 1}


def test_filters_leave_what_they_ask_for(recommender, reference, make_profile):
    profile = make_profile()
    filters = Filters(categories=("payments", "e-invoice"), exclude=("misa-meinvoice",))
    answer = ask(recommender, profile, n=94, filters=filters)
    assert {item.platform.category for item in answer.items} == {"payments", "e-invoice"}
    assert "misa-meinvoice" not in ids(answer)
    everything = ask(recommender, profile, n=94)
    wanted = [id_ for id_ in ids(everything) if id_ in ids(answer)]
    assert sorted(wanted) == sorted(ids(answer))


def test_n_cuts_the_list_and_nothing_else(recommender, make_profile):
    whole = ask(recommender, make_profile(), n=94)
    assert len(whole.items) == whole.eligible < 94
    for n in (1, 5, whole.eligible, 500):
        part = ask(recommender, make_profile(), n=n)
        assert part.items == whole.items[:n]
        assert (part.eligible, part.excluded) == (whole.eligible, whole.excluded)


def test_a_need_is_disclosed_as_a_reason_where_it_ranks_higher(
    recommender, reference, make_profile
):
    profile = make_profile(legal_form="cooperative", needs=["get-paid", "sell-online"])
    answer = ask(recommender, profile, n=94)
    boost = pytest.approx(reference.rules.need_boost["per_need"] * highest(answer))
    assert any(boosts_of(item) for item in answer.items)
    for item in answer.items:
        category = item.platform.category
        needs = [need for need in profile.needs if category in reference.needs[need].categories]
        told = [reason for reason in item.reasons if reason.feature == "need_boost"]
        assert [reason.contribution for reason in told] == [boost] * len(needs)
        assert item.reasons[: len(needs)] == tuple(told)
        if needs:
            assert "needs" not in {reason.feature for reason in item.reasons}


@pytest.mark.parametrize(
    ("fields", "boosts"),
    [
        ({"revenue_bn_vnd": 1.5}, ["e-invoice"]),
        ({}, []),
        ({"revenue_bn_vnd": 0.5}, []),
        ({"revenue_bn_vnd": 1.5, "platforms_in_use": ["misa-meinvoice"]}, []),
        ({"legal_form": "enterprise", "revenue_bn_vnd": 1.5}, []),
        ({"legal_form": "cooperative"}, []),
    ],
    ids=["binds", "revenue unknown", "too small", "met already", "not verified", "no duty"],
)
def test_a_certain_duty_not_yet_met_is_disclosed_as_a_reason_where_it_ranks_higher(
    recommender, make_profile, fields, boosts
):
    answer = ask(recommender, make_profile(**fields), n=94)
    found = {
        item.platform.category: reason.contribution
        for item in answer.items
        for reason in item.reasons
        if reason.feature == "duty_boost"
    }
    share = recommender.reference.rules.duty_boost["till-einvoice"]
    assert found == {category: pytest.approx(share * highest(answer)) for category in boosts}
    for item in answer.items:
        is_boosted = item.platform.category in boosts
        assert is_boosted == any(r.feature == "duty_boost" for r in item.reasons)


def test_without_boosts_the_score_is_that_of_the_model(recommender, model, reference, make_profile):
    profile = make_profile(legal_form="cooperative", platforms_in_use=["misa-cukcuk"])
    scored = model.score(profile_row("", profile, reference), profile.platforms_in_use)
    for item in ask(recommender, profile, n=94).items:
        column = model.column_of[item.platform.id]
        assert item.score == pytest.approx(scored.scores[column], abs=1e-12)
        assert item.probability == pytest.approx(scored.probabilities[column], abs=5e-5)


def test_a_reason_is_about_something_that_the_business_told(recommender, make_profile):
    bare = make_profile(legal_form="cooperative")
    told = {"sector", "size", "legal_form", "province", "sells_to_consumers", "listed", "popular"}
    for item in ask(recommender, bare, n=94).items:
        assert {reason.feature for reason in item.reasons} <= told
    with_history = make_profile(legal_form="cooperative", platforms_in_use=["misa-cukcuk"])
    items = ask(recommender, with_history, n=94).items
    features = {reason.feature for item in items for reason in item.reasons}
    assert "history" in features
    assert features <= told | {"history"}


def test_reasons_are_the_largest_parts_first_and_no_more_than_three(recommender, make_profile):
    profile = make_profile(
        legal_form="cooperative", functions={"sales": "paper", "finance": "not_done"},
        strategy="ideas", budget="under_200k",
    )  # fmt: skip
    for item in ask(recommender, profile, n=94).items:
        amounts = [reason.contribution for reason in item.reasons]
        assert 1 <= len(amounts) <= 3
        assert amounts == sorted(amounts, reverse=True)
        if item.reasons[0].feature != "popular":
            assert min(amounts) > 0


@settings(max_examples=25)
@given(data=st.data())
def test_a_platform_named_as_often_used_together_does_speak_for_it(
    recommender, model, reference, clean_profile, data
):
    profile = data.draw(clean_profile.filter(lambda profile: profile.platforms_in_use))
    scored = model.score(profile_row("", profile, reference), profile.platforms_in_use)
    names = {reference.platforms[id_].name: id_ for id_ in profile.platforms_in_use}
    for item in ask(recommender, profile, locale="en", n=94).items:
        for reason in item.reasons:
            if reason.feature == "history":
                named = names[reason.text.removeprefix("Suits those who use ")]
                parts = model.explain(scored, item.platform.id)
                assert parts.history[model.column_of[named]] > 0


def test_support_and_duties_stand_with_the_platforms_that_they_are_for(recommender, make_profile):
    answer = ask(recommender, make_profile(revenue_bn_vnd=2), locale="en", n=94)
    assert [duty.obligation_id for duty in answer.duties] == ["till-einvoice", "lump-sum-end"]
    assert [offer.scheme_id for offer in answer.support] == [
        "smedx-free-months",
        "digital-law-draft-basic",
    ]
    for item in answer.items:
        duties = {duty.obligation_id for duty in item.duties}
        assert ("till-einvoice" in duties) == (item.platform.category == "e-invoice")
        assert ("lump-sum-end" in duties) == (item.platform.category == "accounting")
        offers = [offer.scheme_id for offer in item.support]
        assert offers[0] == "smedx-free-months"
        draft = item.platform.category in {
            "pos-retail", "pos-fnb", "e-invoice", "document-management", "digital-signature",
            "e-contract", "e-commerce",
        }  # fmt: skip
        assert ("digital-law-draft-basic" in offers) == draft


def test_consultancy_is_support_for_the_business_but_for_no_platform(recommender, make_profile):
    answer = ask(recommender, make_profile(legal_form="enterprise", employees=30), n=94)
    assert "decree-80-consultancy-small" in {offer.scheme_id for offer in answer.support}
    for item in answer.items:
        kinds = {offer.kind for offer in item.support}
        assert "rent_or_buy_solution" in kinds
        assert "consultancy_contract" not in kinds


def test_the_answer_says_what_was_measured_and_what_was_assumed(recommender, make_profile):
    bare = ask(recommender, make_profile(legal_form="enterprise"), locale="en")
    assert bare.size_class.code == "micro"
    assert bare.size_class.assumed == ("revenue", "capital")
    assert bare.size_class.note
    assert (bare.maturity.score, bare.maturity.level, bare.maturity.level_name) == (None,) * 3
    for known, untold in (("revenue", "capital"), ("capital", "revenue")):
        above = make_profile(legal_form="enterprise", **{f"{known}_bn_vnd": 200})
        size = ask(recommender, above, locale="en").size_class
        assert (size.code, size.assumed) == ("micro", (untold,))
        assert size.note.startswith(f"{untold.capitalize()} is not known")
    told = make_profile(legal_form="enterprise", revenue_bn_vnd=2, functions={"sales": "paper"})
    found = ask(recommender, told, locale="en")
    assert (found.size_class.assumed, found.size_class.note) == ((), None)
    assert (found.maturity.score, found.maturity.level_name) == (20, "Warming up")


@pytest.mark.parametrize(
    ("share", "note"),
    [(1.0, "rests on simulated data"), (0.4, r"in part \(40%\)"), (0.0, None)],
)
def test_the_answer_says_how_much_is_simulated(model, reference, make_profile, share, note):
    recommender = Recommender(model, ModelInfo("v", "LinearRanker", share), reference)
    found = ask(recommender, make_profile(), locale="en").model.note
    assert (found is None) if note is None else re.search(note, found)


def test_a_platform_that_left_the_catalogue_is_not_shown_and_one_in_use_is_harmless(
    model, reference, make_profile
):
    platforms = {id_: p for id_, p in reference.platforms.items() if id_ != "misa-cukcuk"}
    smaller = dataclasses.replace(reference, platforms=platforms)
    recommender = Recommender(model, INFO, smaller)
    answer = ask(recommender, make_profile(), n=94, adopted=("misa-cukcuk",))
    assert "misa-cukcuk" not in ids(answer)
    assert answer.eligible + sum(answer.excluded.values()) == 93


def test_the_fallback_goes_by_foundations_and_gives_no_probabilities(fallback, make_profile):
    answer = ask(fallback, make_profile(), locale="en", n=94)
    assert answer.items
    assert all(item.probability is None for item in answer.items)
    assert all(np.isfinite(item.score) for item in answer.items)
    assert "No model is in service" in answer.model.note
    first = fallback.reference.categories[answer.items[0].platform.category]
    assert first.stage == "foundation"


def test_the_fallback_adds_up_too(fallback, make_profile):
    for item in ask(fallback, make_profile(needs=["get-paid"], revenue_bn_vnd=2), n=94).items:
        told = sum(reason.contribution for reason in item.reasons)
        assert item.base + told + item.other == pytest.approx(item.score, abs=1e-9)


def test_the_fallback_goes_by_what_was_adopted(reference, make_profile):
    info = ModelInfo("popularity", "popularity", 0.0, is_fallback=True)
    model = popularity_model(reference, {"misa-cukcuk": 900}, 1000)
    answer = ask(Recommender(model, info, reference), make_profile(legal_form="cooperative"))
    assert ids(answer)[0] == "misa-cukcuk"
    assert answer.items[0].score == pytest.approx((0.3 * 100 + 900) / 1100)


def test_a_category_in_use_stands_lower(reference, make_profile):
    """The fallback's scores are the same for everyone: what moves is moved by the policy."""
    info = ModelInfo("popularity", "popularity", 0.0, is_fallback=True)
    model = popularity_model(reference, {"ipos-fabi": 700, "misa-meinvoice": 600}, 1000)
    recommender = Recommender(model, info, reference)
    plain, used = (
        make_profile(legal_form="cooperative", platforms_in_use=in_use)
        for in_use in ([], ["misa-cukcuk"])
    )
    before, after = ask(recommender, plain, n=2), ask(recommender, used, n=2)
    categories = {id_: platform.category for id_, platform in reference.platforms.items()}
    assert categories["ipos-fabi"] == categories["misa-cukcuk"]
    assert ids(before) == ["ipos-fabi", "misa-meinvoice"]
    assert ids(after)[0] == "misa-meinvoice"
    assert "ipos-fabi" not in ids(after)  # in a short list, what is new takes its place
    assert ids(ask(recommender, used, n=10))[0] == "misa-meinvoice"
    assert "ipos-fabi" in ids(ask(recommender, used, n=10))[2:]


def test_what_a_tool_does_already_moves_down(recommender, make_profile):
    on_paper = make_profile(functions={"finance": "paper"})
    linked = make_profile(functions={"finance": "linked_tool"})

    def places(profile):
        items = ask(recommender, profile, n=94).items
        return [item.rank for item in items if item.platform.function == "finance"]

    assert sum(places(linked)) > sum(places(on_paper))


def test_a_platform_that_was_given_up_is_in_use_no_longer(recommender, make_profile):
    used = make_profile(platforms_in_use=("misa-meinvoice",))
    answer = ask(recommender, used, n=94, dismissed=("misa-meinvoice",))
    assert answer.excluded["dismissed"] == 1
    assert "in_use" not in answer.excluded
    assert not any(
        "misa-meinvoice" in reason.text for item in answer.items for reason in item.reasons
    )
