"""What is kept of an answer: the business as it was seen, and what could have been drawn."""

import json

import pytest

from recommender.policy import Asked, Exploration, ModelInfo, Recommender
from recommender.profiles import encode_features, profile_row


@pytest.fixture(scope="module")
def recommender(model, reference):
    return Recommender(model, ModelInfo("version-1", "LinearRanker", 1.0), reference)


@pytest.fixture(scope="module")
def exploring(model, reference):
    info = ModelInfo("version-1", "LinearRanker", 1.0)
    return Recommender(model, info, reference, Exploration(1.0))


def test_a_business_is_seen_with_what_it_adopted_and_without_what_it_gave_up(
    recommender, reference, make_profile
):
    profile = make_profile(platforms_in_use=["misa-cukcuk", "sapo"])
    asked = Asked("answer-1", adopted=("kiotviet", "gone"), dismissed=("sapo",))
    seen = make_profile(platforms_in_use=["kiotviet", "misa-cukcuk"])
    features = recommender.recommend(profile, asked).features
    assert features == encode_features(profile_row("", seen, reference))
    assert json.loads(features)["platforms_in_use"] == ["kiotviet", "misa-cukcuk"]


def test_size_and_maturity_are_those_that_the_answer_tells(recommender, make_profile):
    profile = make_profile(legal_form="enterprise", employees=60, functions={"sales": "paper"})
    answer = recommender.recommend(profile, Asked("answer-1"))
    features = json.loads(answer.features)
    assert features["size"] == answer.recommendation.size_class.code
    assert features["maturity_level"] == answer.recommendation.maturity.level


def test_without_exploration_there_is_no_draw(recommender, make_profile):
    assert recommender.recommend(make_profile(), Asked("answer-1")).explored is None


def test_a_draw_names_what_could_stand_in_the_slot(exploring, recommender, make_profile):
    profile = make_profile()
    greedy = recommender.recommend(profile, Asked("answer-1", n=6)).recommendation
    kept = {item.platform.id for item in greedy.items[:-1]}
    ranks = set()
    for key in range(40):
        answer = exploring.recommend(profile, Asked("answer-1", n=6, key=str(key)))
        explored, items = answer.explored, answer.recommendation.items
        assert explored.ranks == (3, 6)
        drawn = items[explored.rank - 1]
        assert drawn.slot == "explore"
        chances = dict(zip(explored.platform_ids, explored.chances, strict=True))
        assert len(chances) == len(explored.platform_ids) == answer.recommendation.eligible - 5
        assert not kept & chances.keys()
        assert drawn.propensity == pytest.approx(chances[drawn.platform.id] / 4, abs=1e-8)
        assert sum(explored.chances) == pytest.approx(1, abs=1e-6)
        ranks.add(explored.rank)
    assert ranks == {3, 4, 5, 6}
