"""Platforms are alike where they suit the same businesses, and the reasons say in what."""

import numpy as np
import pytest

from recommender.domain.recommendation import SimilarPlatforms
from recommender.fallback import popularity_model
from recommender.model import Model
from recommender.policy.likeness import LEAST, Likeness


@pytest.fixture(scope="module")
def likeness(model, reference):
    return Likeness(model, reference)


@pytest.fixture
def similar(likeness):
    def ask(id_, n=100, locale="en") -> SimilarPlatforms:
        return likeness.similar(id_, n, locale, "version-1")

    return ask


def test_those_of_the_same_category_come_first_and_the_most_alike_before_others(similar, reference):
    for id_, platform in reference.platforms.items():
        items = similar(id_).items
        shown = [item.platform.id for item in items]
        assert id_ not in shown
        assert len(shown) == len(set(shown))
        same = [item.platform.category == platform.category for item in items]
        assert [item.same_category for item in items] == same == sorted(same, reverse=True)
        peers = {p.id for p in reference.platforms.values() if p.category == platform.category}
        assert peers - {id_} <= set(shown)
        for group in (True, False):
            found = [item.likeness for item in items if item.same_category is group]
            known = [each for each in found if each is not None]
            assert known == sorted(known, reverse=True)
            assert found[: len(known)] == known, "what is not known comes last"
        elsewhere = [item.likeness for item in items if not item.same_category]
        assert all(each >= LEAST for each in elsewhere)


def test_likeness_is_the_cosine_of_what_each_answer_adds_compared_with_all(likeness, model):
    columns = range(len(model.encoder.columns))
    nothing = np.array([], dtype=np.intp)
    scores = np.array([model.ranker.score_one(np.array([c]), nothing) for c in columns])
    centred = scores - scores.mean(axis=0)
    centred -= centred.mean(axis=1, keepdims=True)
    one, other = model.platforms[:2]
    first, second = centred[:, 0], centred[:, 1]
    cosine = first @ second / np.sqrt((first @ first) * (second @ second))
    assert likeness.between(one, other) == pytest.approx(cosine, abs=1e-4)
    assert likeness.between(one, other) == likeness.between(other, one)
    assert likeness.between(one, one) == 1.0
    assert likeness.parts(one, other).sum() == pytest.approx(cosine)


@pytest.mark.parametrize("locale", ["vi", "en"])
def test_every_reason_is_told_in_the_language_of_the_reader(similar, reference, locale):
    reasons = reference.messages.reasons
    starts = {
        name: reasons[name].say(locale, value="").strip()
        for name in ("same_category", "both_suit", "both_help")
    } | {"alike": reasons["alike"].say(locale)}
    told = set()
    for id_ in reference.platforms:
        for item in similar(id_, locale=locale).items:
            assert item.reasons
            kinds = [next(k for k, s in starts.items() if r.startswith(s)) for r in item.reasons]
            assert (kinds[0] == "same_category") == item.same_category
            assert kinds.count("same_category") <= 1
            told |= set(kinds)
    assert {"same_category", "both_suit"} <= told


def test_a_shorter_list_is_the_beginning_of_a_longer_one(similar):
    longer = similar("sapo", n=20).items
    for n in (1, 3):
        assert similar("sapo", n=n).items == longer[:n]


def test_without_a_model_the_category_alone_tells(reference):
    adoptions = {"kiotviet": 50, "pos365": 20}
    likeness = Likeness(popularity_model(reference, adoptions, 100), reference)
    items = likeness.similar("sapo", 100, "en", "none").items
    assert [item.platform.id for item in items[:2]] == ["kiotviet", "pos365"]
    assert all(item.same_category and item.likeness is None for item in items)
    assert all(len(item.reasons) == 1 for item in items)


def test_a_platform_that_the_model_does_not_know_is_like_its_category(model, reference):
    gone = model.column_of["sapo"]
    keep = [i for i in range(len(model.platforms)) if i != gone]

    class Fewer:
        def score(self, profiles, history):
            every = np.zeros((history.shape[0], len(model.platforms)))
            return model.ranker.score(profiles, type(history)(every))[:, keep]

    known = tuple(model.platforms[i] for i in keep)
    likeness = Likeness(Model(model.encoder, known, Fewer(), None), reference)
    items = likeness.similar("sapo", 100, "vi", "version-1").items
    assert items
    assert all(item.same_category and item.likeness is None for item in items)
    (told,) = [
        each
        for each in likeness.similar("kiotviet", 100, "vi", "v").items
        if each.platform.id == "sapo"
    ]
    assert told.likeness is None
