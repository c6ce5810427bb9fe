"""What is sent and answered: platforms.

Written by `make clients` from the OpenAPI document: change nothing here."""

from msgspec import Struct


class Price(Struct, frozen=True, kw_only=True, omit_defaults=True):
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


class PlatformView(Struct, frozen=True, kw_only=True, omit_defaults=True):
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
    function: str
    summary: str
    website: str | None
    sectors: tuple[str, ...]
    sizes: tuple[str, ...]
    provenance: str
    source_date: str | None
    price: Price | None


class PlatformList(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The catalogue, and what to know about it.

    Attributes:
        platforms: What is in it.
        note: Where it comes from.
    """

    platforms: tuple[PlatformView, ...]
    note: str


class SimilarPlatform(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A platform that is like another one.

    Attributes:
        platform: Which one.
        same_category: Whether it is of the same kind.
        likeness: How much both suit the same businesses; none if it is not known.
        reasons: What they have in common, in sentences.
    """

    platform: PlatformView
    same_category: bool
    likeness: float | None
    reasons: tuple[str, ...]


class SimilarPlatforms(Struct, frozen=True, kw_only=True, omit_defaults=True):
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
    locale: str
    model_version: str
    items: tuple[SimilarPlatform, ...]
