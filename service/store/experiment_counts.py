"""How many businesses of each arm of an experiment clicked and adopted, counted in the database."""

from typing import Any

from sqlalchemy import Select, and_, case, func, null, or_, select, union_all

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


def count_arms(url: str, experiment: Experiment) -> Tallies:
    """Count the businesses of each arm, each once, and what they did.

    Only those that agreed to be learned from count: what they did decides which model serves. A
    stored business counts if its first list of all came after the start; what it did counts from
    its first list of the experiment on. Of one that is not stored, what follows from the lists of
    the experiment counts.

    Args:
        url: The database; it is migrated if need be.
        experiment: Which one.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: If the database does not answer.
    """
    migrate(url)
    engine = make_engine(url)
    try:
        with engine.connect() as connection:
            rows = connection.execute(_query(experiment)).all()
    finally:
        engine.dispose()
    found = {row.arm: Tally(row.businesses, row.clicked, row.adopted) for row in rows}
    return Tallies(*(found.get(experiment.recorded_as(arm), Tally()) for arm in ARMS))


def _query(experiment: Experiment) -> Select[Any]:
    """Select arm, businesses, clicked, adopted."""
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
    did = {
        kind: func.max(case((done.c.kind == kind, 1), else_=0)).label(kind)
        for kind in ("click", "adopt")
    }
    after = and_(
        done.c.business == shown.c.business,
        done.c.at >= shown.c.first,
        or_(done.c.arm.is_(None), done.c.arm == shown.c.arm),
    )
    each = (
        select(shown.c.arm, *did.values())
        .select_from(shown.outerjoin(done, after))
        .group_by(shown.c.business, shown.c.arm)
        .subquery()
    )
    return select(
        each.c.arm,
        func.count().label("businesses"),
        func.sum(each.c.click).label("clicked"),
        func.sum(each.c.adopt).label("adopted"),
    ).group_by(each.c.arm)
