"""Estimators do in scikit-learn's hands what its own do."""

import pandas as pd
import pytest
from sklearn.base import clone
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline

from recommender.features import OneHotProfiles
from recommender.rankers import LogisticRanker, PopularityRanker, ResponseRanker


def test_parameters_are_those_of_the_constructor_by_name():
    assert LogisticRanker(C=2.0).get_params() == {"C": 2.0}
    assert PopularityRanker().get_params() == {}
    assert repr(LogisticRanker(C=2.0)) == "LogisticRanker(C=2.0)"


def test_a_copy_has_the_parameters_and_nothing_that_was_learned():
    ranker = ResponseRanker(kinds=(0, 0, 1))
    ranker.shape_ = (1, 3)
    copy = clone(ranker)
    assert copy.get_params() == ranker.get_params()
    assert not hasattr(copy, "shape_")


def test_a_parameter_that_is_not_known_is_named_with_those_that_are():
    assert LogisticRanker().set_params(C=3.0).C == 3.0
    with pytest.raises(ValueError, match="LogisticRanker has no parameter D: it has C"):
        LogisticRanker().set_params(D=1)
    with pytest.raises(ValueError, match="PopularityRanker has no parameter D: it has none"):
        PopularityRanker().set_params(D=1)


def test_the_encoder_is_a_step_of_a_pipeline():
    table = pd.DataFrame({"sector": ["G", "C", "G", "C"]})
    steps = make_pipeline(OneHotProfiles({"sector": ["C", "G"]}), LogisticRegression())
    assert list(clone(steps).fit(table, [1, 0, 1, 0]).predict(table)) == [1, 0, 1, 0]
