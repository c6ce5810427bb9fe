"""What to do now, in three months and in a year: each step after what it needs."""

import datetime as dt
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from recommender.domain import Locale, Reference
from recommender.domain.catalogue import Platform, Stage
from recommender.domain.duties import Duty
from recommender.domain.links import CategoryLink
from recommender.domain.plan import PHASES, Before, RoadMap, Step
from recommender.policy.explanation import inner
from recommender.policy.presence import Presence
from recommender.policy.recommender import Answer
from recommender.policy.views import duty_met

ROOM = 2
"""Steps in a phase, those that the law asks for not counted."""

EARLIEST: dict[Stage, int] = {"foundation": 0, "growth": 1, "optimisation": 2}
"""The phase in which a kind of platform comes at the earliest; one sooner where it is asked for."""

SOON, LATER = dt.timedelta(days=92), dt.timedelta(days=365)
"""A duty that binds before these days have passed is met now, or in three months."""


@dataclass(frozen=True)
class _Placed:
    """A step in its phase.

    Attributes:
        category: The kind of platform.
        platform: One that fits.
        phase: Number of the phase, from 0.
        needed: Each kind that is needed before it, and why.
        serves: For which other kind it is needed, and why; None if it stands for itself.
    """

    category: str
    platform: Platform
    phase: int
    needed: tuple[tuple[str, CategoryLink], ...]
    serves: tuple[str, CategoryLink] | None


_Steps = tuple[_Placed, ...]


def road_map(answer: Answer, reference: Reference, today: dt.date, locale: Locale) -> RoadMap:
    """Lay out a few steps for a business.

    First come legal duties that bind for certain by what the business told and that nothing meets
    yet, those that were checked against the legal text before the others, but for work that it
    does with software already; then for each need that it named what serves it best, in the order
    of the list; then the kinds of platform in that order, but for what was drawn by chance and what
    is there already. A need whose work is done with software comes after the others, and after
    the first kind that any business can begin with. A step stands in the first phase that has room,
    is not before its stage (data/categories.csv) and comes after what it needs
    (data/category_links.csv); what the law asks for comes in time, room or not. What does not fit
    is left out.

    Args:
        answer: What the business was answered.
        reference: The categories, their links and the duties.
        today: The day on which it is made, in Vietnam.
        locale: The reader's language.
    """
    return _RoadMap(answer, reference, today, locale).lay_out()


