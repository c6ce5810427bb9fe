"""What a category needs before it, takes over and connects with; and faults in the table of it."""

import pytest

from recommender.domain import Problem, Reference
from recommender.domain.made_for import widened


def others(links) -> list[tuple[str, ...]]:
    return [link.others for link in links]


def test_an_invoice_of_an_enterprise_needs_a_signature_and_one_from_the_till_does_not(reference):
    assert others(reference.links.needs("e-invoice", "enterprise")) == [("digital-signature",)]
    assert reference.links.needs("e-invoice", "household") == ()


def test_an_all_in_one_system_takes_over_what_it_does_too(reference):
    assert "accounting" in reference.links.replaces("erp-all-in-one")
    assert reference.links.replaces("accounting") == {}


def test_a_connection_is_told_from_either_side(reference: Reference):
    for category in reference.categories:
        for other in reference.links.connects(category):
            assert category in reference.links.connects(other)
    assert "payments" in reference.links.connects("pos-fnb")


def test_whoever_a_category_is_for_can_have_what_it_needs(reference: Reference):
    known = [code for _, code in reference.sectors]
    for link in reference.links.rows:
        if link.kind != "needs":
            continue
        category = reference.categories[link.category]
        for name in ("sectors", "sizes"):
            mine = set(widened(category.sectors, known) if name == "sectors" else category.sizes)
            ways = [set(getattr(reference.categories[other], name)) for other in link.others]
            assert any(not way or (mine and mine <= way) for way in ways), link


def test_a_circle_of_needs_is_named(tables) -> None:
    line = tables.line_of("category_links.csv", "needs,finance-management")
    tables.edit_line("category_links.csv", line, "needs,payments,e-commerce,,So,Thế")
    problem = tables.problem()
    assert (problem.file, problem.column) == ("category_links.csv", "others")
    assert "e-commerce" in problem.message
    assert "payments -> " in problem.message


@pytest.mark.parametrize(
    ("price", "column", "told"),
    [
        ({"price_max_vnd_month": "5"}, "price_min_vnd_month", "expected a value"),
        ({"price_min_vnd_month": "5", "price_date": "2026"}, "price_source", "expected a value"),
        (
            {"price_min_vnd_month": "5", "price_source": "https://a.vn/p"},
            "price_date",
            "expected a value",
        ),
        (
            {
                "price_min_vnd_month": "5",
                "price_max_vnd_month": "4",
                "price_source": "https://a.vn/p",
                "price_date": "2026-02",
            },
            "price_max_vnd_month",
            "at least 5",
        ),
    ],
)
def test_a_price_without_its_source_or_upside_down_is_named(tables, price, column, told) -> None:
    line = tables.line_of("platforms.csv", "sapo")
    for name, text in price.items():
        tables.set_cell("platforms.csv", line, name, text)
    found = [problem for problem in tables.problems() if problem.column == column]
    assert [(problem.file, problem.row) for problem in found] == [("platforms.csv", line)]
    assert told in found[0].message


def test_a_platform_for_nobody_that_its_category_is_for_is_named(tables) -> None:
    line = tables.line_of("platforms.csv", "misa-cukcuk")
    tables.set_cell("platforms.csv", line, "sectors", "G")
    message = "is for no sector or no size that its category pos-fnb is for"
    assert tables.problem() == Problem("platforms.csv", line, "category", message)
