"""A plan as the result page shows it."""

from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from recommender.domain import BusinessProfile, Reference
from recommender.domain.asking import is_asked, why_not_needed
from recommender.domain.business import FunctionCode
from recommender.domain.catalogue import Platform
from recommender.domain.plan import Plan, Step
from recommender.domain.recommendation import (
    DutyMet,
    Recommendation,
)
from recommender.policy.presence import WITH_A_TOOL
from service.store import History
from service.web.i18n import Language
from service.web.result.cards import Card, Support, cards_of, support_of
from service.web.wording import (
    left_out,
)

SHOWN = 5
"""Suggestions that the page shows at once; the rest unfolds."""

NO_HISTORY = History()

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
class Phase:
    """A part of the road map."""

    name: str
    steps: Sequence[Step]


@dataclass(frozen=True)
class ResultView:
    """All that page and paper need besides the plan itself.

    Attributes:
        sentence: Where the business stands.
        summary: The same at some length.
        first: What to do first.
        first_duties: Those that bind for certain and that it meets, or is needed for.
        first_remark: Why it is not number 1 of the list; empty if it is.
        functions: The maturity picture.
        practices: Its second part.
        cards: The list; what the business has already stands in `covered`.
        covered: Suggestions for work that needs no change.
        phases: The road map.
        left_out: How many platforms were left out, and why.
        support: Schemes that pay a part.
        set_aside: What the business does not want, each of which it may take back.
        said_in_use: What it said to use when it was suggested, likewise.
        open_duty: Whether nothing in use meets some duty.
    """

    sentence: str
    summary: str
    first: Step | None
    first_duties: Sequence[DutyMet]
    first_remark: str
    functions: Sequence[Bar]
    practices: Sequence[Bar]
    cards: Sequence[Card]
    covered: Sequence[Card]
    phases: Sequence[Phase]
    left_out: str
    support: Sequence[Support]
    set_aside: Sequence[Platform]
    said_in_use: Sequence[Platform]
    open_duty: bool

    @property
    def shown(self) -> Sequence[Card]:
        """The cards that are seen at once: the first ones, and the one to look at first."""
        first = self.first and self.first.platform_id
        return [
            card for card in self.cards if card.item.rank <= SHOWN or card.item.platform.id == first
        ]

    @property
    def folded(self) -> Sequence[Card]:
        """The cards that unfold."""
        shown = self.shown
        return [card for card in self.cards if card not in shown]


def view_result(
    plan: Plan,
    profile: BusinessProfile,
    reference: Reference,
    language: Language,
    saved: frozenset[str] = frozenset(),
    history: History = NO_HISTORY,
) -> ResultView:
    """Prepare a plan for its page.

    Args:
        plan: What the business gets.
        profile: The business.
        reference: Names and texts of the answers.
        language: The reader's.
        saved: Ids of the platforms that it called useful.
        history: What it said to suggestions.
    """
    in_use = (*profile.platforms_in_use, *history.adopted)
    with_all = msgspec.structs.replace(profile, platforms_in_use=in_use)
    _ = language.gettext
    recommendation, map_ = plan.recommendation, plan.road_map
    level = recommendation.maturity.level
    phases = (
        Phase(_("Now"), map_.now),
        Phase(_("In 3 months"), map_.in_3_months),
        Phase(_("In a year"), map_.in_a_year),
    )
    steps = [step for phase in phases for step in phase.steps]
    cards = cards_of(recommendation.items, language, plan.fits, saved)
    to_look_at = [card for card in cards if not card.is_covered]
    return ResultView(
        sentence=_sentence(recommendation, profile, language),
        summary="" if level is None else reference.levels[level].say("summary", language.locale),
        first=steps[0] if steps else None,
        first_duties=_first_duties(steps),
        first_remark=_first_remark(steps, to_look_at, profile, reference, language),
        functions=_functions(plan, profile, reference, language),
        practices=_practices(recommendation, profile, reference, language),
        cards=to_look_at,
        covered=[card for card in cards if card.is_covered],
        phases=[phase for phase in phases if phase.steps],
        left_out=left_out(recommendation.excluded, language),
        support=support_of(recommendation.support, language),
        set_aside=_known(history.dismissed, reference),
        said_in_use=[
            platform
            for platform in _known(history.adopted, reference)
            if platform.id not in profile.platforms_in_use
        ],
        open_duty=any(not duty.met_by for duty in reference.duties(with_all)),
    )


def _known(ids: Sequence[str], reference: Reference) -> list[Platform]:
    return [reference.platforms[id_] for id_ in ids if id_ in reference.platforms]


def _first_duties(steps: Sequence[Step]) -> list[DutyMet]:
    """Return the law behind the first step: its own, else of the first one that needs it."""
    needing = [step for step in steps if any(each.position == 1 for each in step.before)]
    found = [step for step in (*steps[:1], *needing) if step.deadline]
    return [duty for step in found[:1] for duty in step.duties if duty.certain]


def _first_remark(
    steps: Sequence[Step],
    cards: Sequence[Card],
    profile: BusinessProfile,
    reference: Reference,
    language: Language,
) -> str:
    """Say why the first step is not number 1 of the list; nothing if it is, or there is none."""
    if not steps or not cards or steps[0].platform_id == cards[0].item.platform.id:
        return ""
    _, first, top = language.gettext, steps[0], cards[0].item.platform
    asked = {category for code in profile.needs for category in reference.needs[code].categories}
    later = [step for step in steps if step.category == top.category]
    if _first_duties(steps):
        told = _("It comes before %(name)s, number 1 of your list, because of this rule.")
    elif any(each.position == 1 for step in later for each in step.before):
        told = _("It comes before %(name)s, number 1 of your list, which builds on it.")
    elif first.category in asked and top.category not in asked:
        told = _("It comes before %(name)s, number 1 of your list, as you asked for it.")
    elif cards[0].fit and cards[0].fit.today in WITH_A_TOOL:
        told = _("%(name)s, number 1 of your list, can wait: you do that work with software now.")
    else:
        told = _("It comes before %(name)s, number 1 of your list, as it is easier to begin with.")
    return told % {"name": top.name}


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
