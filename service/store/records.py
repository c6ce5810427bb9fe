"""What the store keeps and gives back, and what can go wrong with it.

StoreError              one write cannot be stored, whatever the state of the database
├── StoreUnavailable    the database does not answer, is locked or is full; try again later
├── UnknownReference    an event names a profile or a recommendation that is not stored
├── ConflictingEvent    an event bears the id of another one
└── Unreadable          what is stored was written by another version
"""

import datetime as dt
from collections.abc import Iterable
from typing import Any, Literal, get_args

import msgspec
from msgspec import Struct

from recommender.domain import BusinessProfile, Locale
from recommender.domain.recommendation import Explored, Filters, Rule

Slot = Literal["ranked", "explore"]
ReferenceField = Literal["profile_id", "recommendation_id"]

Purpose = Literal["service", "improve"]
"""`service`: keep what a business told, so that it can come back. `improve`: learn from it."""

PURPOSES: tuple[Purpose, ...] = get_args(Purpose)

How = Literal["page", "api", "volunteer"]
"""Who passed an answer on: the owner on a page, a website, or somebody who helps the owner."""


def now() -> dt.datetime:
    """Return the time in UTC."""
    return dt.datetime.now(dt.UTC)


class ExposedItem(Struct, frozen=True, kw_only=True):
    """One line of a list as it was served.

    Attributes:
        platform_id: What stood there.
        rank: Where, from 1.
        score: By the model, with the boosts that lifted it.
        probability: As it was told.
        propensity: How likely it was to stand just there.
        inclusion: How likely it was to be in the list at all.
        slot: Whether it was ranked or drawn.
    """

    platform_id: str
    rank: int
    score: float
    probability: float | None
    propensity: float
    inclusion: float = 1.0
    slot: Slot


class Exposure(Struct, frozen=True, kw_only=True):
    """A list as it was served, with all that is needed to judge it and to learn from it later.

    Attributes:
        id: That of the recommendation.
        at: When it was served.
        profile_id: The business, where it is stored.
        features: The business as it was seen then, see `recommender.profiles.encode_features`.
        model_version: The model that ranked.
        policy_version: The rules that made a list of the scores.
        arm: The arm of a running experiment, with its id.
        seed: What decided what was drawn by chance.
        locale: Language of the texts.
        eligible: How many platforms could have been shown.
        excluded: How many could not, by rule.
        filters: What the asker wanted to see.
        items: The list.
        explored: The draw, for a list with a slot that was drawn.
        improve: Whether a business that is not stored lets it be learned from. Where it does not,
            the list is kept without `features` and `seed`: nothing tells whose it was. What holds
            of a stored one, its consents say.
    """

    id: str
    at: dt.datetime
    profile_id: str | None
    features: str
    model_version: str
    policy_version: str
    arm: str | None = None
    seed: str
    locale: Locale
    eligible: int
    excluded: dict[Rule, int]
    filters: Filters
    items: tuple[ExposedItem, ...]
    explored: Explored | None
    improve: bool = False


class StoredProfile(Struct, frozen=True, kw_only=True):
    """A business, and when (UTC) it was first and last stored.

    Attributes:
        id: What it is known by.
        profile: The business.
        created_at: When it was first stored.
        updated_at: When it was last stored.
    """

    id: str
    profile: BusinessProfile
    created_at: dt.datetime
    updated_at: dt.datetime


class Choice(Struct, frozen=True, kw_only=True):
    """What a business answers when it is asked for its consent.

    Attributes:
        granted: What it agrees to; it refuses, or takes back, everything else.
        version: Which text it was asked with.
        how: Who passed its answer on.
    """

    granted: frozenset[Purpose]
    version: str
    how: How


class Consent(Struct, frozen=True, kw_only=True):
    """One answer of a business about one purpose, and when it gave it (UTC).

    Attributes:
        purpose: What it was asked for.
        granted: Whether it agreed.
        version: Which text it was asked with.
        at: When.
        how: Who passed the answer on.
    """

    purpose: Purpose
    granted: bool
    version: str
    at: dt.datetime
    how: How


def in_force(history: Iterable[Consent]) -> frozenset[Purpose]:
    """Return what a business agrees to: its last answer about each purpose holds."""
    last = {consent.purpose: consent.granted for consent in history}
    return frozenset(purpose for purpose, granted in last.items() if granted)


class History(Struct, frozen=True, kw_only=True):
    """Ids of the platforms whose last verdict was adopt, or dismiss or abandon; oldest first."""

    adopted: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()


class Draft(Struct, frozen=True, kw_only=True):
    """A questionnaire in progress; `id` cannot be guessed and becomes that of the profile."""

    id: str
    locale: Locale
    answers: dict[str, Any]
    updated_at: dt.datetime = msgspec.field(default_factory=now)


class Lending(Struct, frozen=True, kw_only=True):
    """An address at which a volunteer fills in the questionnaire of somebody else.

    Attributes:
        id: The address; it cannot be guessed, and is not the one that the owner gets.
        draft_id: What it opens; None once it was handed over.
        round: What the volunteer does one after another: an id that cannot be guessed.
        lent_at: When it was begun (UTC); it opens nothing once `LENT_FOR` is over.
        returned_at: When it was handed over.
    """

    id: str
    draft_id: str | None
    round: str
    lent_at: dt.datetime
    returned_at: dt.datetime | None = None


LENT_FOR = dt.timedelta(hours=24)
"""How long a lent address works at most, if it is not handed over before."""

LENDINGS_KEPT_FOR = 2 * LENT_FOR
"""How long it is remembered that an address was lent: the businesses of today are counted."""


class Receipt(Struct, frozen=True, kw_only=True):
    """A link by which an owner receives, once, what a volunteer has filled in.

    Attributes:
        id: The address; it cannot be guessed, and is neither the owner's nor the lent one.
        draft_id: What it gives away.
        made_at: When it was first shown (UTC); it gives nothing once `RECEIVABLE_FOR` is over.
        taken_by: The page on which it was taken, by a number that cannot be guessed: who sends
            that page twice has not lost anything. None until then.
    """

    id: str
    draft_id: str
    made_at: dt.datetime
    taken_by: str | None = None


RECEIVABLE_FOR = dt.timedelta(days=7)
"""How long an owner can take what was handed over, by a message or from paper."""


class StoreError(Exception):
    """Something cannot be stored or read."""


class StoreUnavailable(StoreError):  # noqa: N818 - read as a state
    """The database cannot be used now; what was asked is not stored."""


class UnknownReference(StoreError):  # noqa: N818 - read as a fault
    """A write names something that is not stored, or that belongs to another business.

    Attributes:
        index: Position in the submitted list of events.
        field: The field that names it.
        value: The name; empty if an event names no business at all.
        may_follow: Whether another process may be about to store it.
    """

    def __init__(
        self, index: int, field: ReferenceField, value: str, *, may_follow: bool = False
    ) -> None:
        super().__init__(f"[{index}].{field}: {value!r} is not known")
        self.index = index
        self.field = field
        self.value = value
        self.may_follow = may_follow


class ConflictingEvent(StoreError):  # noqa: N818 - read as a fault
    """An event bears the id of one that says something else.

    Attributes:
        index: Position in the submitted list of events.
        id: The id of both.
    """

    def __init__(self, index: int, id: str) -> None:
        super().__init__(f"[{index}].id: {id!r} is that of another event")
        self.index = index
        self.id = id


class Unreadable(StoreError):  # noqa: N818 - read as a state
    """What is stored does not decode: another version of this service wrote it."""
