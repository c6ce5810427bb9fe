"""Whom a platform is made for: what its row says, within what its category is for."""

from collections.abc import Collection, Sequence
from typing import get_args

import msgspec

from recommender.domain.business import SizeCode
from recommender.domain.catalogue import Category, Platform


def widened(codes: Collection[str], known: Sequence[str]) -> tuple[str, ...]:
    """Return every known sector that a business of one of these may tell.

    A code stands for all that begin with it: what is made for section I is made for its division
    I56, and what is made for I56 may suit a business that tells section I and no more.
    """
    return tuple(
        code
        for code in known
        if any(code.startswith(other) or other.startswith(code) for other in codes)
    )


def narrowed(platform: Platform, category: Category, sectors: Sequence[str]) -> Platform | None:
    """Return a platform with the sectors and sizes that both its row and its category are for.

    Args:
        platform: The row of the catalogue.
        category: The category that it names.
        sectors: Codes of all known sectors.

    Returns:
        The platform; None if nobody is left that it could be made for.
    """
    for_sectors = _both(widened(platform.sectors, sectors), widened(category.sectors, sectors))
    for_sizes = _both(platform.sizes, category.sizes)
    if for_sectors is None or for_sizes is None:
        return None
    sizes = tuple(size for size in get_args(SizeCode) if size in for_sizes)
    return msgspec.structs.replace(platform, sectors=for_sectors, sizes=sizes)


def _both(some: Sequence[str], others: Sequence[str]) -> tuple[str, ...] | None:
    """Return what stands in both lists, an empty one holding everything; None for nothing."""
    if not some or not others:
        return tuple(some or others)
    return tuple(code for code in some if code in others) or None
