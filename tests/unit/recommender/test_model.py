"""Many businesses are scored in one product as each is alone."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recommender.policy import Asked, ModelInfo, Recommender
from recommender.profiles import profile_row


@pytest.fixture(scope="module")
def recommender(model, reference):
    return Recommender(model, ModelInfo("version-1", "LinearRanker", 1.0), reference)


@settings(max_examples=20)
@given(data=st.data())
def test_many_are_scored_and_answered_as_each_alone(recommender, reference, clean_profile, data):
    some = st.lists(st.sampled_from(sorted(reference.platforms)), max_size=5)
    businesses = data.draw(st.lists(st.tuples(clean_profile, some, some), max_size=5))
    found = recommender.score_many(businesses)
    assert len(found) == len(businesses)
    for (profile, adopted, dismissed), scored in zip(businesses, found, strict=True):
        asked = Asked("answer-1", adopted=tuple(adopted), dismissed=tuple(dismissed), key="k")
        told = dict.fromkeys((*profile.platforms_in_use, *adopted))
        in_use = [id_ for id_ in told if id_ not in dismissed]
        alone = recommender.model.score(profile_row("", profile, reference), in_use)
        assert scored.scores == pytest.approx(alone.scores, abs=1e-12)
        assert scored.probabilities == pytest.approx(alone.probabilities, abs=1e-12)
        assert np.array_equal(scored.history, alone.history)
        together = recommender.recommend(profile, asked, scored).recommendation
        once = recommender.recommend(profile, asked).recommendation
        assert [i.platform.id for i in together.items] == [i.platform.id for i in once.items]
        assert [i.score for i in together.items] == pytest.approx([i.score for i in once.items])
