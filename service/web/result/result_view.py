"""A recommendation as the result page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

from recommender.domain import BusinessProfile, Reference
from recommender.domain.recommendation import (
    DutyMet,
    RankedPlatform,
    Recommendation,
    SupportOffer,
)
from service.web.i18n import Language
from service.web.wording import chance, left_out, support_since, support_terms

BAR_STEP = 5
"""Bars grow in steps of five: one class in the style sheet each, as pages carry no styles."""


@dataclass(frozen=True)
class Bar:
    """One line of the maturity picture."""

    name: str
    answer: str
    score: int | None
    width: int


@dataclass(frozen=True)
class Support:
    """A scheme and the most that it pays."""

    offer: SupportOffer
    terms: str
    since: str


@dataclass(frozen=True)
class Card:
    """One suggested platform."""

    item: RankedPlatform
    chance: str
    reasons: Sequence[str]
    support: Sequence[Support]


@dataclass(frozen=True)
class ResultView:
    """All that the template needs besides the recommendation itself."""

    score: int | None
    summary: str
    functions: Sequence[Bar]
    practices: Sequence[Bar]
    cards: Sequence[Card]
    first: Card | None
    first_duty: DutyMet | None
    first_benefit: str
    left_out: str
    support: Sequence[Support]


def view_result(
    recommendation: Recommendation,
    profile: BusinessProfile,
    reference: Reference,
    language: Language,
) -> ResultView:
    """Prepare a recommendation for its page.

    Args:
        recommendation: What the business gets.
        profile: The business.
        reference: Names and texts of the answers.
        language: The reader's.
    """
    maturity = recommendation.maturity
    cards = [card_of(item, language) for item in recommendation.items]
    first, first_duty = _first(cards, profile, reference)
    level = None if maturity.level is None else reference.levels[maturity.level]
    return ResultView(
        score=None if maturity.score is None else round(maturity.score),
        summary=level.say("summary", language.locale) if level else "",
        functions=_functions(recommendation, profile, reference, language),
        practices=_practices(recommendation, profile, reference, language),
        cards=cards,
        first=first,
        first_duty=first_duty,
        first_benefit=_benefit(first, reference, language),
        left_out=left_out(recommendation.excluded, language),
        support=_support(recommendation.support, language),
    )


def card_of(item: RankedPlatform, language: Language) -> Card:
    """Prepare one line of the list."""
    duty_text = language.gettext(
        "Helps you to do what the law asks for (ranked higher for this reason)"
    )
    return Card(
        item=item,
        chance="" if item.probability is None else chance(item.probability, language),
        reasons=[
            duty_text if reason.feature == "duty_boost" else reason.text for reason in item.reasons
        ],
        support=_support(item.support, language),
    )


def _support(offers: Sequence[SupportOffer], language: Language) -> list[Support]:
    return [
        Support(offer, support_terms(offer, language), support_since(offer, language))
        for offer in offers
    ]


def _first(
    cards: Sequence[Card], profile: BusinessProfile, reference: Reference
) -> tuple[Card | None, DutyMet | None]:
    """Choose what to do first: a duty that certainly binds and is not met, else the top platform.

    A duty whose source was not verified does not push anything to the front.
    """
    met = {duty.obligation.id for duty in reference.duties(profile) if duty.met_by}
    for card in cards:
        for duty in card.item.duties:
            if duty.certain and duty.verified and duty.obligation_id not in met:
                return card, duty
    return (cards[0], None) if cards else (None, None)


def _benefit(card: Card | None, reference: Reference, language: Language) -> str:
    if card is None:
        return ""
    return reference.categories[card.item.platform.category].say("benefit", language.locale)


def _functions(
    recommendation: Recommendation,
    profile: BusinessProfile,
    reference: Reference,
    language: Language,
) -> list[Bar]:
    bars = []
    states = reference.choices["function_state"]
    for code, function in reference.functions.items():
        state = profile.functions.get(function.code)
        if state is None:
            answer = language.gettext("Not answered")
        elif state == "not_applicable":
            answer = function.say("none", language.locale)
        else:
            answer = states[state].say("name", language.locale)
        score = recommendation.maturity.functions.get(function.code)
        bars.append(_bar(reference.functions[code].say("name", language.locale), answer, score))
    return bars


def _practices(
    recommendation: Recommendation,
    profile: BusinessProfile,
    reference: Reference,
    language: Language,
) -> list[Bar]:
    _ = language.gettext
    names = {
        "strategy": _("Plan for digital tools"),
        "data_use": _("Use of figures"),
        "security": _("Safety of devices and data"),
    }
    bars = []
    for name, score in recommendation.maturity.practices.items():
        answer = reference.choices[name][getattr(profile, name)].say("name", language.locale)
        bars.append(_bar(names[name], answer, score))
    return bars


def _bar(name: str, answer: str, score: float | None) -> Bar:
    width = 0 if score is None else BAR_STEP * round(score / BAR_STEP)
    return Bar(name, answer, None if score is None else round(score), width)
