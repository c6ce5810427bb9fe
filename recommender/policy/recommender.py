"""From a business to an answer: score, filter, order, explain."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple, get_args

import msgspec
import numpy as np
from numpy.typing import NDArray

from recommender.domain import BusinessProfile, Locale, Reference
from recommender.domain.business import FunctionCode
from recommender.domain.catalogue import Platform
from recommender.domain.peers import PeerTable
from recommender.domain.recommendation import (
    Explored,
    Filters,
    ModelView,
    RankedPlatform,
    Reason,
    Recommendation,
)
from recommender.domain.support import support_for
from recommender.model import Model, Scored
from recommender.policy.boosts import Boosts
from recommender.policy.eligibility import Eligibility
from recommender.policy.entitlements import Entitlements, EntitlementViews
from recommender.policy.explanation import Explainer
from recommender.policy.exploration import DIGITS, GREEDY, Draw, Exploration, Slot, fill_slots
from recommender.policy.likeness import Likeness
from recommender.policy.ordering import order_with_variety
from recommender.policy.presence import Presence
from recommender.policy.views import maturity_view, platform_view, size_view
from recommender.profiles import encode_features, profile_row, row_of

Floats = NDArray[np.float64]

POLICY_VERSION = "explore-3"
"""Changes whenever the same scores would give another list."""


WHOLE = 10
"""Platforms of which those stand last that the business has something for; a longer list has more,
and a shorter one is the beginning of this one."""

NO_FILTERS = Filters()
NO_PEERS = PeerTable()

FUNCTIONS = get_args(FunctionCode)


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


class Answer(NamedTuple):
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
        self._number = {code: number for number, code in enumerate(reference.categories)}
        self._category = np.array([self._number[code] for code in self._categories], dtype=np.intp)
        self._function = np.array(
            [FUNCTIONS.index(reference.categories[code].function) for code in self._categories],
            dtype=np.intp,
        )
        self._eligibility = Eligibility(known)
        self._boosts = Boosts(reference)
        self._explainer = Explainer(model, reference)
        self.likeness = Likeness(model, reference)
        self._entitlements = EntitlementViews(reference)
        self._views = {
            locale: [platform_view(platform, reference, locale) for platform in known]
            for locale in get_args(Locale)
        }
        self._model_views = {locale: self._model_view(locale) for locale in get_args(Locale)}

    def recommend(
        self, profile: BusinessProfile, asked: Asked, scored: Scored | None = None
    ) -> Answer:
        """Answer one business.

        Args:
            profile: A checked and normalised profile.
            asked: The request.
            scored: Its scores where `score_many` has found them.
        """
        reference, locale = self.reference, asked.locale
        profile = self._as_it_is(profile, asked.adopted, asked.dismissed)
        in_use = profile.platforms_in_use
        size, maturity = reference.size_class(profile), reference.maturity(profile)
        duties = reference.duties(profile)
        row = row_of("", profile, size.code, maturity.level)
        scored = scored or self.model.score(row, in_use)
        eligible, excluded = self._eligibility.apply(
            profile, size.code, asked.filters, in_use, asked.dismissed
        )
        scores = scored.scores[self._columns]
        made_for = self._eligibility.made_for(profile.sector, size.code)
        highest = float(scores[made_for].max(initial=0.0))
        boosts = self._boosts.of(profile, duties, highest, locale)
        worth = self._worth(scores, boosts, profile)
        greedy = order_with_variety(
            worth,
            eligible,
            self._categories,
            [reference.platforms[id_].category for id_ in in_use],
            reference.rules.category_repeat_discount,
            max(asked.n, WHOLE),
        )
        covered = self._covered(profile)
        new = [number for number in greedy if not covered[number]][: asked.n]
        there = [number for number in greedy if covered[number]][: asked.n - len(new)]
        slots, draw = fill_slots(new, worth, eligible & ~covered, self.exploration, asked.key)
        slots += [Slot(number, "ranked", 1.0, 1.0) for number in there]
        schemes = support_for(profile, size.code, reference.schemes.values())
        entitlements = self._entitlements.of(schemes, duties, locale)
        recommendation = Recommendation(
            recommendation_id=asked.recommendation_id,
            locale=locale,
            model=self._model_views[locale],
            size_class=size_view(size, reference, locale),
            maturity=maturity_view(maturity, reference, locale),
            items=self._items(slots, scored, boosts, entitlements, locale),
            support=entitlements.support,
            duties=entitlements.duties,
            eligible=int(np.count_nonzero(eligible)),
            excluded=excluded,
            probability_means=reference.messages.notes["probability"].say(locale),
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
        if in_use == profile.platforms_in_use:
            return profile
        return msgspec.structs.replace(profile, platforms_in_use=in_use)

    def _covered(self, profile: BusinessProfile) -> NDArray[np.bool_]:
        """Return what the business has something for already, shape (n_platforms,)."""
        covered = np.zeros(len(self._number), dtype=bool)
        covered[[self._number[code] for code in Presence(profile, self.reference).covered]] = True
        return covered[self._category]

    def _worth(
        self, scores: Floats, boosts: Mapping[str, Sequence[Reason]], profile: BusinessProfile
    ) -> Floats:
        """Return what platforms are ordered by: boosted, and less where a tool does the work."""
        lifts = [
            sum([reason.contribution for reason in boosts[code]]) if code in boosts else 0.0
            for code in self.reference.categories
        ]
        scores = scores + np.array(lifts)[self._category]
        discounts, functions = self.reference.rules.function_discount, profile.functions
        by_function = [discounts.get(functions.get(code, "not_done"), 1.0) for code in FUNCTIONS]
        return np.where(scores > 0, scores * np.array(by_function)[self._function], scores)

    def _items(
        self,
        slots: Sequence[Slot],
        scored: Scored,
        boosts: Mapping[str, Sequence[Reason]],
        entitlements: Entitlements,
        locale: Locale,
    ) -> tuple[RankedPlatform, ...]:
        """Return the lines of the list."""
        columns = self._columns[[slot.number for slot in slots]]
        # What was drawn stands there for no boost.
        lifted = [
            boosts.get(self._categories[slot.number], ()) if slot.kind == "ranked" else ()
            for slot in slots
        ]
        explained = self._explainer.explain(scored, columns, lifted, locale)
        scores = scored.scores[columns].tolist()
        probabilities: list[float | None] = [None] * len(slots)
        if scored.probabilities is not None:
            probabilities = scored.probabilities[columns].round(4).tolist()
        return tuple(
            RankedPlatform(
                rank=rank,
                platform=self._views[locale][slot.number],
                probability=probability,
                score=score + sum([boost.contribution for boost in boosting]),
                base=explanation.base,
                reasons=explanation.reasons,
                other=explanation.other,
                slot=slot.kind,
                propensity=slot.propensity,
                inclusion=slot.inclusion,
                support=entitlements.by_category[self._categories[slot.number]][0],
                duties=entitlements.by_category[self._categories[slot.number]][1],
            )
            for rank, (slot, probability, score, boosting, explanation) in enumerate(
                zip(slots, probabilities, scores, lifted, explained, strict=True), 1
            )
        )

    def _explored(self, draw: Draw | None) -> Explored | None:
        """Return a draw with the ids of the platforms, so that it can be kept."""
        if draw is None:
            return None
        return Explored(
            rank=draw.rank,
            ranks=draw.ranks,
            platform_ids=tuple(self._platforms[number].id for number in draw.candidates.tolist()),
            chances=tuple(draw.chances.round(DIGITS).tolist()),
        )

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
