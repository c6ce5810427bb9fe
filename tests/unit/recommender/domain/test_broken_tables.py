"""Faults inside one file: each names the file, the row and the column, and what would be right."""

import pytest

from recommender.domain import Problem, load_reference


def test_a_sound_copy_loads(tables) -> None:
    assert len(load_reference(tables.folder).platforms) == 94


@pytest.mark.parametrize(
    "file", ["platforms.csv", "calibration.csv", "policy.toml", "gate.toml", "sources.toml"]
)
def test_a_missing_file_is_named(tables, file: str) -> None:
    (tables.folder / file).unlink()
    messages = [str(problem) for problem in tables.problems()]
    assert f"{file}: the file is missing" in messages
    assert all(message.startswith(file) for message in messages)


def test_a_missing_column_is_named(tables) -> None:
    tables.drop_column("categories.csv", "stage")
    assert Problem("categories.csv", 1, "stage", "the column is missing") in tables.problems()


def test_an_unknown_column_is_named(tables) -> None:
    tables.replace("needs.csv", "code,position", "kode,position")
    problems = tables.problems()
    assert Problem("needs.csv", 1, "kode", "no such column is known") in problems
    assert Problem("needs.csv", 1, "code", "the column is missing") in problems


def test_a_column_given_twice_is_named(tables) -> None:
    lines = (tables.folder / "regions.csv").read_text("utf-8").splitlines()
    text = "\n".join([lines[0] + ",code", *(line + ",red-river-delta" for line in lines[1:])])
    (tables.folder / "regions.csv").write_text(text + "\n", "utf-8")
    problem = Problem("regions.csv", 1, "code", "the column stands here for the second time")
    assert problem in tables.problems()


@pytest.mark.parametrize(
    ("file", "line", "column", "text", "right"),
    [
        ("functions.csv", 3, "position", "first", "a whole number of at least 1"),
        ("functions.csv", 3, "position", "1.5", "a whole number of at least 1"),
        ("functions.csv", 3, "position", "0", "a whole number of at least 1"),
        ("sectors.csv", 8, "enterprise_share_pct", "101", "a number from 0 to 100"),
        ("sectors.csv", 8, "enterprise_share_pct", "-1", "a number from 0 to 100"),
        ("sectors.csv", 8, "enterprise_share_pct", "nan", "a number from 0 to 100"),
        ("sectors.csv", 8, "enterprise_share_pct", "4,5", "a number from 0 to 100"),
        ("size_rules.csv", 4, "in_force_from", "15/10/2021", "a date YYYY-MM-DD"),
        ("size_rules.csv", 4, "max_employees", "", "a whole number"),
        ("size_rules.csv", 4, "max_revenue_bn_vnd", "0", "a number"),
        ("obligations.csv", 2, "verified", "perhaps", "true or false"),
        ("obligations.csv", 2, "min_revenue_bn_vnd", "lots", "a number from 0 to 1000000 or no"),
        ("obligations.csv", 2, "categories", "", "several separated by |"),
        ("support_schemes.csv", 5, "status", "maybe", "one of draft, in_force, reported"),
        ("support_schemes.csv", 5, "legal_forms", "household|firm", "one of cooperative, ent"),
        ("support_schemes.csv", 5, "rate_pct", "150", "a number from 0 to 100 or nothing"),
        ("platforms.csv", 50, "sizes", "micro|huge", "one of household, large, medium, micro"),
        ("platforms.csv", 50, "id", "Not An Id", "small letters (a-z), digits and -"),
        ("platforms.csv", 50, "website", "https://base.vn", "text like amis.misa.vn or base.vn"),
        ("platforms.csv", 50, "website", "base.vn?from=smedx", "text like amis.misa.vn"),
        ("platforms.csv", 50, "website", "base", "text like amis.misa.vn"),
        ("platforms.csv", 50, "source_date", "May 2025", "text like 2026 or 2026-02 or 2026-02-28"),
        ("platforms.csv", 50, "source_date", "2025-5", "text like 2026"),
        ("calibration.csv", 20, "measure", "", "a text that is not empty"),
        ("calibration.csv", 20, "value_pct", "101", "a number from 0 to 100"),
        ("calibration.csv", 20, "value_pct", "a third", "a number from 0 to 100"),
        ("calibration.csv", 20, "period", "", "a text that is not empty"),
        ("calibration.csv", 20, "source_url", "a newspaper", "text like https://example.org/page"),
        ("platforms.csv", 50, "provenance", "", "one of name-sourced, sourced, unsourced"),
        ("categories.csv", 27, "name_vi", "", "a text that is not empty"),
        ("categories.csv", 27, "stage", "never", "one of foundation, growth, optimisation"),
        ("provinces.csv", 64, "old_code", "6", "two digits"),
        ("maturity_levels.csv", 7, "level", "6", "a whole number from 0 to 5"),
        ("choices.csv", 10, "score", "120", "a number from 0 to 100 or nothing"),
    ],
)
def test_a_wrong_cell_is_named_with_what_would_be_right(
    tables, file: str, line: int, column: str, text: str, right: str
) -> None:
    tables.set_cell(file, line, column, text)
    problem = tables.problem()
    assert (problem.file, problem.row, problem.column) == (file, line, column)
    assert problem.message.startswith("expected ")
    assert right in problem.message
    assert problem.message.endswith(f"found {text!r}")
    assert str(problem) == f"{file}, row {line}, column {column}: {problem.message}"


