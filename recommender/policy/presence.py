"""What a business has already: which kinds of platform, and which work is done with a tool."""

from collections.abc import Mapping
from functools import cached_property

from recommender.domain import BusinessProfile, Reference
from recommender.domain.business import FunctionState
from recommender.domain.catalogue import Need, Platform
from recommender.domain.links import CategoryLink

WITH_A_TOOL = ("separate_tool", "linked_tool")
"""Ways of doing a function that leave little for another platform to do."""


class Presence:
    """What a business told of what it has.

    Attributes:
        in_use: The platforms that it uses, in the order in which it named them.
        asked: What it wants to get done, by the categories that serve it; the first it named.
    """

    def __init__(self, profile: BusinessProfile, reference: Reference) -> None:
        self._profile, self._reference = profile, reference
        self.in_use = tuple(reference.platforms[id_] for id_ in profile.platforms_in_use)
        self.asked: Mapping[str, Need] = {
            category: reference.needs[code]
            for code in reversed(profile.needs)
            for category in reference.needs[code].categories
        }

    def doing(self, category: str) -> list[tuple[Platform, CategoryLink | None]]:
        """Return what in use does the work of a category: of the same one, or a link says so."""
        return [
            (platform, self._parts[platform.category].get(category))
            for platform in self.in_use
            if platform.category == category or category in self._parts[platform.category]
        ]

    def today(self, category: str) -> FunctionState | None:
        """Return how the function is done that a category serves; None if it was not told."""
        return self._profile.functions.get(self._reference.categories[category].function)

    def has(self, category: str) -> bool:
        """Whether what needs a category can build on it: something does its work."""
        return bool(self.doing(category)) or self.today(category) in WITH_A_TOOL

    @cached_property
    def covered(self) -> frozenset[str]:
        """The categories whose work is done, so that no change is needed.

        Something in use does it, or a tool that was not named and nothing more is asked.
        """
        states, categories = self._profile.functions, self._reference.categories
        named = {code for category, parts in self._parts.items() for code in (category, *parts)}
        with_a_tool = {code for code, state in states.items() if state in WITH_A_TOOL}
        done = {code for code, each in categories.items() if each.function in with_a_tool}
        return frozenset(named | (done - self.asked.keys()))

    def is_settled(self, category: str) -> bool:
        """Whether the work is done with a tool, or does not apply, and nothing more is asked."""
        done = self.today(category) in (*WITH_A_TOOL, "not_applicable")
        return done and category not in self.asked

    @cached_property
    def _parts(self) -> Mapping[str, dict[str, CategoryLink]]:
        """What each category in use does, too."""
        categories = {platform.category for platform in self.in_use}
        return {code: self._reference.links.replaces(code) for code in categories}