class _RoadMap:
    def __init__(
        self, answer: Answer, reference: Reference, today: dt.date, locale: Locale
    ) -> None:
        self.answer, self.reference = answer, reference
        self.today, self.locale = today, locale
        self.presence = Presence(answer.profile, reference)
        self.open = [duty for duty in reference.duties(answer.profile) if not duty.met_by]
        self.wanted = self._wanted()

    def lay_out(self) -> RoadMap:
        """Place one step after another."""
        steps: _Steps = ()
        for category, latest in self.wanted.items():
            steps = self._place(category, steps, latest) or steps
        steps = tuple(sorted(steps, key=lambda step: step.phase))
        positions = {step.category: number for number, step in enumerate(steps, start=1)}
        views = [(step.phase, self._view(step, positions)) for step in steps]
        now, in_3_months, in_a_year = (
            tuple(view for phase, view in views if phase == number) for number in range(len(PHASES))
        )
        note = self.reference.messages.notes["road_map"].say(self.locale)
        return RoadMap(self.today, now, in_3_months, in_a_year, note)

    def _wanted(self) -> dict[str, int | None]:
        """Return the kinds of platform wanted, and by which phase at the latest, None for any."""
        by_law: dict[str, int] = {}
        for duty in sorted(self.open, key=_checked_first):
            categories = duty.obligation.categories
            first = next((code for code in categories if self._best(code)), None)
            if duty.certain and first and not self._is_done(first):
                left = duty.obligation.in_force_from - self.today
                phase = (left > SOON) + (left > LATER)
                by_law[first] = min(phase, by_law.get(first, phase))
        wanted: dict[str, int | None] = dict(by_law)
        listed = [
            item.platform.category
            for item in self.answer.recommendation.items
            if item.slot == "ranked" and not self._is_there(item.platform.category)
        ]
        asked = self._asked(listed, wanted)
        with_software = [category for category in asked if self.presence.has(category)]
        others = (category for category in listed if not self.presence.has(category))
        begins = (category for category in others if self._earliest(category, None) == 0)
        without = [category for category in asked if category not in with_software]
        ahead = [] if wanted or without else [*begins][:1]
        for category in (*without, *ahead, *with_software, *listed):
            wanted.setdefault(category, None)
        return wanted

    def _asked(self, listed: Sequence[str], by_law: Collection[str]) -> list[str]:
        """Return what serves each need best, in the order of the list, what is not in it last."""
        asked: dict[str, None] = {}
        for code in self.answer.profile.needs:
            serving = self.reference.needs[code].categories
            if not {*by_law, *asked}.isdisjoint(serving):
                continue
            best = next((each for each in listed if each in serving), None)
            if best := best or self._unlisted(serving):
                asked[best] = None
        return sorted(asked, key=lambda code: listed.index(code) if code in listed else len(listed))

    def _unlisted(self, serving: Sequence[str]) -> str | None:
        """Return what serves a need that the list has nothing for; None if something is there."""
        if any(self.presence.doing(category) for category in serving):
            return None
        return next((category for category in serving if self._best(category)), None)

    def _is_done(self, category: str) -> bool:
        """Whether something does the work of a kind of platform, and no more of it is asked for."""
        return self.presence.has(category) and category not in self.presence.asked

    def _is_there(self, category: str) -> bool:
        """Whether a kind of platform is in use, or its work done otherwise and nothing asked."""
        return bool(self.presence.doing(category)) or self.presence.is_settled(category)

    def _has(self, category: str) -> bool:
        """Whether a step can build on a kind of platform that is there and is no step itself."""
        return self.presence.has(category) and category not in self.wanted

    def _place(
        self,
        category: str,
        steps: _Steps,
        latest: int | None,
        serves: tuple[str, CategoryLink] | None = None,
    ) -> _Steps | None:
        """Return the steps with one more, and with what it needs before it; None if it fits not.

        Args:
            category: The kind of platform.
            steps: What is placed already.
            latest: The phase by which the law asks for it; None if it does not.
            serves: For which other kind it is needed, and why.
        """
        if any(step.category == category for step in steps):
            return steps
        platform = self._best(category)
        if platform is None:
            return None
        needed: list[tuple[str, CategoryLink]] = []
        phase = 0
        for link in self.reference.links.needs(category, self.answer.profile.legal_form):
            if there := next((code for code in link.others if self._has(code)), None):
                needed.append((there, link))
                continue
            with_it = self._place_one_of(link, steps, latest)
            if with_it is None:
                return None
            other, steps = with_it
            needed.append((other, link))
            at = next(step.phase for step in steps if step.category == other)
            phase = max(phase, at + (latest is None))
        if latest is None:
            phase = max(phase, self._earliest(category, serves))
            free = [number for number in range(len(PHASES)) if self._has_room(number, steps)]
            phase = next((number for number in free if number >= phase), len(PHASES))
            if phase == len(PHASES):
                return None
        else:
            phase = max(phase, latest)
        return (*steps, _Placed(category, platform, phase, tuple(needed), serves))

    def _place_one_of(
        self, link: CategoryLink, steps: _Steps, latest: int | None
    ) -> tuple[str, _Steps] | None:
        """Return which of several kinds is there before another one, and the steps with it."""
        placed = {step.category for step in steps}
        for other in sorted(link.others, key=lambda code: code not in placed):
            with_it = self._place(other, steps, latest, serves=(link.category, link))
            if with_it is not None:
                return other, with_it
        return None

    def _earliest(self, category: str, serves: tuple[str, CategoryLink] | None) -> int:
        """Return the first phase in which a kind of platform, and what it is for, make sense."""
        kinds = {category} if serves is None else {category, serves[0]}
        asked = not kinds.isdisjoint(self.presence.asked)
        phase = max(EARLIEST[self.reference.categories[kind].stage] for kind in kinds)
        return max(0, phase - asked)

    def _has_room(self, phase: int, steps: _Steps) -> bool:
        return sum(step.phase == phase and not self._deadline(step) for step in steps) < ROOM

    def _best(self, category: str) -> Platform | None:
        return self.answer.standing.best(category)

    def _duties(self, category: str) -> list[Duty]:
        return [duty for duty in self.open if category in duty.obligation.categories]

    def _binding(self, category: str) -> Duty | None:
        """Return the duty that binds for certain, and first, which a kind of platform meets."""
        if self._is_done(category):
            return None
        sure = [duty for duty in self._duties(category) if duty.certain]
        return min(sure, key=lambda duty: duty.obligation.in_force_from, default=None)

    def _deadline(self, step: _Placed) -> dt.date | None:
        binding = self._binding(step.category)
        return binding.obligation.in_force_from if binding else None

    def _view(self, step: _Placed, positions: dict[str, int]) -> Step:
        binding, deadline = self._binding(step.category), self._deadline(step)
        return Step(
            position=positions[step.category],
            category=step.category,
            category_name=self._name(step.category),
            task=self.reference.categories[step.category].say("task", self.locale),
            platform_id=step.platform.id,
            platform_name=step.platform.name,
            reason=self._reason(step),
            before=tuple(
                Before(
                    other, self._name(other), positions.get(other), link.say("text", self.locale)
                )
                for other, link in step.needed
            ),
            duties=tuple(duty_met(duty, self.locale) for duty in self._duties(step.category)),
            deadline=deadline,
            overdue=deadline is not None and deadline <= self.today,
            deadline_verified=binding is not None and binding.obligation.verified,
        )

    def _reason(self, step: _Placed) -> str:
        reasons, locale = self.reference.messages.reasons, self.locale
        if self._deadline(step):
            return reasons["step_duty"].say(locale)
        need = self.presence.asked.get(step.category)
        by_law = step.serves is not None and self._binding(step.serves[0]) is not None
        if need and not by_law:
            return reasons["step_need"].say(locale, value=inner(need.say("name", locale)))
        if step.serves:
            of, link = step.serves
            why = inner(link.say("text", locale))
            told = reasons["step_before_duty" if by_law else "step_before"]
            return told.say(locale, value=inner(self._name(of)), why=why)
        benefit = self.reference.categories[step.category].say("benefit", locale)
        return reasons["step_benefit"].say(locale, value=benefit)

    def _name(self, category: str) -> str:
        return self.reference.categories[category].say("name", self.locale)


def _checked_first(duty: Duty) -> tuple[bool, dt.date]:
    """Sort duties: those that were checked against the legal text first, then by their day."""
    return not duty.obligation.verified, duty.obligation.in_force_from
