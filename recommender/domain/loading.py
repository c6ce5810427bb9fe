"""Load `data/`, check it whole, and name every fault by file, row and column."""

import hashlib
from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from recommender.domain.catalogue import (
    BusinessFunction,
    Category,
    Choice,
    FunctionQuestion,
    Need,
    Platform,
    Province,
    PublishedFigure,
    Region,
    SearchWords,
    Sector,
    Source,
)
from recommender.domain.checks import DATA_SUFFIXES, Lines, cross_check
from recommender.domain.duties import Obligation
from recommender.domain.gate_rules import GateRules
from recommender.domain.links import CategoryLink, CategoryLinks
from recommender.domain.made_for import narrowed
from recommender.domain.maturity import MaturityLevel
from recommender.domain.messages import Messages
from recommender.domain.questionnaire import Questionnaire
from recommender.domain.ranking_rules import RankingRules
from recommender.domain.reference import Reference
from recommender.domain.sizes import SizeRule
from recommender.domain.support import SupportScheme
from recommender.domain.tables import DataError, Problem, Row, read_table, read_toml


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
    function_questions = table(
        "function_questions", FunctionQuestion, lambda row: (row.trade, row.function)
    )
    categories = table("categories", Category, lambda row: row.code)
    platforms = table("platforms", Platform, lambda row: row.id)
    sectors = table("sectors", Sector, lambda row: (row.classification, row.code))
    regions = table("regions", Region, lambda row: row.code)
    provinces = table("provinces", Province, lambda row: row.old_code)
    needs = table("needs", Need, lambda row: row.code)
    search_words = table("search_words", SearchWords, lambda row: row.category)
    choices = table("choices", Choice, lambda row: (row.list, row.code))
    rules = table("size_rules", SizeRule, lambda row: (row.size_group, row.size))
    schemes = table("support_schemes", SupportScheme, lambda row: row.id)
    duties = table("obligations", Obligation, lambda row: row.id)
    levels = table("maturity_levels", MaturityLevel, lambda row: row.level)
    links = table("category_links", CategoryLink, lambda row: row.key)
    figures = table(
        "calibration", PublishedFigure, lambda row: (row.measure, row.group, row.source_url)
    )
    questionnaire = read_toml(folder / "questionnaire.toml", Questionnaire, problems)
    ranking_rules = read_toml(folder / "policy.toml", RankingRules, problems)
    gate_rules = read_toml(folder / "gate.toml", GateRules, problems)
    messages = read_toml(folder / "messages.toml", Messages, problems)
    sources = read_toml(folder / "sources.toml", dict[str, Source], problems)
    if sources == {}:
        problems.append(Problem("sources.toml", 0, "", "expected at least one source"))
    if problems or not (questionnaire and ranking_rules and gate_rules and messages and sources):
        raise DataError(problems)

    by_list: dict[str, dict[str, Choice]] = defaultdict(dict)
    for (name, code), choice in sorted(choices.items(), key=lambda item: item[1].position):
        by_list[name][code] = choice
    reference = Reference(
        version=_digest(folder),
        functions=dict(sorted(functions.items(), key=lambda item: item[1].position)),
        function_questions=function_questions,
        categories=categories,
        platforms=platforms,
        sectors=sectors,
        regions=regions,
        provinces=provinces,
        needs=dict(sorted(needs.items(), key=lambda item: item[1].position)),
        search_words=search_words,
        choices=dict(by_list),
        size_rules=tuple(rules.values()),
        schemes=schemes,
        obligations=duties,
        links=CategoryLinks(tuple(links.values())),
        levels=tuple(sorted(levels.values(), key=lambda level: level.level)),
        questionnaire=questionnaire,
        rules=ranking_rules,
        gate=gate_rules,
        messages=messages,
        sources=sources,
        published=tuple(figures.values()),
    )
    if problems := list(cross_check(reference, lines, folder)):
        raise DataError(problems)
    return replace(reference, platforms=_narrowed(reference))


def _narrowed(reference: Reference) -> dict[str, Platform]:
    """Return the platforms with those sectors and sizes that their categories are for, too."""
    codes = [code for _, code in reference.sectors]
    found = (
        narrowed(platform, reference.categories[platform.category], codes)
        for platform in reference.platforms.values()
    )
    return {platform.id: platform for platform in found if platform}  # none is lost: checked


def _digest(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.iterdir()):
        if path.suffix in DATA_SUFFIXES:
            digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()
