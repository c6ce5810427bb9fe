"""What is said to a suggestion and what is ticked among the platforms in use agree."""

from collections.abc import Collection, Sequence
from typing import Any

from recommender.domain import Event, Reference
from service.web.questionnaire.answers import Answers
from service.web.tokens import new_token


def ticked(answers: Answers, reference: Reference) -> tuple[str, list[str]]:
    """Return the question for the platforms in use, and what is ticked there."""
    questions = (each for step in reference.questionnaire.steps for each in step.questions)
    id_ = next(each.id for each in questions if each.kind == "platforms")
    told: Any = answers.get(id_)
    return id_, [each for each in told if isinstance(each, str)] if isinstance(told, list) else []


def after(event: Event, answers: Answers, reference: Reference) -> dict[str, Any]:
    """Return the answer that follows from an event; empty if nothing does.

    What a business says to use is ticked; what it takes back or does not want is ticked no more.
    """
    id_, before = ticked(answers, reference)
    if event.kind == "adopt" and event.platform_id not in before:
        return {id_: [*before, event.platform_id]}
    if event.kind in ("withdraw", "dismiss", "abandon") and event.platform_id in before:
        return {id_: [each for each in before if each != event.platform_id]}
    return {}


def withdrawals(profile_id: str, platforms: Collection[str]) -> Sequence[Event]:
    """Return that a business takes back to use some platforms, as events."""
    return [
        Event(id=new_token(), kind="withdraw", platform_id=platform, profile_id=profile_id)
        for platform in platforms
    ]
