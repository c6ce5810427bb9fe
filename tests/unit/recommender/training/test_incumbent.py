"""The model in service: how a new one can be compared with it fairly."""

import numpy as np
import pytest

from recommender.features import OneHotProfiles
from recommender.model import Model
from recommender.rankers import LogisticRanker, PopularityRanker, ResponseRanker, Sums
from recommender.training.incumbent import Incumbent
from recommender.training.layout import Layout

ENCODER = OneHotProfiles({"colour": ["red", "blue"]})
PLATFORMS = ("a", "b", "c", "d")
FACTS = {
    "parameters": {},
    "data_sha256": "0" * 64,
    "reference_version": "1",
    "seed": 0,
    "businesses": 2,
    "simulated_share": 1.0,
    "metrics": {},
}


def layout(platforms=PLATFORMS, kinds=(0, 0, 1, 1)):
    return Layout(ENCODER, platforms, kinds, ((0, 1),))


@pytest.fixture(scope="module")
def draw(make_part):
    """States that like some platforms more than others."""

    def make(n, seed=0, m=4):
        random = np.random.default_rng(seed)
        colour = random.integers(0, 2, n)
        likely = 0.1 + 0.6 * (np.arange(m) % 2 == colour[:, None])
        return make_part(
            np.eye(2)[colour],
            random.random((n, m)) < 0.2,
            np.ones((n, m)),
            strength=random.random((n, m)) < likely,
        )

    return make


def sums_of(part, kinds=(0, 0, 1, 1)):
    return part.add_to(Sums(2, len(kinds), ((0, 1),), kinds=kinds))


@pytest.fixture
def serve(registry, draw):
    """Put a model of other states into service."""

    def put(ranker, encoder=ENCODER):
        manifest = registry.save(Model(encoder, PLATFORMS, ranker, None), FACTS)
        registry.promote(manifest.version)
        return manifest.version

    return put


@pytest.fixture
def ranker(draw):
    return ResponseRanker(profile_penalty=77.0, use=0.2, kinds=(0, 0, 1, 1)).solve(
        sums_of(draw(50, seed=9))
    )


def test_where_no_model_is_in_service_there_is_nothing_to_compare_with(registry, draw):
    found = Incumbent.of(registry, layout(), sums_of(draw(20)))
    assert found == Incumbent(None, "no model is in service")
    assert found.ranker is found.model is found.manifest is None


def test_a_model_of_other_feature_columns_is_not_compared_with(registry, serve, draw, ranker):
    serve(ranker, encoder=OneHotProfiles({"colour": ["red", "blue", "green"]}))
    found = Incumbent.of(registry, layout(), sums_of(draw(20)))
    assert found.ranker is found.version is found.model is None
    assert "cannot be loaded: " in found.told
    assert "other feature columns" in found.told


def test_a_broken_model_is_not_compared_with(registry, serve, draw, ranker):
    version = serve(ranker)
    (registry.folder / version / "model.joblib").write_bytes(b"broken")
    found = Incumbent.of(registry, layout(), sums_of(draw(20)))
    assert found.ranker is None
    assert "does not match the checksum" in found.told


def test_it_is_compared_by_its_ranker_fitted_to_the_same_states(registry, serve, draw, ranker):
    version = serve(ranker)
    sums, test = sums_of(draw(60, seed=1)), draw(400, seed=2)
    found = Incumbent.of(registry, layout(), sums)
    assert found.version == found.manifest.version == version
    assert np.array_equal(
        found.model.ranker.score(test.profiles, test.used), ranker.score(test.profiles, test.used)
    )
    assert "fitted to the same states" in found.told
    assert found.ranker.get_params() == ranker.get_params()
    expected = ResponseRanker(**ranker.get_params()).solve(sums)
    asked = test.profiles, test.used
    assert np.array_equal(found.ranker.score(*asked), expected.score(*asked))
    assert not np.allclose(found.ranker.score(*asked), ranker.score(*asked))


NEW = layout(("a", "aa", "b", "d", "e"), (0, 2, 0, 1, 2))
"""Platform c has left the catalogue; aa and e are new, in a kind of their own."""


def test_its_parameters_are_fitted_in_the_new_columns(registry, serve, draw, ranker):
    serve(ranker)
    rest, test = sums_of(draw(60, m=5), NEW.kinds), draw(400, seed=2, m=5)
    found = Incumbent.of(registry, NEW, rest)
    assert found.ranker.score(test.profiles, test.used).shape == (400, 5)
    assert found.ranker.get_params() == ranker.get_params() | {"kinds": NEW.kinds}


def test_a_ranker_without_kinds_is_fitted_anew_as_well(registry, serve, draw):
    serve(PopularityRanker().solve(sums_of(draw(60))))
    rest, test = sums_of(draw(60, m=5), NEW.kinds), draw(40, m=5)
    found = Incumbent.of(registry, NEW, rest)
    expected = PopularityRanker().solve(rest).popularity_
    assert np.array_equal(found.ranker.score(test.profiles, test.used)[0], expected)


def test_a_ranker_that_does_not_learn_from_sums_cannot_be_fitted_anew(registry, serve, draw):
    part = draw(60)
    serve(LogisticRanker().fit(part.profiles, part.used))
    found = Incumbent.of(registry, layout(), sums_of(part))
    assert found.ranker is found.version is None
    assert found.told.startswith("the one in service cannot be fitted anew: ")
    assert found.model is not None  # it can still be measured as it is
