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
    """A legal duty that the platform helps to meet.

    Attributes:
        obligation_id: Code of the duty.
        text: What it asks for.
        in_force_from: The day from which it binds.
        urgency: How pressing it is.
        certain: Whether it binds this business, as far as it told; otherwise it may.
        verified: Whether its source was read, and not only reports of it.
    """

    obligation_id: str
    text: str
    in_force_from: dt.date
    urgency: str
    certain: bool
    verified: bool


class MaturityView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The maturity picture; without figures where nothing was told to measure it by.

    Attributes:
        score: From 0 to 100.
        level: From 0 to 5.
        level_name: What the level is called.
        functions: Score of each function, 0 to 100; null where nothing was told or it does not
            apply.
        practices: Likewise, of what concerns all functions.
        note: Whose bands these are.
    """

    score: float | None
    level: int | None
    level_name: str | None
    functions: dict[str, float | None]
    practices: dict[str, float | None]
    note: str


class ModelView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Which model ranked, and how much of what it learned from was simulated.

    Attributes:
        version: Its name in the registry; `none` where lists go by popularity.
        ranker: Kind of the model.
        simulated_share: Share of what it learned from that was simulated, 0 to 1.
        note: The same in a sentence, where there is something to say.
    """

    version: str
    ranker: str
    simulated_share: float
    note: str | None


class SizeView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The size class, by which rule, and what had to be assumed.

    Attributes:
        code: Code of the class.
        name: Its name.
        scheme: The rule that it goes by; null for household businesses.
        assumed: What was not told, and assumed to be within the bound of the class.
        note: What was assumed, in a sentence.
    """

    code: str
    name: str
    scheme: str | None
    assumed: tuple[str, ...]
    note: str | None


class SupportOffer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The most that a scheme could pay; the authority decides.

    Attributes:
        scheme_id: Code of the scheme.
        scheme: Its name.
        kind: Code of what is paid for.
        status: Whether it is law, a draft, or known from reports alone.
        in_force_from: First day; null where there is none yet.
        rate_pct: Share of the price that is paid at most, percent.
        cap_million_vnd_per_year: What is paid at most, millions of VND a year.
        months_min: For how long at least, months.
        months_max: For how long at most, months.
        note: Conditions, and where they stand.
    """

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
    """Why a platform stands where it stands: one feature and what it added to the score.

    Attributes:
        feature: A field of the profile, `history` (what is in use), a boost of
            `data/policy.toml`, or, where there is nothing else to tell, `popular` or `listed`.
        contribution: What it added to the score.
        text: The same as a sentence for the owner.
    """

    feature: str
    contribution: float
    text: str


class FieldError(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What is wrong with one field of a request.

    Attributes:
        field: Where it is, as `profile.needs[0]`.
        message: What is wrong.
        expected: What would be right.
    """

    field: str
    message: str
    expected: str = ""


class Business(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Give either a profile or the id of a stored one.

    Attributes:
        profile: A business as its owner describes it.
        profile_id: Id of a stored business.
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
        profile: A business as its owner describes it.
        profile_id: Id of a stored business.
        consent: With `profile`: what the business agreed to when your website asked. `improve`:
            learn from this list and from what comes of it. Otherwise the list is kept without
            anything that tells whose it was. Where it is left out, nothing is agreed to, unless
            the operator has set that your website asks everybody before it calls. What a stored
            business agrees to stands with its profile.
        n: Length of the list at most.
        filters: What is wanted.
        locale: Language of the texts.
    """

    profile: BusinessProfile | None = None
    profile_id: str | None = None
    consent: tuple[Literal["improve"], ...] | None = None
    n: int = 10
    filters: Filters = Filters()
    locale: Literal["en", "vi"] = "vi"


class ProblemDetails(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The body of every error.

    Attributes:
        status: The HTTP status.
        title: What is wrong.
        detail: More of it, where there is more to say.
        errors: What is wrong with each field.
        request_id: As the header `X-Request-Id` and the logs tell it.
    """

    status: int
    title: str
    detail: str = ""
    errors: tuple[FieldError, ...] = ()
    request_id: str = ""


class BatchRequest(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Businesses, and what is wanted for each alike.

    Attributes:
        businesses: Each a profile or the id of a stored one.
        n: Length of the list at most.
        filters: What is wanted.
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
    where a tool does its work today or the work does not apply (`data/policy.toml`). Of the
    best ten, what the business has something for already stands last: no change is needed. What
    stands in a slot to explore was drawn by chance, to learn whether it suits such businesses.

    Attributes:
        rank: From 1.
        platform: What is suggested.
        probability: Share of such businesses that choose it; `probability_means` says it in
            words.
        score: What the list goes by.
        base: Score for the average business.
        reasons: What lifts it for this business, the most important first.
        other: What is not told as a reason.
        slot: `explore`: drawn by chance, and marked as such.
        propensity: How likely this platform was to be just here.
        inclusion: How likely it was to be in the list at all.
        support: Schemes that could pay for such a platform.
        duties: Duties that it helps to meet.
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


class Recommendation(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to one business.

    Attributes:
        recommendation_id: What events on this list name.
        locale: Language of the texts.
        model: What ranked.
        size_class: How large the business is by law.
        maturity: How digital it is.
        items: The list, best first.
        support: All schemes that could pay for something.
        duties: All legal duties of the business that platforms help to meet.
        eligible: Platforms that came into question.
        excluded: How many did not, by the first rule that left them out.
        probability_means: What the probabilities are, in a sentence.
    """

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


class BatchAnswer(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What one business is answered: its recommendation, or what is wrong with it.

    Attributes:
        recommendation: The list.
        problem: Why there is none.
    """

    recommendation: Recommendation | None = None
    problem: ProblemDetails | None = None


class BatchAnswers(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The answer to each business, in the order in which they were sent.

    Attributes:
        answers: One each.
    """

    answers: tuple[BatchAnswer, ...]
