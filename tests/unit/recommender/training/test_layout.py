"""The columns of rankers: what they are, which kind, and who each platform is made for."""

import dataclasses

import msgspec
import numpy as np
import pytest

from recommender.domain.recommendation import Filters
from recommender.features import profile_encoder
from recommender.policy.eligibility import Eligibility
from recommender.profiles import profile_table
from recommender.training.layout import layout_of, made_for_of


@pytest.fixture(scope="module")
def layout(reference):
    return layout_of(reference)


def test_platforms_are_sorted_and_each_is_of_its_category(layout, reference):
    assert layout.platforms == tuple(sorted(reference.platforms))
    categories = list(reference.categories)
    found = [categories[kind] for kind in layout.kinds]
    assert found == [reference.platforms[id_].category for id_ in layout.platforms]


def test_sums_have_the_columns_of_the_layout(layout):
    sums = layout.sums()
    assert sums.n_features == len(layout.encoder.columns)
    assert sums.n_platforms == len(layout.platforms)
    assert sums.kinds == layout.kinds
    assert sums.pairs == layout.pairs == len(layout.encoder.parents) > 0
    assert sums.weight == 0


def test_segments_are_made_of_sector_and_size(layout):
    names = [{layout.encoder.columns[column][0] for column in group} for group in layout.groups]
    assert names == [{"sector"}, {"size"}]
    told = [field for field, _ in layout.encoder.columns]
    assert sum(map(len, layout.groups)) == told.count("sector") + told.count("size")


def test_it_is_made_for_whom_the_policy_would_suggest_it_to(layout, reference, businesses):
    """Read from the encoded profiles alone, it is what the hard rules say of each business."""
    pairs = businesses[:200]
    profiles = layout.encoder.transform(profile_table(pairs, reference))
    found = made_for_of(layout, reference)(profiles)
    rules = Eligibility([reference.platforms[id_] for id_ in layout.platforms])
    expected = [
        rules.apply(profile, reference.size_class(profile).code, Filters(), (), ())[0]
        for _, profile in pairs
    ]
    assert np.array_equal(found, expected)
    assert 0 < np.mean(expected) < 1


def test_of_whom_sector_or_size_is_not_told_everything_may_be_suggested(layout, reference):
    nothing = profile_encoder(reference).transform(profile_table([], reference))
    untold = type(nothing)((2, len(layout.encoder.columns)))
    found = made_for_of(layout, reference)(untold)
    assert found.shape == (2, len(layout.platforms))
    assert found.all()


def test_a_platform_for_one_sector_is_made_for_nobody_else(layout, reference, make_profile):
    id_ = layout.platforms[0]
    only = msgspec.structs.replace(reference.platforms[id_], sectors=("I",), sizes=())
    changed = dataclasses.replace(reference, platforms={**reference.platforms, id_: only})
    pairs = [("a", make_profile(sector="I")), ("b", make_profile(sector="G"))]
    profiles = layout.encoder.transform(profile_table(pairs, reference))
    assert made_for_of(layout, changed)(profiles)[:, 0].tolist() == [True, False]
