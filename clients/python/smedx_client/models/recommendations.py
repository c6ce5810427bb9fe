"""What is sent and answered: recommendations.

Written by `make clients` from the OpenAPI document: change nothing here."""

import datetime as dt
from typing import Literal

from msgspec import Struct

from smedx_client.models.platforms import PlatformView
from smedx_client.models.profiles import BusinessProfile


class Filters(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the asker wants to see; empty `categories` or `include` mean everything.

    Attributes:
        categories: Only these categories.
        include: Only these platforms.
        exclude: None of these platforms.
        exclude_in_use: Leave out what the business uses already.
    """

    categories: tuple[str, ...] = ()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    exclude_in_use: bool = True


class DutyMet(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A legal duty that the platform helps to meet."""

    obligation_id: str
    text: str
    in_force_from: dt.date
    urgency: str
    certain: bool
    verified: bool


class MaturityView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The maturity picture; without figures where nothing was told to measure it by."""

    score: float | None
    level: int | None
    level_name: str | None
    functions: dict[str, float | None]
    practices: dict[str, float | None]
    note: str


class ModelView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which model ranked, and how much of what it learned from was simulated."""

    version: str
    ranker: str
    simulated_share: float
    note: str | None


class SizeView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The size class, by which rule, and what had to be assumed."""

    code: str
    name: str
    scheme: str | None
    assumed: tuple[str, ...]
    note: str | None


class SupportOffer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The most that a scheme could pay; the authority decides."""

    scheme_id: str
    scheme: str
    kind: str
    status: str
    in_force_from: dt.date | None
    rate_pct: float | None
    cap_million_vnd_per_year: float | None
    months_min: int | None
    months_max: int | None
    note: str


class Reason(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Why a platform stands where it stands: one feature and what it added to the score."""

    feature: str
    contribution: float
    text: str


class FunctionPicture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the eight functions of a business, beside its peers.

    There is no `score` where nothing was told or it does not apply, no `peers` where too few
    are known.
    """

    code: str
    name: str
    state: str | None
    state_name: str | None
    score: float | None
    peers: float | None


class PeerGroup(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Whom a business is compared with; `simulated` ones are never mixed with real ones."""

    simulated: bool
    businesses: int
    sector: str
    sector_name: str
    size: str
    size_name: str
    note: str


class Before(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a step needs before it: an earlier step, or what the business has already.

    `position` is that of the earlier step; there is none where the business has it.
    """

    category: str
    category_name: str
    position: int | None
    text: str


class InUse(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform that the business uses, and what it has to do with a suggested one."""

    id: str
    name: str
    text: str


class FieldError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with one field of a request."""

    field: str
    message: str
    expected: str = ""


class Business(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Give either a profile or the id of a stored one.

    Attributes:
        consent: With `profile`: what the business agreed to when your website asked. `improve`:
            learn from this list and from what comes of it. Otherwise the list is kept without
            anything that tells whose it was. Where it is left out, nothing is agreed to, unless
            the operator has set that your website asks everybody before it calls. What a stored
            business agrees to stands with its profile.
    """

    profile: BusinessProfile | None = None
    profile_id: str | None = None
    consent: tuple[Literal["improve"], ...] | None = None


class RecommendationRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business, by a profile or by the id of a stored one, and what is wanted for it.

    Attributes:
        consent: With `profile`: what the business agreed to when your website asked. `improve`:
            learn from this list and from what comes of it. Otherwise the list is kept without
            anything that tells whose it was. Where it is left out, nothing is agreed to, unless
            the operator has set that your website asks everybody before it calls. What a stored
            business agrees to stands with its profile.
        n: Length of the list at most.
        locale: Language of the texts.
    """

    profile: BusinessProfile | None = None
    profile_id: str | None = None
    consent: tuple[Literal["improve"], ...] | None = None
    n: int = 10
    filters: Filters = Filters()
    locale: Literal["en", "vi"] = "vi"


class Step(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One step of the road map: a kind of platform, and one that fits.

    Attributes:
        position: From 1, through all phases.
        category: The kind of platform.
        category_name: Its name.
        platform_id: One that fits; not always in the list.
        platform_name: Its name.
        reason: Why this step, in a sentence.
        before: What it needs before it.
        duties: Legal duties of the business that such a platform helps to meet, none met yet.
        deadline: The first day on which such a duty binds for certain, as a published source
            says.
        overdue: Whether that day has passed.
    """

    position: int
    category: str
    category_name: str
    platform_id: str
    platform_name: str
    reason: str
    before: tuple[Before, ...]
    duties: tuple[DutyMet, ...]
    deadline: dt.date | None
    overdue: bool


class Fit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a suggested platform means beside what the business has.

    Attributes:
        today: How the business does this work now, if it told.
        today_name: The same in words.
        covered: Whether something does this work already, so that no change is needed.
        covered_by: What does it: platforms of the same kind, or that do this work, too.
        replaces: What the suggested one could take the place of.
        connects: What it is of more use with; whether it can be linked, its provider must say.
        notes: The same in sentences, the most important first.
    """

    today: str | None
    today_name: str | None
    covered: bool
    covered_by: tuple[InUse, ...]
    replaces: tuple[InUse, ...]
    connects: tuple[InUse, ...]
    notes: tuple[str, ...]


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every error."""

    status: int
    title: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    request_id: str = ""


class BatchRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Businesses, and what is wanted for each alike.

    Attributes:
        n: Length of the list at most.
        locale: Language of the texts.
    """

    businesses: tuple[Business, ...]
    n: int = 10
    filters: Filters = Filters()
    locale: Literal["en", "vi"] = "vi"


class RankedPlatform(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One line of the list.

    `score` is `base` (that of the average business), plus the contributions of the `reasons`,
    plus `other` (all that is not told as a reason). The list goes by score, but a platform
    counts less for each one of its category that stands above it or is in use already, and
    where a tool does its work today or the work does not apply (`data/policy.toml`). What
    stands in a slot to explore was drawn by chance, to learn whether it suits such businesses.

    Attributes:
        propensity: How likely this platform was to be just here.
        inclusion: How likely it was to be in the list at all.
    """

    rank: int
    platform: PlatformView
    probability: float | None
    score: float
    base: float
    reasons: tuple[Reason, ...]
    other: float
    slot: str
    propensity: float
    inclusion: float
    support: tuple[SupportOffer, ...]
    duties: tuple[DutyMet, ...]


class RoadMap(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A few steps, each after what it needs; a phase may be empty."""

    made_on: dt.date
    now: tuple[Step, ...]
    in_3_months: tuple[Step, ...]
    in_a_year: tuple[Step, ...]
    note: str


class Recommendation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one business."""

    recommendation_id: str
    locale: str
    model: ModelView
    size_class: SizeView
    maturity: MaturityView
    items: tuple[RankedPlatform, ...]
    support: tuple[SupportOffer, ...]
    duties: tuple[DutyMet, ...]
    eligible: int
    excluded: dict[str, int]
    probability_means: str


class Plan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recommendation and what to do with it.

    Attributes:
        recommendation: The ranked list, the maturity, the support and the duties.
        functions: The eight functions, in the order of the questionnaire.
        peers: With whom they are compared, if enough are known.
        road_map: What to do now, in 3 months and in a year.
        fits: For each platform of the list, by id, what it means beside what is there.
    """

    recommendation: Recommendation
    functions: tuple[FunctionPicture, ...]
    peers: PeerGroup | None
    road_map: RoadMap
    fits: dict[str, Fit]


class BatchAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one business is answered: its recommendation, or what is wrong with it."""

    recommendation: Recommendation | None = None
    problem: ProblemDetails | None = None


class BatchAnswers(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to each business, in the order in which they were sent."""

    answers: tuple[BatchAnswer, ...]
