"""What a profile may hold, and how it is put in order."""

import dataclasses

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recommender.domain import BusinessProfile, FieldProblem


@pytest.mark.parametrize(
    ("fields", "complaint"),
    [
        ({"colour": "red"}, "unknown field `colour`"),
        ({"legal_form": "club"}, r"\$.legal_form"),
        ({"sector": 7}, r"\$.sector"),
        ({"sector": "X" * 11}, r"<= 10 - at `\$.sector"),
        ({"classification": "X" * 21}, r"<= 20 - at `\$.classification"),
        ({"employees": -1}, r">= 0 - at `\$.employees"),
        ({"employees": 500_001}, r"<= 500000 - at `\$.employees"),
        ({"employees": 2.5}, r"\$.employees"),
        ({"employees": "4"}, r"\$.employees"),
        ({"employees": None}, r"\$.employees"),
        ({"revenue_bn_vnd": -0.1}, r">= 0.0 - at `\$.revenue_bn_vnd"),
        ({"revenue_bn_vnd": 1_000_000.1}, r"<= 1000000.0 - at `\$.revenue_bn_vnd"),
        ({"revenue_bn_vnd": float("nan")}, r"\$.revenue_bn_vnd"),
        ({"capital_bn_vnd": float("inf")}, r"\$.capital_bn_vnd"),
        ({"capital_bn_vnd": -1}, r"\$.capital_bn_vnd"),
        ({"province": "4"}, r"\$.province"),
        ({"province": "481"}, r"\$.province"),
        ({"sells_to_consumers": "yes"}, r"\$.sells_to_consumers"),
        ({"functions": {"magic": "paper"}}, "'magic'"),
        ({"functions": {"sales": "telepathy"}}, "'telepathy'"),
        ({"functions": {"sales": None}}, r"\$.functions"),
        ({"strategy": "hope"}, r"\$.strategy"),
        ({"data_use": "hope"}, r"\$.data_use"),
        ({"security": "hope"}, r"\$.security"),
        ({"budget": "hope"}, r"\$.budget"),
        ({"needs": ["get-paid"] * 21}, r"<= 20 - at `\$.needs"),
        ({"needs": "get-paid"}, r"\$.needs"),
        ({"platforms_in_use": ["misa-amis"] * 201}, r"<= 200 - at `\$.platforms_in_use"),
        ({"platforms_in_use": [1]}, r"\$.platforms_in_use\[0\]"),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_out_of_bounds_is_refused_by_name(make_profile, fields, complaint):
    with pytest.raises(msgspec.ValidationError, match=complaint):
        make_profile(**fields)


@pytest.mark.parametrize(
    "name", ["legal_form", "sector", "employees", "province", "sells_to_consumers"]
)
def test_what_is_required_is_named_when_it_is_missing(make_profile, name):
    told = msgspec.to_builtins(make_profile())
    del told[name]
    with pytest.raises(msgspec.ValidationError, match=f"missing required field `{name}`"):
        msgspec.convert(told, BusinessProfile)


@pytest.mark.parametrize(
    "fields",
    [
        {"employees": 0},
        {"employees": 500_000},
        {"revenue_bn_vnd": 0},
        {"capital_bn_vnd": 1_000_000},
        {"needs": ["get-paid"] * 20},
        {"platforms_in_use": ["misa-amis"] * 200},
    ],
    ids=lambda fields: next(iter(fields)),
)
def test_the_bounds_themselves_are_allowed(make_profile, fields):
    profile = make_profile(**fields)
    for name, value in fields.items():
        found = getattr(profile, name)
        assert found == (tuple(value) if isinstance(value, list) else value)


def test_a_profile_survives_json(make_profile):
    profile = make_profile(functions={"sales": "paper"}, needs=["get-paid"], revenue_bn_vnd=1.5)
    assert msgspec.json.decode(msgspec.json.encode(profile), type=BusinessProfile) == profile


def test_codes_that_no_table_knows_are_all_named(reference, make_profile):
    profile = make_profile(
        sector="ZZ",
        province="99",
        needs=["get-paid", "get-rich"],
        platforms_in_use=["misa-amis", "misa-amiss"],
    )
    problems = reference.check(profile)
    assert [(p.field, p.found) for p in problems] == [
        ("sector", "ZZ"),
        ("province", "99"),
        ("needs[1]", "get-rich"),
        ("platforms_in_use[1]", "misa-amiss"),
    ]
    assert all(isinstance(problem, FieldProblem) and problem.expected for problem in problems)
    codes = problems[0].expected.removeprefix("one of ").split(", ")
    assert codes == [code for _, code in reference.sectors]
    assert all(reference.check(make_profile(sector=code)) == [] for code in codes)
    assert "get-paid" in problems[2].expected


@pytest.mark.parametrize("province", ["00", "48\n", "٤٨"])
def test_what_only_looks_like_a_province_code_is_named(reference, make_profile, province):
    problems = reference.check(make_profile(province=province))
    assert [(p.field, p.found) for p in problems] == [("province", province)]


def test_a_sector_is_known_only_in_its_classification(reference, make_profile):
    problems = reference.check(make_profile(classification="VSIC2025"))
    assert [(p.field, p.found) for p in problems] == [("classification", "VSIC2025")]
    assert problems[0].expected == "one of VSIC2018"


@pytest.mark.parametrize(
    ("told", "today"), [("74", "79"), ("77", "79"), ("79", "79"), ("49", "48"), ("60", "68")]
)
def test_a_province_of_before_the_merger_becomes_the_one_of_today(
    reference, make_profile, told, today
):
    assert reference.normalise(make_profile(province=told)).province == today


@given(
    told=st.fixed_dictionaries(
        {
            "classification": st.text(max_size=20) | st.just("VSIC2018"),
            "sector": st.text(max_size=10) | st.just("I"),
            "province": st.from_regex(r"\d\d", fullmatch=True),
            "needs": st.lists(st.text() | st.just("get-paid"), max_size=3),
            "platforms_in_use": st.lists(st.text() | st.just("misa-amis"), max_size=3),
        }
    )
)
def test_the_check_never_fails_and_what_passes_it_can_be_answered(reference, make_profile, told):
    profile = make_profile(**told)
    problems = reference.check(profile)
    stored = reference.normalise(profile)
    left = reference.check(stored)
    assert {p.field for p in left} == {p.field for p in problems} & {
        "classification",
        "sector",
        "province",
    }
    for answered in [profile] * (not problems) + [stored] * (not left):
        assert reference.size_class(answered).code == "household"
        assert reference.maturity(answered).score is None
        assert reference.duties(answered)
        assert reference.support(answered)


def test_a_stored_profile_whose_sector_left_the_tables_is_named(reference, make_profile):
    sectors = {key: row for key, row in reference.sectors.items() if row.code != "I"}
    today = dataclasses.replace(reference, sectors=sectors)
    profile = today.normalise(make_profile(sector="I"))
    assert [(p.field, p.found) for p in today.check(profile)] == [("sector", "I")]


def test_repeats_are_removed_and_the_order_stays(reference, make_profile):
    profile = make_profile(
        needs=["sell-online", "get-paid", "sell-online"],
        platforms_in_use=["misa-cukcuk", "misa-amis", "misa-cukcuk", "misa-amis"],
    )
    found = reference.normalise(profile)
    assert found.needs == ("sell-online", "get-paid")
    assert found.platforms_in_use == ("misa-cukcuk", "misa-amis")


def test_what_left_the_tables_since_a_profile_was_stored_is_left_out(reference, make_profile):
    profile = make_profile(
        province="99", needs=["gone", "get-paid"], platforms_in_use=["gone", "misa-amis"]
    )
    found = reference.normalise(profile)
    assert found.needs == ("get-paid",)
    assert found.platforms_in_use == ("misa-amis",)
    assert found.province == "99"


@given(data=st.data())
def test_a_profile_in_order_stays_as_it_is(reference, any_profile, data):
    profile = data.draw(any_profile)
    assert reference.check(profile) == []
    once = reference.normalise(profile)
    assert reference.normalise(once) == once
    assert reference.check(once) == []
    assert once.province in reference.current_provinces
    assert set(once.needs) == set(profile.needs)
    assert set(once.platforms_in_use) == set(profile.platforms_in_use)
