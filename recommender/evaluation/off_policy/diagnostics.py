"""Whether an estimate can be believed, said in words."""

from dataclasses import dataclass

import numpy as np

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target
from recommender.evaluation.off_policy.terms import Terms
from recommender.evaluation.off_policy.weights import (
    effective,
    largest_share,
    overlap,
    speaks_against,
)

MOST_UNSEEN = 0.05
"""Share of its choices that a policy may give to items without a record."""


@dataclass(frozen=True)
class Diagnostics:
    """How far the log can speak for the policy; of lists, at the position where it is worst.

    Attributes:
        records: Number of records, or of lists.
        mean_weight: Mean of the weights before any are cut; 1 but for chance where the propensities
            are right and the log shows all that the policy would.
        effective_sample_size: Records of equal weight that would be worth as much:
            sum(w)^2 / sum(w^2) (Kish, 1965), from 0 to the number of records.
        effective_rewards: The same of the weighted rewards: rewarded records that it rests on.
        overlap: Share of choices that both policies have in common, the mean of min(1, w): one
            minus their total variation distance, from 0 to 1.
        largest_weight: The largest one in use.
        largest_share: Its share of all the weight, from 0 to 1.
        unseen: Mean probability that the policy gives to items that the log never shows; None
            where only those of the items shown are known.
        warnings: What speaks against the estimate; each tells a number and what it should be.
    """

    records: int
    mean_weight: float
    effective_sample_size: float
    effective_rewards: float
    overlap: float
    largest_weight: float
    largest_share: float
    unseen: float | None
    warnings: tuple[str, ...]

    @property
    def believable(self) -> bool:
        """Whether nothing speaks against the estimate."""
        return not self.warnings


def diagnose(terms: Terms, log: Log, target: Target) -> Diagnostics:
    """Measure how far a log can speak for a policy.

    Args:
        terms: What the estimate is made of.
        log: What was shown.
        target: The policy that is judged.
    """
    slots = terms.used.shape[1]
    worst = int(np.argmin([effective(terms.used[:, slot]) for slot in range(slots)]))
    ratios, used = terms.ratios[:, worst], terms.used[:, worst]
    warnings = list(terms.notes)
    for slot in range(slots):
        at = f"at position {slot + 1} from the top, " if slots > 1 else ""
        found = speaks_against(terms.ratios[:, slot], terms.used[:, slot], terms.rewards[:, slot])
        warnings += [at + warning for warning in found]
    unseen = _unseen(log, target)
    if unseen is not None and unseen > MOST_UNSEEN:
        warnings.append(
            f"the policy gives {unseen:.0%} of its choices to items that the log never shows, "
            f"which should be at most {MOST_UNSEEN:.0%}"
        )
    return Diagnostics(
        records=len(used),
        mean_weight=float(ratios.mean()),
        effective_sample_size=effective(used),
        effective_rewards=effective(used * terms.rewards[:, worst]),
        overlap=overlap(ratios),
        largest_weight=float(used.max()),
        largest_share=largest_share(used),
        unseen=unseen,
        warnings=tuple(warnings),
    )


def _unseen(log: Log, target: Target) -> float | None:
    """Return the mean probability of actions without a record; None where it is not known."""
    if target.probabilities is None:
        return None
    never = np.bincount(log.actions, minlength=target.probabilities.shape[1]) == 0
    return float(target.probabilities[:, never].sum(axis=1).mean())
