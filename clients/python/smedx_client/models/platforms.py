"""What is sent and answered: platforms.

Written by `make clients` from the OpenAPI document: change nothing here."""

from msgspec import Struct


class Price(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a platform costs a month in VND, as a source told; an upper end may be unknown."""

    min_vnd_month: int
    max_vnd_month: int | None
    source: str
    dated: str


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


class SimilarPlatforms(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """Platforms that are like one: those of its category, then others; the most alike first.

    `likeness` is the cosine, from -1 to 1, between what each answer of a business adds to the
    scores of the two by the model `model_version`, in comparison with what it adds to others.
    """

    platform_id: str
    locale: str
    model_version: str
    items: tuple[SimilarPlatform, ...]
