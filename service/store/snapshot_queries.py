"""What a snapshot reads, in the order in which it is written."""

from typing import Any

from sqlalchemy import (
    CompoundSelect,
    Select,
    Subquery,
    cast,
    func,
    literal,
    null,
    select,
    union_all,
)

from service.store.consents import may_be_learned_from, willing
from service.store.tables import UtcDateTime, events, exposures, profiles


def states() -> CompoundSelect[Any]:
    """Select the states of businesses: business_id, number, features, agreed, at.

    Businesses that were shown no list have one, with their profile for features and no time.
    `agreed` tells, here as below, whether the business may be learned from.
    """
    seen = _seen()
    state = seen.c.business_id, seen.c.number, seen.c.features, seen.c.agreed
    shown = select(*state, func.min(seen.c.at).label("at")).group_by(*state)
    agreed = willing()
    never = literal(1), profiles.c.profile, agreed.c.profile_id.is_not(None)
    not_shown = (
        select(profiles.c.id, *never, cast(null(), UtcDateTime))
        .outerjoin(exposures, exposures.c.profile_id == profiles.c.id)
        .outerjoin(agreed, agreed.c.profile_id == profiles.c.id)
        .where(exposures.c.id.is_(None))
    )
    return union_all(shown, not_shown).order_by("business_id", "number")


def lists(*, drawn: bool = False) -> Select[Any]:
    """Select lists with the business, and the number of the state, that they were served to.

    Args:
        drawn: Only those with a slot that was drawn.
    """
    seen = _seen()
    query = (
        select(
            seen.c.business_id,
            seen.c.number,
            seen.c.agreed,
            exposures.c.id,
            exposures.c.at,
            exposures.c.model_version,
            exposures.c.policy_version,
            exposures.c.arm,
            exposures.c["items"].label("shown"),
            exposures.c.explored,
        )
        .join(exposures, exposures.c.id == seen.c.id)
        .order_by(seen.c.business_id, seen.c.at, seen.c.id)
    )
    return query.where(exposures.c.explored.is_not(None)) if drawn else query


def happened() -> Select[Any]:
    """Select events with business_id and agreed, both null where nobody known did it."""
    shown_to, agreed = profiles.alias(), willing()
    stored = func.coalesce(profiles.c.id, shown_to.c.id)
    linked = (
        events.outerjoin(profiles, profiles.c.id == events.c.profile_id)
        .outerjoin(exposures, exposures.c.id == events.c.recommendation_id)
        .outerjoin(shown_to, shown_to.c.id == exposures.c.profile_id)
        .outerjoin(agreed, agreed.c.profile_id == stored)
    )
    business = func.coalesce(stored, exposures.c.id).label("business_id")
    allowed = may_be_learned_from(stored, agreed).label("agreed")
    query = select(events, business, allowed).select_from(linked)
    return query.order_by(business, events.c.at, events.c.id)


def _seen() -> Subquery:
    """Select of each list what it was served to: business_id, agreed, features, number of state.

    The states of a business are numbered by the time of their first lists.
    """
    agreed = willing()
    served = (
        select(
            exposures.c.id,
            exposures.c.at,
            exposures.c.features,
            func.coalesce(profiles.c.id, exposures.c.id).label("business_id"),
            may_be_learned_from(profiles.c.id, agreed).label("agreed"),
        )
        .outerjoin(profiles, profiles.c.id == exposures.c.profile_id)
        .outerjoin(agreed, agreed.c.profile_id == profiles.c.id)
        .subquery()
    )
    same_state = served.c.business_id, served.c.features
    timed = select(
        served,
        func.min(served.c.at).over(partition_by=same_state).label("first_at"),
        func.min(served.c.id).over(partition_by=same_state).label("first_id"),
    ).subquery()
    number = func.dense_rank().over(
        partition_by=timed.c.business_id, order_by=(timed.c.first_at, timed.c.first_id)
    )
    return select(timed, number.label("number")).subquery()
