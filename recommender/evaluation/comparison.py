"""What two models that serve at once can be told apart by: rates, their difference, a verdict."""

from collections.abc import Iterator
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.evaluation.sequential import Proportion, difference_interval, rate_interval

Arm = Literal["control", "treatment"]
Metric = Literal["adopt", "click"]
Verdict = Literal["treatment better", "control better", "no difference that matters", "undecided"]

SPLIT_ALPHA = 0.001
"""Chance that a sound split is ever called unsound."""

MOST_DAYS = 365
"""Longer, no experiment is planned."""


class Plan(Struct, frozen=True, kw_only=True):
    """What is decided before the first business is split.

    Attributes:
        share: Of the businesses that get treatment.
        metric: What the verdict is about.
        least_difference: Between the two rates, that matters.
        least_businesses: In each arm, before the difference is told; with fewer than some hundred,
            its interval holds less often than it says.
        follow_days: Of each business, from its first list on: what it did within them is its one
            outcome, and it counts when they are over. Counted at once, it would be a miss until it
            adopts: rates would rise for days, and intervals hold only for those that stay.
        most_days: After which it should end, whatever it tells.
    """

    share: Annotated[float, Meta(gt=0, lt=1)] = 0.5
    metric: Metric = "adopt"
    least_difference: Annotated[float, Meta(gt=0, lt=1)] = 0.01
    least_businesses: Annotated[int, Meta(ge=1)] = 500
    follow_days: Annotated[float, Meta(gt=0, le=MOST_DAYS)] = 7.0
    most_days: Annotated[float, Meta(gt=0, le=MOST_DAYS)] = 30.0


class Tally(Struct, frozen=True):
    """Businesses of one arm, each counted once.

    Attributes:
        businesses: That were followed to the end.
        clicked: How many of them did within their days.
        adopted: The same.
        following: Those that are still followed; they count in none of the others.
    """

    businesses: int = 0
    clicked: int = 0
    adopted: int = 0
    following: int = 0

    def of(self, metric: Metric) -> Proportion:
        """Return how many of how many did it."""
        return Proportion(self.adopted if metric == "adopt" else self.clicked, self.businesses)


class Tallies(Struct, frozen=True):
    """What was counted in both arms."""

    control: Tally = Tally()
    treatment: Tally = Tally()


class Estimate(Struct, frozen=True):
    """A rate or a difference of rates so far, and its 95 % interval at every look at once."""

    value: float
    low: float
    high: float


class ArmRates(Struct, frozen=True):
    """The rates of one arm, of those followed to the end; None before the first of them."""

    businesses: int
    click: Estimate | None
    adopt: Estimate | None
    following: int = 0


class Comparison(Struct, frozen=True, kw_only=True):
    """All that can be told.

    Attributes:
        control: The arm that the model in service answers.
        treatment: The arm that the other one answers.
        difference: In the metric, treatment minus control; None before both arms have enough
            businesses, as its interval is asymptotic.
        verdict: What is told of it.
        because: Why, in words.
        warnings: What speaks against believing it.
    """

    control: ArmRates
    treatment: ArmRates
    difference: Estimate | None
    verdict: Verdict
    because: str
    warnings: tuple[str, ...]


def compare(plan: Plan, tallies: Tallies, days: float) -> Comparison:
    """Tell what the counts say so far; it may be asked at any time and as often as one likes.

    One arm is better where the interval of the difference lies wholly on its side of 0. There is no
    difference that matters where it lies wholly within the least one that does. Else it is
    undecided, as it is before there are enough businesses.

    Args:
        plan: What was decided before.
        tallies: What was counted.
        days: Since the start.
    """
    control, treatment = tallies.control, tallies.treatment
    difference = None
    if min(control.businesses, treatment.businesses) >= plan.least_businesses:
        before, after = control.of(plan.metric), treatment.of(plan.metric)
        # Narrowest where the smaller arm is just large enough for a verdict.
        tuned_for = plan.least_businesses / min(plan.share, 1 - plan.share)
        low, high = difference_interval(before, after, tuned_for)
        difference = Estimate(_rate(after) - _rate(before), float(low), float(high))
    verdict, because = _verdict(plan, tallies, difference)
    return Comparison(
        control=_rates(control),
        treatment=_rates(treatment),
        difference=difference,
        verdict=verdict,
        because=because,
        warnings=tuple(_warnings(plan, tallies, days)),
    )


def in_points(difference: float) -> str:
    """Return a difference of two rates in percentage points."""
    return f"{100 * difference:+.2f}"


def _verdict(plan: Plan, tallies: Tallies, difference: Estimate | None) -> tuple[Verdict, str]:
    found = {"control": tallies.control.businesses, "treatment": tallies.treatment.businesses}
    if difference is None:
        counted = ", ".join(f"{arm} has {number:,}" for arm, number in found.items())
        needed = f"{plan.least_businesses:,} in each arm, followed for {plan.follow_days:g} days"
        return "undecided", f"a verdict needs {needed}; {counted}"
    between = f"{in_points(difference.low)} and {in_points(difference.high)} points"
    matters = f"{100 * plan.least_difference:.2f} points, the least difference that matters"
    within = -plan.least_difference < difference.low and difference.high < plan.least_difference
    if difference.low > 0 or difference.high < 0:
        verdict: Verdict = "treatment better" if difference.low > 0 else "control better"
        small = f", though by less than {matters}" if within else ""
        return verdict, f"the difference lies between {between}{small}"
    if not within:
        return "undecided", f"the difference may be anything between {between}"
    return "no difference that matters", f"the difference lies within {matters}"


def _warnings(plan: Plan, tallies: Tallies, days: float) -> Iterator[str]:
    # Who is in which arm is known at once.
    control, treatment = (
        arm.businesses + arm.following for arm in (tallies.control, tallies.treatment)
    )
    total = control + treatment
    if total:
        low, high = rate_interval(Proportion(treatment, total), SPLIT_ALPHA)
        if not low <= plan.share <= high:
            yield (
                f"{treatment / total:.1%} of {total:,} businesses are in treatment where "
                f"{plan.share:.1%} should be: it is not chance alone that splits them, so believe "
                "no difference before the reason is found"
            )
    if days > plan.most_days:
        yield f"it has run for {days:.0f} days of at most {plan.most_days:g}: stop it"


def _rates(tally: Tally) -> ArmRates:
    click, adopt = (_estimate(tally.of(metric)) for metric in ("click", "adopt"))
    return ArmRates(tally.businesses, click, adopt, tally.following)


def _estimate(found: Proportion) -> Estimate | None:
    if not found.total:
        return None
    low, high = rate_interval(found)
    return Estimate(_rate(found), float(low), float(high))


def _rate(found: Proportion) -> float:
    return float(found.hits) / float(found.total)
