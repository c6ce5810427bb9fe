"""Every other number of the simulated world, in one place; assumed, unless it says so.

Tuples of five run over household, micro, small, medium, large. Logits, where no unit is given.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from recommender.simulation.published import BARRIERS


@dataclass(frozen=True)
class FirmCoefficients:
    """Who the businesses are."""

    cooperative_share: float = 0.02
    """Of what is not a household business."""
    cooperative_sizes: tuple[float, ...] = (0.0, 55.0, 40.0, 5.0, 0.0)
    household_spread: float = 0.6
    """Households are spread over provinces as enterprise shares to this power: more evenly."""
    lodging: Mapping[str, float] = field(default_factory=lambda: {"I": 0.2, "I55": 1.0})
    """Share that gives lodging, by sector; the rest of section I serves food and drink."""
    household_max_employees: int = 9
    household_other: float = 0.4
    """Households that do not sell to consumers, per firm of their sector that does not."""
    large_factor: float = 15.0
    """The largest has this many times the staff at which a firm becomes large."""
    household_revenue: float = 0.55
    """Median revenue of a household business, billion VND a year."""
    revenue_sd: float = 0.8
    """Of the logarithm."""
    capital_per_revenue: float = 0.5
    capital_sd: float = 0.7


@dataclass(frozen=True)
class ReadinessCoefficients:
    """How ready for digital tools a business is, in standard deviations of its own noise."""

    size: tuple[float, ...] = (-1.0, -0.2, 0.3, 0.7, 1.2)
    region: Mapping[str, float] = field(
        default_factory=lambda: {
            "south-east": 0.15,
            "red-river-delta": 0.15,
            "central-coast": -0.05,
            "mekong-delta": -0.2,
            "central-highlands": -0.25,
            "northern-midlands": -0.3,
        }
    )
    tool_slope: float = 0.8
    """Of using a tool, per unit of readiness."""


@dataclass(frozen=True)
class AnswerCoefficients:
    """What businesses answer, and what they leave out."""

    state_cuts: tuple[float, float, float] = (-1.6, -0.6, 0.7)
    """Readiness plus noise from which a function is on paper, in a spreadsheet, in a tool."""
    state_noise: float = 0.8
    function_offset: Mapping[str, float] = field(
        default_factory=lambda: {
            "finance": 0.4,
            "sales": 0.3,
            "customers": 0.0,
            "people": -0.1,
            "operations": -0.2,
            "supply-chain": -0.2,
            "documents": -0.1,
            "infrastructure": 0.0,
        }
    )
    not_applicable: Mapping[str, tuple[float, ...]] = field(
        default_factory=lambda: {
            "finance": (0.08, 0.04, 0.01, 0.0, 0.0),
            "sales": (0.01, 0.02, 0.02, 0.02, 0.02),
            "customers": (0.15, 0.08, 0.05, 0.03, 0.02),
            "people": (0.5, 0.1, 0.0, 0.0, 0.0),
            "operations": (0.4, 0.1, 0.0, 0.0, 0.0),
            "documents": (0.35, 0.05, 0.0, 0.0, 0.0),
            "infrastructure": (0.15, 0.05, 0.02, 0.02, 0.02),
        }
    )
    """Probability; delivery and origin depend on the sector instead (`Sector.not_shipping`)."""
    basic_link: float = 0.2
    """Probability that a business of the basic stage has its one linked function."""
    third_link: float = 0.5
    """Probability that an integrated business has three linked functions instead of two."""
    practice_cuts: tuple[float, float, float] = (-0.7, 0.4, 1.5)
    practice_noise: float = 0.8
    need_base: float = -1.6
    need_taste: float = 0.7
    """Weight of the strongest taste (sector and size) among the categories that serve a need."""
    need_gap: float = 0.9
    """Weight of the gap in the function they belong to."""
    budget_mean: tuple[float, ...] = (0.8, 1.6, 2.5, 3.3, 4.0)
    """Mean position in the list of budgets, which counts from 0."""
    budget_readiness: float = 0.3
    budget_sd: float = 0.8
    missing: Mapping[str, float] = field(
        default_factory=lambda: {
            "revenue": 0.35,
            "capital": 0.45,
            "all functions": 0.15,
            "one function": 0.03,
            "practice": 0.10,
            "needs": 0.15,
            "budget": 0.20,
        }
    )
    """Probability that an answer is left out, independent of everything else."""


@dataclass(frozen=True)
class UtilityCoefficients:
    """What a platform is worth to a business."""

    zipf: float = 0.9
    """The platform of rank r in its category has an appeal of -zipf * log(r)."""
    neighbours: float = 0.35
    """Standard deviation of what others in the region are seen to use: social proof."""
    wrong_sector: float = -3.0
    wrong_size: float = -3.0
    specialist: float = 0.4
    """Times the share of sectors that the platform is not made for."""
    price: float = -0.8
    """Per step by which the price exceeds the budget."""
    price_if_needed: float = 0.5
    """Price sensitivity that is left where the platform serves a need."""
    prices: Mapping[str, float] = field(
        default_factory=lambda: {"foundation": 0.8, "growth": 1.6, "optimisation": 2.6}
    )
    """Price by the stage of the category, in steps of the budget list."""
    price_spread: float = 0.4
    household_price: float = -0.5
    budgets: tuple[float, ...] = (0.3, 1.0, 1.8, 2.8, 4.0)
    budget_unknown: float = 1.5
    effort: float = -0.4
    """Per level of maturity that the category asks for and the business does not have."""
    levels: Mapping[str, float] = field(
        default_factory=lambda: {"foundation": 0.0, "growth": 1.5, "optimisation": 3.0}
    )
    level_unknown: float = 2.0
    gap: Mapping[str, float] = field(
        default_factory=lambda: {
            "not_done": 0.4,
            "paper": 0.6,
            "spreadsheet": 0.7,
            "separate_tool": 0.0,
            "linked_tool": -0.8,
            "not_applicable": -1.8,
        }
    )
    gap_unknown: float = 0.2
    need: float = 1.0
    next_need: float = 0.3
    """For each further need that the platform serves."""
    duty: Mapping[str, float] = field(default_factory=lambda: {"high": 1.4, "medium": 0.8})
    """By urgency, while no tool of a category that meets the duty is in use."""
    duty_uncertain: float = 0.5
    """Share of that weight where the revenue is not told."""
    same_provider: float = 0.3
    right_lodging: float = 1.2
    """Hotel platforms for lodging, tills for food; the other way round with a minus, doubled."""


@dataclass(frozen=True)
class Step:
    """One step of the way to adoption: a logit that is linear in utility."""

    intercept: float
    slope: float


@dataclass(frozen=True)
class FunnelCoefficients:
    """What happens to a platform that is shown."""

    attention: float = 0.7
    """A platform at rank r is examined with probability r ** -attention."""
    view: Step = Step(0.0, 0.8)
    click: Step = Step(-0.6, 0.7)
    trial: Step = Step(-0.8, 0.7)
    adopt: Step = Step(0.0, 0.6)
    save: Step = Step(-1.4, 0.3)
    rate: float = 0.35
    """Probability that an adopter rates."""
    rating: tuple[float, float, float] = (3.0, 0.35, 0.8)
    """Mean at utility 0, slope and standard deviation of a rating, before rounding to 1..5."""
    dismiss: Step = Step(-1.0, -0.5)
    """After a view without a click."""
    quit_trial: Step = Step(0.2, -0.3)
    """Whether a trial that leads nowhere is given up openly."""
    leave: Step = Step(-2.2, -0.4)
    """Whether what was adopted is abandoned later."""
    awareness: Mapping[str, float] = field(
        default_factory=lambda: {"01": 0.0, "79": -0.2, "48": -2.6}
    )
    """Added to the adopt step by province of today: fitted to `published.PROGRAMME_USE`."""
    awareness_elsewhere: float = -2.0
    awareness_household: float = -0.6
    """Added for household businesses, which the programme reaches less."""
    objections: Mapping[str, float] = field(
        default_factory=lambda: {
            "too_expensive": math.log(BARRIERS["too_expensive"].value_pct / 100),
            "not_relevant": -1.2,
            "already_have": -2.5,
            "too_complex": math.log(BARRIERS["too_complex"].value_pct / 100),
            "do_not_trust": -1.2,
            "other": -1.8,
        }
    )
    """How readily a reason is given before its cause is looked at; two are published barriers."""
    causes: Mapping[str, float] = field(
        default_factory=lambda: {
            "too_expensive": 1.2,
            "too_complex": 1.0,
            "already_have": 3.0,
            "not_relevant": 2.0,
        }
    )
    """Weight of the cause of a reason: steps over budget, levels missing, category in use,
    platform made for others."""
    found_alone: float = 0.03
    """Share of businesses that take up a platform without having been shown it."""


@dataclass(frozen=True)
class LoggingCoefficients:
    """How lists were made before there was a model: a mixture of three kinds."""

    popular: float = 0.55
    """The eligible platforms by popularity in the segment (sector and size)."""
    shuffled: float = 0.35
    """Eligible platforms in random order."""

    @property
    def wide(self) -> float:
        """Share of lists in random order out of everything that is not in use."""
        return 1 - self.popular - self.shuffled


@dataclass(frozen=True)
class Delays:
    """Mean and longest delay of each step after the one before it, in seconds."""

    view: tuple[float, float] = (20, 120)
    click: tuple[float, float] = (30, 300)
    save: tuple[float, float] = (60, 600)
    dismiss: tuple[float, float] = (15, 120)
    trial: tuple[float, float] = (2 * 86_400, 8 * 86_400)
    adopt: tuple[float, float] = (9 * 86_400, 25 * 86_400)
    rate: tuple[float, float] = (5 * 86_400, 10 * 86_400)
    abandon: tuple[float, float] = (12 * 86_400, 24 * 86_400)
    follow_up: float = 60 * 86_400
    """Longest way from a list to its last event; shrinks with the window (see `journeys`)."""


FIRMS = FirmCoefficients()
READINESS = ReadinessCoefficients()
ANSWERS = AnswerCoefficients()
UTILITY = UtilityCoefficients()
FUNNEL = FunnelCoefficients()
LOGGING = LoggingCoefficients()
DELAYS = Delays()
