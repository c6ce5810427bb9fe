"""What rankers reach of what businesses took up, beside one another and slice by slice."""

from dataclasses import replace

import numpy as np
import pytest

from recommender.features import profile_encoder
from recommender.profiles import profile_table
from recommender.training.holdout import everything
from recommender.training.measure import MEASURES, Gains, by_slice, measured, slices_of

SECOND, THIRD, FOURTH = 1 / np.log2([3, 4, 5])

# One state, four platforms: the first three were shown, the fourth could have been.
ONE = {
    "profiles": [[1]],
    "used": [[0, 0, 0, 0]],
    "examined": [[1, 0.5, 0.25, 0]],
    "strength": [[1, 0.5, 0, 0]],
    "chosen": [[1, 0, 0, 0]],
    "inclusion": [[0.5, 0.25, 1, 0]],
}
ORDER = [2, 1, 3, 4]
"""The fourth first, then the third, the first and the second."""


@pytest.fixture
def many(make_part):
    """200 businesses that were shown two platforms and took up the first one, some strongly."""
    random = np.random.default_rng(0)
    strength = np.zeros((200, 3))
    strength[:, 0] = random.random(200)
    shown = np.tile([1.0, 1.0, 0.0], (200, 1))
    return make_part(np.ones((200, 1)), np.zeros((200, 3)), shown, strength=strength)


def gains(scores, part, fixed):
    return Gains.of(fixed(scores), part, everything)


def test_what_was_shown_is_ordered_anew_and_divided_by_how_likely_it_was_looked_at(
    make_part, fixed
):
    found = gains(ORDER, make_part(**ONE), fixed)
    assert found.above["reranked"] == pytest.approx(SECOND + 0.5 / 0.5 * THIRD)
    assert found.below["reranked"] == pytest.approx(1 + SECOND)


def test_of_adoptions_nothing_else_counts(make_part, fixed):
    found = gains(ORDER, make_part(**ONE), fixed)
    assert found.above["adoptions"] == pytest.approx(SECOND)
    assert found.below["adoptions"] == pytest.approx(1)


def test_the_full_ranking_weighs_what_was_shown_by_how_unlikely_that_was(make_part, fixed):
    found = gains(ORDER, make_part(**ONE), fixed)
    assert found.above["full"] == pytest.approx(1 / 0.5 * THIRD + 1 / 0.25 * FOURTH)
    assert found.below["full"] == pytest.approx(1)


def test_the_full_ranking_has_neither_what_is_in_use_nor_what_is_not_made_for_a_business(
    make_part, fixed
):
    """The first two go up where the fourth is in use, and the third not made for it."""
    part = make_part(**ONE | {"used": [[0, 0, 0, 1]]})
    not_the_third = np.array([[True, True, False, True]])
    found = Gains.of(fixed(ORDER), part, lambda profiles: not_the_third)
    assert found.above["full"] == pytest.approx(1 / 0.5 + 1 / 0.25 * SECOND)


def test_states_count_by_their_weight(make_part, fixed):
    """The first one finds what it wants first, the second one second."""
    part = make_part(
        np.ones((2, 1)), np.zeros((2, 2)), np.ones((2, 2)), strength=np.eye(2), weights=[3, 1]
    )
    found, _ = measured({"ours": gains([2, 1], part, fixed)}, part)
    assert found["ours"]["reranked"]["value"] == pytest.approx((3 + SECOND) / 4, abs=1e-5)


def test_the_first_ranker_is_compared_with_each_of_the_others(many, fixed):
    rankers = {"right": gains([2, 1, 0], many, fixed), "wrong": gains([1, 2, 0], many, fixed)}
    values, differences = measured(rankers, many)
    assert list(values) == ["right", "wrong"]
    assert list(differences) == ["wrong"]
    assert set(values["right"]) == set(differences["wrong"]) == set(MEASURES)
    assert values["right"]["reranked"] == {"value": 1, "low": 1, "high": 1}
    assert values["wrong"]["reranked"]["value"] == pytest.approx(SECOND, abs=1e-5)
    found = differences["wrong"]["reranked"]
    assert found["value"] == pytest.approx(1 - SECOND, abs=1e-5)


