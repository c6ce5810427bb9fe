"""What has changed since the last visit, and what became of what was looked at."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import msgspec

from recommender.domain import Reference
from recommender.domain.catalogue import Platform
from recommender.domain.recommendation import Recommendation
from recommender.profiles import decode_features
from service.recommend import VIETNAM
from service.store.visits import Past


@dataclass(frozen=True)
class Since:
    """What a second visit begins with.

    Attributes:
        day: Of the last visit.
        before: Points then, None where nothing was measured.
        now: Points now.
        new: Names of the platforms that came into the list.
        gone: Names of those that went.
        asked: What the business looked at before today and has not decided on.
    """

    day: dt.date
    before: int | None
    now: int | None
    new: Sequence[str]
    gone: Sequence[str]
    asked: Sequence[Platform]

    @property
    def moved(self) -> bool:
        """Whether the points changed."""
        return self.before is not None and self.now is not None and self.before != self.now


def start_of_day(moment: dt.datetime) -> dt.datetime:
    """Return when the day of a moment began in Vietnam."""
    here = moment.astimezone(VIETNAM)
    return here.replace(hour=0, minute=0, second=0, microsecond=0)


def since(
    past: Past, recommendation: Recommendation, reference: Reference, today: dt.datetime
) -> Since | None:
    """Compare a list with that of the last visit; None on the first day.

    Args:
        past: What is remembered, of before today.
        recommendation: The list of now.
        reference: Names of platforms, and how maturity is measured.
        today: When the day began.
    """
    if past.last is None:
        return None
    shown = {item.platform.id: item.platform.name for item in recommendation.items}
    listed = [
        reference.platforms[id_] for id_ in past.last.platform_ids if id_ in reference.platforms
    ]
    score = recommendation.maturity.score
    return Since(
        day=past.last.at.astimezone(VIETNAM).date(),
        before=_points(past.last.features, reference),
        now=None if score is None else round(score),
        new=[name for id_, name in shown.items() if id_ not in past.last.platform_ids],
        gone=[platform.name for platform in listed if platform.id not in shown],
        asked=[
            reference.platforms[interest.platform_id]
            for interest in past.interests
            if interest.at < today and interest.platform_id in reference.platforms
        ],
    )


def _points(features: str, reference: Reference) -> int | None:
    try:
        score = reference.maturity(decode_features(features)).score
    except (msgspec.DecodeError, KeyError):  # seen by another version: nothing to compare with
        return None
    return None if score is None else round(score)
