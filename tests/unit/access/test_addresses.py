"""Those without a key are counted by address, at constant cost and in bounded memory."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.access import addresses
from service.access.addresses import AddressBuckets, address_of
from service.access.bucket import SECOND, Limit

LIMIT = Limit(rate=0.5, burst=4)


@given(st.lists(st.tuples(st.integers(0, 20 * SECOND), st.sampled_from("abc")), max_size=60))
def test_no_address_gets_more_than_its_limit(visits):
    now = 0
    buckets = AddressBuckets(LIMIT, lambda: now)
    passed: dict[str, list[int]] = {"a": [], "b": [], "c": []}
    for pause, address in visits:
        now += pause
        if not buckets.take(address).wait:
            passed[address].append(now)
    for times in passed.values():
        for i, first in enumerate(times):
            for j in range(i, len(times)):
                seconds = (times[j] - first) / SECOND
                assert j - i + 1 <= LIMIT.burst + LIMIT.rate * seconds


def test_an_address_is_remembered_over_a_turn_of_the_generations():
    now = 0
    buckets = AddressBuckets(LIMIT, lambda: now)
    now = LIMIT.window - 1
    assert [buckets.take("a").wait for _ in range(LIMIT.burst)] == [0] * LIMIT.burst
    now = LIMIT.window
    assert buckets.take("a").wait > 0


def test_addresses_are_forgotten_once_their_buckets_are_full():
    now = 0
    buckets = AddressBuckets(LIMIT, lambda: now)
    for i in range(1_000):
        buckets.take(f"visitor {i}")
    now = 3 * LIMIT.window
    buckets.take("one more")
    now = 5 * LIMIT.window
    buckets.take("one more")
    assert len(buckets._young) + len(buckets._old) <= 2


def test_memory_is_bounded_whoever_comes(monkeypatch):
    monkeypatch.setattr(addresses, "MOST", 100)
    buckets = AddressBuckets(LIMIT, lambda: 0)
    for i in range(1_000):
        buckets.take(f"visitor {i}")
    assert len(buckets._young) + len(buckets._old) <= 200


@pytest.mark.parametrize(
    ("client", "counted_as"),
    [
        (("203.0.113.9", 1234), "203.0.113.9"),
        (("2001:db8:1:2:3:4:5:6", 1), "2001:db8:1:2::/64"),
        (("2001:db8:1:2:ffff::1", 2), "2001:db8:1:2::/64"),
        (("fe80::1%eth0", 2), "fe80::/64"),
        (("::ffff:203.0.113.9", 2), "203.0.113.9"),
        (("no:address", 2), "no:address"),
        (None, ""),
    ],
)
def test_an_ipv6_subscriber_counts_as_one(client, counted_as):
    assert address_of({"client": client}) == counted_as
