"""Load `data/`, check it whole, and name every fault by file, row and column."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, get_args

from recommender.domain import business, catalogue, engagement
from recommender.domain.business import BusinessProfile
from recommender.domain.catalogue import (
    BusinessFunction,
    Category,
    Choice,
    Need,
    Platform,
    Province,
    Region,
    Sector,
    Source,
)
from recommender.domain.duties import Obligation
from recommender.domain.maturity import MaturityLevel
from recommender.domain.messages import Messages, message_faults
from recommender.domain.questionnaire import Questionnaire
from recommender.domain.ranking_rules import RankingRules
from recommender.domain.reference import Reference
from recommender.domain.sizes import SizeRule
from recommender.domain.support import SupportScheme
from recommender.domain.tables import DataError, Problem, Row, describe, read_table, read_toml

Lines = dict[str, dict[Any, int]]
"""The line of each row, by table and key."""

LISTS: dict[str, Any] = {
    "legal_form": business.LegalForm,
    "size": business.SizeCode,
    "function_state": business.FunctionState,
    "strategy": business.StrategyAnswer,
    "data_use": business.DataAnswer,
    "security": business.SecurityAnswer,
    "budget": business.Budget,
    "stage": catalogue.Stage,
    "dismiss_reason": engagement.DismissReason,
}
"""Lists of `choices.csv` that the code knows; the file must hold exactly their codes."""


def load_reference(folder: Path) -> Reference:
    """Load and check `data/`.

    Raises:
        DataError: Naming the file, row and column of every fault, and what would be right.
    """
    problems: list[Problem] = []
    lines: Lines = {}

    def table(name: str, row_type: type[Row], key: Callable[[Row], Any]) -> dict[Any, Row]:
        rows: dict[Any, Row] = {}
        lines[name] = {}
        for line, row in read_table(folder / f"{name}.csv", row_type, problems):
            if key(row) in rows:
                message = f"{key(row)!r} stands here for the second time"
                problems.append(Problem(f"{name}.csv", line, "", message))
            rows[key(row)] = row
            lines[name][key(row)] = line
        if not rows:
            problems.append(Problem(f"{name}.csv", 0, "", "expected at least one sound row"))
        return rows

    functions = table("functions", BusinessFunction, lambda row: row.code)
    categories = table("categories", Category, lambda row: row.code)
    platforms = table("platforms", Platform, lambda row: row.id)
    sectors = table("sectors", Sector, lambda row: (row.classification, row.code))
    regions = table("regions", Region, lambda row: row.code)
    provinces = table("provinces", Province, lambda row: row.old_code)
    needs = table("needs", Need, lambda row: row.code)
    choices = table("choices", Choice, lambda row: (row.list, row.code))
    rules = table("size_rules", SizeRule, lambda row: (row.size_group, row.size))
    schemes = table("support_schemes", SupportScheme, lambda row: row.id)
    duties = table("obligations", Obligation, lambda row: row.id)
    levels = table("maturity_levels", MaturityLevel, lambda row: row.level)
    questionnaire = read_toml(folder / "questionnaire.toml", Questionnaire, problems)
    ranking_rules = read_toml(folder / "policy.toml", RankingRules, problems)
    messages = read_toml(folder / "messages.toml", Messages, problems)
    sources = read_toml(folder / "sources.toml", dict[str, Source], problems)
    if sources == {}:
        problems.append(Problem("sources.toml", 0, "", "expected at least one source"))
    if problems or not (questionnaire and ranking_rules and messages and sources):
        raise DataError(problems)

    by_list: dict[str, dict[str, Choice]] = defaultdict(dict)
    for (name, code), choice in sorted(choices.items(), key=lambda item: item[1].position):
        by_list[name][code] = choice
    reference = Reference(
        version=_digest(folder),
        functions=dict(sorted(functions.items(), key=lambda item: item[1].position)),
        categories=categories,
        platforms=platforms,
        sectors=sectors,
        regions=regions,
        provinces=provinces,
        needs=dict(sorted(needs.items(), key=lambda item: item[1].position)),
        choices=dict(by_list),
        size_rules=tuple(rules.values()),
        schemes=schemes,
        obligations=duties,
        levels=tuple(sorted(levels.values(), key=lambda level: level.level)),
        questionnaire=questionnaire,
        rules=ranking_rules,
        messages=messages,
        sources=sources,
    )
    if problems := list(_cross_check(reference, lines)):
        raise DataError(problems)
    return reference


def _cross_check(reference: Reference, lines: Lines) -> Iterable[Problem]:
    """Yield codes that point nowhere and lists that do not fit the code."""
    sectors = {code for _, code in reference.sectors}
    groups = {rule.size_group for rule in reference.size_rules}
    pointers: list[tuple[str, Any, str, set[Any]]] = [
        ("categories", reference.categories, "function", set(reference.functions)),
        ("platforms", reference.platforms, "category", set(reference.categories)),
        ("platforms", reference.platforms, "sectors", sectors),
        ("sectors", reference.sectors, "size_group", groups),
        ("provinces", reference.provinces, "region", set(reference.regions)),
        ("provinces", reference.provinces, "new_code", set(reference.provinces)),
        ("needs", reference.needs, "categories", set(reference.categories)),
        ("support_schemes", reference.schemes, "categories", set(reference.categories)),
        ("obligations", reference.obligations, "categories", set(reference.categories)),
    ]
    for table, rows, column, known in pointers:
        for key, row in rows.items():
            value = getattr(row, column)
            for code in value if isinstance(value, tuple) else (value,):
                if code not in known:
                    right = ", ".join(sorted(known))
                    message = f"expected one of {right}, found {code!r}"
                    yield Problem(f"{table}.csv", lines[table][key], column, message)
    for province in reference.provinces.values():
        if (today := reference.provinces.get(province.new_code)) and (
            today.new_code != province.new_code
        ):
            message = f"{province.new_code} is itself the old code of another new province"
            line = lines["provinces"][province.old_code]
            yield Problem("provinces.csv", line, "new_code", message)
    for name, kind in LISTS.items():
        if set(reference.choices.get(name, ())) != set(get_args(kind)):
            message = f"the list {name!r} must hold exactly {describe(kind)}"
            yield Problem("choices.csv", 0, "code", message)
    if set(reference.functions) != set(get_args(business.FunctionCode)):
        message = f"must hold exactly {describe(business.FunctionCode)}"
        yield Problem("functions.csv", 0, "code", message)
    if [level.level for level in reference.levels] != list(range(len(reference.levels))):
        message = "expected levels from 0 on without a gap"
        yield Problem("maturity_levels.csv", 0, "level", message)
    begins = [level.min_score for level in reference.levels]
    if begins[0] != 0 or begins != sorted(set(begins)):
        message = "expected scores that begin at 0 and rise with the level"
        yield Problem("maturity_levels.csv", 0, "min_score", message)
    yield from _check_questionnaire(reference)
    for name, fault in message_faults(reference.messages):
        yield Problem("messages.toml", 0, name, fault)
    for duty in set(reference.rules.duty_boost) - set(reference.obligations):
        yield Problem("policy.toml", 0, f"duty_boost.{duty}", "no such row in obligations.csv")


def _check_questionnaire(reference: Reference) -> Iterable[Problem]:
    fields = set(BusinessProfile.__struct_fields__)
    asked = set()
    for step in reference.questionnaire.steps:
        for question in step.questions:
            asked.add(question.field)
            place = f"{step.id}.{question.id}"
            if question.field not in fields:
                message = f"no profile has the field {question.field!r}"
                yield Problem("questionnaire.toml", 0, place, message)
            known = question.list in (None, "needs") or question.list in reference.choices
            if not known:
                message = f"choices.csv has no list {question.list!r}"
                yield Problem("questionnaire.toml", 0, place, message)
    for field in sorted(fields - asked - {"classification"}):
        yield Problem("questionnaire.toml", 0, field, "no question fills this field")


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in {".csv", ".toml"}:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
