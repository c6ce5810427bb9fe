"""The catalogue as its page shows it: what was found, and what else could be looked for."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from recommender.domain import Reference
from recommender.domain.catalogue import BusinessFunction, Category, Platform
from service.web.catalogue.filters import (
    Asked,
    Filter,
    filters,
    fitting,
    kept,
    names_of,
)
from service.web.catalogue.finder import finder_of
from service.web.catalogue.search import Found
from service.web.i18n import Language
from service.web.spelling import plain

EVERYTHING = Found(())


@dataclass(frozen=True)
class Entry:
    """A platform in the list.

    Attributes:
        platform: The platform.
        kind: The name of its category.
        is_special: Whether it is made for the chosen line of business and not for all.
    """

    platform: Platform
    kind: str
    is_special: bool


@dataclass(frozen=True)
class Shelf:
    """The platforms of one category that were found."""

    category: Category
    entries: tuple[Entry, ...]


@dataclass(frozen=True)
class Way:
    """A link to the same page with something else asked; how many platforms are there."""

    text: str
    path: str
    count: int


@dataclass(frozen=True)
class Listing:
    """What the page shows.

    Attributes:
        asked: What was asked for.
        filters: What can be chosen.
        count: How many platforms were found.
        ranked: They, the best first, where words were looked for.
        shelves: They by business function and category, where none were.
        instead: What was looked for in place of the words, which nothing has; or None.
        nearly: Whether no platform has all the words.
        chosen: Leads to the page without each filter that was chosen.
        hints: Needs and lines of business that the words may mean.
    """

    asked: Asked
    filters: tuple[Filter, ...]
    count: int
    ranked: tuple[Entry, ...]
    shelves: Sequence[tuple[BusinessFunction, Sequence[Shelf]]]
    instead: str | None
    nearly: bool
    chosen: tuple[Way, ...]
    hints: tuple[Way, ...]


async def look_up(asked: Asked, reference: Reference, language: Language) -> Listing:
    """Find what was asked for.

    Args:
        asked: Words, and codes of the tables.
        reference: The catalogue.
        language: The reader's.
    """
    found, meant = EVERYTHING, dict[str, Sequence[str]]()
    platforms = sorted(reference.platforms.values(), key=lambda platform: plain(platform.name))
    if asked.q:
        finder = await asyncio.to_thread(finder_of, reference)  # made anew with a catalogue
        found = finder.platforms(asked.q)
        meant = dict(zip(("need", "sector"), finder.hints(found.instead or asked.q), strict=True))
        platforms = [reference.platforms[key] for key in found.keys]
    fits, names = fitting(reference), names_of(reference, language.locale)

    def way(name: str, code: str, **changes: str) -> Way:
        changed = replace(asked, **changes)
        pool = platforms if changed.q else list(reference.platforms.values())
        return Way(names[name][code], asked.path(**changes), len(kept(pool, fits, changed)))

    hints = [
        way(name, code, q="", **{name: code})
        for name, codes in meant.items()
        for code in codes
        if getattr(asked, name) != code
    ]
    left = kept(platforms, fits, asked)
    entries = [_entry(platform, asked, names["category"]) for platform in left]
    return Listing(
        asked=asked,
        filters=filters(platforms, asked, reference, language),
        count=len(left),
        ranked=tuple(entries) if asked.q else (),
        shelves=() if asked.q else _shelves(reference, entries),
        instead=found.instead,
        nearly=found.nearly and bool(left),
        chosen=tuple(way(name, code, **{name: ""}) for name, code in asked.chosen.items()),
        hints=tuple(hint for hint in hints if hint.count),
    )


def _entry(platform: Platform, asked: Asked, kinds: dict[str, str]) -> Entry:
    return Entry(platform, kinds[platform.category], asked.sector in platform.sectors)


def _shelves(
    reference: Reference, entries: Sequence[Entry]
) -> list[tuple[BusinessFunction, list[Shelf]]]:
    """Return the entries by function and category; what is made for the chosen sector first."""
    functions = []
    first = sorted(entries, key=lambda entry: not entry.is_special)
    for code, function in reference.functions.items():
        shelves = [
            Shelf(category, tuple(e for e in first if e.platform.category == category.code))
            for category in reference.categories.values()
            if category.function == code
        ]
        if filled := [shelf for shelf in shelves if shelf.entries]:
            functions.append((function, filled))
    return functions
