"""The lists of a day, kept for those who ask again: the same business gets the same one all day.

A visitor sees several pages of a website, and each of them asks. What is kept stays in the memory
of the process, for an hour at most, and no longer than the model and the tables are in service.
"""

import datetime as dt
import time
from collections.abc import Callable
from typing import NamedTuple

import msgspec

from recommender.domain import Locale
from recommender.domain.recommendation import Filters
from recommender.policy import Answer
from service.store import Exposure, History

MOST = 500
"""Lists kept at a time, some 25 kB each; more make the oldest forgotten."""

HOUR = 3600.0
"""Seconds after which all that is kept is forgotten: a visit lasts no longer."""

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
    """The lists that one model made on one state of the tables.

    Args:
        clock: Seconds, never backwards.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._made: dict[Key, Made] = {}
        self._forget_at = clock() + HOUR

    def get(self, key: Key) -> Made | None:
        """Return a list, if it is there."""
        if self._clock() >= self._forget_at:
            self._made.clear()
            self._forget_at = self._clock() + HOUR
        return self._made.get(key)

    def keep(self, key: Key, made: Made) -> None:
        """Keep a list, and forget the oldest if there are too many."""
        while len(self._made) >= MOST:
            del self._made[next(iter(self._made))]
        self._made[key] = made
