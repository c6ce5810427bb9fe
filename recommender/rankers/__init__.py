"""Rankers: one estimator a file behind one protocol."""

from recommender.rankers.base import Contributions, Ranker, RankerBase, Responses
from recommender.rankers.linear import LinearRanker, Regime
from recommender.rankers.one_vs_rest import BoostedTreesRanker, LogisticRanker
from recommender.rankers.popularity import PopularityRanker, SegmentPopularityRanker
from recommender.rankers.response import ResponseRanker
from recommender.rankers.sums import ClosedForm, Sums

__all__ = [
    "BoostedTreesRanker",
    "ClosedForm",
    "Contributions",
    "LinearRanker",
    "LogisticRanker",
    "PopularityRanker",
    "Ranker",
    "RankerBase",
    "Regime",
    "ResponseRanker",
    "Responses",
    "SegmentPopularityRanker",
    "Sums",
]
