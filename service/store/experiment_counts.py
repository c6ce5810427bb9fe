"""How many businesses of each arm of an experiment clicked and adopted while they were followed."""

import datetime as dt
from collections import Counter
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, null, or_, select, union_all

from recommender.evaluation.comparison import Arm, Tallies, Tally
from recommender.training.registry_experiment import Experiment
from service.store.consents import may_be_learned_from, willing
from service.store.engine import make_engine
from service.store.migrations import migrate
from service.store.tables import events, exposures

BUSINESS = func.coalesce(exposures.c.profile_id, exposures.c.features)
"""Who was shown a list: a stored business by its id, others by what they told, as they are split.

Two that told the same cannot be told apart, and one that comes again counts once.
"""

ARMS: tuple[Arm, ...] = ("control", "treatment")


CHUNK = 1000
"""Rows read at once."""


def count_arms(url: str, experiment: Experiment, at: dt.datetime) -> Tallies:
    """Count the businesses of each arm, each once, and what they did while they were followed.

    Only those that agreed to be learned from count: what they did decides which model serves. A
    stored business counts if its first list of all came after the start. It is followed from its
    first list of the experiment on, and what happened within those days counts. Of one that is not
    stored, what follows from the lists of the experiment counts.

    Args:
        url: The database; it is migrated if need be.
        experiment: Which one.
        at: The time of now; who is not followed to the end by then is told apart.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    migrate(url)
    engine = make_engine(url)
    found: Counter[tuple[str, str]] = Counter()
    days = dt.timedelta(days=experiment.follow_days)
    try:
        with engine.connect() as connection:
            query = _query(experiment)
            for row in connection.execute(query, execution_options={"yield_per": CHUNK}):
                found.update((row.arm, each) for each in _counts_as(row, days, at))
    finally:
        engine.dispose()
    return Tallies(*(_tally(found, experiment.recorded_as(arm)) for arm in ARMS))


def _counts_as(row: Row[Any], days: dt.timedelta, at: dt.datetime) -> Iterator[str]:
    """Yield the fields of a tally in which a business counts.

    Times are compared here, as no arithmetic with them is the same in both databases.
    """
    if at - row.first < days:
        yield "following"
        return
    yield "businesses"
    for field, first in (("clicked", row.click), ("adopted", row.adopt)):
        if first is not None and first - row.first <= days:
            yield field


def _tally(found: Counter[tuple[str, str]], arm: str) -> Tally:
    return Tally(**{field: found[arm, field] for field in Tally.__struct_fields__})


def _query(experiment: Experiment) -> Select[Any]:
    """Select of each business arm, first list, and first click and adoption since, or null."""
    in_arms = exposures.c.arm.in_([experiment.recorded_as(arm) for arm in ARMS])
    before = exposures.alias()
    known_before = (
        select(before.c.id)
        .where(before.c.profile_id == exposures.c.profile_id, before.c.at < experiment.started_at)
        .exists()
    )
    agreed = willing()
    shown = (
        select(BUSINESS.label("business"), exposures.c.arm, func.min(exposures.c.at).label("first"))
        .outerjoin(agreed, agreed.c.profile_id == exposures.c.profile_id)
        .where(in_arms, ~known_before, may_be_learned_from(exposures.c.profile_id, agreed))
        .group_by(BUSINESS, exposures.c.arm)
        .subquery()
    )
    counted = events.c.kind.in_(("click", "adopt"))
    by_profile = select(
        events.c.profile_id.label("business"), null().label("arm"), events.c.kind, events.c.at
    ).where(counted, events.c.profile_id.is_not(None))
    by_list = (
        select(BUSINESS, exposures.c.arm, events.c.kind, events.c.at)
        .join_from(events, exposures, events.c.recommendation_id == exposures.c.id)
        .where(counted, in_arms)
    )
    done = union_all(by_profile, by_list).subquery()
    first_of = {
        kind: func.min(case((done.c.kind == kind, done.c.at))).label(kind)
        for kind in ("click", "adopt")
    }
    after = and_(
        done.c.business == shown.c.business,
        done.c.at >= shown.c.first,
        or_(done.c.arm.is_(None), done.c.arm == shown.c.arm),
    )
    return (
        select(shown.c.arm, shown.c.first, *first_of.values())
        .select_from(shown.outerjoin(done, after))
        .group_by(shown.c.business, shown.c.arm, shown.c.first)
    )
