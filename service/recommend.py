"""Answer a business and keep what it was shown."""

import datetime as dt
import hashlib
import secrets
from dataclasses import dataclass

import msgspec

from recommender.domain import BusinessProfile, Locale, Reference
from recommender.domain.plan import Plan
from recommender.domain.recommendation import Filters, Recommendation
from recommender.model import Scored
from recommender.policy import POLICY_VERSION, Answer, Asked, Recommender
from recommender.policy.plan import make_plan
from service.serving import Serving
from service.store import ExposedItem, Exposure, History, Store, StoredProfile, Unreadable
from service.store.records import now
from service.telemetry.answers import count_answer

VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""Where a day begins: the same business gets the same list until the next one."""


def new_id() -> str:
    """Return an id that cannot be guessed (128 bits), for recommendations and profiles."""
    return secrets.token_urlsafe(16)


def known_by(profile: BusinessProfile, profile_id: str | None) -> str:
    """Return what a business is known by: its id if it is stored, else what it told."""
    return profile_id or hashlib.sha256(msgspec.json.encode(profile)).hexdigest()


def as_of_today(stored: StoredProfile, reference: Reference) -> BusinessProfile:
    """Return a stored profile in the codes of today.

    Raises:
        Unreadable: If it was stored with codes that are known no longer.
    """
    profile = reference.normalise(stored.profile)
    if gone := reference.check(profile):
        raise Unreadable(f"{gone[0].field} {gone[0].found!r} is in the tables no longer")
    return profile


@dataclass(frozen=True)
class Served:
    """What a business is answered, and when.

    Attributes:
        answer: The answer.
        recommender: Gave it.
        day: The day in Vietnam.
    """

    answer: Answer
    recommender: Recommender
    day: dt.date

    @property
    def recommendation(self) -> Recommendation:
        """The ranked list with its reasons."""
        return self.answer.recommendation

    def plan(self) -> Plan:
        """Return the list and what to do with it."""
        info, reference = self.recommender.info, self.recommender.reference
        return make_plan(self.answer, reference, info.peers, self.day)


def recommend_profile(
    serving: Serving,
    store: Store,
    profile: BusinessProfile,
    *,
    n: int,
    filters: Filters,
    locale: Locale,
    profile_id: str | None = None,
    history: History | None = None,
    scored: Scored | None = None,
    improve: bool = False,
) -> Served:
    """Recommend for a checked and normalised profile and log the exposure.

    Args:
        serving: What is in service.
        store: Where the exposure is queued; the answer does not wait for it.
        profile: The business.
        n: Length of the list at most.
        filters: What the asker wants to see.
        locale: Language of the texts.
        profile_id: Its id, if it is stored.
        history: What it adopted and dismissed.
        scored: Its scores by what answers it, where they have been found.
        improve: Whether it lets us learn from the list, if it is not stored.
    """
    history = history or History()
    moment = now()
    who = known_by(profile, profile_id)
    day = moment.astimezone(VIETNAM).date()
    key = f"{who}:{day}"
    asked = Asked(new_id(), locale, n, filters, history.adopted, history.dismissed, key)
    recommender, arm = serving.recommender_for(who)
    answered = recommender.recommend(profile, asked, scored)
    answer = answered.recommendation
    count_answer(profile, answered, arm)
    store.log_exposure(
        Exposure(
            id=answer.recommendation_id,
            at=moment,
            profile_id=profile_id,
            features=answered.features,
            model_version=recommender.info.version,
            policy_version=POLICY_VERSION,
            arm=arm,
            seed=key,
            locale=locale,
            eligible=answer.eligible,
            excluded=answer.excluded,
            filters=filters,
            explored=answered.explored,
            improve=improve,
            items=tuple(
                ExposedItem(
                    platform_id=item.platform.id,
                    rank=item.rank,
                    score=item.score,
                    probability=item.probability,
                    propensity=item.propensity,
                    inclusion=item.inclusion,
                    slot=item.slot,
                )
                for item in answer.items
            ),
        )
    )
    return Served(answered, recommender, day)


async def recommend_stored(
    serving: Serving,
    store: Store,
    profile_id: str,
    *,
    n: int,
    filters: Filters,
    locale: Locale,
) -> Served | None:
    """Recommend for a stored profile, leaving out what it dismissed; None if it is not known.

    Raises:
        StoreUnavailable: If the database does not answer.
        Unreadable: If the profile was stored with codes that are known no longer.
    """
    found = await store.profile_with_history(profile_id)
    if found is None:
        return None
    stored, history = found
    return recommend_profile(
        serving,
        store,
        as_of_today(stored, serving.reference),
        n=n,
        filters=filters,
        locale=locale,
        profile_id=profile_id,
        history=history,
    )
