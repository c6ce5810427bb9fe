"""Which platforms may be shown to a business, and by which rule the others may not."""

from collections.abc import Collection, Mapping, Sequence
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from recommender.domain import BusinessProfile
from recommender.domain.business import SizeCode
from recommender.domain.catalogue import Platform
from recommender.domain.recommendation import Filters, Rule

Mask = NDArray[np.bool_]


class Eligibility:
    """The hard rules over a fixed order of platforms.

    A platform is counted under the first rule that excludes it: what the asker filters, what is in
    use or was dismissed, then sector and size.
    """

    def __init__(self, platforms: Sequence[Platform]) -> None:
        self._number = {platform.id: i for i, platform in enumerate(platforms)}
        self._categories = np.array([platform.category for platform in platforms])
        sectors = {sector for platform in platforms for sector in platform.sectors}
        self._for_all_sectors = np.array([not platform.sectors for platform in platforms])
        self._by_sector: Mapping[str, Mask] = {
            sector: np.array([not p.sectors or sector in p.sectors for p in platforms])
            for sector in sectors
        }
        self._by_size: Mapping[str, Mask] = {
            size: np.array([not p.sizes or size in p.sizes for p in platforms])
            for size in get_args(SizeCode)
        }

    def made_for(self, sector: str, size: SizeCode) -> Mask:
        """Return which platforms are made for such businesses, whatever else holds."""
        of_sector: Mask = self._by_sector.get(sector, self._for_all_sectors)
        return of_sector & self._by_size[size]

    def apply(
        self,
        profile: BusinessProfile,
        size: SizeCode,
        filters: Filters,
        in_use: Collection[str],
        dismissed: Collection[str],
    ) -> tuple[Mask, dict[Rule, int]]:
        """Return which platforms may be shown, and how many each rule excluded."""
        keep: dict[Rule, Mask] = {}
        if filters.categories:
            keep["category"] = np.isin(self._categories, list(filters.categories))
        if filters.include:
            keep["include"] = self._mask(filters.include)
        if filters.exclude:
            keep["exclude"] = ~self._mask(filters.exclude)
        if filters.exclude_in_use and in_use:
            keep["in_use"] = ~self._mask(in_use)
        if dismissed:
            keep["dismissed"] = ~self._mask(dismissed)
        keep["sector"] = self._by_sector.get(profile.sector, self._for_all_sectors)
        keep["size"] = self._by_size[size]

        eligible = np.ones(len(self._categories), dtype=bool)
        excluded: dict[Rule, int] = {}
        left = len(eligible)
        for rule, mask in keep.items():
            eligible &= mask
            before, left = left, int(np.count_nonzero(eligible))
            if left < before:
                excluded[rule] = before - left
        return eligible, excluded

    def _mask(self, ids: Collection[str]) -> Mask:
        mask = np.zeros(len(self._number), dtype=bool)
        mask[[self._number[id_] for id_ in ids if id_ in self._number]] = True
        return mask
