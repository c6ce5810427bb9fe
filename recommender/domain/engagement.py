"""What businesses do with the platforms they are shown."""

import datetime as dt
from typing import Annotated, Literal

from msgspec import Meta, Struct

from recommender.domain.tables import IN_WORDS

EventKind = Literal[
    "view", "click", "save", "trial", "adopt", "rate", "dismiss", "abandon", "withdraw"
]
DismissReason = Literal[
    "too_expensive", "not_relevant", "already_have", "too_complex", "do_not_trust", "other"
]
Identifier = Annotated[
    str,
    Meta(
        pattern=r"^[A-Za-z0-9_-]{8,64}$(?!\n)",
        extra_json_schema={IN_WORDS: "8 to 64 letters (a-z, A-Z), digits, - or _"},
    ),
]


class Event(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True, omit_defaults=True):
    """One thing that a business did with one platform.

    It names the business by `profile_id`, or the answer that it follows from by
    `recommendation_id`, or both.

    Attributes:
        kind: What the business did; `withdraw` takes back all that it said of the platform before,
            so that a platform that it had dismissed or adopted may be suggested again.
        platform_id: With which platform.
        profile_id: Which business, if it is stored.
        recommendation_id: The list that it was shown, if it follows from one.
    """

    id: Annotated[
        Identifier,
        Meta(
            description="Chosen by the sender; sent twice, it counts once.",
            extra_json_schema={"x-chosen-by": "sender"},
        ),
    ]
    kind: EventKind
    platform_id: Annotated[str, Meta(max_length=64, examples=["misa-cukcuk"])]
    profile_id: Identifier | None = None
    recommendation_id: Identifier | None = None
    rating: Annotated[
        Annotated[int, Meta(ge=1, le=5)] | None, Meta(description="Only with kind rate.")
    ] = None
    reason: Annotated[
        DismissReason | None, Meta(description="Only with kind dismiss or abandon.")
    ] = None
    at: Annotated[
        Annotated[dt.datetime, Meta(tz=True)] | None,
        Meta(
            description=(
                "When it happened, with offset; the time of receipt if left out, or if it lies "
                "after that."
            )
        ),
    ] = None
