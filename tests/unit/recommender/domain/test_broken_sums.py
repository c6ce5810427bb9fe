"""Faults that only several cells together show: sums, orders, ranges, rows that are missing."""

import pytest

from recommender.domain import Problem


@pytest.mark.parametrize(
    ("file", "key", "column", "share", "total"),
    [
        ("sectors.csv", "VSIC2018,G", "enterprise_share_pct", "39.6", 100.6),
        ("sectors.csv", "VSIC2018,G", "household_share_pct", "44", 99.0),
        ("regions.csv", "south-east", "enterprise_share_pct", "51.7", 110.0),
        ("provinces.csv", "01", "enterprise_share_pct", "0", None),
    ],
)
def test_shares_that_do_not_add_up_to_100_are_named(
    tables, file: str, key: str, column: str, share: str, total: float | None
) -> None:
    tables.set_cell(file, tables.line_of(file, key), column, share)
    problem = tables.problem()
    assert (problem.file, problem.column) == (file, column)
    assert problem.message.startswith("expected shares that add up to 100; found ")
    assert total is None or problem.message.endswith(f"found {total}")


@pytest.mark.parametrize("position", ["1", "21"])
def test_positions_of_sectors_with_a_gap_or_a_repeat_are_named(tables, position: str) -> None:
    line = tables.line_of("sectors.csv", "VSIC2018,S")
    tables.set_cell("sectors.csv", line, "position", position)
    message = f"expected each whole number from 1 to 20 once; found {position}"
    assert tables.problem() == Problem("sectors.csv", line, "position", message)


def test_a_size_group_without_one_of_its_classes_is_named(tables) -> None:
    tables.edit_line("size_rules.csv", 6, None)
    message = "expected rows for micro, small, medium; trade_services lacks small"
    assert tables.problem() == Problem("size_rules.csv", 5, "size", message)


@pytest.mark.parametrize(
    ("column", "bound", "found"),
    [("max_employees", "10", "10"), ("max_revenue_bn_vnd", "9", "9.0")],
)
def test_a_bound_that_does_not_rise_is_named(tables, column: str, bound: str, found: str) -> None:
    tables.set_cell("size_rules.csv", 6, column, bound)
    message = f"expected more than 10, the bound of micro; found {found}"
    assert tables.problem() == Problem("size_rules.csv", 6, column, message)


def test_more_months_at_least_than_at_most_are_named(tables) -> None:
    line = tables.line_of("support_schemes.csv", "smedx-free-months")
    tables.set_cell("support_schemes.csv", line, "months_max", "2")
    message = "expected at least 3, the months_min of the row; found 2"
    assert tables.problem() == Problem("support_schemes.csv", line, "months_max", message)


@pytest.mark.parametrize("date", ["2025-13", "2025-00-10", "2025-02-30"])
def test_a_day_that_the_calendar_does_not_have_is_named(tables, date: str) -> None:
    tables.set_cell("platforms.csv", 50, "source_date", date)
    message = f"expected a day of the calendar as YYYY, YYYY-MM or YYYY-MM-DD; found {date!r}"
    assert tables.problem() == Problem("platforms.csv", 50, "source_date", message)


@pytest.mark.parametrize("column", ["source_en", "source_vi"])
def test_a_source_in_one_language_alone_is_named(tables, column) -> None:
    line = tables.line_of("platforms.csv", "viettel-sinvoice")
    tables.set_cell("platforms.csv", line, column, "")
    message = "expected the source in both languages; an address is the same in both"
    assert tables.problem() == Problem("platforms.csv", line, column, message)


def test_a_data_file_without_its_table_of_sources_is_named(tables) -> None:
    tables.replace("sources.toml", "[calibration]", "[kalibration]")
    assert tables.problems() == [
        Problem(
            "sources.toml",
            0,
            "calibration",
            'expected a table [calibration] with file = "calibration.csv"',
        ),
        Problem("sources.toml", 0, "kalibration", "there is no data file of this name"),
    ]


def test_a_table_of_sources_that_names_another_file_is_named(tables) -> None:
    tables.replace("sources.toml", 'file = "needs.csv"', 'file = "need.csv"')
    message = "expected \"needs.csv\", the file of this name; found 'need.csv'"
    assert tables.problem() == Problem("sources.toml", 0, "needs.file", message)


def test_a_boost_for_a_duty_that_is_not_verified_is_refused(tables) -> None:
    tables.replace("policy.toml", "lump-sum-end = 0.0", "lump-sum-end = 0.1")
    message = "expected 0.0, as obligations.csv says verified = false; found 0.1"
    assert tables.problem() == Problem("policy.toml", 0, "duty_boost.lump-sum-end", message)
