"""What to do now, in three months and in a year: each step after what it needs."""

import dataclasses
import datetime as dt
import re

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.domain.plan import PHASES
from recommender.domain.recommendation import Filters
from recommender.policy import Asked, Exploration, ModelInfo, Recommender
from recommender.policy.road_map import ROOM, road_map

TODAY = dt.date(2026, 11, 24)


@pytest.fixture(scope="session")
def recommender(model, reference):
    return Recommender(model, ModelInfo("version-1", "LinearRanker", 1.0), reference)


@pytest.fixture(scope="session")
def map_of(recommender, make_profile):
    """Make the road map of a household restaurant, but for the fields given.

    `only` are the categories that may be shown.
    """

    def make(today=TODAY, of=recommender, locale="vi", only=(), **fields):
        profile = of.reference.normalise(make_profile(**fields))
        asked = Asked("a", n=20, filters=Filters(categories=only))
        return road_map(of.recommend(profile, asked), of.reference, today, locale)

    return make


def steps_of(found):
    return [step for phase in PHASES for step in getattr(found, phase)]


def categories(steps):
    return [step.category for step in steps]


@settings(max_examples=60)
@given(data=st.data())
def test_every_road_map_is_short_and_in_an_order_that_can_be_followed(
    recommender, reference, clean_profile, data
):
    profile = data.draw(clean_profile)
    dismissed = tuple(data.draw(st.lists(st.sampled_from(sorted(reference.platforms)), max_size=5)))
    answer = recommender.recommend(profile, Asked("a", n=20, dismissed=dismissed))
    found = road_map(answer, reference, TODAY, data.draw(st.sampled_from(["vi", "en"])))
    steps = steps_of(found)
    assert [step.position for step in steps] == list(range(1, len(steps) + 1))
    assert len(set(categories(steps))) == len(steps)
    for phase in PHASES:
        assert sum(step.deadline is None for step in getattr(found, phase)) <= ROOM
    in_use = {reference.platforms[id_].category for id_ in answer.profile.platforms_in_use}
    for step in steps:
        platform = reference.platforms[step.platform_id]
        assert platform.category == step.category
        assert step.platform_id not in {*dismissed, *profile.platforms_in_use}
        assert step.category not in in_use
        links = reference.links.needs(step.category, profile.legal_form)
        assert len(step.before) == len(links)
        for before, link in zip(step.before, links, strict=True):
            assert before.category in link.others
            if before.position is not None:
                assert before.position < step.position
                assert steps[before.position - 1].category == before.category
        for text in (step.reason, step.category_name, *(before.text for before in step.before)):
            assert text
            assert not re.search(r"[{}]|None", text)


def test_a_duty_in_force_comes_first_with_its_day_and_is_overdue(map_of):
    (first, *_) = map_of(revenue_bn_vnd=1.5, needs=["get-paid"]).now
    assert (first.category, first.position) == ("e-invoice", 1)
    assert (first.deadline, first.overdue) == (dt.date(2025, 6, 1), True)
    assert "till-einvoice" in [duty.obligation_id for duty in first.duties]


@pytest.mark.parametrize(
    "told",
    [
        {"revenue_bn_vnd": 0.5},  # does not bind
        {"revenue_bn_vnd": None},  # may bind
        {"revenue_bn_vnd": 1.5, "platforms_in_use": ["misa-meinvoice"]},  # is met
        {"revenue_bn_vnd": 1.5, "functions": {"finance": "separate_tool"}},  # its work is done
    ],
)
def test_a_duty_that_does_not_surely_bind_or_is_met_sets_no_deadline(map_of, told):
    steps = [step for step in steps_of(map_of(**told)) if step.category == "e-invoice"]
    assert all(step.deadline is None for step in steps)


def test_a_duty_that_is_not_verified_binds_too_and_is_told_to_be_unchecked(map_of):
    first, second, *_ = map_of(revenue_bn_vnd=1.5).now
    assert [(step.category, step.deadline_verified) for step in (first, second)] == [
        ("e-invoice", True), ("accounting", False),
    ]  # fmt: skip
    assert (second.deadline, second.overdue) == (dt.date(2026, 1, 1), True)


def test_what_a_duty_needs_before_it_names_the_goal_and_the_law(map_of):
    told = {"legal_form": "enterprise", "sector": "Q", "employees": 8, "needs": ["invoices-tax"]}
    first, second, *_ = map_of(**told, locale="en").now
    assert [first.category, second.category] == ["digital-signature", "e-invoice"]
    assert first.reason.startswith("Needed before e-invoice, which the law asks for: ")
    assert first.deadline is None
    assert second.deadline == dt.date(2022, 7, 1)


@pytest.mark.parametrize(
    ("today", "phase"),
    [
        (dt.date(2025, 4, 1), "now"),
        (dt.date(2025, 1, 1), "in_3_months"),
        (dt.date(2024, 1, 1), "in_a_year"),
    ],
)
def test_a_duty_to_come_is_met_before_its_day(map_of, today, phase):
    found = map_of(today=today, revenue_bn_vnd=1.5)
    step = next(step for step in getattr(found, phase) if step.category == "e-invoice")
    assert not step.overdue
    assert found.made_on == today


def test_what_a_step_needs_comes_in_an_earlier_phase(map_of):
    only = ("e-contract", "digital-signature")
    found = map_of(legal_form="enterprise", sector="G", needs=["paperless"], only=only)
    assert categories(found.now) == ["digital-signature"]
    assert categories(found.in_3_months) == ["e-contract"]
    assert [(each.category, each.position) for each in found.in_3_months[0].before] == [
        ("digital-signature", 1)
    ]


