"""What a suggested platform means beside what the business has: covered, replaced, linked."""

from recommender.domain import Locale, Reference
from recommender.domain.catalogue import Platform
from recommender.domain.links import CategoryLink
from recommender.domain.plan import Fit, InUse
from recommender.domain.recommendation import PlatformView
from recommender.policy.presence import Presence
from recommender.policy.recommender import Answer


def fits(answer: Answer, reference: Reference, locale: Locale) -> dict[str, Fit]:
    """Return, for each platform of a list, what it means beside what the business has.

    Args:
        answer: What the business was answered.
        reference: The categories and their links.
        locale: The reader's language.
    """
    presence = Presence(answer.profile, reference)
    return {
        item.platform.id: _fit(item.platform, presence, reference, locale)
        for item in answer.recommendation.items
    }


def _fit(suggested: PlatformView, presence: Presence, reference: Reference, locale: Locale) -> Fit:
    links, notes, category = reference.links, reference.messages.notes, suggested.category
    today = presence.today(category)

    def in_use(platform: Platform, link: CategoryLink | None) -> InUse:
        kind = reference.categories[platform.category].say("name", locale)
        return InUse(platform.id, platform.name, link.say("text", locale) if link else kind)

    covered_by = tuple(in_use(*found) for found in presence.doing(category))
    parts, beside = links.replaces(category), links.connects(category)
    replaces = tuple(
        in_use(platform, parts.get(platform.category))
        for platform in presence.in_use
        if platform.id != suggested.id
        and (platform.category == category or platform.category in parts)
    )
    connects = tuple(
        in_use(platform, beside[platform.category])
        for platform in presence.in_use
        if platform.category in beside
    )
    told = [
        notes[name].say(locale, value=", ".join(platform.name for platform in found))
        for name, found in (
            ("covered", covered_by),
            ("takes_over", replaces if not covered_by else ()),
            ("ask_to_connect", connects),
        )
        if found
    ]
    covered = category in presence.covered
    if covered and not covered_by:
        told.insert(0, notes["covered_by_tool"].say(locale))
    return Fit(
        today=today,
        today_name=reference.choices["function_state"][today].say("name", locale)
        if today
        else None,
        covered=covered,
        covered_by=covered_by,
        replaces=replaces,
        connects=connects,
        notes=tuple(told),
    )
