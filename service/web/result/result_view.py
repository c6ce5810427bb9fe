"""A plan as the result page shows it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from recommender.domain import BusinessProfile, Reference
from recommender.domain.asking import is_asked, why_not_needed
from recommender.domain.business import FunctionCode
from recommender.domain.plan import Fit, Plan, Step
from recommender.domain.recommendation import RankedPlatform, Recommendation, SupportOffer
from service.web.i18n import Language
from service.web.wording import (
    chance,
    left_out,
    price,
    support_since,
    support_status,
    support_terms,
)

NEAR = 5
"""Points within which two businesses are told to be alike."""


@dataclass(frozen=True)
class Bar:
    """One line of the maturity picture; points from 0 to 100, None where they do not count."""

    name: str
    answer: str
    score: int | None
    peers: int | None = None
    beside: str = ""


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


@dataclass(frozen=True)
class Phase:
    """A part of the road map."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True)
class ResultView:
    """All that page and paper need besides the plan itself."""

    sentence: str
    summary: str
    first: Step | None
    functions: Sequence[Bar]
    practices: Sequence[Bar]
    cards: Sequence[Card]
    phases: Sequence[Phase]
    left_out: str
    support: Sequence[Support]


def view_result(
    plan: Plan,
    profile: BusinessProfile,
    reference: Reference,
    language: Language,
    saved: frozenset[str] = frozenset(),
) -> ResultView:
    """Prepare a plan for its page.

    Args:
        plan: What the business gets.
        profile: The business.
        reference: Names and texts of the answers.
        language: The reader's.
        saved: Ids of the platforms that it called useful.
    """
    _ = language.gettext
    recommendation, map_ = plan.recommendation, plan.road_map
    level = recommendation.maturity.level
    phases = (
        Phase(_("Now"), map_.now),
        Phase(_("In 3 months"), map_.in_3_months),
        Phase(_("In a year"), map_.in_a_year),
    )
    return ResultView(
        sentence=_sentence(recommendation, profile, language),
        summary="" if level is None else reference.levels[level].say("summary", language.locale),
        first=next((step for phase in phases for step in phase.steps), None),
        functions=_functions(plan, profile, reference, language),
        practices=_practices(recommendation, profile, reference, language),
        cards=[card_of(item, language, plan.fits, saved) for item in recommendation.items],
        phases=[phase for phase in phases if phase.steps],
        left_out=left_out(recommendation.excluded, language),
        support=_support(recommendation.support, language),
    )


def card_of(
    item: RankedPlatform,
    language: Language,
    fits: Mapping[str, Fit],
    saved: frozenset[str] = frozenset(),
) -> Card:
    """Prepare one line of the list."""
    _ = language.gettext
    duty_text = _("Helps you to do what the law asks for (ranked higher for this reason)")
    reasons = [
        duty_text if reason.feature == "duty_boost" else reason.text for reason in item.reasons
    ]
    return Card(
        item=item,
        chance="" if item.probability is None else chance(item.probability, language),
        price=price(item.platform.price, language) if item.platform.price else "",
        why=_in_short(reasons),
        reasons=reasons,
        support=_support(item.support, language),
        fit=fits.get(item.platform.id),
        saved=item.platform.id in saved,
    )


def _in_short(reasons: Sequence[str]) -> str:
    """Say the two strongest reasons; a remark in brackets that both end with is said once."""
    first, second = (*reasons[:2], "", "")[:2]
    remark = second[second.rfind(" (") :] if second.endswith(")") else ""
    return ". ".join(filter(None, (first.removesuffix(remark), second)))


def _sentence(recommendation: Recommendation, profile: BusinessProfile, language: Language) -> str:
    """Say in one sentence where the business stands."""
    _, maturity = language.gettext, recommendation.maturity
    if maturity.score is None:
        return _("Your suggestions")
    told = {
        "level": maturity.level,
        "name": maturity.level_name,
        "score": round(maturity.score),
    }
    if profile.legal_form == "household":
        return _(
            "Your household business is at level %(level)s of 5: %(name)s, %(score)s of 100 points",
            **told,
        )
    if profile.legal_form == "cooperative":
        return _(
            "Your co-operative is at level %(level)s of 5: %(name)s, %(score)s of 100 points",
            **told,
        )
    return _("Your business is at level %(level)s of 5: %(name)s, %(score)s of 100 points", **told)


def _support(offers: Sequence[SupportOffer], language: Language) -> list[Support]:
    return [
        Support(
            offer=offer,
            terms=support_terms(offer, language),
            since=support_since(offer, language),
            status=support_status(offer, language),
        )
        for offer in offers
    ]


def _functions(
    plan: Plan, profile: BusinessProfile, reference: Reference, language: Language
) -> list[Bar]:
    _ = language.gettext
    bars = []
    for function in plan.functions:
        if function.state == "not_applicable":
            answer = why_not_needed(function.code, profile, reference, language.locale)
        elif function.state_name is not None:
            answer = function.state_name
        elif _is_asked(function.code, profile, reference):
            answer = _("Not answered")
        else:
            answer = _("Not asked of your kind of business")
        score, peers = _points(function.score), _points(function.peers)
        beside = "" if score is None or peers is None else _beside(score, peers, language)
        bars.append(Bar(function.name, answer, score, peers, beside))
    return bars


def _is_asked(function: FunctionCode, profile: BusinessProfile, reference: Reference) -> bool:
    """Tell whether the questionnaire asks such a business about a function."""
    told = {"legal_form": profile.legal_form}
    return any(
        question.function == function and is_asked(question, told, reference)
        for step in reference.questionnaire.steps
        for question in step.questions
    )


def _beside(score: int, peers: int, language: Language) -> str:
    """Say in a word how a business stands beside others."""
    _ = language.gettext
    if abs(score - peers) <= NEAR:
        return _("like others")
    return _("ahead") if score > peers else _("behind")


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
        bars.append(Bar(names[name], answer, _points(score)))
    return bars


def _points(score: float | None) -> int | None:
    return None if score is None else round(score)
