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
from service.lists import Key, Made
from service.serving import Serving
from service.store import ExposedItem, Exposure, History, Store, StoredProfile, Unreadable
from service.store.records import now
from service.telemetry.answers import count_answer

NO_HISTORY = History()

VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""Where a day begins: the same business gets the same list until the next one."""


def new_id() -> str:
    """Return an id that cannot be guessed (128 bits), for recommendations and profiles."""
    return secrets.token_urlsafe(16)


def known_by(told: bytes, profile_id: str | None) -> str:
    """Return what a business is known by: its id if it is stored, else what it told, as JSON."""
    return profile_id or hashlib.sha256(told).hexdigest()


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
        made: The list.
        recommender: Gave it.
        day: The day in Vietnam.
    """

    made: Made
    recommender: Recommender
    day: dt.date

    @property
    def encoded(self) -> bytes:
        """The ranked list as JSON."""
        return self.made.encoded

    @property
    def recommendation(self) -> Recommendation:
        """The ranked list with its reasons."""
        return self.made.answer.recommendation

    def plan(self) -> Plan:
        """Return the list and what to do with it."""
        info, reference = self.recommender.info, self.recommender.reference
        return make_plan(self.made.answer, reference, info.peers, self.day)


def recommend_profile(
    serving: Serving,
    store: Store,
    profile: BusinessProfile,
    *,
    n: int,
    filters: Filters,
    locale: Locale,
    profile_id: str | None = None,
    history: History = NO_HISTORY,
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
    moment, id_, told = now(), new_id(), msgspec.json.encode(profile)
    who = known_by(told, profile_id)
    day = moment.astimezone(VIETNAM).date()
    key = Key(who, told, history, day, n, filters, locale)
    recommender, arm = serving.recommender_for(who)
    if made := serving.lists.get(key):
        made = made.again(id_, moment, improve=improve)
    else:
        seed = f"{who}:{day}"
        asked = Asked(id_, locale, n, filters, history.adopted, history.dismissed, seed)
        answer = recommender.recommend(profile, asked, scored)
        exposure = exposure_of(answer, moment, profile_id, filters, seed, arm, improve=improve)
        made = Made.of(answer, exposure)
        if scored is None:  # a batch asks once for many
            serving.lists.keep(key, made)
    count_answer(profile, made.answer, arm)
    store.log_exposure(made.exposure)
    return Served(made, recommender, day)


def exposure_of(
    answer: Answer,
    at: dt.datetime,
    profile_id: str | None,
    filters: Filters,
    seed: str,
    arm: str | None,
    *,
    improve: bool,
) -> Exposure:
    """Return what is stored of a list."""
    shown = answer.recommendation
    return Exposure(
        id=shown.recommendation_id,
        at=at,
        profile_id=profile_id,
        features=answer.features,
        model_version=shown.model.version,
        policy_version=POLICY_VERSION,
        arm=arm,
        seed=seed,
        locale=shown.locale,
        eligible=shown.eligible,
        excluded=shown.excluded,
        filters=filters,
        explored=answer.explored,
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
            for item in shown.items
        ),
    )


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
