"""However many processes count the requests of a key, together they keep its limit."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access.bucket import SECOND, Limit, Taken
from service.access.limiter import Limiter, LocalBuckets, slice_of

LIMITS = st.builds(Limit, rate=st.floats(0.1, 1_000), burst=st.integers(1, 200))
VISITS = st.lists(
    st.tuples(
        st.integers(0, 5 * SECOND) | st.integers(0, 1_000_000),
        st.integers(0, 7),
        st.integers(1, 40),
    ),
    min_size=1,
    max_size=30,
)
"""Nanoseconds since the last visit, the process that it reaches, and how many requests it makes."""


class Clock:
    """Time that passes only when told."""

    def __init__(self) -> None:
        self.now = 0

    def __call__(self) -> int:
        return self.now


def served(limit: Limit, visits, processes: int) -> list[tuple[int, int]]:
    """Return how many requests of each visit pass, over some processes on one bucket."""
    clock = Clock()
    shared = LocalBuckets(clock)
    limiters = [Limiter(shared, clock) for _ in range(processes)]

    async def run() -> list[tuple[int, int]]:
        passed = []
        for pause, process, requests in visits:
            clock.now += pause
            limiter = limiters[process % processes]
            standings = await asyncio.gather(*(limiter.take("k", limit) for _ in range(requests)))
            passed.append((clock.now, sum(standing.wait == 0 for standing in standings)))
        return passed

    return asyncio.run(run())


@given(LIMITS, VISITS, st.integers(1, 8))
def test_processes_together_exceed_a_limit_by_a_slice_each_at_most(limit, visits, processes):
    passed = served(limit, visits, processes)
    held = processes * slice_of(limit)
    for first in range(len(passed)):
        total = 0
        for now, requests in passed[first:]:
            total += requests
            seconds = (now - passed[first][0]) / SECOND
            assert total <= limit.burst + limit.rate * seconds + held


@given(LIMITS, VISITS)
def test_one_process_serves_what_the_bucket_allows(limit, visits):
    """From the start nothing is held yet: not even a slice may be beyond the limit."""
    total, requested = 0, 0
    for (now, requests), (_, _, wanted) in zip(served(limit, visits, 1), visits, strict=True):
        total, requested = total + requests, requested + wanted
        assert total <= limit.burst + limit.rate * now / SECOND
        assert total >= min(requested, limit.burst)


class Slow:
    """A source that takes its time, and counts how often it is asked."""

    def __init__(self, taken: Taken) -> None:
        self.taken = taken
        self.asked = 0

    async def lease(self, id_: str, limit: Limit, wanted: int) -> Taken:
        self.asked += 1
        await asyncio.sleep(0)
        return self.taken


@pytest.mark.parametrize(
    ("taken", "asked", "passed"),
    [(Taken(10, 0, 0, 0), 5, 50), (Taken(0, 0, 0, 60 * SECOND), 1, 0)],
    ids=["slices of ten", "nothing for a minute"],
)
def test_requests_at_once_ask_one_at_a_time(taken, asked, passed):
    source = Slow(taken)

    async def run() -> int:
        limiter = Limiter(source, Clock())
        takes = (limiter.take("k", Limit(10, 100)) for _ in range(50))
        return sum(standing.wait == 0 for standing in await asyncio.gather(*takes))

    assert asyncio.run(run()) == passed
    assert source.asked == asked


def test_keys_are_counted_apart_and_told_what_is_left():
    async def run() -> list[tuple[int, int]]:
        clock = Clock()
        limiter = Limiter(LocalBuckets(clock), clock)
        limit = Limit(rate=1, burst=2)
        found = [await limiter.take(key, limit) for key in ("a", "a", "a", "b")]
        clock.now = SECOND // 4
        return [*found, await limiter.take("a", limit)]

    told = asyncio.run(run())
    assert told == [(1, 0), (0, 0), (0, SECOND), (1, 0), (0, 3 * SECOND // 4)]


def test_a_slice_is_a_tenth_of_a_burst_and_never_nothing():
    assert [slice_of(Limit(1, burst)) for burst in (1, 9, 10, 25, 200)] == [1, 1, 1, 2, 20]
    assert Limit(50, 200).window == 4 * SECOND
