"""What a business could get and must do by law, beside the platforms that it is for."""

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from recommender.domain import Locale, Reference
from recommender.domain.duties import Duty
from recommender.domain.recommendation import DutyMet, SupportOffer
from recommender.domain.support import SupportScheme
from recommender.policy.views import duty_met, support_offer

Entry = TypeVar("Entry")


class Entitlements(NamedTuple):
    """Support and duties of a business: all of them, and those of each category of platform."""

    support: tuple[SupportOffer, ...]
    duties: tuple[DutyMet, ...]
    by_category: dict[str, tuple[tuple[SupportOffer, ...], tuple[DutyMet, ...]]]


class EntitlementViews:
    """Entitlements in the reader's language; the same schemes and duties give the same ones.

    They are kept once made: there are as few combinations as the tables have rows.
    """

    def __init__(self, reference: Reference) -> None:
        self._categories = tuple(reference.categories)
        self._made: dict[tuple[object, ...], Entitlements] = {}

    def of(
        self, schemes: Sequence[SupportScheme], duties: Sequence[Duty], locale: Locale
    ) -> Entitlements:
        """Return what the schemes that are open to a business, and its duties, come to."""
        told = [(duty.obligation.id, duty.certain) for duty in duties]
        key = (locale, *(scheme.id for scheme in schemes), *told)
        made = self._made.get(key)
        if made is None:
            made = self._made[key] = self._make(schemes, duties, locale)
        return made

    def _make(
        self, schemes: Sequence[SupportScheme], duties: Sequence[Duty], locale: Locale
    ) -> Entitlements:
        support = [(scheme.categories, support_offer(scheme, locale)) for scheme in schemes]
        # Consultancy is for the business, not for a platform.
        bought = [entry for entry in support if entry[1].kind != "consultancy_contract"]
        met = [(duty.obligation.categories, duty_met(duty, locale)) for duty in duties]
        return Entitlements(
            tuple(offer for _, offer in support),
            tuple(duty for _, duty in met),
            {code: (_of(bought, code), _of(met, code)) for code in self._categories},
        )


def _of(entries: Sequence[tuple[tuple[str, ...], Entry]], category: str) -> tuple[Entry, ...]:
    """Return the entries that are for every category or for this one."""
    return tuple(entry for for_, entry in entries if not for_ or category in for_)
