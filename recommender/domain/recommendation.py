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
    """Why a platform stands where it stands: one feature and what it added to the score."""

    feature: str
    contribution: float
    text: str


class SupportOffer(Struct, frozen=True):
    """The most that a scheme could pay; the authority decides."""

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
    """A legal duty that the platform helps to meet."""

    obligation_id: str
    text: str
    in_force_from: dt.date
    urgency: Literal["high", "medium"]
    certain: bool
    verified: bool


class Price(Struct, frozen=True):
    """What a platform costs a month in VND, as a source told; an upper end may be unknown."""

    min_vnd_month: int
    max_vnd_month: int | None
    source: str
    dated: str


class PlatformView(Struct, frozen=True):
    """A platform in the reader's language; no price where none is known."""

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
    its work today or the work does not apply (`data/policy.toml`). What stands in a slot to explore
    was drawn by chance, to learn whether it suits such businesses.
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
    """A platform that is like another one."""

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
    """The size class, by which rule, and what had to be assumed."""

    code: SizeCode
    name: str
    scheme: str | None
    assumed: tuple[Literal["revenue", "capital"], ...]
    note: str | None


class MaturityView(Struct, frozen=True):
    """The maturity picture; without figures where nothing was told to measure it by."""

    score: Annotated[float, Meta(ge=0, le=100)] | None
    level: Annotated[int, Meta(ge=0, le=5)] | None
    level_name: str | None
    functions: dict[FunctionCode, float | None]
    practices: dict[Literal["strategy", "data_use", "security"], float | None]
    note: str


class ModelView(Struct, frozen=True):
    """Which model ranked, and how much of what it learned from was simulated."""

    version: str
    ranker: str
    simulated_share: Probability
    note: str | None


class Recommendation(Struct, frozen=True):
    """The answer to one business."""

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
