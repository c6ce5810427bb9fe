"""What is sent and answered.

Written by `make clients` from the OpenAPI document: change nothing here."""

import datetime as dt
from typing import Any, Literal

from msgspec import Struct, field

from smedx_client.ids import new_id


class BusinessProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business as its owner describes it. Money is in billions of VND a year.

    Attributes:
        legal_form: Household business, co-operative or enterprise.
        sector: Section of the classification, or a division of it such as I56.
        employees: Yearly average of staff.
        province: Province code, of before or after the merger of 2025-07-01.
        sells_to_consumers: Whether it sells to people, not only to firms.
        classification: The economic classification of `sector`.
        revenue_bn_vnd: Revenue of a year, billion VND.
        capital_bn_vnd: Total capital, billion VND.
        functions: How each business function is done today; leave out what is unknown.
        needs: Codes of `GET /v1/questionnaire`.
        budget: Affordable a month, VND.
        platforms_in_use: Ids of `GET /v1/platforms` that it uses already.
    """

    legal_form: Literal["cooperative", "enterprise", "household"]
    sector: str
    employees: int
    province: str
    sells_to_consumers: bool
    classification: str = "VSIC2018"
    revenue_bn_vnd: float | None = None
    capital_bn_vnd: float | None = None
    functions: dict[
        Literal[
            "finance",
            "sales",
            "customers",
            "people",
            "operations",
            "supply-chain",
            "documents",
            "infrastructure",
        ],
        Literal[
            "linked_tool", "not_applicable", "not_done", "paper", "separate_tool", "spreadsheet"
        ],
    ] = {}
    strategy: Literal["ideas", "none", "plan", "plan_with_budget"] | None = None
    data_use: Literal["drives_decisions", "not_recorded", "recorded", "reviewed"] | None = None
    security: Literal["backups", "managed", "none", "passwords"] | None = None
    needs: tuple[str, ...] = ()
    budget: Literal["1m_5m", "200k_1m", "nothing", "over_5m", "under_200k"] | None = None
    platforms_in_use: tuple[str, ...] = ()


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
    """The maturity picture; None where nothing was told to measure it by."""

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


class Price(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a platform costs a month in VND, as a source told; no upper end is known where None."""

    min_vnd_month: int
    max_vnd_month: int | None
    source: str
    dated: str


