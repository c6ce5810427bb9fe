"""What a business gets back: ranked platforms, why, what was left out and what was drawn."""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.business import FunctionCode, SizeCode

Probability = Annotated[float, Meta(ge=0, le=1)]
Rule = Literal["in_use", "dismissed", "sector", "size", "category", "include", "exclude"]


class Filters(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the asker wants to see; empty `categories` or `include` mean everything."""

    categories: Annotated[
        tuple[str, ...], Meta(max_length=50, description="Only these categories.")
    ] = ()
    include: Annotated[
        tuple[str, ...], Meta(max_length=500, description="Only these platforms.")
    ] = ()
    exclude: Annotated[
        tuple[str, ...], Meta(max_length=500, description="None of these platforms.")
    ] = ()
    exclude_in_use: Annotated[
        bool, Meta(description="Leave out what the business uses already.")
    ] = True


class Reason(Struct, frozen=True):
    """Why a platform stands where it stands: one feature and what it added to the score.

    Attributes:
        feature: A field of the profile, `history` (what is in use), a boost of `data/policy.toml`,
            or, where there is nothing else to tell, `popular` or `listed`.
        contribution: What it added to the score.
        text: The same as a sentence for the owner.
    """

    feature: str
    contribution: float
    text: str


class SupportOffer(Struct, frozen=True):
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
    status: Literal["in_force", "draft", "reported"]
    in_force_from: dt.date | None
    rate_pct: float | None
    cap_million_vnd_per_year: float | None
    months_min: int | None
    months_max: int | None
    note: str


class DutyMet(Struct, frozen=True):
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
    urgency: Literal["high", "medium"]
    certain: bool
    verified: bool


class Price(Struct, frozen=True):
    """What a platform costs a month in VND, as a source told; an upper end may be unknown.

    Attributes:
        min_vnd_month: The least.
        max_vnd_month: The most; null where unknown.
        source: Who told.
        dated: When.
    """

    min_vnd_month: int
    max_vnd_month: int | None
    source: str
    dated: str


class PlatformView(Struct, frozen=True):
    """A platform in the reader's language; no price where none is known.

    Attributes:
        id: Code, as events name it.
        name: What it is called.
        provider: Who runs it.
        category: Code of its kind.
        category_name: Name of its kind.
        function: Which of the eight functions of a business it serves.
        summary: What it does, in a sentence.
        website: Its address.
        sectors: Lines of business that it is for; empty means all.
        sizes: Sizes that it is for; empty means all.
        provenance: `sourced`: a public page describes it; `name-sourced`: one names it;
            `unsourced`: general knowledge.
        source_date: Date of the source: YYYY, YYYY-MM or YYYY-MM-DD.
        price: What it costs, where a source told.
    """

    id: str
    name: str
    provider: str
    category: str
    category_name: str
    function: FunctionCode
    summary: str
    website: str | None
    sectors: tuple[str, ...]
    sizes: tuple[SizeCode, ...]
    provenance: Literal["sourced", "name-sourced", "unsourced"]
    source_date: str | None
    price: Price | None


class RankedPlatform(Struct, frozen=True):
    """One line of the list.

    `score` is `base` (that of the average business), plus the contributions of the `reasons`, plus
    `other` (all that is not told as a reason). The list goes by score, but a platform counts less
    for each one of its category that stands above it or is in use already, and where a tool does
    its work today or the work does not apply (`data/policy.toml`). Of the best ten, what the
    business has something for already stands last: no change is needed. What stands in a slot to
    explore was drawn by chance, to learn whether it suits such businesses.

    Attributes:
        rank: From 1.
        platform: What is suggested.
        probability: Share of such businesses that choose it; `probability_means` says it in words.
        score: What the list goes by.
        base: Score for the average business.
        reasons: What lifts it for this business, the most important first.
        other: What is not told as a reason.
        slot: `explore`: drawn by chance, and marked as such.
        support: Schemes that could pay for such a platform.
        duties: Duties that it helps to meet.
    """

    rank: Annotated[int, Meta(ge=1)]
    platform: PlatformView
    probability: Probability | None
    score: float
    base: float
    reasons: tuple[Reason, ...]
    other: float
    slot: Literal["ranked", "explore"]
    propensity: Annotated[
        float, Meta(ge=0, le=1, description="How likely this platform was to be just here.")
    ]
    inclusion: Annotated[
        float, Meta(ge=0, le=1, description="How likely it was to be in the list at all.")
    ]
    support: tuple[SupportOffer, ...]
    duties: tuple[DutyMet, ...]


class SimilarPlatform(Struct, frozen=True):
    """A platform that is like another one.

    Attributes:
        platform: Which one.
        same_category: Whether it is of the same kind.
        reasons: What they have in common, in sentences.
    """

    platform: PlatformView
    same_category: bool
    likeness: Annotated[
        Annotated[float, Meta(ge=-1, le=1)] | None,
        Meta(description="How much both suit the same businesses; none if it is not known."),
    ]
    reasons: tuple[str, ...]


class SimilarPlatforms(Struct, frozen=True):
    """Platforms that are like one: those of its category, then others; the most alike first.

    `likeness` is the cosine, from -1 to 1, between what each answer of a business adds to the
    scores of the two by the model `model_version`, in comparison with what it adds to others.

    Attributes:
        platform_id: The one that was asked for.
        locale: Language of the texts.
        model_version: Which model tells how alike they are.
        items: The others.
    """

    platform_id: str
    locale: Literal["vi", "en"]
    model_version: str
    items: tuple[SimilarPlatform, ...]


class Explored(Struct, frozen=True, kw_only=True):
    """The draw of a slot: where it is, and what could have been drawn.

    Attributes:
        rank: Where it is.
        ranks: The first and the last rank that it could have had, each rank as likely.
        platform_ids: What could have stood there, in the order of the model.
        chances: How likely each of them was, wherever the slot is; they add up to 1.
    """

    rank: int
    ranks: tuple[int, int]
    platform_ids: tuple[str, ...]
    chances: tuple[float, ...]


class SizeView(Struct, frozen=True):
    """The size class, by which rule, and what had to be assumed.

    Attributes:
        code: Code of the class.
        name: Its name.
        scheme: The rule that it goes by; null for household businesses.
        assumed: What was not told, and assumed to be within the bound of the class.
        note: What was assumed, in a sentence.
    """

    code: SizeCode
    name: str
    scheme: str | None
    assumed: tuple[Literal["revenue", "capital"], ...]
    note: str | None


class MaturityView(Struct, frozen=True):
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

    score: Annotated[float, Meta(ge=0, le=100)] | None
    level: Annotated[int, Meta(ge=0, le=5)] | None
    level_name: str | None
    functions: dict[FunctionCode, float | None]
    practices: dict[Literal["strategy", "data_use", "security"], float | None]
    note: str


class ModelView(Struct, frozen=True):
    """Which model ranked, and how much of what it learned from was simulated.

    Attributes:
        version: Its name in the registry; `none` where lists go by popularity.
        ranker: Kind of the model.
        simulated_share: Share of what it learned from that was simulated, 0 to 1.
        note: The same in a sentence, where there is something to say.
    """

    version: str
    ranker: str
    simulated_share: Probability
    note: str | None


class Recommendation(Struct, frozen=True):
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
    locale: Literal["vi", "en"]
    model: ModelView
    size_class: SizeView
    maturity: MaturityView
    items: tuple[RankedPlatform, ...]
    support: tuple[SupportOffer, ...]
    duties: tuple[DutyMet, ...]
    eligible: Annotated[int, Meta(ge=0)]
    excluded: dict[Rule, int]
    probability_means: str
