"""Faults that one cell does not show: codes that point nowhere, sums and orders that do not fit."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any, get_args

from recommender.domain import business, catalogue, engagement
from recommender.domain.made_for import narrowed
from recommender.domain.messages import message_faults
from recommender.domain.question_checks import question_faults
from recommender.domain.reference import Reference
from recommender.domain.sizes import SizeRule
from recommender.domain.tables import Problem, describe

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

SHARE_TOLERANCE = 0.5
"""How far from 100 rounded shares may add up."""

SIZES = ("micro", "small", "medium")
BOUNDS = ("max_employees", "max_revenue_bn_vnd", "max_capital_bn_vnd")
DATA_SUFFIXES = {".csv", ".toml"}


def cross_check(reference: Reference, lines: Lines, folder: Path) -> Iterable[Problem]:
    """Yield the faults between rows and between files.

    Args:
        reference: Everything that was read; each cell is sound by itself.
        lines: Where each row stands.
        folder: The folder that was read.
    """
    yield from _check_pointers(reference, lines)
    yield from _check_lists(reference)
    yield from _check_positions(reference, lines)
    yield from _check_shares(reference)
    yield from _check_sizes(reference, lines)
    yield from _check_cells(reference, lines)
    yield from _check_rules(reference)
    yield from _check_sources(reference, folder)
    yield from question_faults(reference)
    for name, fault in message_faults(reference.messages):
        yield Problem("messages.toml", 0, name, fault)


def _check_pointers(reference: Reference, lines: Lines) -> Iterable[Problem]:
    sectors = {code for _, code in reference.sectors}
    groups = {rule.size_group for rule in reference.size_rules}
    trades = {sector.trade for sector in reference.sectors.values()}
    functions = set(reference.functions)
    links = {link.key: link for link in reference.links.rows}
    pointers: list[tuple[str, Any, str, set[Any]]] = [
        ("categories", reference.categories, "function", functions),
        ("categories", reference.categories, "sectors", sectors),
        ("platforms", reference.platforms, "category", set(reference.categories)),
        ("platforms", reference.platforms, "sectors", sectors),
        ("sectors", reference.sectors, "size_group", groups),
        ("function_questions", reference.function_questions, "trade", trades),
        ("function_questions", reference.function_questions, "function", functions),
        ("provinces", reference.provinces, "region", set(reference.regions)),
        ("provinces", reference.provinces, "new_code", set(reference.provinces)),
        ("needs", reference.needs, "categories", set(reference.categories)),
        ("search_words", reference.search_words, "category", set(reference.categories)),
        ("support_schemes", reference.schemes, "categories", set(reference.categories)),
        ("obligations", reference.obligations, "categories", set(reference.categories)),
        ("category_links", links, "category", set(reference.categories)),
        ("category_links", links, "others", set(reference.categories)),
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


def _check_lists(reference: Reference) -> Iterable[Problem]:
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


def _check_positions(reference: Reference, lines: Lines) -> Iterable[Problem]:
    for classification, sectors in _by_classification(reference).items():
        taken: set[int] = set()
        for sector in sectors:
            if sector.position > len(sectors) or sector.position in taken:
                right = f"each whole number from 1 to {len(sectors)} once"
                line = lines["sectors"][classification, sector.code]
                yield _wrong("sectors.csv", line, "position", right, sector.position)
            taken.add(sector.position)


def _check_shares(reference: Reference) -> Iterable[Problem]:
    columns: list[tuple[str, str, Iterable[Any]]] = [
        ("regions.csv", "enterprise_share_pct", reference.regions.values()),
        ("provinces.csv", "enterprise_share_pct", reference.provinces.values()),
    ]
    for sectors in _by_classification(reference).values():
        columns += [
            ("sectors.csv", "enterprise_share_pct", sectors),
            ("sectors.csv", "household_share_pct", sectors),
        ]
    for file, column, rows in columns:
        total = sum(getattr(row, column) for row in rows)
        if abs(total - 100) > SHARE_TOLERANCE:
            yield _wrong(file, 0, column, "shares that add up to 100", round(total, 2))


def _check_sizes(reference: Reference, lines: Lines) -> Iterable[Problem]:
    groups: dict[str, dict[str, SizeRule]] = defaultdict(dict)
    for rule in reference.size_rules:
        groups[rule.size_group][rule.size] = rule
    for group, rules in groups.items():
        at = {size: lines["size_rules"][group, size] for size in rules}
        if missing := [size for size in SIZES if size not in rules]:
            message = f"expected rows for {', '.join(SIZES)}; {group} lacks {', '.join(missing)}"
            yield Problem("size_rules.csv", min(at.values()), "size", message)
            continue
        for below, above in pairwise(SIZES):
            for column in BOUNDS:
                least, found = getattr(rules[below], column), getattr(rules[above], column)
                if found <= least:
                    right = f"more than {least:g}, the bound of {below}"
                    yield _wrong("size_rules.csv", at[above], column, right, found)


def _check_cells(reference: Reference, lines: Lines) -> Iterable[Problem]:
    for scheme in reference.schemes.values():
        least, most = scheme.months_min, scheme.months_max
        if least is not None and most is not None and most < least:
            line = lines["support_schemes"][scheme.id]
            right = f"at least {least}, the months_min of the row"
            yield _wrong("support_schemes.csv", line, "months_max", right, most)
    sectors = [code for _, code in reference.sectors]
    for platform in reference.platforms.values():
        category = reference.categories.get(platform.category)
        if category and narrowed(platform, category, sectors) is None:
            line = lines["platforms"][platform.id]
            message = f"is for no sector or no size that its category {category.code} is for"
            yield Problem("platforms.csv", line, "category", message)
        for column in ("source_date", "price_date"):
            date = getattr(platform, column)
            try:
                dt.date.fromisoformat(((date or "2000") + "-01-01")[:10])
            except ValueError:
                right = "a day of the calendar as YYYY, YYYY-MM or YYYY-MM-DD"
                yield _wrong("platforms.csv", lines["platforms"][platform.id], column, right, date)
        if (platform.source_en is None) != (platform.source_vi is None):
            column = "source_en" if platform.source_en is None else "source_vi"
            message = "expected the source in both languages; an address is the same in both"
            yield Problem("platforms.csv", lines["platforms"][platform.id], column, message)
        yield from _check_price(platform, lines["platforms"][platform.id])
    if circle := reference.links.circle():
        message = f"these need one another before them: {' -> '.join(circle)}"
        yield Problem("category_links.csv", 0, "others", message)


def _check_price(platform: catalogue.Platform, line: int) -> Iterable[Problem]:
    least, most = platform.price_min_vnd_month, platform.price_max_vnd_month
    if least is None and most is None:
        return
    for column in ("price_min_vnd_month", "price_source", "price_date"):
        if getattr(platform, column) is None:
            message = "expected a value, as the row tells a price: what is not known stays out"
            yield Problem("platforms.csv", line, column, message)
    if least is not None and most is not None and most < least:
        right = f"at least {least}, the price_min_vnd_month of the row"
        yield _wrong("platforms.csv", line, "price_max_vnd_month", right, most)


def _check_rules(reference: Reference) -> Iterable[Problem]:
    for id_, boost in reference.rules.duty_boost.items():
        duty, place = reference.obligations.get(id_), f"duty_boost.{id_}"
        if duty is None:
            yield Problem("policy.toml", 0, place, "no such row in obligations.csv")
        elif boost and not duty.verified:
            right = "0.0, as obligations.csv says verified = false"
            yield _wrong("policy.toml", 0, place, right, boost)


def _check_sources(reference: Reference, folder: Path) -> Iterable[Problem]:
    files = {path.stem: path.name for path in folder.iterdir() if path.suffix in DATA_SUFFIXES}
    del files["sources"]
    for name in files.keys() | reference.sources.keys():
        source = reference.sources.get(name)
        if name not in files:
            yield Problem("sources.toml", 0, name, "there is no data file of this name")
        elif source is None:
            message = f'expected a table [{name}] with file = "{files[name]}"'
            yield Problem("sources.toml", 0, name, message)
        elif source.file != files[name]:
            right = f'"{files[name]}", the file of this name'
            yield _wrong("sources.toml", 0, f"{name}.file", right, source.file)


def _by_classification(reference: Reference) -> dict[str, list[catalogue.Sector]]:
    sectors = defaultdict(list)
    for sector in reference.sectors.values():
        sectors[sector.classification].append(sector)
    return sectors


def _wrong(file: str, line: int, column: str, right: str, found: object) -> Problem:
    return Problem(file, line, column, f"expected {right}; found {found!r}")
