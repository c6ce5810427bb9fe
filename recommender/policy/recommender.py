"""From a business to an answer: score, filter, order, explain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from recommender.domain import BusinessProfile, Locale, Reference
from recommender.domain.catalogue import Platform
from recommender.domain.peers import PeerTable
from recommender.domain.recommendation import (
    Explored,
    Filters,
    ModelView,
    PlatformView,
    RankedPlatform,
    Reason,
    Recommendation,
)
from recommender.model import Model, Scored
from recommender.policy.eligibility import Eligibility
from recommender.policy.explanation import Explainer, inner
from recommender.policy.exploration import GREEDY, Draw, Exploration, fill_slots
from recommender.policy.likeness import Likeness
from recommender.policy.ordering import order_with_variety
from recommender.policy.views import (
    duty_met,
    maturity_view,
    platform_view,
    size_view,
    support_offer,
)
from recommender.profiles import encode_features, profile_row

Entry = TypeVar("Entry")

POLICY_VERSION = "explore-2"
"""Changes whenever the same scores would give another list."""


NO_FILTERS = Filters()
NO_PEERS = PeerTable()


@dataclass(frozen=True)
class ModelInfo:
    """What answers say of the model."""

    version: str
    ranker: str
    simulated_share: float
    is_fallback: bool = False
    peers: PeerTable = NO_PEERS
    """With whom businesses are compared, as of its training."""


@dataclass(frozen=True)
class Asked:
    """Everything about one request but the business itself."""

    recommendation_id: str
    locale: Locale = "vi"
    n: int = 10
    filters: Filters = NO_FILTERS
    adopted: tuple[str, ...] = ()
    dismissed: tuple[str, ...] = ()
    key: str = ""
    """Who asks, and on which day: decides what is drawn by chance."""


@dataclass(frozen=True)
class Standing:
    """How all platforms stand with a business, whatever its list shows.

    Attributes:
        platforms: The platforms.
        worth: Their ranking scores, (n_platforms,).
        eligible: Which of them may be shown, (n_platforms,).
    """

    platforms: Sequence[Platform]
    worth: NDArray[np.float64]
    eligible: NDArray[np.bool_]

    def best(self, category: str) -> Platform | None:
        """Return the best platform of a category that may be shown; None if there is none."""
        of_category = [
            number
            for number in np.flatnonzero(self.eligible).tolist()
            if self.platforms[number].category == category
        ]
        if not of_category:
            return None
        return self.platforms[max(of_category, key=lambda number: self.worth[number])]


@dataclass(frozen=True)
class Answer:
    """What a business is answered, and what must be kept to learn from it.

    Attributes:
        recommendation: The answer.
        features: The business as it was seen, see `encode_features`: it uses what it adopted and
            not what it gave up; its size and maturity are those of the tables of today.
        explored: The draw, for a list with a slot that was drawn.
        profile: The business as it was seen.
        standing: What may be shown to it, and how it stands.
    """

    recommendation: Recommendation
    features: str
    explored: Explored | None
    profile: BusinessProfile
    standing: Standing


class Recommender:
    """Answers for one model and one state of the data; never changes once it is made."""

    def __init__(
        self,
        model: Model,
        info: ModelInfo,
        reference: Reference,
        exploration: Exploration = GREEDY,
    ) -> None:
        known = [reference.platforms[id_] for id_ in model.platforms if id_ in reference.platforms]
        self.reference = reference
        self.info = info
        self.exploration = exploration
        self.model = model
        self._platforms = known
        self._columns = np.array(
            [model.column_of[platform.id] for platform in known], dtype=np.intp
        )
        self._categories = [platform.category for platform in known]
        self._eligibility = Eligibility(known)
        self._explainer = Explainer(model, reference)
        self.likeness = Likeness(model, reference)
        self._views: Mapping[tuple[str, Locale], PlatformView] = {
            (platform.id, locale): platform_view(platform, reference, locale)
            for platform in known
            for locale in get_args(Locale)
        }

    def recommend(
        self, profile: BusinessProfile, asked: Asked, scored: Scored | None = None
    ) -> Answer:
        """Answer one business.

        Args:
            profile: A checked and normalised profile.
            asked: The request.
            scored: Its scores where `score_many` has found them.
        """
        reference = self.reference
        size = reference.size_class(profile)
        profile = self._as_it_is(profile, asked.adopted, asked.dismissed)
        in_use = profile.platforms_in_use
        row = profile_row("", profile, reference)
        scored = scored or self.model.score(row, in_use)
        eligible, excluded = self._eligibility.apply(
            profile, size.code, asked.filters, in_use, asked.dismissed
        )
        scores = scored.scores[self._columns]
        made_for = self._eligibility.made_for(profile.sector, size.code)
        highest = float(scores[made_for].max(initial=0.0))
        boosts = self._boosts(profile, highest, asked.locale)
        scores = scores + np.array(
            [sum(boost.contribution for boost in boosts[name]) for name in self._categories]
        )
        worth = np.where(scores > 0, scores * self._discounts(profile), scores)
        greedy = order_with_variety(
            worth,
            eligible,
            self._categories,
            [reference.platforms[id_].category for id_ in in_use],
            reference.rules.category_repeat_discount,
            asked.n,
        )
        slots, draw = fill_slots(greedy, worth, eligible, self.exploration, asked.key)
        schemes = [
            (scheme.categories, support_offer(scheme, asked.locale))
            for scheme in reference.support(profile)
        ]
        offers = [(for_, offer) for for_, offer in schemes if offer.kind != "consultancy_contract"]
        duties = [
            (duty.obligation.categories, duty_met(duty, asked.locale))
            for duty in reference.duties(profile)
        ]
        items = []
        for rank, (number, kind, propensity, inclusion) in enumerate(slots, start=1):
            platform = self._platforms[number]
            # What was drawn stands there for no boost.
            lifted = boosts[platform.category] if kind == "ranked" else []
            base, reasons, other = self._explainer.explain(
                scored, platform.id, lifted, asked.locale
            )
            score = scored.scores[self._columns[number]] + sum(b.contribution for b in lifted)
            probability = None
            if scored.probabilities is not None:
                probability = round(float(scored.probabilities[self._columns[number]]), 4)
            items.append(
                RankedPlatform(
                    rank=rank,
                    platform=self._views[platform.id, asked.locale],
                    probability=probability,
                    score=float(score),
                    base=base,
                    reasons=reasons,
                    other=other,
                    slot=kind,
                    propensity=round(propensity, 9),
                    inclusion=round(inclusion, 9),
                    support=_for_category(offers, platform.category),
                    duties=_for_category(duties, platform.category),
                )
            )
        recommendation = Recommendation(
            recommendation_id=asked.recommendation_id,
            locale=asked.locale,
            model=self._model_view(asked.locale),
            size_class=size_view(size, reference, asked.locale),
            maturity=maturity_view(reference.maturity(profile), reference, asked.locale),
            items=tuple(items),
            support=tuple(offer for _, offer in schemes),
            duties=tuple(duty for _, duty in duties),
            eligible=int(eligible.sum()),
            excluded=excluded,
            probability_means=reference.messages.notes["probability"].say(asked.locale),
        )
        return Answer(
            recommendation,
            encode_features(row),
            self._explored(draw),
            profile,
            Standing(self._platforms, worth, eligible),
        )

    def score_many(
        self, businesses: Sequence[tuple[BusinessProfile, Sequence[str], Sequence[str]]]
    ) -> list[Scored]:
        """Score many businesses in one product.

        Args:
            businesses: The profile of each, what it adopted, and what it dismissed.
        """
        now = [self._as_it_is(*business) for business in businesses]
        return self.model.score_many(
            [(profile_row("", each, self.reference), each.platforms_in_use) for each in now]
        )

    def _as_it_is(
        self, profile: BusinessProfile, adopted: Sequence[str], dismissed: Sequence[str]
    ) -> BusinessProfile:
        """Return a profile that uses what it adopted since, and not what it gave up."""
        told, given_up = dict.fromkeys((*profile.platforms_in_use, *adopted)), set(dismissed)
        known = self.reference.platforms
        in_use = tuple(id_ for id_ in told if id_ in known and id_ not in given_up)
        return msgspec.structs.replace(profile, platforms_in_use=in_use)

    def _explored(self, draw: Draw | None) -> Explored | None:
        """Return a draw with the ids of the platforms, so that it can be kept."""
        if draw is None:
            return None
        return Explored(
            rank=draw.rank,
            ranks=draw.ranks,
            platform_ids=tuple(self._platforms[number].id for number in draw.candidates),
            chances=tuple(round(chance, 9) for chance in draw.chances),
        )

    def _discounts(self, profile: BusinessProfile) -> NDArray[np.float64]:
        """Return how much each platform counts, given how its function is done today."""
        discounts = self.reference.rules.function_discount
        by_category = {
            code: discounts.get(profile.functions.get(category.function, "not_done"), 1.0)
            for code, category in self.reference.categories.items()
        }
        return np.array([by_category[code] for code in self._categories])

    def _boosts(
        self, profile: BusinessProfile, highest: float, locale: Locale
    ) -> dict[str, list[Reason]]:
        """Return the boosts of each category as the reasons that disclose them.

        Args:
            profile: The business.
            highest: The highest score among what is made for it, of which boosts are shares;
                what it filters or dismisses does not change them.
            locale: The reader's language.
        """
        reference, rules = self.reference, self.reference.rules
        boosts: dict[str, list[Reason]] = {name: [] for name in reference.categories}
        for duty in reference.duties(profile):
            amount = highest * rules.duty_boost.get(duty.obligation.id, 0.0)
            if amount and duty.certain and not duty.met_by:
                text = reference.messages.reasons["duty_boost"].say(locale)
                for category in duty.obligation.categories:
                    boosts[category].append(Reason("duty_boost", amount, text))
        amount = highest * rules.need_boost["per_need"]
        for code in profile.needs:
            need = reference.needs[code]
            name = inner(need.say("name", locale))
            text = reference.messages.reasons["need_boost"].say(locale, value=name)
            for category in need.categories:
                boosts[category].append(Reason("need_boost", amount, text))
        return boosts

    def _model_view(self, locale: Locale) -> ModelView:
        notes, share = self.reference.messages.notes, self.info.simulated_share
        note = None
        if self.info.is_fallback:
            note = notes["fallback"].say(locale)
        elif share >= 0.995:
            note = notes["simulated"].say(locale)
        elif share > 0:
            note = notes["partly_simulated"].say(locale, share=f"{share:.0%}")
        return ModelView(self.info.version, self.info.ranker, share, note)


def _for_category(
    entries: Sequence[tuple[tuple[str, ...], Entry]], category: str
) -> tuple[Entry, ...]:
    """Return the entries that are for every category or for this one."""
    return tuple(entry for for_, entry in entries if not for_ or category in for_)
