"""What a reader asks of the catalogue, and which platforms fit it."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import urlencode

from recommender.domain import Locale, Reference
from recommender.domain.catalogue import Platform
from service.web.i18n import Language

FILTERS = ("need", "sector", "size", "category")

Fitting = Mapping[str, Mapping[str, frozenset[str]]]
"""Codes that each platform fits, by the id of the platform and the name of the filter."""


@dataclass(frozen=True)
class Asked:
    """What the address of the page asks for; empty where nothing is asked."""

    q: str = ""
    need: str = ""
    sector: str = ""
    size: str = ""
    category: str = ""

    @property
    def chosen(self) -> dict[str, str]:
        """The codes that were chosen, by the name of the filter."""
        return {name: code for name in FILTERS if (code := getattr(self, name))}

    def path(self, **changes: str) -> str:
        """Return the path of the page with some of it asked differently."""
        asked = vars(replace(self, **changes))
        told = urlencode({name: text for name, text in asked.items() if text})
        return f"/platforms?{told}" if told else "/platforms"


@dataclass(frozen=True)
class Option:
    """One code of a filter, and how many platforms would be left with it."""

    code: str
    name: str
    count: int
    chosen: bool


@dataclass(frozen=True)
class Filter:
    """A list to choose from; `everything` says that nothing is chosen."""

    name: str
    label: str
    everything: str
    options: tuple[Option, ...]


def understood(asked: Asked, reference: Reference) -> Asked:
    """Return what is asked without codes that no table knows: old links still lead somewhere."""
    known = names_of(reference, "vi")
    unknown = {name: "" for name, code in asked.chosen.items() if code not in known[name]}
    return replace(asked, **unknown)


def names_of(reference: Reference, locale: Locale) -> dict[str, dict[str, str]]:
    """Return the names of all codes, by the name of the filter, in the order of the tables."""
    return {
        "need": {code: row.say("name", locale) for code, row in reference.needs.items()},
        "sector": {row.code: row.say("name", locale) for row in reference.asked_sectors},
        "size": {code: row.say("name", locale) for code, row in reference.choices["size"].items()},
        "category": {code: row.say("name", locale) for code, row in reference.categories.items()},
    }


def fitting(reference: Reference) -> Fitting:
    """Return what each platform is for; one made for all sectors or sizes is for each of them."""
    sectors = frozenset(row.code for row in reference.sectors.values())
    sizes = frozenset(reference.choices["size"])
    return {
        platform.id: {
            "need": frozenset(
                code
                for code, need in reference.needs.items()
                if platform.category in need.categories
            ),
            "sector": frozenset(platform.sectors) or sectors,
            "size": frozenset(platform.sizes) or sizes,
            "category": frozenset({platform.category}),
        }
        for platform in reference.platforms.values()
    }


def kept(platforms: Iterable[Platform], fits: Fitting, asked: Asked) -> list[Platform]:
    """Return the platforms that fit every code that was chosen, in their order."""
    chosen = asked.chosen.items()
    return [
        platform
        for platform in platforms
        if all(code in fits[platform.id][name] for name, code in chosen)
    ]


def filters(
    found: Iterable[Platform], asked: Asked, reference: Reference, language: Language
) -> tuple[Filter, ...]:
    """Return the filters with how many of what was found each option would leave.

    Args:
        found: What the words find, whatever was chosen.
        asked: What was chosen.
        reference: The catalogue.
        language: The reader's.
    """
    _ = language.gettext
    labels = {
        "need": (_("What you need"), _("Any need")),
        "sector": (_("Line of business"), _("Any line of business")),
        "size": (_("Size"), _("Any size")),
        "category": (_("Kind of platform"), _("Any kind")),
    }
    found, fits = list(found), fitting(reference)
    made = []
    for name, codes in names_of(reference, language.locale).items():
        left = kept(found, fits, replace(asked, **{name: ""}))
        counts = Counter(code for platform in left for code in fits[platform.id][name])
        chosen = getattr(asked, name)
        options = (
            Option(code, label, counts[code], code == chosen) for code, label in codes.items()
        )
        made.append(Filter(name, *labels[name], tuple(options)))
    return tuple(made)
