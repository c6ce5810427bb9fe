"""Counts the lists that are answered: by which model, and for which businesses."""

from functools import lru_cache

from prometheus_client import Counter

from recommender.domain import BusinessProfile
from recommender.policy.recommender import Answer
from service.telemetry.metrics import ANSWERS, BUSINESSES

MOST_KINDS = 4096
"""Kinds that are found at once; there are some hundred."""


def count_answer(profile: BusinessProfile, answer: Answer, arm: str | None) -> None:
    """Count a list.

    Args:
        profile: Whom it was made for.
        answer: The list, and what was drawn for it.
        arm: As exposures record it.
    """
    shown = answer.recommendation
    _answers(shown.model.version, arm, answer.explored is not None).inc()
    _businesses(profile.sector, shown.size_class.code, profile.legal_form).inc()


@lru_cache(MOST_KINDS)
def _answers(version: str, arm: str | None, explored: bool) -> Counter:
    side = (arm or "").rpartition("/")[2]
    return ANSWERS.labels(version, side, "yes" if explored else "no")


@lru_cache(MOST_KINDS)
def _businesses(sector: str, size: str, legal_form: str) -> Counter:
    return BUSINESSES.labels(sector, size, legal_form)