class FunctionPicture(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One of the eight functions of a business, beside its peers.

    `score` is None where nothing was told or it does not apply, `peers` where too few are
    known.
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

    `position` is that of the earlier step, None where the business has it.
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


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a business did with one platform.

    It names the business by `profile_id`, or the answer that it follows from by
    `recommendation_id`, or both.

    Attributes:
        id: Chosen by the sender; sent twice, it counts once.
        rating: Only with kind rate.
        reason: Only with kind dismiss or abandon.
        at: When it happened, with offset; the time of receipt if left out.
    """

    id: str = field(default_factory=new_id)
    kind: Literal["abandon", "adopt", "click", "dismiss", "rate", "save", "trial", "view"]
    platform_id: str
    profile_id: str | None = None
    recommendation_id: str | None = None
    rating: int | None = None
    reason: (
        Literal[
            "already_have", "do_not_trust", "not_relevant", "other", "too_complex", "too_expensive"
        ]
        | None
    ) = None
    at: dt.datetime | None = None


class StoredEvents(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The ids that are now stored, whether they were sent for the first time or again."""

    stored: tuple[str, ...]


class NewProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business as its owner describes it, and what the owner agrees to.

    Attributes:
        legal_form: Household business, co-operative or enterprise.
        sector: Section of the classification, or a division of it such as I56.
        employees: Yearly average of staff.
        province: Province code, of before or after the merger of 2025-07-01.
        sells_to_consumers: Whether it sells to people, not only to firms.
        classification: The economic classification of `sector`.
        revenue_bn_vnd: Revenue of a year, billion VND.
        capital_bn_vnd: Total capital, billion VND.
        functions: How each business function is done today; leave out what is unknown.
        needs: Codes of `GET /v1/questionnaire`.
        budget: Affordable a month, VND.
        platforms_in_use: Ids of `GET /v1/platforms` that it uses already.
        consent: What the owner agreed to when your website asked. `service`: keep what was
            told, which is what this operation does; `improve`: learn from it, from what is
            shown and from what is done. Where it is left out, only `service`: silence is no
            consent to more.
        consent_version: Which text the business was asked with, as you call it.
    """

    legal_form: Literal["cooperative", "enterprise", "household"]
    sector: str
    employees: int
    province: str
    sells_to_consumers: bool
    classification: str = "VSIC2018"
    revenue_bn_vnd: float | None = None
    capital_bn_vnd: float | None = None
    functions: dict[
        Literal[
            "finance",
            "sales",
            "customers",
            "people",
            "operations",
            "supply-chain",
            "documents",
            "infrastructure",
        ],
        Literal[
            "linked_tool", "not_applicable", "not_done", "paper", "separate_tool", "spreadsheet"
        ],
    ] = {}
    strategy: Literal["ideas", "none", "plan", "plan_with_budget"] | None = None
    data_use: Literal["drives_decisions", "not_recorded", "recorded", "reviewed"] | None = None
    security: Literal["backups", "managed", "none", "passwords"] | None = None
    needs: tuple[str, ...] = ()
    budget: Literal["1m_5m", "200k_1m", "nothing", "over_5m", "under_200k"] | None = None
    platforms_in_use: tuple[str, ...] = ()
    consent: tuple[Literal["improve", "service"], ...] = ("service",)
    consent_version: str = "not told"


class ConsentChange(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the owner of a business agrees to from now on; everything else is taken back.

    Attributes:
        consent: `service`: keep what was told; `improve`: learn from it. Without `service` the
            business is erased a day later, unless the operator chose another time.
        consent_version: Which text the business was asked with, as you call it.
        how: `volunteer` if somebody passed on what the owner said.
    """

    consent: tuple[Literal["improve", "service"], ...]
    consent_version: str = "not told"
    how: Literal["api", "volunteer"] = "api"


class Consent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One answer of a business about one purpose, and when it gave it (UTC)."""

    purpose: str
    granted: bool
    version: str
    at: str
    how: str


class HeldDraft(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The questionnaire as it was typed, by question.

    Attributes:
        answers: As it is stored, whichever version of the service stored it.
    """

    locale: str
    answers: dict[str, Any] | tuple[Any, ...]
    updated_at: str


class HeldEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the business did; fields as in `POST /v1/events`, and when it was received."""

    id: str
    kind: str
    platform_id: str
    recommendation_id: str | None
    rating: int | None
    reason: str | None
    at: str
    received_at: str


class HeldExposure(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A list that was shown, and the business as it was seen then; see `docs/privacy.md`.

    Attributes:
        features: As it is stored, whichever version of the service stored it.
        excluded: As it is stored, whichever version of the service stored it.
        filters: As it is stored, whichever version of the service stored it.
        items: As it is stored, whichever version of the service stored it.
    """

    id: str
    at: str
    features: dict[str, Any] | tuple[Any, ...]
    model_version: str
    policy_version: str
    arm: str | None
    seed: str
    locale: str
    eligible: int
    excluded: dict[str, Any] | tuple[Any, ...]
    filters: dict[str, Any] | tuple[Any, ...]
    items: dict[str, Any] | tuple[Any, ...]
    explored: dict[str, Any] | tuple[Any, ...] | None


class HeldProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the business told of itself; fields as in `POST /v1/profiles`.

    Attributes:
        profile: As it is stored, whichever version of the service stored it.
    """

    profile: dict[str, Any] | tuple[Any, ...]
    created_at: str
    updated_at: str


class OptionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One possible answer; `code` is what the profile holds."""

    code: str
    text: str


class Health(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The state of the service; `problems` says what is amiss."""

    status: str
    model: str
    problems: tuple[str, ...] = ()


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


class StoredProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business, and when (UTC) it was first and last stored."""

    id: str
    profile: BusinessProfile
    created_at: str
    updated_at: str


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


class PlatformView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform in the reader's language; no price where none is known."""

    id: str
    name: str
    provider: str
    category: str
    category_name: str
    function: str
    summary: str
    website: str | None
    sectors: tuple[str, ...]
    sizes: tuple[str, ...]
    provenance: str
    source_date: str | None
    price: Price | None


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
        today: How the business does this work now, None if it did not tell.
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


class EventBatch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event or many; all of them are stored or none."""

    events: tuple[Event, ...]


class ConsentView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a business agrees to now, and all that it answered, oldest first."""

    consent: tuple[str, ...]
    history: tuple[Consent, ...]


class Held(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that is held on a business: all tables that name it, in the order of time.

    `profile` is null while the questionnaire is not finished, `draft` where the business came
    through the API.
    """

    id: str
    profile: HeldProfile | None
    draft: HeldDraft | None
    consents: tuple[Consent, ...]
    exposures: tuple[HeldExposure, ...]
    events: tuple[HeldEvent, ...]
    format: int = 1


class QuestionView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One question; its answer goes into the field `field` of the profile."""

    id: str
    field: str
    kind: str
    required: bool
    text: str
    help: str
    legal_forms: tuple[str, ...]
    function: str | None
    options: tuple[OptionView, ...]


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
    plus
    `other` (all that is not told as a reason). The list goes by score, but a platform counts
    less
    for each one of its category that stands above it or is in use already, and where a tool
    does
    its work today or the work does not apply (`data/policy.toml`). What stands in a slot to
    explore
    was drawn by chance, to learn whether it suits such businesses.

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


class PlatformList(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The catalogue, and what to know about it."""

    platforms: tuple[PlatformView, ...]
    note: str


class SimilarPlatform(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform that is like another one.

    Attributes:
        likeness: How much both suit the same businesses; none if it is not known.
    """

    platform: PlatformView
    same_category: bool
    likeness: float | None
    reasons: tuple[str, ...]


class RoadMap(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A few steps, each after what it needs; a phase may be empty."""

    made_on: dt.date
    now: tuple[Step, ...]
    in_3_months: tuple[Step, ...]
    in_a_year: tuple[Step, ...]
    note: str


class StepView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One page of questions."""

    id: str
    title: str
    intro: str
    questions: tuple[QuestionView, ...]


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


class SimilarPlatforms(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Platforms that are like one: those of its category, then others; the most alike first.

    `likeness` is the cosine, from -1 to 1, between what each answer of a business adds to the
    scores of the two by the model `model_version`, in comparison with what it adds to others.
    """

    platform_id: str
    locale: str
    model_version: str
    items: tuple[SimilarPlatform, ...]


class QuestionnaireView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """All questions, in the order in which they are asked."""

    title: str
    steps: tuple[StepView, ...]


class Plan(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A recommendation and what to do with it.

    Attributes:
        recommendation: The ranked list, the maturity, the support and the duties.
        functions: The eight functions, in the order of the questionnaire.
        peers: With whom they are compared; None where too few are known.
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
