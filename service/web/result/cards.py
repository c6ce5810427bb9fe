"""The cards of the list: what is suggested, and why, in the order in which an owner reads it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recommender.domain.plan import Fit
from recommender.domain.recommendation import RankedPlatform, Reason, SupportOffer
from recommender.profiles import FUNCTION_COLUMNS
from service.web.i18n import Language
from service.web.wording import chance, price, support_since, support_status, support_terms

OWN_ANSWERS = frozenset({"sells_to_consumers", "strategy", "data_use", "security"})
SAY_LITTLE = frozenset({"size", "province", "history", "legal_form"})
"""Features of a reason, by what they tell an owner; see `_telling`."""


@dataclass(frozen=True)
class Support:
    """A scheme and the most that it pays."""

    offer: SupportOffer
    terms: str
    since: str
    status: str


@dataclass(frozen=True)
class Card:
    """One suggested platform; `why` is one sentence, `reasons` are all that were told."""

    item: RankedPlatform
    chance: str
    price: str
    why: str
    reasons: Sequence[str]
    support: Sequence[Support]
    fit: Fit | None
    saved: bool

    @property
    def is_covered(self) -> bool:
        """Whether the business has something for this work, so that no change is needed."""
        return self.fit is not None and self.fit.covered


def cards_of(
    items: Sequence[RankedPlatform],
    language: Language,
    fits: Mapping[str, Fit],
    saved: frozenset[str] = frozenset(),
) -> list[Card]:
    """Prepare the list, where what the business has already stands last."""
    return [_card(item, language, fits, saved) for item in items]


def _card(
    item: RankedPlatform,
    language: Language,
    fits: Mapping[str, Fit],
    saved: frozenset[str],
) -> Card:
    reasons = [reason.text for reason in sorted(item.reasons, key=_telling)]
    return Card(
        item=item,
        chance="" if item.probability is None else chance(item.probability, language),
        price=price(item.platform.price, language) if item.platform.price else "",
        why=_in_short(reasons),
        reasons=_once(reasons),
        support=support_of(item.support, language),
        fit=fits.get(item.platform.id),
        saved=item.platform.id in saved,
    )


def _telling(reason: Reason) -> int:
    """Sort reasons by what they tell an owner: needs, the law, own answers, the line of business.

    Those of a kind stay in the order of their contributions.
    """
    if reason.feature in ("need_boost", "needs"):
        return 0
    if reason.feature == "duty_boost":
        return 1
    if reason.feature in OWN_ANSWERS or reason.feature in FUNCTION_COLUMNS.values():
        return 2
    if reason.feature in SAY_LITTLE:
        return 5
    return 3 if reason.feature == "sector" else 4


def _in_short(reasons: Sequence[str]) -> str:
    """Say the first two reasons."""
    return ". ".join(_once(reasons[:2]))


def _once(reasons: Sequence[str]) -> list[str]:
    """Say a remark in brackets that several reasons end with at the last of them alone."""
    told, known = [], set[str]()
    for reason in reversed(reasons):
        remark = reason[reason.rfind(" (") :] if reason.endswith(")") else ""
        told.append(reason.removesuffix(remark) if remark in known else reason)
        known.add(remark)
    return told[::-1]


def support_of(offers: Sequence[SupportOffer], language: Language) -> list[Support]:
    """Prepare what could be paid."""
    return [
        Support(
            offer=offer,
            terms=support_terms(offer, language),
            since=support_since(offer, language),
            status=support_status(offer, language),
        )
        for offer in offers
    ]
