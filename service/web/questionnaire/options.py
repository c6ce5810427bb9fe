"""The answers a question offers, in the reader's language and in a helpful order."""

from dataclasses import dataclass, replace

from recommender.domain import BusinessProfile, Reference
from recommender.domain.asking import CLASSIFICATION, Told, not_needed, words_of
from recommender.domain.catalogue import Platform
from recommender.domain.questionnaire import Question
from recommender.domain.tables import Locale
from service.web.i18n import Language
from service.web.spelling import plain


@dataclass(frozen=True)
class Option:
    """One answer to tick; `names` are those by which it can be searched, with bars between them."""

    value: str
    label: str
    hint: str = ""
    names: str = ""


@dataclass(frozen=True)
class OptionGroup:
    """Answers under one heading."""

    label: str
    options: tuple[Option, ...]


def question_text(question: Question, told: Told, reference: Reference, language: Language) -> str:
    """Return a question in the words of the trade that is asked."""
    words = words_of(question, told, reference)
    if words is not None:
        return words.say("question", language.locale)
    return question.say("text", language.locale)


def options_of(
    question: Question, told: Told, reference: Reference, language: Language
) -> tuple[Option, ...]:
    """Return the answers of a question that offers a flat list."""
    locale = language.locale
    if question.kind == "yes_no":
        return (Option("yes", language.gettext("Yes")), Option("no", language.gettext("No")))
    if question.kind == "sector":
        return _sectors(reference, locale)
    if question.kind == "province":
        groups = province_groups(reference, language)
        return tuple(option for group in groups for option in group.options)
    if question.list == "needs":
        return tuple(Option(n.code, n.say("name", locale)) for n in reference.needs.values())
    choices = reference.choices.get(question.list or "", {})
    options = tuple(Option(c.code, c.say("name", locale)) for c in choices.values())
    none = not_needed(question, told, reference, locale)  # it says when that is so
    if none is None:
        return options
    return tuple(replace(o, label=none) if o.value == "not_applicable" else o for o in options)


def province_groups(reference: Reference, language: Language) -> tuple[OptionGroup, ...]:
    """Return cities and provinces of today, with the old names that merged into each."""
    locale = language.locale
    cities: list[Option] = []
    provinces: list[Option] = []
    for code, today in reference.current_provinces.items():
        name = today.say("new_name", locale)
        before = [old for old in reference.provinces.values() if old.new_code == code]
        merged = [
            _bare(old.say("old_name", locale))
            for old in before
            if old.old_name_vi != today.new_name_vi
        ]
        told = (old.say("old_name", locale) for old in before)
        names = dict.fromkeys((name, *told, *(other for old in before for other in old.also)))
        city = today.new_name_vi.startswith("Thành phố")
        label = name if city else _bare(name)
        if merged:
            old_names = ", ".join(sorted(merged, key=plain))
            label = language.gettext("%(name)s (with %(merged)s)", name=label, merged=old_names)
        (cities if city else provinces).append(Option(code, label, names="|".join(names)))
    return (
        OptionGroup(language.gettext("Cities"), _by_label(cities)),
        OptionGroup(language.gettext("Provinces"), _by_label(provinces)),
    )


def platform_ids(reference: Reference) -> set[str]:
    """Return every platform that can be told to be in use."""
    return set(reference.platforms)


def platform_groups(
    reference: Reference, profile: BusinessProfile | None, ticked: set[str], language: Language
) -> tuple[list[OptionGroup], list[OptionGroup]]:
    """Return platforms by category: those made for such a business (or ticked), and the others.

    Args:
        reference: The catalogue.
        profile: The business as far as it is known; None puts every platform in the first group.
        ticked: Platforms already chosen.
        language: The reader's.
    """
    fitting: dict[str, list[Option]] = {code: [] for code in reference.categories}
    others: dict[str, list[Option]] = {code: [] for code in reference.categories}
    size = reference.size_class(profile).code if profile else None
    for platform in reference.platforms.values():
        fits = profile is None or (
            (not platform.sectors or profile.sector in platform.sectors)
            and (not platform.sizes or size in platform.sizes)
        )
        group = fitting if fits or platform.id in ticked else others
        group[platform.category].append(_platform(platform))
    return _groups(fitting, reference, language), _groups(others, reference, language)


def _groups(
    options: dict[str, list[Option]], reference: Reference, language: Language
) -> list[OptionGroup]:
    return [
        OptionGroup(reference.categories[code].say("name", language.locale), _by_label(listed))
        for code, listed in options.items()
        if listed
    ]


def _platform(platform: Platform) -> Option:
    return Option(platform.id, platform.name, platform.provider)


def _sectors(reference: Reference, locale: Locale) -> tuple[Option, ...]:
    """Return the sectors, the most common first, everyday examples before the official name."""
    return tuple(
        Option(s.code, _capital(s.say("example", locale)), s.say("name", locale))
        for s in reference.asked_sectors
        if s.classification == CLASSIFICATION
    )


def _by_label(options: list[Option]) -> tuple[Option, ...]:
    return tuple(sorted(options, key=lambda option: plain(option.label)))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _bare(name: str) -> str:
    return name.removeprefix("Tỉnh ").removeprefix("Thành phố ").removesuffix(" Province")
