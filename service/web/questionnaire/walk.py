"""One business's way through the questionnaire: where it stands, what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from recommender.domain import Reference
from service.web.i18n import Language
from service.web.questionnaire.answers import Answered, Answers, AskedStep, go_through

CHECK = "check"
"""The page after the last step, where the answers are checked before they give a result."""

DECISIVE = {"legal_form", "sector", "employees", "sells_to_consumers"}
"""Fields that decide, with the amounts of money, which steps a business is asked."""


@dataclass(frozen=True)
class Walk:
    """The steps that this business is asked, with its answers so far."""

    reference: Reference
    language: Language
    answers: Answers

    @cached_property
    def steps(self) -> Sequence[AskedStep]:
        """The steps with their questions, in order."""
        return go_through(self.answers, self.reference, self.language)

    @property
    def answered(self) -> Answered:
        """What all answers add up to."""
        return sum((each.answered for each in self.steps), Answered())

    @property
    def is_known(self) -> bool:
        """Whether the legal form is known, on which it depends what is asked."""
        return "legal_form" in self.steps[0].answered.fields

    @property
    def is_total_sure(self) -> bool:
        """Whether no answer that is still to come can change how many steps there are."""
        fields = self.answered.fields
        amounts = [
            i
            for i, each in enumerate(self.steps)
            if any(question.kind == "money" for question in each.questions)
        ]
        return fields.keys() >= DECISIVE and all(self.is_done(i) for i in amounts)

    @property
    def total(self) -> int:
        """How many steps there are on the way."""
        return sum(not each.step.on_request for each in self.steps)

    def position(self, step_id: str) -> int | None:
        """Return where a step stands, from 0; None if it is not asked of this business."""
        ids = [each.step.id for each in self.steps]
        return ids.index(step_id) if step_id in ids else None

    def is_done(self, position: int) -> bool:
        """Tell whether a step was sent and nothing in it is wrong."""
        asked = self.steps[position]
        sent = all(question.id in self.answers for question in asked.questions)
        return sent and not asked.answered.problems

    def is_done_after(self, position: int) -> bool:
        """Tell whether there is a next step and it is done."""
        return position + 1 < len(self.steps) and self.is_done(position + 1)

    @cached_property
    def first_open(self) -> int | None:
        """Where to go on: the first step that is not done; None when those on the way are."""
        return self.open_after(-1)

    def open_after(self, position: int) -> int | None:
        """Return the next step that is not done, else the first one; None when `first_open` is."""
        open_ones = [
            i for i, each in enumerate(self.steps) if not (each.step.on_request or self.is_done(i))
        ]
        return next((i for i in open_ones if i > position), next(iter(open_ones), None))

    def address(self, token: str, position: int | None) -> str:
        """Return the address of a step, without its language; that of the check after all."""
        step = CHECK if position is None else self.steps[position].step.id
        return f"/form/{token}/{step}"
