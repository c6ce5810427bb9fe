"""Popularity, of all businesses and by segment: the baselines of every report."""

from typing import Self

import numpy as np
from scipy import sparse

from recommender.rankers.base import Columns, Contributions, Floats, RankerBase, Responses
from recommender.rankers.sums import Groups, Sums, segment_numbers

PRIOR = 20.0
"""Businesses that have looked at a platform until its own popularity counts half."""


class PopularityRanker(RankerBase):
    """Score each platform by how strongly those who look at it take it up; the same for everyone.

    What few have looked at is shrunk towards the mean of all. Where nothing was shown, the share of
    businesses that use a platform is its popularity.
    """

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
        responses: Responses | None = None,
    ) -> Self:
        """Learn the weighted mean strength of each platform."""
        weights = self._start_fit(profiles, interactions, weights, responses)
        return self.solve(Sums(*self.shape_).update(profiles, interactions, weights, responses))

    @classmethod
    def known(cls, popularity: Floats, n_features: int) -> Self:
        """Return one that knows the popularity, shape (n_platforms,), without learning it."""
        ranker = cls()
        ranker.shape_ = (n_features, len(popularity))
        ranker.popularity_ = popularity
        return ranker

    def solve(self, sums: Sums) -> Self:
        """Learn from sums alone."""
        self.shape_ = (sums.n_features, sums.n_platforms)
        self.popularity_ = popularity(sums)
        return self

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return the popularity of each platform, once for each business."""
        return np.repeat(self.popularity_[None], profiles.shape[0], axis=0)

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Return the popularity as the base, and nothing else."""
        n_features, n_platforms = self.shape_
        base = float(self.popularity_[platform])
        return Contributions(base, np.zeros(n_features), np.zeros(n_platforms))


class SegmentPopularityRanker(RankerBase):
    """Score each platform by its popularity among businesses of the same segment.

    A segment is what a business has in each of `groups`, such as (retail, micro). Small segments
    are shrunk towards the popularity among all:
    (sum in the segment + shrinkage * popularity) / (those in it who looked + shrinkage).

    Args:
        groups: Feature columns of each field that makes the segment.
        shrinkage: Number of average businesses that are added to each segment, above 0.
    """

    def __init__(self, groups: Groups = (), shrinkage: float = 20.0) -> None:
        self.groups = groups
        self.shrinkage = shrinkage

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
        responses: Responses | None = None,
    ) -> Self:
        """Learn the popularity in each segment that occurs, and among all."""
        weights = self._start_fit(profiles, interactions, weights, responses)
        sums = Sums(*self.shape_, self.groups)
        return self.solve(sums.update(profiles, interactions, weights, responses))

    def solve(self, sums: Sums) -> Self:
        """Learn from sums of the same segments."""
        if not 0 < self.shrinkage < np.inf:
            raise ValueError("expected a finite shrinkage above 0")
        self.shape_ = (sums.n_features, sums.n_platforms)
        self.popularity_ = popularity(sums)
        self.segments_ = sums.segments.index.to_numpy()
        members, used, examined, strength = _by_segment(sums)
        looked, totals = (examined, strength) if sums.shown else (members, used)
        self.by_segment_ = (totals + self.shrinkage * self.popularity_) / (looked + self.shrinkage)
        return self

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return the popularity in each business's segment, or among all if it is new."""
        segments = segment_numbers(profiles, self.groups)
        place = np.searchsorted(self.segments_, segments).clip(max=len(self.segments_) - 1)
        known = self.segments_[place] == segments
        scores: Floats = np.where(known[:, None], self.by_segment_[place], self.popularity_)
        return scores

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Return popularity among all as the base and what the segment adds, shared evenly."""
        n_features, n_platforms = self.shape_
        score = float(self.score_one(profile, history)[platform])
        by_feature = np.zeros(n_features)
        columns = [column for group in self.groups for column in group if column in profile]
        base = float(self.popularity_[platform]) if columns else score
        by_feature[columns] = (score - base) / max(len(columns), 1)
        return Contributions(base, by_feature, np.zeros(n_platforms))


def popularity(sums: Sums) -> Floats:
    """Return the popularity of each platform among all, shape (n_platforms,).

    Raises:
        ValueError: If no business is in the sums.
    """
    if not sums.shown:
        return np.asarray(sums.means[sums.used])
    _, _, examined, strength = (each.sum(axis=0) for each in _by_segment(sums))
    return np.asarray((strength + PRIOR * strength.sum() / examined.sum()) / (examined + PRIOR))


def _by_segment(sums: Sums) -> list[Floats]:
    """Return the columns of the segments: members, used, examined, strength."""
    ends = 1 + sums.n_platforms * np.arange(3)
    return np.split(sums.segments.to_numpy(), ends, axis=1)