def test_the_row_is_the_line_of_the_file_after_line_breaks_and_empty_lines(
    tables,
) -> None:
    lines = (tables.folder / "categories.csv").read_text("utf-8").splitlines()
    fields = lines[1].split(",")
    broken = [*fields[:-1], f'"two\nlines, {fields[-1]}"']
    text = "\n".join([lines[0], ",".join(broken), "", *lines[2:]])
    (tables.folder / "categories.csv").write_text(text + "\n", "utf-8")
    assert load_reference(tables.folder).categories
    line = tables.line_of("categories.csv", "payments")
    tables.set_cell("categories.csv", line, "stage", "soon")
    assert line == 8
    assert tables.problem().row == line


def test_a_row_with_too_few_cells_is_named(tables) -> None:
    line = tables.line_of("needs.csv", "get-paid")
    tables.edit_line("needs.csv", line, "get-paid,2,Get paid")
    assert tables.problem() == Problem("needs.csv", line, "", "expected 5 cells")


def test_a_row_with_too_many_cells_is_named(tables) -> None:
    line = tables.line_of("needs.csv", "get-paid")
    tables.edit_line("needs.csv", line, "get-paid,2,Get paid, and soon,Thu tiền,payments")
    assert tables.problem() == Problem("needs.csv", line, "", "expected 5 cells")


def test_a_key_given_twice_is_named_at_its_second_line(tables) -> None:
    lines = (tables.folder / "platforms.csv").read_text("utf-8").splitlines()
    tables.edit_line("platforms.csv", 40, lines[1])
    problems = tables.problems()
    message = "'misa-amis' stands here for the second time"
    assert problems == [Problem("platforms.csv", 40, "", message)]


def test_a_table_without_rows_is_named(tables) -> None:
    header = (tables.folder / "regions.csv").read_text("utf-8").splitlines()[0]
    (tables.folder / "regions.csv").write_text(header + "\n", "utf-8")
    assert Problem("regions.csv", 0, "", "expected at least one sound row") in tables.problems()


@pytest.mark.parametrize("file", ["platforms.csv", "messages.toml"])
def test_bytes_that_are_not_utf_8_are_named(tables, file: str) -> None:
    path = tables.folder / file
    path.write_bytes(path.read_bytes() + b"caf\xe9\n")
    problems = [problem for problem in tables.problems() if "is not valid UTF-8" in problem.message]
    assert [problem.file for problem in problems] == [file]


