"""Linear scores: what the rankers with weights share, however they find them."""

from typing import NamedTuple

import numpy as np
from scipy import sparse

from recommender.rankers.base import Columns, Contributions, Floats, RankerBase


class WeightSet(NamedTuple):
    """One linear map: `intercept + profile @ profiles + history @ platforms`."""

    intercept: Floats
    profile: Floats
    history: Floats

    def plus(self, other: "WeightSet", times: float) -> "WeightSet":
        """Return the map whose scores are these plus so many times the others'."""
        return WeightSet(*(mine + times * theirs for mine, theirs in zip(self, other, strict=True)))


class LinearScores(RankerBase):
    """Scores by one of three weight sets: for no, a short, and a long history.

    Attributes:
        few_up_to: The longest history that is called short.
        sets_: The weights, by length of history.
        means_: Mean of the profile and history columns, shape (n_features + n_platforms,).
    """

    few_up_to: int = 3
    shape_: tuple[int, int]
    sets_: tuple[WeightSet, ...]
    means_: Floats

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return `intercept + profile + history` of the set for each history's length.

        A platform in use does not count in the length by which its own score is found: that there
        is one more would be evidence for it.
        """
        scores = np.empty((profiles.shape[0], self.shape_[1]))
        lengths = np.asarray(history.sum(axis=1))
        which, without_itself = self._sets_for(lengths), self._sets_for(lengths - 1)
        for number in (2, 1, 0):
            for rows in (which == number, (without_itself == number) & (which > number)):
                if rows.any():
                    found = _apply(self.sets_[number], profiles[rows], history[rows])
                    kept = (which[rows] > number)[:, None] & (history[rows].toarray() == 0)
                    scores[rows] = np.where(kept, scores[rows], found)
        return scores

    def score_one(self, profile: Columns, history: Columns) -> Floats:
        """Return the sum of the rows of the weights that are set."""
        which, without_itself = self.set_for(len(history)), self.set_for(len(history) - 1)
        score = _apply_one(self.sets_[which], profile, history)
        if without_itself != which:
            score[history] = _apply_one(self.sets_[without_itself], profile, history)[history]
        return score

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Return what each column adds compared with the average business."""
        number = self.set_for(len(history) - int(platform in history))
        weights, n_features = self.sets_[number], self.shape_[0]
        values = -self.means_
        values[profile] += 1
        values[n_features + history] += 1
        return Contributions(
            self.base(number, platform),
            values[:n_features] * weights.profile[:, platform],
            values[n_features:] * weights.history[:, platform],
        )

    def base(self, number: int, platform: int) -> float:
        """Return the score of the average business by one of the weight sets."""
        weights = self.sets_[number]
        columns = np.concatenate([weights.profile[:, platform], weights.history[:, platform]])
        return float(weights.intercept[platform] + self.means_ @ columns)

    def set_for(self, length: int) -> int:
        """Return the number of the weight set for so many platforms in use."""
        return 0 if length < 1 else 1 if length <= self.few_up_to else 2

    def _sets_for(self, lengths: Floats) -> Columns:
        return np.where(lengths < 1, 0, np.where(lengths <= self.few_up_to, 1, 2))


def without_own(weights: Floats, first: int = 0) -> Floats:
    """Set what each platform, from row `first` on, tells of itself to 0."""
    np.fill_diagonal(weights[first:], 0.0)
    return weights


def _apply(weights: WeightSet, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
    scores: Floats = profiles @ weights.profile + weights.intercept
    scores += history @ weights.history
    return scores


def _apply_one(weights: WeightSet, profile: Columns, history: Columns) -> Floats:
    scores: Floats = weights.intercept + weights.profile.take(profile, axis=0).sum(axis=0)
    if len(history):
        scores += weights.history.take(history, axis=0).sum(axis=0)
    return scores
