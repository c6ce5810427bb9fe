"""The keys in the database: read by the service, changed by `smedx keys`, each change recorded."""

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import msgspec
from msgspec.structs import replace
from sqlalchemy import Connection, Row, insert, or_, select, update

from service.access.audit import record
from service.access.bucket import Limit
from service.access.keys import Key, KeyRing, digest, generate
from service.access.scopes import GRANTS, SCOPES, Kind, Scope
from service.store.records import now
from service.store.tables import api_keys
from service.store.writes import Write, encode

COARSE = dt.timedelta(hours=1)
"""How exactly it is kept when a key was last used: a write for each request would cost too much."""


class KeysError(Exception):
    """A key cannot be made or changed like that; the message says why."""


def read_ring(connection: Connection) -> KeyRing:
    """Return the keys as the service looks them up."""
    return KeyRing.of(read_keys(connection))


def read_keys(connection: Connection) -> list[Key]:
    """Return all keys, in the order in which they were created."""
    rows = connection.execute(select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id))
    return [_key(row) for row in rows]


def create_key(
    connection: Connection,
    *,
    kind: Kind,
    name: str,
    limit: Limit,
    who: str,
    origins: Collection[str] = (),
    scopes: Collection[Scope] = (),
    expires_at: dt.datetime | None = None,
) -> tuple[Key, str]:
    """Create a key.

    Args:
        connection: In a transaction.
        kind: What it is for.
        name: Who holds it, for people.
        limit: How often it may be used.
        who: Who creates it, for the record.
        origins: The websites that may use it, as `parse_origin` returns them.
        scopes: What it may do; all that its kind may where left out.
        expires_at: When it ends, if it does.

    Returns:
        What is kept of it, and the key itself: nothing can tell it again.

    Raises:
        KeysError: If it would be of no use, or may not be like that.
    """
    if not name.strip():
        raise KeysError("a key needs a name (--name): who holds it")
    if (kind == "publishable") != bool(origins):
        raise KeysError("a publishable key needs origins (--origin), and no other key has any")
    if beyond := set(scopes) - GRANTS[kind]:
        raise KeysError(f"a {kind} key may not have the scope {', '.join(sorted(beyond))}")
    id_, text = generate(kind)
    key = Key(
        id=id_,
        kind=kind,
        name=name,
        digest=digest(text),
        origins=frozenset(origins),
        scopes=frozenset(scopes) or GRANTS[kind],
        limit=limit,
        created_at=now(),
        expires_at=expires_at,
    )
    _insert(connection, key)
    record(connection, who, "keys create", key.id, describe(key))
    return key, text


def rotate_key(
    connection: Connection,
    id_: str,
    *,
    grace: dt.timedelta,
    who: str,
    expires_at: dt.datetime | None = None,
) -> tuple[Key, str, Key]:
    """Create a key like another one, which goes on to work for a while.

    Args:
        connection: In a transaction.
        id_: The key that is to be replaced.
        grace: For how long both work.
        who: Who does it, for the record.
        expires_at: When the new one ends, if it does.

    Returns:
        What is kept of the new key, the key itself, and the old one.

    Raises:
        KeysError: If there is no such key that works.
    """
    old = _active(connection, id_)
    moment = now()
    ends = min(moment + grace, old.expires_at or dt.datetime.max.replace(tzinfo=dt.UTC))
    old = replace(old, expires_at=ends)
    connection.execute(update(api_keys).where(api_keys.c.id == id_).values(expires_at=ends))
    new_id, text = generate(old.kind)
    new = replace(
        old,
        id=new_id,
        digest=digest(text),
        created_at=moment,
        expires_at=expires_at,
        last_used=None,
    )
    _insert(connection, new)
    record(connection, who, "keys rotate", id_, f"ends {ends:%Y-%m-%d %H:%M} UTC, now {new_id}")
    return new, text, old


def revoke_key(connection: Connection, id_: str, why: str, who: str) -> None:
    """End a key for good.

    Raises:
        KeysError: If there is no such key that works, or no reason.
    """
    if not why.strip():
        raise KeysError("the end of a key needs a reason (--why)")
    _active(connection, id_)
    connection.execute(update(api_keys).where(api_keys.c.id == id_).values(revoked_at=now()))
    record(connection, who, "keys revoke", id_, why)


def describe(key: Key) -> str:
    """Say in one line what a key is for, without anything secret."""
    parts = [
        f"{key.kind} key of {key.name!r}",
        "for " + " ".join(sorted(key.scopes)),
        f"{key.limit.rate:g} requests/s, {key.limit.burst} at once",
    ]
    if key.origins:
        parts.append("from " + " ".join(sorted(key.origins)))
    if key.expires_at:
        parts.append(f"until {key.expires_at:%Y-%m-%d %H:%M} UTC")
    return "; ".join(parts)


@dataclass(frozen=True, slots=True)
class MarkUsed(Write[None]):
    """Keep when keys were last used, to the hour."""

    ids: frozenset[str]
    at: dt.datetime

    def apply(self, connection: Connection) -> None:
        """Execute it."""
        last = api_keys.c.last_used
        stale = or_(last.is_(None), last < self.at - COARSE)
        change = update(api_keys).where(api_keys.c.id.in_(self.ids), stale)
        connection.execute(change.values(last_used=self.at))


def _active(connection: Connection, id_: str) -> Key:
    row = connection.execute(select(api_keys).where(api_keys.c.id == id_).with_for_update()).first()
    if row is None:
        raise KeysError(f"there is no key {id_!r}: `smedx keys list` shows all")
    key = _key(row)
    if not key.active(now()):
        raise KeysError(f"the key {id_!r} has ended already")
    return key


def _insert(connection: Connection, key: Key) -> None:
    row: dict[str, Any] = msgspec.structs.asdict(key) | {
        "digest": key.digest.hex(),
        "origins": encode(sorted(key.origins)),
        "scopes": encode(sorted(key.scopes)),
        "rate": key.limit.rate,
        "burst": key.limit.burst,
        "full_at": 0,
    }
    del row["limit"]
    connection.execute(insert(api_keys).values(row))


def _key(row: Row[Any]) -> Key:
    return Key(
        id=row.id,
        kind=row.kind,
        name=row.name,
        digest=bytes.fromhex(row.digest),
        origins=msgspec.json.decode(row.origins, type=frozenset[str]),
        # A newer version may know more scopes.
        scopes=frozenset(scope for scope in SCOPES if scope in msgspec.json.decode(row.scopes)),
        limit=Limit(row.rate, row.burst),
        created_at=row.created_at,
        expires_at=row.expires_at,
        revoked_at=row.revoked_at,
        last_used=row.last_used,
    )