def test_a_byte_order_mark_as_spreadsheets_write_it_is_accepted(tables) -> None:
    path = tables.folder / "platforms.csv"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())
    assert len(load_reference(tables.folder).platforms) == 94


def test_broken_toml_is_named_with_its_line(tables) -> None:
    tables.replace("policy.toml", "category_repeat_discount = 0.3", "category_repeat_discount =")
    problem = tables.problem()
    assert problem.file == "policy.toml"
    assert "is not valid UTF-8 TOML" in problem.message
    assert "line 7" in problem.message


@pytest.mark.parametrize(
    ("file", "old", "new", "column", "right"),
    [
        ("policy.toml", "discount = 0.3", "discount = 1.5", "category_repeat_discount", "<= 1"),
        ("policy.toml", "discount = 0.3", 'discount = "x"', "category_repeat_discount", "float"),
        ("policy.toml", "discount = 0.3", "discount = nan", "category_repeat_discount", "> 0"),
        ("policy.toml", "till-einvoice = 0.25", "till-einvoice = 2.0", "duty_boost", "<= 1"),
        ("policy.toml", "per_need = 0.1", "per_whim = 0.1", "need_boost", "'per_whim'"),
        ("policy.toml", "per_need = 0.1", "", "need_boost", "length >= 1"),
        ("policy.toml", "[need_boost]", "[sponsors]", "", "sponsors"),
        ("sources.toml", 'title_en = "Platform catalogue"', "", "", "title_en"),
        ("messages.toml", 'en = "Used by many businesses"', "", "reasons", "`en`"),
        ("questionnaire.toml", 'function = "sales"', 'function = "magic"', "steps[7]", "magic"),
    ],
)
def test_a_wrong_value_in_toml_is_named_with_what_would_be_right(
    tables, file: str, old: str, new: str, column: str, right: str
) -> None:
    tables.replace(file, old, new)
    problem = tables.problem()
    assert problem.file == file
    assert column in problem.column
    assert right in problem.message


def test_a_file_of_sources_without_any_is_named(tables) -> None:
    (tables.folder / "sources.toml").write_text("")
    assert tables.problem().file == "sources.toml"


def test_all_faults_are_listed_at_once_in_the_order_of_file_and_row(tables) -> None:
    tables.set_cell("platforms.csv", 60, "name", "")
    tables.set_cell("platforms.csv", 9, "sizes", "huge")
    tables.set_cell("platforms.csv", 9, "provider", "")
    tables.set_cell("categories.csv", 5, "stage", "soon")
    tables.replace("policy.toml", "discount = 0.3", "discount = 7.0")
    assert [(p.file, p.row, p.column) for p in tables.problems()] == [
        ("categories.csv", 5, "stage"),
        ("platforms.csv", 9, "provider"),
        ("platforms.csv", 9, "sizes"),
        ("platforms.csv", 60, "name"),
        ("policy.toml", 0, "category_repeat_discount"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "column", "message"),
    [
        ("tolerance = 0.01", "tolerance = -0.01", "better.tolerance", ">= 0.0"),
        ("most_gini = 0.75", "most_gini = 75", "exposure.most_gini", "<= 1.0"),
        ("asked = 1000", "asked = 0", "lists.asked", ">= 1"),
        ("most_difference = 1e-9", "most_difference = 0.0", "parity.most_difference", "> 0.0"),
        ("most_mb = 50.0", 'most_mb = "50 MB"', "artefact.most_mb", "Expected `float`"),
        ("most_mb = 50.0", "most_gb = 0.05", "artefact", "unknown field `most_gb`"),
        ("[off_policy]", "[on_policy]", "", "unknown field `on_policy`"),
    ],
)
def test_a_rule_of_the_gate_that_is_none_is_named(
    tables, old: str, new: str, column: str, message: str
) -> None:
    tables.replace("gate.toml", old, new)
    problem = tables.problem()
    assert (problem.file, problem.column) == ("gate.toml", column)
    assert message in problem.message
