"""What a business tells about itself."""

from typing import Annotated, Literal, get_args

from msgspec import Meta, Struct

from recommender.domain.tables import IN_WORDS

LegalForm = Literal["household", "cooperative", "enterprise"]
SizeCode = Literal["household", "micro", "small", "medium", "large"]
FunctionCode = Literal[
    "finance", "sales", "customers", "people",
    "operations", "supply-chain", "documents", "infrastructure",
]  # fmt: skip
FunctionState = Literal[
    "not_done", "paper", "spreadsheet", "separate_tool", "linked_tool", "not_applicable"
]
StrategyAnswer = Literal["none", "ideas", "plan", "plan_with_budget"]
DataAnswer = Literal["not_recorded", "recorded", "reviewed", "drives_decisions"]
SecurityAnswer = Literal["none", "passwords", "backups", "managed"]
Money = Annotated[float, Meta(ge=0, le=1_000_000)]
Budget = Literal["nothing", "under_200k", "200k_1m", "1m_5m", "over_5m"]


class BusinessProfile(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A business as its owner describes it. Money is in billions of VND a year."""

    legal_form: Annotated[
        LegalForm,
        Meta(description="Household business, co-operative or enterprise.", examples=["household"]),
    ]
    classification: Annotated[
        str, Meta(max_length=20, description="The economic classification of `sector`.")
    ] = "VSIC2018"
    sector: Annotated[
        str,
        Meta(
            max_length=10,
            description=(
                "Section of the classification, or a division of it such as I56: codes of "
                "`GET /v1/questionnaire`."
            ),
            examples=["I56"],
        ),
    ]
    employees: Annotated[
        int,
        Meta(ge=0, le=500_000, description="Yearly average of staff.", examples=[4]),
    ]
    revenue_bn_vnd: Annotated[
        Money | None, Meta(description="Revenue of a year, billion VND.", examples=[1.5])
    ] = None
    capital_bn_vnd: Annotated[
        Money | None, Meta(description="Total capital, billion VND.", examples=[0.8])
    ] = None
    province: Annotated[
        str,
        Meta(
            pattern=r"^\d\d$",
            extra_json_schema={IN_WORDS: "two digits"},
            description=(
                "Province code, of before or after the merger of 2025-07-01; those of today are "
                "in `GET /v1/questionnaire`."
            ),
            examples=["48"],
        ),
    ]
    sells_to_consumers: Annotated[
        bool, Meta(description="Whether it sells to people, not only to firms.")
    ]
    functions: Annotated[
        dict[FunctionCode, FunctionState],
        Meta(
            description="How each business function is done today; leave out what is unknown.",
            extra_json_schema={"propertyNames": {"enum": list(get_args(FunctionCode))}},
        ),
    ] = {}
    strategy: Annotated[
        StrategyAnswer | None, Meta(description="How far its plans to become digital are.")
    ] = None
    data_use: Annotated[
        DataAnswer | None, Meta(description="What it does with the figures of its business.")
    ] = None
    security: Annotated[
        SecurityAnswer | None, Meta(description="How it protects its accounts and data.")
    ] = None
    needs: Annotated[
        tuple[str, ...], Meta(max_length=20, description="Codes of `GET /v1/questionnaire`.")
    ] = ()
    budget: Annotated[Budget | None, Meta(description="Affordable a month, VND.")] = None
    platforms_in_use: Annotated[
        tuple[str, ...],
        Meta(max_length=200, description="Ids of `GET /v1/platforms` that it uses already."),
    ] = ()