def test_what_a_step_needs_and_is_there_already_is_told_without_a_position(map_of):
    told = {"legal_form": "enterprise", "sector": "G", "needs": ["paperless"]}
    only = ("e-contract", "digital-signature")
    (contract,) = steps_of(map_of(**told, only=only, platforms_in_use=["misa-esign"]))
    assert [(each.category, each.position) for each in contract.before] == [
        ("digital-signature", None)
    ]


def test_what_is_a_step_itself_comes_before_what_needs_it_though_its_work_is_done(map_of):
    told = {"needs": ["paperless"], "functions": {"documents": "separate_tool"}}
    found = categories(steps_of(map_of(sector="B", sells_to_consumers=False, **told)))
    assert found.index("digital-signature") < found.index("e-contract")


def test_work_that_is_done_with_a_tool_is_no_step_unless_it_is_asked_for(map_of):
    done = {"functions": {"sales": "linked_tool"}, "revenue_bn_vnd": 0.5}
    sales = {"payments", "pos-fnb", "e-commerce", "hotel-tourism"}
    assert not sales & set(categories(steps_of(map_of(**done))))
    assert "payments" in categories(steps_of(map_of(**done, needs=["get-paid"])))


def test_what_is_done_with_software_is_not_the_first_thing_to_do_though_more_is_asked(map_of):
    done = {"functions": {"people": "separate_tool", "sales": "paper", "finance": "linked_tool"}}
    told = {"legal_form": "cooperative", "employees": 12, "sells_to_consumers": False, **done}
    steps = steps_of(map_of(**told, needs=["manage-staff"]))
    assert steps[0].category != "hr"
    assert "hr" in categories(steps)
    both = steps_of(map_of(**told, needs=["manage-staff", "get-paid"]))
    assert both[0].category == "payments"


def test_what_an_all_in_one_system_in_use_does_is_no_step(map_of):
    told = {"legal_form": "enterprise", "sector": "C", "employees": 60, "needs": ["manage-staff"]}
    assert "hr" in categories(steps_of(map_of(**told)))
    assert "hr" not in categories(steps_of(map_of(**told, platforms_in_use=["misa-amis"])))


@pytest.mark.parametrize(
    ("sector", "employees", "need"),
    [("G", 4, "sell-online"), ("C", 60, "deliver-trace"), ("Q", 20, "manage-staff")],
)
def test_what_is_asked_for_comes_before_what_nobody_asked_for(
    map_of, reference, sector, employees, need
):
    told = {"legal_form": "enterprise", "sector": sector, "employees": employees}
    told |= {"needs": [need], "platforms_in_use": ["misa-meinvoice"]}  # meets what the law asks
    steps = steps_of(map_of(**told))
    asked = next(step for step in steps if step.category in reference.needs[need].categories)
    earlier = set(categories(steps[: asked.position - 1]))
    assert earlier <= {before.category for before in asked.before}
    assert len(steps) > asked.position


def test_every_need_has_a_step_even_if_the_list_has_nothing_for_it(
    recommender, reference, make_profile
):
    told = {"legal_form": "enterprise", "sector": "P", "employees": 40, "needs": ["manage-staff"]}
    for in_use, expected in (([], True), (["misa-amis-hrm"], False)):
        profile = make_profile(**told, platforms_in_use=in_use)
        answer = recommender.recommend(profile, Asked("a", n=1))
        assert answer.recommendation.items[0].platform.category != "hr"
        found = categories(steps_of(road_map(answer, reference, TODAY, "vi")))
        assert ("hr" in found) is expected


def test_what_is_drawn_by_chance_is_no_step(model, reference, make_profile):
    info, profile = ModelInfo("version-1", "LinearRanker", 1.0), make_profile()
    drawing = Recommender(model, info, reference, Exploration(share=1.0, temperature=100.0))
    for day in range(20):
        answer = drawing.recommend(profile, Asked("a", n=6, key=str(day)))
        items = answer.recommendation.items
        ranked = {item.platform.category for item in items if item.slot == "ranked"}
        found = steps_of(road_map(answer, reference, TODAY, "vi"))
        needed = {before.category for step in found for before in step.before}
        by_law = {step.category for step in found if step.deadline}
        assert set(categories(found)) <= ranked | needed | by_law


def test_both_languages_tell_the_same_steps(map_of):
    told = {"revenue_bn_vnd": 1.5, "needs": ["sell-online", "paperless"]}
    vi, en = (steps_of(map_of(locale=locale, **told)) for locale in ("vi", "en"))
    assert [(step.category, step.platform_id) for step in vi] == [
        (step.category, step.platform_id) for step in en
    ]
    assert all(one.reason != other.reason for one, other in zip(vi, en, strict=True))


def test_a_kind_without_any_platform_left_is_no_step_nor_what_needs_it(
    recommender, reference, make_profile
):
    gone = tuple(p.id for p in reference.platforms.values() if p.category == "digital-signature")
    profile = make_profile(legal_form="enterprise", sector="G", needs=["paperless"])
    answer = recommender.recommend(profile, Asked("a", n=20, dismissed=gone))
    found = categories(steps_of(road_map(answer, reference, TODAY, "vi")))
    assert found
    assert not {"digital-signature", "e-contract", "e-invoice"} & set(found)


def test_a_duty_answers_to_the_data_alone(reference, model, make_profile, map_of):
    obligation = msgspec.structs.replace(
        reference.obligations["till-einvoice"], in_force_from=dt.date(2030, 1, 1)
    )
    later = dataclasses.replace(reference, obligations={obligation.id: obligation})
    of = Recommender(model, ModelInfo("version-1", "LinearRanker", 1.0), later)
    found = map_of(of=of, revenue_bn_vnd=1.5)
    assert "e-invoice" in categories(found.in_a_year)
