"""Who asked in the last day, and how far they are from those whom a model learned from."""

from collections import Counter

import pytest

from service.telemetry.mix import STEP_SECONDS, WINDOW_SECONDS, Mix, drift_of

SHOP, FACTORY = ("G", "household", "household"), ("C", "small", "enterprise")
LEARNED = {
    "businesses": 10_000,
    "fields": {
        "sector": {"G": 0.5, "C": 0.5},
        "size": {"household": 0.5, "small": 0.5},
        "legal_form": {"household": 0.5, "enterprise": 0.5},
        "province": {"48": 1.0},
    },
}


class World:
    """The time, and who ever asked."""

    def __init__(self):
        self.now = 0.0
        self.totals = Counter()

    def mix(self):
        return Mix(lambda: dict(self.totals), lambda: self.now)


def test_only_those_since_it_began_count():
    world = World()
    world.totals[SHOP] = 1_000
    mix = world.mix()
    assert mix.asked().total() == 0
    world.totals.update({SHOP: 2, FACTORY: 3})
    assert +mix.asked() == Counter({SHOP: 2, FACTORY: 3})
    assert +mix.asked() == Counter({SHOP: 2, FACTORY: 3})


def test_who_asked_more_than_a_day_ago_counts_no_more():
    world = World()
    mix = world.mix()
    for hour in range(72):
        world.now = hour * 3600.0
        world.totals[SHOP if hour < 30 else FACTORY] += 10
        asked = +mix.asked()
        assert asked.total() <= 10 * (24 + 2)
    assert asked[FACTORY] >= 10 * 24
    assert SHOP not in asked


def test_the_window_is_a_day_however_often_it_is_looked_at():
    world = World()
    mix = world.mix()
    for second in range(0, 2 * 86_400, 60):
        world.now = float(second)
        world.totals[SHOP] += 1
        asked = mix.asked()
    minutes = asked[SHOP]
    assert WINDOW_SECONDS / 60 <= minutes <= (WINDOW_SECONDS + STEP_SECONDS) / 60 + 1


def test_the_distance_is_the_share_that_would_have_to_be_others():
    found = drift_of(Counter({SHOP: 90, FACTORY: 10}), LEARNED)
    assert set(found) == {"sector", "size", "legal_form"}
    for field in found.values():
        assert field["distance"] == pytest.approx(0.4)
        assert 0 < field["chance"] < 0.2


def test_few_may_differ_by_chance():
    few, many = (drift_of(Counter({SHOP: 3 * n, FACTORY: n}), LEARNED) for n in (1, 1_000))
    assert few["sector"]["distance"] == many["sector"]["distance"] == pytest.approx(0.25)
    assert few["sector"]["distance"] < few["sector"]["chance"]
    assert many["sector"]["distance"] > many["sector"]["chance"]


def test_who_was_never_learned_from_counts_in_full():
    found = drift_of(Counter({("Z", "large", "cooperative"): 5}), LEARNED)
    assert found["sector"]["distance"] == 1.0


def test_if_nobody_asked_there_is_nothing_to_tell():
    assert drift_of(Counter(), LEARNED) == {}
    assert drift_of(Counter({SHOP: 0}), LEARNED) == {}
