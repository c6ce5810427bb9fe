"""Answer many businesses: what goes wrong with one is told of that one alone.

An event loop that computed them all would answer nobody else for a second. So whatever touches all
of them runs in a thread, and their lists are made one at a time, with the others served in between.
"""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import NamedTuple

import msgspec
from litestar.plugins.problem_details import ProblemDetailsException

from recommender.domain import BusinessProfile, Locale, Reference
from recommender.domain.recommendation import Filters, Recommendation
from recommender.model import Scored
from recommender.policy import Recommender
from service.problems import to_problem, unknown_profile
from service.recommend import as_of_today, known_by, recommend_profile
from service.serving import Serving
from service.store import History, Store, StoredProfile, StoreError, Unreadable

logger = logging.getLogger(__name__)


class Known(NamedTuple):
    """A business of which all is known that a list is made from.

    Attributes:
        profile: What it told, checked and normalised.
        profile_id: Its id, if it is stored.
        history: What it adopted and dismissed.
        improve: Whether it lets us learn from the list, if it is not stored.
    """

    profile: BusinessProfile
    profile_id: str | None = None
    history: History = History()
    improve: bool = False


Asking = Known | str | ProblemDetailsException
"""A business, or the id of a stored one, or what is wrong with it."""


class Wanted(NamedTuple):
    """What is wanted for each business alike."""

    n: int
    filters: Filters
    locale: Locale


Ready = tuple[Known, Scored] | ProblemDetailsException
"""A business with its scores, or why it cannot be answered."""

Stored = Mapping[str, tuple[StoredProfile, History] | Unreadable]


async def prepare(serving: Serving, store: Store, businesses: Sequence[Asking]) -> list[Ready]:
    """Read what is stored of businesses, and score them: in one product for each model.

    Returns:
        Each business, in their order.

    Raises:
        StoreUnavailable: If the database does not answer.
    """
    ids = {each for each in businesses if isinstance(each, str)}
    stored = await store.profiles_with_history(ids)
    return await asyncio.to_thread(_score_all, serving, businesses, stored)


def _score_all(serving: Serving, businesses: Sequence[Asking], stored: Stored) -> list[Ready]:
    ready: dict[int, Ready] = {}
    answered_by: dict[Recommender, list[tuple[int, Known]]] = defaultdict(list)
    for number, asking in enumerate(businesses):
        try:
            known = _known(asking, stored, serving.reference)
        except (ProblemDetailsException, StoreError) as error:
            ready[number] = to_problem(error)
        else:
            recommender, _ = serving.recommender_for(
                known_by(msgspec.json.encode(known.profile), known.profile_id)
            )
            answered_by[recommender].append((number, known))
    for recommender, asking_it in answered_by.items():
        asked = [
            (each.profile, each.history.adopted, each.history.dismissed) for _, each in asking_it
        ]
        for (number, known), scored in zip(asking_it, recommender.score_many(asked), strict=True):
            ready[number] = known, scored
    return [ready[number] for number in range(len(businesses))]


def _known(asking: Asking, stored: Stored, reference: Reference) -> Known:
    """Return a business with what is stored of it.

    Raises:
        ProblemDetailsException: What is wrong with it, or that it is not stored.
        Unreadable: If another version stored it.
    """
    if isinstance(asking, Known):
        return asking
    if isinstance(asking, ProblemDetailsException):
        raise asking
    found = stored.get(asking)
    if found is None:
        raise unknown_profile()
    if isinstance(found, Unreadable):
        raise found
    profile, history = found
    return Known(as_of_today(profile, reference), asking, history)


async def recommend_each(
    serving: Serving,
    store: Store,
    businesses: Sequence[Ready],
    wanted: Wanted,
    turn: asyncio.Lock,
) -> AsyncIterator[Recommendation | ProblemDetailsException]:
    """Answer businesses one after another, and log each exposure.

    Args:
        serving: What is in service.
        store: Where the exposures are queued.
        businesses: As `prepare` returns them.
        wanted: What is wanted for each.
        turn: Held while a list is made, so that no two batches make theirs in a row.
    """
    for business in businesses:
        if isinstance(business, ProblemDetailsException):
            yield business
            continue
        known, scored = business
        async with turn:
            answer: Recommendation | ProblemDetailsException
            try:
                served = recommend_profile(
                    serving,
                    store,
                    known.profile,
                    **wanted._asdict(),
                    profile_id=known.profile_id,
                    history=known.history,
                    improve=known.improve,
                    scored=scored,
                )
                answer = served.recommendation
            except Exception as error:  # the others are answered all the same
                logger.exception("one business of a batch cannot be answered")
                answer = to_problem(error)
            await asyncio.sleep(0)
        yield answer
