"""Size classes: employees AND (revenue OR capital), by the bounds of `size_rules.csv`."""

import csv
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

ORDER = ("micro", "small", "medium", "large")
SECTOR = {"agriculture_industry_construction": "C", "trade_services": "G"}

with (Path(__file__).parents[4] / "data" / "size_rules.csv").open(encoding="utf-8") as file:
    RULES = [
        (
            row["size_group"],
            row["size"],
            int(row["max_employees"]),
            float(row["max_revenue_bn_vnd"]),
            float(row["max_capital_bn_vnd"]),
        )
        for row in csv.DictReader(file)
    ]

each_rule = pytest.mark.parametrize(
    ("group", "size", "employees", "revenue", "capital"),
    RULES,
    ids=[f"{group}-{size}" for group, size, *_ in RULES],
)


@pytest.fixture(scope="session")
def size_of(reference, make_profile):
    """Return the size class of a business."""

    def find(legal_form="enterprise", **fields):
        profile = make_profile(legal_form=legal_form, **fields)
        return reference.size_class(profile)

    return find


def above(size: str) -> str:
    return ORDER[ORDER.index(size) + 1]


def test_the_rules_are_three_classes_of_two_groups():
    assert sorted({(group, size) for group, size, *_ in RULES}) == sorted(
        (group, size) for group in SECTOR for size in ORDER[:3]
    )


@each_rule
def test_at_every_bound_a_business_is_still_in_the_class(
    size_of, group, size, employees, revenue, capital
):
    told = {"sector": SECTOR[group], "employees": employees}
    for money in (
        {"revenue_bn_vnd": revenue, "capital_bn_vnd": capital},
        {"revenue_bn_vnd": revenue},
        {"capital_bn_vnd": capital},
        {},
    ):
        assert size_of(**told, **money).code == size, money


@each_rule
def test_one_employee_above_the_bound_is_the_next_class(
    size_of, group, size, employees, revenue, capital
):
    told = {"sector": SECTOR[group], "employees": employees + 1}
    for money in ({"revenue_bn_vnd": 0, "capital_bn_vnd": 0}, {"revenue_bn_vnd": revenue}, {}):
        assert size_of(**told, **money).code == above(size), money


@each_rule
def test_either_revenue_or_capital_within_its_bound_is_enough(
    size_of, group, size, employees, revenue, capital
):
    told = {"sector": SECTOR[group], "employees": employees}
    assert size_of(**told, revenue_bn_vnd=revenue + 0.1, capital_bn_vnd=capital).code == size
    assert size_of(**told, revenue_bn_vnd=revenue, capital_bn_vnd=capital + 0.1).code == size
    both_above = size_of(**told, revenue_bn_vnd=revenue + 0.1, capital_bn_vnd=capital + 0.1)
    assert both_above.code == above(size)


@each_rule
def test_what_was_not_told_is_assumed_within_its_bound_where_the_other_is_above(
    size_of, group, size, employees, revenue, capital
):
    told = {"sector": SECTOR[group], "employees": employees}
    by_revenue = size_of(**told, revenue_bn_vnd=revenue + 0.1)
    by_capital = size_of(**told, capital_bn_vnd=capital + 0.1)
    assert (by_revenue.code, by_revenue.assumed) == (size, ("capital",))
    assert (by_capital.code, by_capital.assumed) == (size, ("revenue",))
    assert size_of(**told, revenue_bn_vnd=revenue).assumed == ()
    assert size_of(**told, capital_bn_vnd=capital).assumed == ()


@pytest.mark.parametrize(
    ("sector", "employees", "revenue", "capital", "size"),
    [
        ("G", 10, 10, 3, "micro"),
        ("G", 10, 10.1, 3.1, "small"),
        ("G", 50, 100, None, "small"),
        ("G", 51, 100, None, "medium"),
        ("I", 100, None, 100, "medium"),
        ("I", 101, None, None, "large"),
        ("C", 51, 50, None, "small"),
        ("C", 100, None, 20, "small"),
        ("C", 120, None, None, "medium"),
        ("A", 200, 200, None, "medium"),
        ("F", 3, 3.5, None, "micro"),
        ("F", 3, 3.5, 3.1, "small"),
        ("G", 5, None, 200, "micro"),
        ("F", 3, 300, 300, "large"),
        ("F", 201, 0.1, 0.1, "large"),
    ],
)
def test_cases_of_decree_80(size_of, sector, employees, revenue, capital, size):
    money = {"revenue_bn_vnd": revenue, "capital_bn_vnd": capital}
    found = size_of(sector=sector, employees=employees, **money)
    assert found.code == size
    assert found.rule.say("scheme", "en") == "Decree 80/2021/ND-CP, Art. 5"
    assert found.rule.say("scheme", "vi") == "Nghị định 80/2021/NĐ-CP, Điều 5"


def test_the_answer_says_what_was_assumed_when_neither_is_known(size_of):
    assert size_of(employees=5).assumed == ("revenue", "capital")
    assert size_of(employees=5, revenue_bn_vnd=0).assumed == ()
    assert size_of(employees=5, capital_bn_vnd=0).assumed == ()


@pytest.mark.parametrize(
    "told", [{}, {"revenue_bn_vnd": 900}, {"capital_bn_vnd": 900}], ids=lambda told: "".join(told)
)
def test_too_many_employees_are_large_whatever_was_not_told(size_of, told):
    found = size_of(employees=500, **told)
    assert (found.code, found.assumed) == ("large", ())


@pytest.mark.parametrize("employees", [1, 30, 5000])
def test_a_household_business_is_a_class_of_its_own_however_large(size_of, employees):
    found = size_of(legal_form="household", employees=employees, revenue_bn_vnd=900)
    assert (found.code, found.rule, found.assumed) == ("household", None, ())


def test_a_co_operative_is_classified_like_an_enterprise(size_of):
    assert size_of(legal_form="cooperative", sector="A", employees=60).code == "small"


@given(data=st.data(), more=st.integers(1, 300))
def test_more_employees_never_give_a_smaller_class(
    reference, any_profile, make_profile, data, more
):
    profile = data.draw(any_profile)
    fields = {name: getattr(profile, name) for name in profile.__struct_fields__}
    larger = make_profile(**fields | {"employees": profile.employees + more})
    order = ("household", *ORDER)
    before, after = reference.size_class(profile).code, reference.size_class(larger).code
    assert order.index(after) >= order.index(before)
