"""The catalogue, ready to be searched: platforms, and the needs and sectors that words hint at."""

from collections.abc import Iterator
from functools import lru_cache

from recommender.domain import Reference
from recommender.domain.catalogue import Platform
from recommender.domain.tables import Bilingual
from service.web.catalogue.search import Field, Found, Index
from service.web.spelling import plain

NAME, KIND, WORDS, SUMMARY, PROVIDER, BENEFIT, NEED, SECTOR = 8, 6, 5, 4, 3, 2, 1, 0.5
"""What it counts to be found there."""

FEW_SECTORS = 3
"""A platform for more sectors than these is not found by them: it is made for none of them."""


class Finder:
    """Finds platforms, needs and sectors of one catalogue by words in either language."""

    def __init__(self, reference: Reference) -> None:
        ordered = sorted(reference.platforms.values(), key=lambda platform: plain(platform.name))
        self._platforms = Index(
            {each.id: _of_platform(each, reference) for each in ordered},
            others=[
                text
                for row in reference.sectors.values()
                for text in (*_both(row, "name"), *_both(row, "example"))
            ],
        )
        self._needs = Index(
            {code: [Field(1.0, _both(need, "name"))] for code, need in reference.needs.items()}
        )
        self._sectors = Index(
            {
                row.code: [Field(2.0, _both(row, "name")), Field(1.0, _both(row, "example"))]
                for row in reference.asked_sectors
            }
        )

    def platforms(self, typed: str) -> Found:
        """Return the ids of platforms; without words all of them, by name."""
        return self._platforms.find(typed)

    def hints(self, typed: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the codes of needs and of sectors whose names have all the words, whole."""
        return self._needs.having(typed), self._sectors.having(typed)


@lru_cache(maxsize=1)
def finder_of(reference: Reference) -> Finder:
    """Return what searches a catalogue; made once, and anew when the catalogue is another one."""
    return Finder(reference)


def _of_platform(platform: Platform, reference: Reference) -> Iterator[Field]:
    category = reference.categories[platform.category]
    yield Field(NAME, (platform.name, platform.id))
    yield Field(KIND, _both(category, "name"))
    if words := reference.search_words.get(category.code):
        yield Field(WORDS, (*words.words_vi, *words.words_en))
    yield Field(SUMMARY, _both(platform, "summary"))
    yield Field(PROVIDER, (platform.provider,))
    yield Field(BENEFIT, _both(category, "benefit"))
    needs = [need for need in reference.needs.values() if category.code in need.categories]
    yield Field(NEED, [text for need in needs for text in _both(need, "name")])
    rows = [row for row in reference.asked_sectors if row.code in platform.sectors]
    if len(rows) <= FEW_SECTORS:
        yield Field(SECTOR, [text for row in rows for text in _both(row, "example")])


def _both(row: Bilingual, field: str) -> tuple[str, str]:
    return row.say(field, "vi"), row.say(field, "en")
