"""What policy adds to scores: the few boosts of `data/policy.toml`, each told as a reason."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import get_args

from recommender.domain import BusinessProfile, Locale, Reference
from recommender.domain.duties import Duty
from recommender.domain.recommendation import Reason
from recommender.policy.explanation import inner


class Boosts:
    """The boosts of the categories of platform."""

    def __init__(self, reference: Reference) -> None:
        self._reference = reference
        reasons = reference.messages.reasons
        self._texts = {
            (locale, code): reasons["need_boost"].say(locale, value=inner(need.say("name", locale)))
            for locale in get_args(Locale)
            for code, need in reference.needs.items()
        }

    def of(
        self, profile: BusinessProfile, duties: Sequence[Duty], highest: float, locale: Locale
    ) -> Mapping[str, Sequence[Reason]]:
        """Return the boosts of each category that has some, as the reasons that disclose them.

        Args:
            profile: The business.
            duties: Its legal duties.
            highest: The highest score among what is made for it, of which boosts are shares; what
                it filters or dismisses does not change them.
            locale: The reader's language.
        """
        reference, rules = self._reference, self._reference.rules
        boosts: dict[str, list[Reason]] = defaultdict(list)
        for duty in duties:
            amount = highest * rules.duty_boost.get(duty.obligation.id, 0.0)
            if amount and duty.certain and not duty.met_by:
                text = reference.messages.reasons["duty_boost"].say(locale)
                for category in duty.obligation.categories:
                    boosts[category].append(Reason("duty_boost", amount, text))
        amount = highest * rules.need_boost["per_need"]
        for code in profile.needs:
            reason = Reason("need_boost", amount, self._texts[locale, code])
            for category in reference.needs[code].categories:
                boosts[category].append(reason)
        return boosts
