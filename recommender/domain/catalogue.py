"""What the programme offers: platforms, their categories, and the functions they serve."""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.business import FunctionCode, SizeCode
from recommender.domain.tables import IN_WORDS, Bilingual

Code = Annotated[
    str,
    Meta(
        pattern=r"^[a-z0-9][a-z0-9-]*$",
        max_length=64,
        extra_json_schema={IN_WORDS: "small letters (a-z), digits and -"},
    ),
]
ProvinceCode = Annotated[str, Meta(pattern=r"^\d\d$", extra_json_schema={IN_WORDS: "two digits"})]
Text = Annotated[str, Meta(min_length=1)]
Website = Annotated[
    str,
    Meta(
        pattern=r"^([a-z0-9-]+\.)+[a-z]{2,}(/[A-Za-z0-9._~/%-]*)?$(?!\n)",
        examples=["amis.misa.vn", "base.vn/hrm"],
    ),
]
"""A host with or without a path: no scheme, no query."""

SourceDate = Annotated[
    str,
    Meta(
        pattern=r"^[0-9]{4}(-[0-9]{2}){0,2}$(?!\n)",
        examples=["2026", "2026-02", "2026-02-28"],
    ),
]
Address = Annotated[
    str, Meta(pattern=r"^https?://[^\s/]+\.[^\s]+$(?!\n)", examples=["https://example.org/page"])
]
VndMonth = Annotated[int, Meta(ge=0, le=1_000_000_000)]
Stage = Literal["foundation", "growth", "optimisation"]


class BusinessFunction(Bilingual, frozen=True):
    """One of the eight areas of work that the maturity picture shows."""

    code: FunctionCode
    position: Annotated[int, Meta(ge=1)]
    name_en: Text
    name_vi: Text
    none_en: Text
    none_vi: Text


class FunctionQuestion(Bilingual, frozen=True):
    """How a trade is asked about a function, and what those say there who do not need it."""

    trade: Code
    function: FunctionCode
    question_en: Text
    question_vi: Text
    none_en: Text
    none_vi: Text


class Category(Bilingual, frozen=True):
    """A kind of platform, the business function it serves, for whom and how early it is needed.

    Empty `sectors` or `sizes` mean that it is for all.
    """

    code: Code
    function: FunctionCode
    name_en: Text
    name_vi: Text
    sectors: tuple[str, ...]
    sizes: tuple[SizeCode, ...]
    stage: Stage
    benefit_en: Text
    benefit_vi: Text
    task_en: Text
    task_vi: Text


class Platform(Bilingual, frozen=True):
    """A digital platform; empty `sectors` or `sizes` mean that it is made for all.

    In a `Reference` they are those of the row within those of its category (see `made_for`). Prices
    are those of the cheapest and the dearest plan, where a source tells them. A source
    is an address, the same in both languages, or words.
    """

    id: Code
    name: Text
    provider: Text
    category: Code
    summary_en: Text
    summary_vi: Text
    sectors: tuple[str, ...]
    sizes: tuple[SizeCode, ...]
    website: Website | None
    provenance: Literal["sourced", "name-sourced", "unsourced"]
    source_en: str | None
    source_vi: str | None
    source_date: SourceDate | None
    price_min_vnd_month: VndMonth | None
    price_max_vnd_month: VndMonth | None
    price_source: Address | None
    price_date: SourceDate | None


class Sector(Bilingual, frozen=True):
    """A section of an economic classification, such as VSIC 2018 section I, or a part of one.

    The code of a part begins with that of its section: division 56 is I56.
    `sells_to_consumers` is what is usual there; None where neither is.
    """

    classification: Text
    code: Text
    position: Annotated[int, Meta(ge=1)]
    name_en: Text
    name_vi: Text
    example_en: Text
    example_vi: Text
    size_group: Text
    trade: Code
    sells_to_consumers: bool | None
    enterprise_share_pct: Annotated[float, Meta(ge=0, le=100)]
    household_share_pct: Annotated[float, Meta(ge=0, le=100)]
    share_basis: Text


class Region(Bilingual, frozen=True):
    """One of the six socio-economic regions."""

    code: Code
    name_en: Text
    name_vi: Text
    enterprise_share_pct: Annotated[float, Meta(ge=0, le=100)]
    share_basis: Text


class Province(Bilingual, frozen=True):
    """A province as it was until 2025-06-30 and the one that it belongs to since.

    `also` are other names by which people know it.
    """

    old_code: ProvinceCode
    old_name_en: Text
    old_name_vi: Text
    also: tuple[str, ...]
    new_code: ProvinceCode
    new_name_en: Text
    new_name_vi: Text
    region: Code
    enterprise_share_pct: Annotated[float, Meta(ge=0, le=100)]
    share_basis: Text


class Need(Bilingual, frozen=True):
    """Something an owner wants to get done, and the categories that serve it."""

    code: Code
    position: Annotated[int, Meta(ge=1)]
    name_en: Text
    name_vi: Text
    categories: Annotated[tuple[Code, ...], Meta(min_length=1)]


class SearchWords(Struct, frozen=True):
    """Other words that people use for a category: the search finds it by them."""

    category: Code
    words_vi: Annotated[tuple[Text, ...], Meta(min_length=1)]
    words_en: Annotated[tuple[Text, ...], Meta(min_length=1)]


class Choice(Bilingual, frozen=True):
    """One answer of a closed list; `score` (0 to 100) where it measures maturity."""

    list: Text
    code: Text
    position: Annotated[int, Meta(ge=1)]
    score: Annotated[float, Meta(ge=0, le=100)] | None
    name_en: Text
    name_vi: Text


class Source(Bilingual, frozen=True):
    """Where a data file comes from and of what day it is."""

    file: Text
    title_en: Text
    title_vi: Text
    dated: dt.date
    provenance_en: Text
    provenance_vi: Text
    official: bool
    note: str = ""


class PublishedFigure(Struct, frozen=True):
    """A published percentage that the simulated population is calibrated on."""

    measure: Text
    group: Text
    value_pct: Annotated[float, Meta(ge=0, le=100)]
    period: Text
    source_url: Address