def test_differences_are_paired(many, fixed):
    """Both vary with how much businesses take up, and differ by a third of it in each of them."""
    rankers = {"right": gains([2, 1, 0], many, fixed), "wrong": gains([1, 2, 0], many, fixed)}
    values, differences = measured(rankers, many)
    one, difference = values["right"]["full"], differences["wrong"]["full"]
    assert one["low"] < one["value"] < one["high"]
    share = difference["value"] / one["value"]
    assert share == pytest.approx(1 - SECOND, abs=1e-3)
    width = difference["high"] - difference["low"]
    assert width == pytest.approx(share * (one["high"] - one["low"]), rel=0.01)


def test_a_ranker_differs_by_nothing_from_itself(many, fixed):
    same = {name: gains([1, 2, 0], many, fixed) for name in ("one", "other")}
    nothing = {"value": 0, "low": 0, "high": 0}
    assert measured(same, many)[1]["other"] == dict.fromkeys(MEASURES, nothing)


def test_states_of_one_business_are_no_evidence_of_their_own(many, fixed):
    """The same states, but of four businesses that each do the same all along: less is known."""
    alike = many[np.argsort(many.strength[:, [0]].toarray().ravel())]
    few = replace(alike, businesses=np.arange(200) // 50)
    widths = []
    for part in (alike, few):
        found = measured({"ours": gains([2, 1, 0], part, fixed)}, part)[0]["ours"]["full"]
        widths.append(found["high"] - found["low"])
    assert widths[1] > 3 * widths[0]


def test_the_same_seed_gives_the_same_intervals(many, fixed):
    ours = {"ours": gains([2, 1, 0], many, fixed)}
    assert measured(ours, many, seed=3) == measured(ours, many, seed=3)
    assert measured(ours, many, seed=3) != measured(ours, many, seed=4)


def test_each_slice_has_what_is_reached_in_it_and_the_difference(make_part, fixed):
    part = make_part(np.ones((3, 1)), np.zeros((3, 2)), np.ones((3, 2)), strength=np.eye(3)[:, :2])
    ours, other = gains([[2, 1]], part, fixed), gains([[1, 2]], part, fixed)
    slices = {
        "size": {
            "first": np.array([True, False, False]),
            "both": np.array([True, True, False]),
            "nothing": np.array([False, False, True]),
            "nobody": np.zeros(3, dtype=bool),
        }
    }
    found = by_slice(ours, other, part, slices)["size"]
    assert list(found) == ["first", "both", "nothing"]
    assert [each["states"] for each in found.values()] == [1, 2, 1]
    assert found["first"]["reranked"] == 1
    assert found["first"]["difference"] == pytest.approx(1 - SECOND, abs=1e-5)
    assert found["both"]["difference"] == 0
    assert found["both"]["low"] < 0 < found["both"]["high"]
    assert found["nothing"]["reranked"] == found["nothing"]["difference"] == 0


def test_slices_are_those_of_the_answers_and_of_what_is_in_use(make_part, make_profile, reference):
    profiles = [
        make_profile(province="48", sector="I"),
        make_profile(province="01", sector="G", legal_form="enterprise", employees=30),
        make_profile(province="46", sector="G"),
    ]
    pairs = [(str(number), profile) for number, profile in enumerate(profiles)]
    encoder = profile_encoder(reference)
    used = np.zeros((3, 5))
    used[1, :3] = used[2, :4] = 1
    told = encoder.transform(profile_table(pairs, reference)).toarray()
    part = make_part(told, used, np.zeros((3, 5)))
    found = slices_of(part, encoder, reference)
    assert set(found) == {"history", "size", "sector", "region", "legal_form", "businesses"}

    def who(field, value):
        return np.flatnonzero(found[field][value]).tolist()

    assert [who("history", kind) for kind in ("none", "1 to 3", "more")] == [[0], [1], [2]]
    assert (who("sector", "I"), who("sector", "G")) == ([0], [1, 2])
    assert (who("legal_form", "household"), who("legal_form", "enterprise")) == ([0, 2], [1])
    centre, north = (reference.current_provinces[code].region for code in ("48", "01"))
    assert (who("region", centre), who("region", north)) == ([0, 2], [1])
    assert who("businesses", "recorded alone") == []
    del found["businesses"]
    for masks in found.values():
        assert np.sum(list(masks.values()), axis=0).tolist() == [1, 1, 1]
