"""Erasing: all of a business, or of a list that was served to one that is not stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import Connection, delete, or_, select

from service.store.tables import consents, drafts, events, exposures, profiles
from service.store.writes import Write


@dataclass(frozen=True, slots=True)
class Erase(Write[bool]):
    """Delete a business: its profile, draft, consents, exposures and events."""

    id: str

    def apply(self, connection: Connection) -> bool:
        """Execute it."""
        return erase_businesses(connection, [self.id]) > 0


ListErased = Literal["erased", "of_a_business", "unknown"]
"""What became of a list: one of a stored business goes with that business alone."""


@dataclass(frozen=True, slots=True)
class EraseList(Write[ListErased]):
    """Delete a list that was served to a business that is not stored, and what came of it."""

    id: str

    def apply(self, connection: Connection) -> ListErased:
        """Execute it."""
        if erase_lists(connection, [self.id]):
            return "erased"
        left = connection.scalar(select(exposures.c.id).where(exposures.c.id == self.id))
        return "of_a_business" if left else "unknown"


def erase_businesses(connection: Connection, ids: Sequence[str]) -> int:
    """Delete businesses, and return how many rows these had.

    The draft and the profile go first and the exposures are locked before the events go: what has
    checked them in another process is waited for, what comes later finds nothing.
    """
    own = select(exposures.c.id).where(exposures.c.profile_id.in_(ids))
    found = 0
    for table, column in ((drafts, drafts.c.id), (profiles, profiles.c.id)):
        found += connection.execute(delete(table).where(column.in_(ids))).rowcount
    found += len(connection.execute(own.with_for_update()).all())
    of_them = or_(events.c.profile_id.in_(ids), events.c.recommendation_id.in_(own))
    for statement in (
        delete(consents).where(consents.c.profile_id.in_(ids)),
        delete(events).where(of_them),
        delete(exposures).where(exposures.c.profile_id.in_(ids)),
    ):
        found += connection.execute(statement).rowcount
    return found


def erase_lists(connection: Connection, ids: Sequence[str]) -> int:
    """Delete lists that were served to businesses that are not stored, and return how many.

    What a stored business did with one of them is its own and stays.
    """
    passers_by = exposures.c.id.in_(ids), exposures.c.profile_id.is_(None)
    own = list(connection.scalars(select(exposures.c.id).where(*passers_by).with_for_update()))
    nobody = events.c.profile_id.is_(None)
    connection.execute(delete(events).where(events.c.recommendation_id.in_(own), nobody))
    return connection.execute(delete(exposures).where(exposures.c.id.in_(own))).rowcount
