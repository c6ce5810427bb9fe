"""One way of scoring: a business alone and in a batch."""

import io

import joblib
import numpy as np
import pytest

from recommender.features import OneHotProfiles
from recommender.model import Model
from recommender.rankers import (
    LogisticRanker,
    PopularityRanker,
    ResponseRanker,
    SegmentPopularityRanker,
    Sums,
)
from recommender.training import scoring as module
from recommender.training.scoring import scoring

FEATURES, PLATFORMS = 4, 6
GROUPS = ((0, 1),)
ENCODER = OneHotProfiles({"colour": ["red", "blue", "green", "grey"]})


@pytest.fixture(scope="module")
def part(make_part):
    random = np.random.default_rng(0)
    n = 300
    profiles = np.eye(FEATURES)[random.integers(0, FEATURES, n)]
    used = random.random((n, PLATFORMS)) < 0.3
    strength = random.random((n, PLATFORMS)) < 0.2 + 0.5 * profiles[:, [0]]
    return make_part(profiles, used, ~used, strength=strength * ~used)


@pytest.fixture(scope="module")
def model_of(part):
    def make(ranker):
        platforms = tuple(f"platform-{number}" for number in range(PLATFORMS))
        return Model(ENCODER, platforms, ranker, None)

    return make


def fitted(part):
    sums = part.add_to(Sums(FEATURES, PLATFORMS, GROUPS))
    yield ResponseRanker().solve(sums)
    yield SegmentPopularityRanker(GROUPS).solve(sums)
    yield PopularityRanker().solve(sums)
    yield LogisticRanker().fit(part.profiles, part.used)


def test_each_ranker_scores_a_business_alone_as_in_a_batch(part, model_of):
    for ranker in fitted(part):
        assert scoring(model_of(ranker), part)["parity"] == pytest.approx(0, abs=1e-12)


def test_a_ranker_that_does_not_is_found_by_its_largest_difference(part, model_of):
    class Astray(ResponseRanker):
        def score_one(self, profile, history):
            scores = super().score_one(profile, history)
            scores[3] -= 0.25 * (len(history) == 2)
            return scores

    ranker = Astray().solve(part.add_to(Sums(FEATURES, PLATFORMS)))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(joblib, "dump", lambda model, buffer: None)  # a class of a test has no place
        assert scoring(model_of(ranker), part)["parity"] == pytest.approx(0.25)


def test_the_size_is_that_of_the_artefact(part, model_of):
    model = model_of(next(fitted(part)))
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    assert scoring(model, part)["megabytes"] == pytest.approx(
        len(buffer.getvalue()) / 1e6, abs=1e-3
    )


def test_the_time_is_that_of_one_business(part, model_of, monkeypatch):
    """A clock that goes one second further each time it is read."""
    ticks = iter(range(1_000))
    monkeypatch.setattr(module.time, "perf_counter", lambda: next(ticks))
    assert scoring(model_of(next(fitted(part))), part)["milliseconds"] == 1_000
    assert next(ticks) == 2 * module.ASKED


def test_one_state_is_enough(part, model_of):
    found = scoring(model_of(next(fitted(part))), part[np.arange(1)])
    assert found["parity"] == pytest.approx(0, abs=1e-12)
