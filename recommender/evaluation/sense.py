"""Whether lists make sense to a consultant: kinds of platform expected and absurd, by business."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec import Struct

from recommender.domain import BusinessProfile, DataError, Problem, Reference
from recommender.domain.recommendation import Filters
from recommender.domain.tables import read_toml
from recommender.policy import Asked, Recommender

FIRST = 5
"""What is seen of a list without scrolling."""

LENGTH = 10
"""Of a list as it is served."""


class Case(Struct, frozen=True, forbid_unknown_fields=True):
    """A business, the categories expected among its first five, and those never to be shown."""

    name: str
    profile: BusinessProfile
    expected: tuple[str, ...]
    absurd: tuple[str, ...]


class Cases(Struct, frozen=True, forbid_unknown_fields=True):
    """The file of cases."""

    businesses: tuple[Case, ...]


@dataclass(frozen=True)
class Verdict:
    """What came of one case.

    Attributes:
        case: The case.
        firsts: Categories of the first five, best first, for each list asked for.
        possible: Absurd categories of which a platform may be shown to the business.
    """

    case: Case
    firsts: tuple[tuple[str, ...], ...]
    possible: tuple[str, ...]

    @property
    def met(self) -> float:
        """How many expectations are met, the mean over the lists."""
        met = [len({*self.case.expected} & {*first}) for first in self.firsts]
        return sum(met) / len(met)

    @property
    def absurd(self) -> int:
        """How many absurd platforms stand among the first five of all lists."""
        return sum(category in self.case.absurd for first in self.firsts for category in first)


def read_cases(path: Path, reference: Reference) -> tuple[Case, ...]:
    """Read a file of cases.

    Raises:
        DataError: Naming the business and what is wrong: a code that no table knows, or a category
            that is both expected and absurd.
    """
    problems: list[Problem] = []
    cases = read_toml(path, Cases, problems)
    for case in cases.businesses if cases else ():
        for fault in reference.check(case.profile):
            message = f"expected {fault.expected}, found {fault.found!r}"
            problems.append(Problem(path.name, 0, f"{case.name}: {fault.field}", message))
        for category in (*case.expected, *case.absurd):
            if category not in reference.categories:
                right = ", ".join(reference.categories)
                message = f"expected one of {right}, found {category!r}"
                problems.append(Problem(path.name, 0, case.name, message))
        for category in sorted({*case.expected} & {*case.absurd}):
            problems.append(Problem(path.name, 0, case.name, f"{category} is both"))
    if problems or cases is None:
        raise DataError(problems)
    return cases.businesses


def judge(recommender: Recommender, case: Case, days: int = 1) -> Verdict:
    """Ask for a business's list on so many days, and for what is absurd.

    Args:
        recommender: Answers; if it explores, its lists differ from day to day.
        case: The business.
        days: How many lists.
    """
    profile = recommender.reference.normalise(case.profile)
    firsts = []
    for day in range(days):
        asked = Asked("sense", n=LENGTH, key=f"{case.name}:{day}")
        items = recommender.recommend(profile, asked).recommendation.items
        firsts.append(tuple(item.platform.category for item in items[:FIRST]))
    asked_for = {
        category: Asked("sense", n=1, filters=Filters(categories=(category,)))
        for category in case.absurd
    }
    possible = tuple(
        category
        for category, asked in asked_for.items()
        if recommender.recommend(profile, asked).recommendation.eligible
    )
    return Verdict(case, tuple(firsts), possible)


def share_met(verdicts: Sequence[Verdict]) -> float:
    """Return the share of all expectations that is met, 0 to 1."""
    expected = sum(len(verdict.case.expected) for verdict in verdicts)
    return sum(verdict.met for verdict in verdicts) / expected
