"""API keys: what they look like, what is kept of them, and how one is recognised.

A key is `smedx_` + id + `_` + secret, such as `smedx_sk_1f0a9c3e_` and 43 more characters. The id
is no secret: it tells the kind, lists and logs show it, and one that leaked is revoked by it. The
secret has 256 random bits, so that its SHA-256 is all that has to be kept: slow hashes protect
passwords that people choose, of which there are few; there are too many of these to try.
"""

import datetime as dt
import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Self

from msgspec import Struct

from service.access.bucket import Limit
from service.access.scopes import Kind, Scope

MARKS: Mapping[Kind, str] = {"publishable": "pk", "secret": "sk", "admin": "ak"}
"""How the id of a key of each kind begins."""

_KEY = re.compile(r"smedx_([psa]k_[0-9a-f]{8})_[A-Za-z0-9_-]{43}")


class Key(Struct, frozen=True, kw_only=True):
    """All that is kept of a key; `last_used` is right to the hour."""

    id: str
    kind: Kind
    name: str
    digest: bytes
    origins: frozenset[str]
    scopes: frozenset[Scope]
    limit: Limit
    created_at: dt.datetime
    expires_at: dt.datetime | None = None
    revoked_at: dt.datetime | None = None
    last_used: dt.datetime | None = None

    def active(self, now: dt.datetime) -> bool:
        """Tell whether it opens anything."""
        return self.revoked_at is None and (self.expires_at is None or now < self.expires_at)


def generate(kind: Kind) -> tuple[str, str]:
    """Return the id of a new key, and the key itself."""
    id_ = f"{MARKS[kind]}_{secrets.token_hex(4)}"
    return id_, f"smedx_{id_}_{secrets.token_urlsafe(32)}"


def digest(text: str) -> bytes:
    """Return what is kept of a key."""
    return hashlib.sha256(text.encode()).digest()


@dataclass(frozen=True)
class KeyRing:
    """The keys as they were read from the store, by id.

    Attributes:
        keys: All that are not revoked.
        exist: Whether a key was ever created.
        origins: The websites of all publishable keys.
    """

    keys: Mapping[str, Key]
    exist: bool
    origins: frozenset[str]

    @classmethod
    def of(cls, keys: Iterable[Key]) -> Self:
        """Arrange keys."""
        every = list(keys)
        usable = {key.id: key for key in every if key.revoked_at is None}
        origins = frozenset(origin for key in usable.values() for origin in key.origins)
        return cls(usable, bool(every), origins)

    def any_active(self, now: dt.datetime) -> bool:
        """Tell whether there is a key that opens anything."""
        return any(key.active(now) for key in self.keys.values())

    def find(self, text: str, now: dt.datetime) -> Key | None:
        """Return the key that somebody sent, if it is one and active.

        The digests are compared in constant time: how long it takes tells nothing of the secret.
        """
        named = _KEY.fullmatch(text)
        key = self.keys.get(named[1]) if named else None
        if key is None or not hmac.compare_digest(key.digest, digest(text)):
            return None
        return key if key.active(now) else None
