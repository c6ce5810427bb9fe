"""What is sent and answered: profiles.

Written by `make clients` from the OpenAPI document: change nothing here."""

from typing import Any, Literal

from msgspec import Struct


class BusinessProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business as its owner describes it. Money is in billions of VND a year.

    Attributes:
        legal_form: Household business, co-operative or enterprise.
        sector: Section of the classification, or a division of it such as I56: codes of `GET
            /v1/questionnaire`.
        employees: Yearly average of staff.
        province: Province code, of before or after the merger of 2025-07-01; those of today are
            in `GET /v1/questionnaire`.
        sells_to_consumers: Whether it sells to people, not only to firms.
        classification: The economic classification of `sector`.
        revenue_bn_vnd: Revenue of a year, billion VND.
        capital_bn_vnd: Total capital, billion VND.
        functions: How each business function is done today; leave out what is unknown.
        strategy: How far its plans to become digital are.
        data_use: What it does with the figures of its business.
        security: How it protects its accounts and data.
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


class NewProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business as its owner describes it, and what the owner agrees to.

    Attributes:
        legal_form: Household business, co-operative or enterprise.
        sector: Section of the classification, or a division of it such as I56: codes of `GET
            /v1/questionnaire`.
        employees: Yearly average of staff.
        province: Province code, of before or after the merger of 2025-07-01; those of today are
            in `GET /v1/questionnaire`.
        sells_to_consumers: Whether it sells to people, not only to firms.
        classification: The economic classification of `sector`.
        revenue_bn_vnd: Revenue of a year, billion VND.
        capital_bn_vnd: Total capital, billion VND.
        functions: How each business function is done today; leave out what is unknown.
        strategy: How far its plans to become digital are.
        data_use: What it does with the figures of its business.
        security: How it protects its accounts and data.
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
    """One answer of a business about one purpose, and when it gave it (UTC).

    Attributes:
        purpose: What it was asked for.
        granted: Whether it agreed.
        version: Which text it was asked with.
        at: When.
        how: Who passed the answer on.
    """

    purpose: str
    granted: bool
    version: str
    at: str
    how: str


class HeldDraft(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The questionnaire as it was typed, by question.

    Attributes:
        locale: Language of the questionnaire.
        answers: As it is stored, whichever version of the service stored it.
        updated_at: When it was last typed into.
    """

    locale: str
    answers: dict[str, Any] | tuple[Any, ...]
    updated_at: str


class HeldEvent(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What the business did; fields as in `POST /v1/events`, and when it was received.

    Attributes:
        id: As it was sent.
        kind: What the business did.
        platform_id: With which platform.
        recommendation_id: The list that it follows from.
        rating: From 1 to 5.
        reason: Why not.
        at: When it happened.
        received_at: When it was received.
    """

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
        id: That of the recommendation.
        at: When it was shown.
        features: As it is stored, whichever version of the service stored it.
        model_version: Which model ranked.
        policy_version: Which rules made the list from its scores.
        arm: Which side of an experiment, if there was one.
        seed: What the draw started from.
        locale: Language of the list.
        eligible: Platforms that came into question.
        excluded: As it is stored, whichever version of the service stored it.
        filters: As it is stored, whichever version of the service stored it.
        items: As it is stored, whichever version of the service stored it.
        explored: The draw of a slot to explore, if there was one.
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
        created_at: When it was first stored.
        updated_at: When it was last stored.
    """

    profile: dict[str, Any] | tuple[Any, ...]
    created_at: str
    updated_at: str


class StoredProfile(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A business, and when (UTC) it was first and last stored.

    Attributes:
        id: What it is known by.
        profile: The business.
        created_at: When it was first stored.
        updated_at: When it was last stored.
    """

    id: str
    profile: BusinessProfile
    created_at: str
    updated_at: str


class ConsentView(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a business agrees to now, and all that it answered, oldest first.

    Attributes:
        consent: What is in force.
        history: Each answer.
    """

    consent: tuple[str, ...]
    history: tuple[Consent, ...]


class Held(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Everything that is held on a business: all tables that name it, in the order of time.

    `profile` is null while the questionnaire is not finished, `draft` where the business came
    through the API.

    Attributes:
        id: Id of the business.
        profile: What it told; null while the questionnaire is not finished.
        draft: The questionnaire as it was typed; null where the business came through the API.
        consents: What it agreed to, and refused.
        exposures: The lists that it was shown.
        events: What it did.
        format: Grows when a field changes its meaning or goes.
    """

    id: str
    profile: HeldProfile | None
    draft: HeldDraft | None
    consents: tuple[Consent, ...]
    exposures: tuple[HeldExposure, ...]
    events: tuple[HeldEvent, ...]
    format: int = 1
