"""What a platform is worth to a business, in logits."""

import numpy as np

from recommender.domain import Reference
from recommender.simulation import tables
from recommender.simulation.businesses import FORMS, Businesses, Codebook, Codes, Flags
from recommender.simulation.coefficients import UTILITY
from recommender.simulation.tables import Matrix

IN_USE = np.float32(-30.0)
"""Utility of a platform that the business uses already."""


class Utility:
    """The true utility of each of `m` platforms, as a sum of what is known.

    - `segment`: appeal of the platform (Zipf-like in its category), taste of the sector and size
      for the category, and whether the platform is made for that sector and size;
    - `standing`: that, and consumers, neighbours in the region, food or lodging;
    - `total`: that, and price, the effort it takes at the maturity reached, the gap in the
      function served, needs, duties not met, and what is in use. Price weighs less where the
      platform serves a need.

    Attributes:
        eligible: Whether a platform is made for a sector and size, (sectors, sizes, m).
        segment: (sectors + 1, sizes, m).
        price_gap: Steps by which the price exceeds a budget, (budgets + 1, m).
        effort: Levels of maturity that a platform asks for and a level lacks, (levels + 1, m).
    """

    def __init__(self, reference: Reference) -> None:
        self.codebook = book = Codebook(reference)
        for_sector, for_size = tables.made_for(reference)
        self.eligible: Flags = for_sector[:, None] & for_size
        self.segment = tables.segment(reference, book)
        self.price_gap = tables.price_gap(reference)
        self.effort = tables.effort(reference)
        self._neighbours = tables.neighbours(reference, book)
        self._consumers = tables.table([taste.consumers for taste in tables.tastes_of(reference)])
        self._lodging = tables.lodging_fit(reference)
        self._host = np.array([*(letter == "I" for letter in book.letters), False])
        self._gap = tables.gap()
        functions = [
            reference.categories[p.category].function for p in reference.platforms.values()
        ]
        self._function = np.array([book.functions.index(function) for function in functions])
        self._serves = tables.members(book, (n.categories for n in reference.needs.values()))
        self._meets = tables.members(book, (d.categories for d in reference.obligations.values()))
        self._pull = tables.pull(book)
        self._category = np.eye(len(book.categories), dtype=np.float32)[book.category_of]
        providers = [platform.provider for platform in reference.platforms.values()]
        self._same_provider = tables.table(np.equal.outer(providers, providers))

    def standing(
        self, sector: Codes, size: Codes, province: Codes, consumers: Flags, lodging: Flags
    ) -> Matrix:
        """Return the utility before anyone looks at needs, gaps, price and tools, (n, m)."""
        utility: Matrix = self.segment[sector, size]
        utility += self._neighbours[province]
        utility[consumers] += self._consumers
        host = np.flatnonzero(self._host[sector])
        utility[host] += self._lodging[lodging[host].astype(np.int64)]
        return utility

    def total(self, b: Businesses, lodging: Flags) -> Matrix:
        """Return the utility, (n, m); `IN_USE` for what is in use already.

        Args:
            b: The businesses.
            lodging: Whether each gives lodging, (n,); means something in section I only.
        """
        utility = self.standing(b.sector, b.size, b.province, b.consumers, lodging)
        in_use = b.in_use.astype(np.float32)
        categories = self.categories_in_use(b).astype(np.float32)
        needs = b.needs.astype(np.float32) @ self._serves
        needed = np.minimum(needs, 1)
        utility += UTILITY.need * needed + UTILITY.next_need * (needs - needed)
        sensitivity = UTILITY.price * (1 - (1 - UTILITY.price_if_needed) * needed)
        utility += sensitivity * self.price_gap[b.budget]
        utility += np.float32(UTILITY.effort) * self.effort[b.level]
        utility += self._gap[b.functions[:, self._function]]
        utility += self._duties(b, categories) @ self._meets
        utility += categories @ self._pull
        utility += UTILITY.same_provider * np.minimum(in_use @ self._same_provider, 1)
        utility[b.in_use] = IN_USE
        return utility

    def categories_in_use(self, b: Businesses) -> Flags:
        """Return the categories of the platforms in use, (n, categories)."""
        return np.asarray(b.in_use.astype(np.float32) @ self._category > 0)

    def _duties(self, b: Businesses, categories: Matrix) -> Matrix:
        """Return the weight of each duty that binds and that nothing in use meets, (n, duties)."""
        weights = []
        for duty in self.codebook.reference.obligations.values():
            weight = np.full(len(b), UTILITY.duty[duty.urgency], dtype=np.float32)
            if duty.legal_forms:
                weight[~np.isin(b.form, [FORMS.index(form) for form in duty.legal_forms])] = 0
            if duty.consumers_only:
                weight[~b.consumers] = 0
            if duty.min_revenue_bn_vnd is not None:
                weight[b.revenue < duty.min_revenue_bn_vnd] = 0
                weight[np.isnan(b.revenue)] *= UTILITY.duty_uncertain
            met = [self.codebook.categories.index(category) for category in duty.categories]
            weight[categories[:, met].any(axis=1)] = 0
            weights.append(weight)
        return np.stack(weights, axis=1)
