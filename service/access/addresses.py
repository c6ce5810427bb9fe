"""Limits for those who have no key: one bucket for each address, in this process."""

import ipaddress
import time
from collections.abc import Callable, Mapping
from typing import Any

from service.access.bucket import Limit, Taken

MOST = 50_000
"""Addresses remembered at a time; more make the oldest forgotten."""


class AddressBuckets:
    """A bucket for each address, of constant cost and bounded memory.

    A bucket that nobody used for as long as it takes to fill is full, and need not be remembered.
    So two generations are kept: whoever is seen in the young one or in the old one is known, and
    each `limit.window` the old one is dropped and the young one takes its place.
    """

    def __init__(self, limit: Limit, clock: Callable[[], int] = time.monotonic_ns) -> None:
        self.limit = limit
        self._clock = clock
        self._young: dict[str, int] = {}
        self._old: dict[str, int] = {}
        self._turn_at = clock() + limit.window

    def take(self, address: str) -> Taken:
        """Take a token from the bucket of an address."""
        now = self._clock()
        if now >= self._turn_at or len(self._young) >= MOST:
            self._young, self._old = {}, self._young
            self._turn_at = now + self.limit.window
        full_at = self._young.get(address) or self._old.get(address, 0)
        taken = self.limit.take(full_at, now)
        self._young[address] = taken.full_at
        return taken


def address_of(scope: Mapping[str, Any]) -> str:
    """Return whom a limit counts as one: an IPv4 address, or the network of an IPv6 address.

    One subscriber holds at least 2^64 IPv6 addresses. What a proxy says in `X-Forwarded-For` is
    in `client` already if `TRUSTED_PROXIES` names that proxy: Uvicorn puts it there.
    """
    client = scope.get("client")
    host = str(client[0]) if client else ""
    if ":" not in host:
        return host
    try:
        address = ipaddress.IPv6Address(host.partition("%")[0])
    except ValueError:
        return host
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ipaddress.IPv6Network((int(address) >> 64 << 64, 64)))
