"""What is in use, what was taken up since, and how much each business counts."""

import datetime as dt
import itertools
from typing import get_args

import pandas as pd
import pytest

from recommender.domain.engagement import EventKind
from recommender.engagement import STRENGTH, WITHDRAWN, build_engagement, simulated_weight
from recommender.profiles import profile_table
from recommender.training.snapshot import EVENT_COLUMNS

PLATFORMS = ("misa-amis", "misa-cukcuk", "misa-meinvoice")
NOON = dt.datetime(2026, 3, 1, 12, tzinfo=dt.UTC)


@pytest.fixture(scope="session")
def engage(reference, make_profile):
    """Build the engagement of businesses given by what they declare, and of events in order.

    An event is `(business, platform, kind)` or `(business, platform, kind, rating)`.
    """

    def build(declared, events, shown=()):
        pairs = [(id_, make_profile(platforms_in_use=used)) for id_, used in declared.items()]
        profiles = profile_table(pairs, reference)
        profiles["shown"] = profiles["business_id"].isin(shown)
        rows = [
            (f"event-{n}", event[0], event[1], event[2], (*event, None)[3], NOON + n * HOUR)
            for n, event in enumerate(events)
        ]
        table = pd.DataFrame(rows, columns=list(EVENT_COLUMNS))
        table = table.astype({"rating": "Int64", "at": "datetime64[us, UTC]"})
        return build_engagement(profiles, table, PLATFORMS)

    return build


HOUR = dt.timedelta(hours=1)


def strength(engagement, row=0, column=0):
    return engagement.taken_up[[row]].toarray()[0, column]


def assert_nothing(*matrices):
    """And that no zeros are stored, which would be taken for platforms."""
    assert [matrix.nnz for matrix in matrices] == [0] * len(matrices)


def test_every_kind_of_event_has_a_meaning():
    assert {*STRENGTH, *WITHDRAWN, "rate"} == set(get_args(EventKind))


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("view", 0), ("click", 0.1), ("save", 0.3), ("trial", 0.5), ("adopt", 1), ("dismiss", 0)],
)
def test_each_kind_of_event_has_its_strength(engage, kind, expected):
    assert strength(engage({"a": []}, [("a", "misa-amis", kind)])) == expected


@pytest.mark.parametrize("order", [["trial", "click"], ["click", "trial"], ["trial"] * 5])
def test_the_strongest_event_of_a_pair_counts_once(engage, order):
    assert strength(engage({"a": []}, [("a", "misa-amis", kind) for kind in order])) == 0.5


@pytest.mark.parametrize(("rating", "expected"), [(5, 1), (4, 1), (3, 0), (1, 0), (None, 0)])
def test_a_rating_of_4_or_more_counts_like_an_adoption(engage, rating, expected):
    found = engage({"a": []}, [("a", "misa-amis", "rate", rating)])
    assert strength(found) == expected
    assert found.chosen.sum() == expected


def test_a_poor_rating_leaves_an_adoption_as_it_is(engage):
    events = [("a", "misa-amis", "adopt"), ("a", "misa-amis", "rate", 2)]
    assert strength(engage({"a": []}, events)) == 1


@pytest.mark.parametrize("kind", ["adopt", "trial", "click", "view"])
def test_what_is_in_use_cannot_be_taken_up(engage, kind):
    found = engage({"a": ["misa-cukcuk"]}, [("a", "misa-cukcuk", kind)])
    assert found.declared.toarray().tolist() == [[0, 1, 0]]
    assert_nothing(found.taken_up, found.chosen)


def test_use_and_what_is_taken_up_never_overlap(engage):
    """Whatever is done with a platform, and in whatever order."""
    pairs = itertools.product(["adopt", "dismiss", "trial", "abandon"], repeat=3)
    orders = {f"{number}": kinds for number, kinds in enumerate(pairs)}
    events = [(id_, "misa-amis", kind) for id_, kinds in orders.items() for kind in kinds]
    found = engage({id_: ["misa-amis", "misa-cukcuk"] for id_ in orders}, events)
    given_up = [bool({*WITHDRAWN} & {*kinds}) for kinds in orders.values()]
    before = [bool({*WITHDRAWN} & {*kinds[:2]}) for kinds in orders.values()]
    at_last = [kinds[2] in WITHDRAWN for kinds in orders.values()]
    assert found.declared.toarray()[:, 0].tolist() == [not gone for gone in given_up]
    assert (found.taken_up.toarray()[:, 0] > 0).tolist() == [
        gone and not gone_again for gone, gone_again in zip(before, at_last, strict=True)
    ]
    assert found.declared.toarray()[:, 1].all()
    assert_nothing(found.taken_up[:, [1]], found.declared.multiply(found.taken_up))
    assert set(found.declared.data.tolist()) == set(found.chosen.data.tolist()) == {1.0}


