"""How much a row counts by its age, and beside what was recorded."""

import datetime as dt

import pandas as pd
import pytest

from recommender.engagement import decay, simulated_weight
from recommender.engagement.weighting import HALF_LIFE

NOW = pd.Timestamp(dt.datetime(2026, 11, 1, tzinfo=dt.UTC))


def test_simulated_businesses_fade_as_recorded_ones_come():
    assert simulated_weight(0) == 1
    weights = [simulated_weight(recorded) for recorded in (0, 10, 1_000, 100_000)]
    assert weights == sorted(set(weights), reverse=True)
    assert simulated_weight(1_000) == 0.5
    assert 0 < simulated_weight(10**9) < 1e-5


def test_what_is_older_counts_less():
    at = pd.Series([NOW, NOW - HALF_LIFE, NOW - 3 * HALF_LIFE])
    assert decay(at, NOW) == pytest.approx([1, 0.5, 0.125])


def test_what_has_no_time_or_comes_later_counts_whole():
    assert decay(pd.Series([pd.NaT, NOW + HALF_LIFE]).dt.tz_convert("UTC"), NOW).tolist() == [1, 1]
