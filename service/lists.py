"""The lists of a day, kept for those who ask again: the same business gets the same one all day.

A visitor sees several pages of a website, and each of them asks. What is kept stays in the memory
of the process, for as long as the model and the tables are in service and until enough others came.
"""

import datetime as dt
from typing import NamedTuple

import msgspec

from recommender.domain import Locale
from recommender.domain.recommendation import Filters
from recommender.policy import Answer
from service.store import Exposure, History

MOST = 500
"""Lists kept at a time, some 25 kB each; more make the oldest forgotten."""

BEFORE_ID = b'{"recommendation_id":"'


class Key(NamedTuple):
    """All that a list depends on, but for the model and the tables.

    Attributes:
        who: What the business is known by.
        told: Its profile as JSON.
        history: What it adopted and dismissed.
        day: The day in Vietnam.
        n: Length of the list at most.
        filters: What the asker wants to see.
        locale: Language of the texts.
    """

    who: str
    told: bytes
    history: History
    day: dt.date
    n: int
    filters: Filters
    locale: Locale


class Made(NamedTuple):
    """A list, what is stored of it, and what follows its id in the JSON of the answer."""

    answer: Answer
    exposure: Exposure
    after_id: bytes

    @classmethod
    def of(cls, answer: Answer, exposure: Exposure) -> "Made":
        """Take a list in."""
        encoded = msgspec.json.encode(answer.recommendation)
        return cls(answer, exposure, encoded[len(BEFORE_ID) + len(exposure.id) :])

    def again(self, id_: str, at: dt.datetime, *, improve: bool) -> "Made":
        """Return the list as it is served once more."""
        shown = msgspec.structs.replace(self.answer.recommendation, recommendation_id=id_)
        exposure = msgspec.structs.replace(self.exposure, id=id_, at=at, improve=improve)
        return Made(self.answer._replace(recommendation=shown), exposure, self.after_id)

    @property
    def encoded(self) -> bytes:
        """The answer as JSON."""
        return BEFORE_ID + self.exposure.id.encode() + self.after_id


class Lists:
    """The lists that one model made on one state of the tables."""

    def __init__(self) -> None:
        self._made: dict[Key, Made] = {}

    def get(self, key: Key) -> Made | None:
        """Return a list, if it is there."""
        return self._made.get(key)

    def keep(self, key: Key, made: Made) -> None:
        """Keep a list, and forget the oldest if there are too many."""
        while len(self._made) >= MOST:
            del self._made[next(iter(self._made))]
        self._made[key] = made
