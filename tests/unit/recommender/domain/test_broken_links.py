"""Faults between files: codes that point nowhere, lists that do not fit the code."""

import pytest

from recommender.domain import Problem


@pytest.mark.parametrize(
    ("file", "line", "column", "text", "known"),
    [
        ("platforms.csv", 12, "category", "magic", "accounting"),
        ("platforms.csv", 12, "sectors", "G|ZZ", "A, B, C"),
        ("sectors.csv", 9, "size_group", "magic", "trade_services"),
        ("provinces.csv", 30, "region", "magic", "south-east"),
        ("needs.csv", 4, "categories", "pos-retail|magic", "accounting"),
        ("search_words.csv", 6, "category", "magic", "accounting"),
        ("support_schemes.csv", 8, "categories", "e-invoice|magic", "accounting"),
        ("obligations.csv", 3, "categories", "magic", "accounting"),
        ("categories.csv", 7, "sectors", "G|ZZ", "A, B, C"),
        ("category_links.csv", 4, "category", "magic", "accounting"),
        ("category_links.csv", 5, "others", "accounting|magic", "accounting"),
    ],
)
def test_a_code_that_points_nowhere_is_named_with_the_known_ones(
    tables, file: str, line: int, column: str, text: str, known: str
) -> None:
    tables.set_cell(file, line, column, text)
    problem = tables.problem()
    assert (problem.file, problem.row, problem.column) == (file, line, column)
    assert problem.message.startswith("expected one of ")
    assert known in problem.message
    assert problem.message.endswith(f"found {text.split('|')[-1]!r}")


def test_a_new_province_that_is_no_province_is_named(tables) -> None:
    line = tables.line_of("provinces.csv", "74")
    tables.set_cell("provinces.csv", line, "new_code", "99")
    problem = tables.problem()
    assert (problem.row, problem.column) == (line, "new_code")
    assert problem.message.endswith("found '99'")


def test_a_new_province_that_was_merged_itself_is_named(tables) -> None:
    line = tables.line_of("provinces.csv", "74")
    tables.set_cell("provinces.csv", line, "new_code", "72")
    message = "72 is itself the old code of another new province"
    assert tables.problem() == Problem("provinces.csv", line, "new_code", message)


@pytest.mark.parametrize(
    "name",
    [
        "legal_form",
        "size",
        "function_state",
        "strategy",
        "data_use",
        "security",
        "budget",
        "stage",
        "dismiss_reason",
    ],
)
@pytest.mark.parametrize("fault", ["one is missing", "one is too many", "one is misspelt"])
def test_a_list_of_choices_that_does_not_fit_the_code_is_named(
    tables, name: str, fault: str
) -> None:
    line = tables.line_of("choices.csv", name)
    row = (tables.folder / "choices.csv").read_text("utf-8").splitlines()[line - 1]
    if fault == "one is missing":
        tables.edit_line("choices.csv", line, None)
    elif fault == "one is too many":
        tables.edit_line("choices.csv", line, f"{row}\n{name},surprise,9,,Surprise,Bất ngờ")
    else:
        tables.set_cell("choices.csv", line, "code", "surprise")
    problem = tables.problem()
    assert (problem.file, problem.column) == ("choices.csv", "code")
    assert problem.message.startswith(f"the list {name!r} must hold exactly one of ")


def test_a_missing_function_is_named(tables) -> None:
    tables.edit_line("functions.csv", tables.line_of("functions.csv", "people"), None)
    problems = tables.problems()
    assert any(p.file == "functions.csv" and "must hold exactly" in p.message for p in problems)


@pytest.mark.parametrize(
    ("level", "score"), [("0", "5"), ("3", "20"), ("3", "25"), ("5", "64")], ids=str
)
def test_levels_that_do_not_begin_at_0_and_rise_are_named(tables, level: str, score: str) -> None:
    line = tables.line_of("maturity_levels.csv", level)
    tables.set_cell("maturity_levels.csv", line, "min_score", score)
    problem = tables.problem()
    assert (problem.file, problem.column) == ("maturity_levels.csv", "min_score")
    assert "begin at 0 and rise" in problem.message


def test_a_level_left_out_is_named(tables) -> None:
    tables.edit_line("maturity_levels.csv", tables.line_of("maturity_levels.csv", "2"), None)
    problem = tables.problem()
    assert (problem.file, problem.column) == ("maturity_levels.csv", "level")


def test_a_question_about_a_field_that_no_profile_has_is_named(tables) -> None:
    tables.replace("questionnaire.toml", 'field = "sector"', 'field = "star_sign"')
    assert tables.problems() == [
        Problem("questionnaire.toml", 0, "sector", "no question fills this field"),
        Problem("questionnaire.toml", 0, "sector.sector", "no profile has the field 'star_sign'"),
    ]


def test_a_question_with_an_unknown_list_of_choices_is_named(tables) -> None:
    tables.replace("questionnaire.toml", 'list = "budget"', 'list = "wishes"')
    message = "choices.csv has no list 'wishes'"
    expected = Problem("questionnaire.toml", 0, "budget.budget", message)
    assert tables.problem() == expected


def test_a_boost_for_a_duty_that_does_not_exist_is_named(tables) -> None:
    tables.replace("policy.toml", "till-einvoice = 0.25", "window-tax = 0.15")
    message = "no such row in obligations.csv"
    assert tables.problem() == Problem("policy.toml", 0, "duty_boost.window-tax", message)


@pytest.mark.parametrize("name", ["reasons.history", "reasons.duty_boost", "notes.fallback"])
def test_a_message_that_answers_need_is_named_when_it_is_missing(tables, name: str) -> None:
    tables.replace("messages.toml", f"[{name}]", f"[{name}-2]")
    problem = tables.problem()
    assert (problem.file, problem.column) == ("messages.toml", name)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("reasons.function", "{function} today: {value}", "{function} today: {valu}"),
        ("reasons.function", "{function} today: {value}", "{function} today: {value"),
        ("notes.partly_simulated", "in part ({share})", "in part ({parts})"),
    ],
)
def test_a_message_with_a_place_that_nothing_fills_is_named(
    tables, name: str, old: str, new: str
) -> None:
    tables.replace("messages.toml", old, new)
    problem = tables.problem()
    assert (problem.file, problem.column) == ("messages.toml", f"{name}.en")
