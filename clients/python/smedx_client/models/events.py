"""What is sent and answered: events.

Written by `make clients` from the OpenAPI document: change nothing here."""

import datetime as dt
from typing import Literal

from msgspec import Struct, field

from smedx_client.ids import new_id


class Event(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One thing that a business did with one platform.

    It names the business by `profile_id`, or the answer that it follows from by
    `recommendation_id`, or both.

    Attributes:
        id: Chosen by the sender; sent twice, it counts once.
        kind: What the business did; `withdraw` takes back all that it said of the platform
            before, so that a platform that it had dismissed or adopted may be suggested again.
        platform_id: With which platform.
        profile_id: Which business, if it is stored.
        recommendation_id: The list that it was shown, if it follows from one.
        rating: Only with kind rate.
        reason: Only with kind dismiss or abandon.
        at: When it happened, with offset; the time of receipt if left out, or if it lies after
            that.
    """

    id: str = field(default_factory=new_id)
    kind: Literal[
        "abandon", "adopt", "click", "dismiss", "rate", "save", "trial", "view", "withdraw"
    ]
    platform_id: str
    profile_id: str | None = None
    recommendation_id: str | None = None
    rating: int | None = None
    reason: (
        Literal[
            "already_have", "do_not_trust", "not_relevant", "other", "too_complex", "too_expensive"
        ]
        | None
    ) = None
    at: dt.datetime | None = None


class StoredEvents(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The ids that are now stored, whether they were sent for the first time or again.

    Attributes:
        stored: Ids as they were sent.
    """

    stored: tuple[str, ...]


class EventBatch(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One event or many; all of them are stored or none.

    Attributes:
        events: What happened.
    """

    events: tuple[Event, ...]
