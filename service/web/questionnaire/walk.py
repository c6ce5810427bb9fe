"""One business's way through the questionnaire: where it stands, what is still open."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from recommender.domain import Reference
from recommender.domain.questionnaire import Question, Step
from service.web.i18n import Language
from service.web.questionnaire.answers import Answered, Answers, read_questions, steps_asked


@dataclass(frozen=True)
class Walk:
    """The steps that this business is asked, with its answers so far."""

    reference: Reference
    language: Language
    answers: Answers

    @cached_property
    def steps(self) -> Sequence[tuple[Step, tuple[Question, ...]]]:
        """The steps with their questions, in order."""
        return steps_asked(self.reference, self.answers)

    def position(self, step_id: str) -> int | None:
        """Return where a step stands, from 0; None if it is not asked of this business."""
        ids = [step.id for step, _ in self.steps]
        return ids.index(step_id) if step_id in ids else None

    def reading(self, position: int) -> Answered:
        """Read the answers of one step."""
        return read_questions(self.steps[position][1], self.answers, self.reference, self.language)

    def is_done(self, position: int) -> bool:
        """Tell whether a step was sent and nothing in it is wrong."""
        sent = all(question.id in self.answers for question in self.steps[position][1])
        return sent and not self.reading(position).problems

    @cached_property
    def first_open(self) -> int | None:
        """Where to go on: the first step that is not done; None when all are."""
        return next((i for i in range(len(self.steps)) if not self.is_done(i)), None)

    def address(self, token: str, position: int) -> str:
        """Return the address of a step, without its language."""
        return f"/form/{token}/{self.steps[position][0].id}"