def test_what_is_adopted_afterwards_was_chosen(engage):
    events = [("a", "misa-amis", "adopt"), ("a", "misa-meinvoice", "trial")]
    found = engage({"a": ["misa-cukcuk"]}, events)
    assert found.declared.toarray().tolist() == [[0, 1, 0]]
    assert found.taken_up.toarray().tolist() == [[1, 0, 0.5]]
    assert found.chosen.toarray().tolist() == [[1, 0, 0]]


@pytest.mark.parametrize("kind", WITHDRAWN)
def test_a_withdrawal_takes_back_what_was_declared_and_what_came_before(engage, kind):
    events = [("a", "misa-amis", "adopt"), ("a", "misa-amis", kind)]
    for declared in ([], ["misa-amis"]):
        for some in (events, events[1:]):
            found = engage({"a": declared}, some)
            assert_nothing(found.declared, found.taken_up, found.chosen)


@pytest.mark.parametrize("kind", WITHDRAWN)
def test_what_was_given_up_and_adopted_again_was_chosen(engage, kind):
    events = [("a", "misa-amis", kind), ("a", "misa-amis", "adopt")]
    found = engage({"a": ["misa-amis", "misa-cukcuk"]}, events)
    assert found.declared.toarray().tolist() == [[0, 1, 0]]
    assert found.taken_up.toarray().tolist() == found.chosen.toarray().tolist() == [[1, 0, 0]]


@pytest.mark.parametrize("kind", WITHDRAWN)
@pytest.mark.parametrize(("later", "expected"), [("adopt", 1), ("click", 0.1), ("view", 0)])
def test_after_a_withdrawal_only_what_comes_later_counts(engage, kind, later, expected):
    events = [("a", "misa-amis", "adopt"), ("a", "misa-amis", kind), ("a", "misa-amis", later)]
    for declared in ([], ["misa-amis"]):
        found = engage({"a": declared}, events)
        assert strength(found) == expected
        assert found.chosen.nnz == (expected == 1)
        assert_nothing(found.declared)


def test_the_time_of_events_decides_not_their_order_in_the_table(engage, reference, make_profile):
    events = [
        ("late", "a", "misa-amis", "adopt", None, NOON + HOUR),
        ("early", "a", "misa-amis", "dismiss", None, NOON),
    ]
    table = pd.DataFrame(events, columns=list(EVENT_COLUMNS))
    profiles = profile_table([("a", make_profile())], reference).assign(shown=False)
    assert strength(build_engagement(profiles, table, PLATFORMS)) == 1


def test_a_withdrawal_concerns_its_own_platform_and_business_alone(engage):
    used = {"a": ["misa-amis", "misa-cukcuk"], "b": ["misa-amis"]}
    adopted = [("a", "misa-meinvoice", "adopt"), ("b", "misa-cukcuk", "adopt")]
    found = engage(used, [*adopted, ("a", "misa-amis", "dismiss")])
    assert found.declared.toarray().tolist() == [[0, 1, 0], [1, 0, 0]]
    assert found.taken_up.toarray().tolist() == [[0, 0, 1], [0, 1, 0]]
    assert found.chosen.toarray().tolist() == [[0, 0, 1], [0, 1, 0]]


def test_unknown_platforms_and_businesses_are_left_out(engage):
    events = [
        ("a", "no-such-platform", "adopt"),
        ("nobody", "misa-amis", "adopt"),
        ("a", "misa-meinvoice", "save"),
    ]
    found = engage({"a": ["sapo"], "b": []}, events)
    assert found.taken_up.toarray().tolist() == [[0, 0, 0.3], [0, 0, 0]]
    assert_nothing(found.declared, found.chosen)


def test_no_events_at_all_leave_what_is_declared(engage):
    found = engage({"a": ["misa-amis"], "b": []}, [])
    assert found.declared.toarray().tolist() == [[1, 0, 0], [0, 0, 0]]
    assert_nothing(found.taken_up, found.chosen)
    assert found.known.tolist() == [True, False]


def test_of_recorded_businesses_without_any_sign_nothing_is_known(engage):
    found = engage({"a": [], "b": ["misa-amis"], "c": []}, [("c", "misa-cukcuk", "view")])
    assert found.known.tolist() == [False, True, True]


def test_who_was_shown_a_list_is_known_even_if_it_did_nothing(engage):
    """Else probabilities would be those of the businesses that react."""
    assert engage({"s": [], "a": []}, [], shown=("s",)).known.tolist() == [True, False]


def test_simulated_businesses_fade_as_recorded_ones_come():
    assert simulated_weight(0) == 1
    weights = [simulated_weight(recorded) for recorded in (0, 10, 1_000, 100_000)]
    assert weights == sorted(set(weights), reverse=True)
    assert simulated_weight(1_000) == 0.5
    assert 0 < simulated_weight(10**9) < 1e-5
