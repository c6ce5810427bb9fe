"""The contract of every ranker: a new one gets a class here and inherits all of it."""

import numpy as np
from sklearn.base import clone

from recommender.rankers import (
    BoostedTreesRanker,
    LinearRanker,
    LogisticRanker,
    PopularityRanker,
    Ranker,
    Regime,
    ResponseRanker,
    SegmentPopularityRanker,
)
from tests.contract.ranker_contract import GROUPS, LearnsFromUse, RankerContract, part


class TestPopularity(RankerContract):
    ranker = PopularityRanker()


class TestSegmentPopularity(RankerContract):
    ranker = SegmentPopularityRanker(GROUPS)


class TestSegmentPopularityWithoutGroups(RankerContract):
    ranker = SegmentPopularityRanker(shrinkage=0.5)


def linear(*regimes, **parameters):
    """A linear ranker with the same regimes for every length of history."""
    return LinearRanker(regimes, regimes, regimes, **parameters)


class TestLogistic(RankerContract):
    ranker = LogisticRanker()
    rows = (0, 1, 36)


class TestBoostedTrees(RankerContract):
    ranker = BoostedTreesRanker(trees=2)
    rows = (0, 36)

    def test_weights_count_like_repeated_businesses(self, data, asked):
        """Not quite: leaves have a least number of rows, whatever these weigh."""
        first = part(data, platforms=slice(1))
        target = first["responses"].strength if "responses" in first else first["interactions"]
        counts = target.toarray().ravel() >= 0.5
        means = []
        for weight in (0.5, 1.0, 2.0, 8.0):
            ranker = clone(self.ranker).fit(**first, weights=np.where(counts, weight, 1.0))
            means.append(ranker.score(asked[0], asked[1][:, :1]).mean())
        assert means == sorted(set(means))


class TestResponse(RankerContract):
    ranker = ResponseRanker()
    gain = 0.1


class TestResponseWithLittlePenalty(RankerContract):
    ranker = ResponseRanker(profile_penalty=1.0, history_penalty=2.0, use=0.0)


class TestResponseWhereUseCounts(RankerContract):
    ranker = ResponseRanker(profile_penalty=2.0, history_penalty=5.0, use=1.0)


class TestLinear(LearnsFromUse):
    ranker = LinearRanker()


class TestLinearWithLittlePenalty(LearnsFromUse):
    ranker = linear(Regime(profile_penalty=0.1, history_penalty=0.5, keep=0.05))


class TestLinearWithoutDropout(LearnsFromUse):
    ranker = linear(Regime(profile_penalty=2.0, history_penalty=200.0, keep=1.0, told=1.0))


class TestLinearOfTheProfileAlone(LearnsFromUse):
    ranker = linear(Regime(profile_penalty=2.0, keep=0.0, told=0.3))


class TestLinearOfLowRank(LearnsFromUse):
    ranker = linear(Regime(5.0, 5.0, keep=0.6, rank=2))


class TestLinearWithDamping(LearnsFromUse):
    ranker = linear(Regime(5.0, 5.0, keep=0.6, damping=0.5))


class TestLinearOfSeveralRegimes(LearnsFromUse):
    ranker = linear(Regime(5.0, keep=0.2), Regime(50.0, rank=1), Regime(damping=0.5))


class TestLinearWithAnotherLengthThatIsShort(LearnsFromUse):
    ranker = LinearRanker(few_up_to=1)


class TestLinearWithoutShortHistories(LearnsFromUse):
    ranker = LinearRanker(few_up_to=0)


def test_every_ranker_has_its_contract():
    from recommender import rankers

    exported = {value for name in rankers.__all__ if isinstance(value := vars(rankers)[name], type)}
    contracts = [*RankerContract.__subclasses__(), *LearnsFromUse.__subclasses__()]
    tested = {type(each.ranker) for each in contracts if hasattr(each, "ranker")}
    assert {kind for kind in exported if kind.__name__.endswith("Ranker")} - {Ranker} == tested
