"""A bucket never gives more than burst + rate * t, and all of that to whoever waits as told."""

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.bucket import SECOND, Limit, seconds_of

LIMITS = st.builds(Limit, rate=st.floats(0.01, 100_000), burst=st.integers(1, 1_000_000))
PAUSES = st.integers(0, 100 * SECOND) | st.integers(0, 1_000_000)
STEPS = st.lists(st.tuples(PAUSES, st.integers(1, 50)), min_size=1, max_size=60)
"""Nanoseconds since the step before, and how many tokens are wanted."""


@given(LIMITS, STEPS, st.sampled_from([0, 1_800_000_000 * SECOND]))
def test_in_no_window_more_is_given_than_burst_and_rate_allow(limit, steps, start):
    full_at, given_then = 0, []
    times = accumulate((pause for pause, _ in steps), initial=start)
    for now, (_, wanted) in zip(list(times)[1:], steps, strict=True):
        taken = limit.take(full_at, now, wanted)
        assert 0 <= taken.tokens <= wanted
        full_at = taken.full_at
        given_then.append((now, taken.tokens))
    for i, (first, _) in enumerate(given_then):
        total = 0
        for now, tokens in given_then[i:]:
            total += tokens
            assert total <= limit.burst + limit.rate * (now - first) / SECOND


@given(LIMITS, st.integers(0, 10**18))
def test_a_full_bucket_gives_a_burst_at_once_and_then_nothing(limit, now):
    taken = limit.take(0, now, limit.burst + 1)
    assert (taken.tokens, taken.left, taken.wait) == (limit.burst, 0, 0)
    after = limit.take(taken.full_at, now)
    assert (after.tokens, after.wait) == (0, limit.pause)


@given(LIMITS, STEPS)
def test_whoever_waits_as_long_as_told_is_served_and_not_before(limit, steps):
    full_at = now = 0
    for pause, wanted in steps:
        now += pause
        taken = limit.take(full_at, now, wanted)
        if not taken.tokens:
            assert limit.take(taken.full_at, now + taken.wait - 1).tokens == 0
            now += taken.wait
            taken = limit.take(taken.full_at, now)
            assert taken.tokens == 1
        full_at = taken.full_at


@given(LIMITS, STEPS)
def test_what_is_left_can_be_taken_and_no_more(limit, steps):
    full_at = now = 0
    for pause, wanted in steps:
        now += pause
        taken = limit.take(full_at, now, wanted)
        assert limit.take(taken.full_at, now, 10**9).tokens == taken.left
        full_at = taken.full_at


@given(LIMITS, st.integers(1, 10**6))
def test_in_the_long_run_the_rate_is_given(limit, seconds):
    """Whole nanoseconds cost a bucket of 100,000 a second a hundredth of a percent at most."""
    start = 0
    full_at = limit.take(0, start, limit.burst).full_at
    given_then = limit.take(full_at, seconds * SECOND, 10**12).tokens
    due = min(limit.rate * seconds, limit.burst)
    assert due * 0.9999 - 1 <= given_then <= due


def test_a_token_never_comes_back_too_early():
    assert Limit(rate=3, burst=1).pause == 333_333_334


def test_a_clock_that_is_put_back_gives_nothing_away_and_shuts_nobody_out():
    limit = Limit(rate=1, burst=5)
    full_at = limit.take(0, 1_000 * SECOND, 5).full_at
    after = limit.take(full_at, 900 * SECOND)
    assert (after.tokens, after.wait) == (0, SECOND)
    assert limit.take(after.full_at, 901 * SECOND).tokens == 1
    assert limit.take(full_at, 900 * SECOND + limit.window).tokens == 0


@pytest.mark.parametrize(
    ("nanoseconds", "told"), [(0, 1), (1, 1), (SECOND, 1), (SECOND + 1, 2), (90 * SECOND, 90)]
)
def test_waits_are_told_in_whole_seconds_rounded_up(nanoseconds, told):
    assert seconds_of(nanoseconds) == told
