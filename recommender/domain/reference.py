"""Everything that `data/` tells, loaded once, checked whole and never changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import msgspec

from recommender.domain.business import BusinessProfile
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
from recommender.domain.duties import Duty, Obligation, duties_of
from recommender.domain.gate_rules import GateRules
from recommender.domain.links import CategoryLinks
from recommender.domain.maturity import Maturity, MaturityLevel, maturity
from recommender.domain.messages import Messages
from recommender.domain.questionnaire import Questionnaire
from recommender.domain.ranking_rules import RankingRules
from recommender.domain.sizes import SizeClass, SizeRule, size_class
from recommender.domain.support import SupportScheme, support_for


@dataclass(frozen=True)
class FieldProblem:
    """A value of a profile that no table knows."""

    field: str
    found: str
    expected: str


@dataclass(frozen=True, eq=False)
class Reference:
    """The catalogue, the taxonomies and the rules. Mappings are keyed by code, in file order.

    Two are the same only if they are one object, so that what is made of one can be kept by it.
    """

    version: str
    functions: Mapping[str, BusinessFunction]
    function_questions: Mapping[tuple[str, str], FunctionQuestion]
    categories: Mapping[str, Category]
    platforms: Mapping[str, Platform]
    sectors: Mapping[tuple[str, str], Sector]
    regions: Mapping[str, Region]
    provinces: Mapping[str, Province]
    needs: Mapping[str, Need]
    search_words: Mapping[str, SearchWords]
    choices: Mapping[str, Mapping[str, Choice]]
    size_rules: tuple[SizeRule, ...]
    schemes: Mapping[str, SupportScheme]
    obligations: Mapping[str, Obligation]
    links: CategoryLinks
    levels: tuple[MaturityLevel, ...]
    questionnaire: Questionnaire
    rules: RankingRules
    gate: GateRules
    messages: Messages
    sources: Mapping[str, Source]
    published: tuple[PublishedFigure, ...]

    @cached_property
    def scores(self) -> dict[str, dict[str, float | None]]:
        """Maturity score of each answer, by list and code."""
        return {
            name: {code: choice.score for code, choice in choices.items()}
            for name, choices in self.choices.items()
        }

    @cached_property
    def asked_sectors(self) -> tuple[Sector, ...]:
        """The sectors that a questionnaire offers: not those with finer ones; in their order."""

        def is_divided(row: Sector) -> bool:
            begins = (code for of, code in self.sectors if of == row.classification)
            return any(code != row.code and code.startswith(row.code) for code in begins)

        offered = (row for row in self.sectors.values() if not is_divided(row))
        return tuple(sorted(offered, key=lambda row: row.position))

    @cached_property
    def current_provinces(self) -> dict[str, Province]:
        """The provinces of today by code, in the order of their codes."""
        today = [row for row in self.provinces.values() if row.old_code == row.new_code]
        return {row.new_code: row for row in sorted(today, key=lambda row: row.new_code)}

    def check(self, profile: BusinessProfile) -> list[FieldProblem]:
        """Return what no table knows in a profile; empty when all is well.

        This is the gate: it never raises, and every other method can answer a profile for which
        it is empty. A stored profile passes through `normalise` first, so that only a sector or a
        province that left the tables is a problem.
        """
        problems = []
        if (profile.classification, profile.sector) not in self.sectors:
            problems.append(self._unknown_sector(profile))
        if profile.province not in self.provinces:
            expected = "a province code of before or after 2025-07-01, such as 01 or 48"
            problems.append(FieldProblem("province", profile.province, expected))
        for i, need in enumerate(profile.needs):
            if need not in self.needs:
                known = ", ".join(self.needs)
                problems.append(FieldProblem(f"needs[{i}]", need, f"one of {known}"))
        for i, platform in enumerate(profile.platforms_in_use):
            if platform not in self.platforms:
                expected = "the id of a platform in GET /v1/platforms"
                problems.append(FieldProblem(f"platforms_in_use[{i}]", platform, expected))
        return problems

    def _unknown_sector(self, profile: BusinessProfile) -> FieldProblem:
        """Name the field that is wrong, and what may be sent in it, as it is to be sent."""
        codes = [code for of, code in self.sectors if of == profile.classification]
        if codes:
            return FieldProblem("sector", profile.sector, f"one of {', '.join(codes)}")
        known = ", ".join(dict.fromkeys(of for of, _ in self.sectors))
        return FieldProblem("classification", profile.classification, f"one of {known}")

    def normalise(self, profile: BusinessProfile) -> BusinessProfile:
        """Return the profile with the province of today and each list without repeats.

        Needs and platforms that the tables no longer know are left out: a profile that was stored
        stays good when the catalogue changes.
        """
        province = self.provinces.get(profile.province)
        return msgspec.structs.replace(
            profile,
            province=province.new_code if province else profile.province,
            needs=tuple(dict.fromkeys(code for code in profile.needs if code in self.needs)),
            platforms_in_use=tuple(
                dict.fromkeys(id_ for id_ in profile.platforms_in_use if id_ in self.platforms)
            ),
        )

    def size_class(self, profile: BusinessProfile) -> SizeClass:
        """Classify a profile that passed `check` by the size rules of its sector."""
        sector = self.sectors[profile.classification, profile.sector]
        return size_class(profile, sector.size_group, self.size_rules)

    def maturity(self, profile: BusinessProfile) -> Maturity:
        """Measure the digital maturity."""
        return maturity(profile, self.scores, self.levels)

    def duties(self, profile: BusinessProfile) -> tuple[Duty, ...]:
        """Return the legal duties, and which of them the platforms in use meet."""
        in_use = frozenset(self.platforms[id_].category for id_ in profile.platforms_in_use)
        return duties_of(profile, in_use, self.obligations.values())

    def support(self, profile: BusinessProfile) -> tuple[SupportScheme, ...]:
        """Return the support schemes open to the business."""
        return support_for(profile, self.size_class(profile).code, self.schemes.values())
