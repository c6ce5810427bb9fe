"""A key is recognised by its digest alone, in constant time, and only while it is active."""

import datetime as dt
import hmac
import re

import pytest

from service.access.bucket import Limit
from service.access.keys import Key, KeyRing, digest, generate
from service.access.scopes import GRANTS, KINDS

NOW = dt.datetime(2026, 11, 24, 12, tzinfo=dt.UTC)
HOUR = dt.timedelta(hours=1)


def made(kind="secret", **changed) -> tuple[Key, str]:
    id_, text = generate(kind)
    fields = {
        "id": id_,
        "kind": kind,
        "name": "test",
        "digest": digest(text),
        "origins": frozenset(),
        "scopes": GRANTS[kind],
        "limit": Limit(1, 1),
        "created_at": NOW - HOUR,
    }
    return Key(**fields | changed), text


@pytest.mark.parametrize("kind", KINDS)
def test_a_key_tells_its_kind_and_holds_256_random_bits(kind):
    key, text = made(kind)
    mark = {"publishable": "pk", "secret": "sk", "admin": "ak"}[kind]
    assert re.fullmatch(rf"smedx_{mark}_[0-9a-f]{{8}}_[A-Za-z0-9_-]{{43}}", text)
    assert text.startswith(f"smedx_{key.id}_")
    assert len({made(kind)[1] for _ in range(100)}) == 100


def test_only_the_right_text_opens():
    key, text = made()
    ring = KeyRing.of([key, made()[0]])
    assert ring.find(text, NOW) is key
    wrong = [
        "",
        text[:-1],
        text + "A",
        f"{text[:-2]}{'A' if text[-2] != 'A' else 'B'}{text[-1]}",
        text.replace("_sk_", "_ak_"),
        text.upper(),
        made()[1],
        key.digest.hex(),
        text + "\n",
        text.replace("smedx", "smedx\0"),
    ]
    assert [ring.find(each, NOW) for each in wrong] == [None] * len(wrong)


def test_the_digest_is_compared_in_constant_time(monkeypatch):
    compared = []

    def compare(a, b):
        compared.append((a, b))
        return hmac_compare(a, b)

    hmac_compare = hmac.compare_digest
    monkeypatch.setattr("service.access.keys.hmac.compare_digest", compare)
    key, text = made()
    ring = KeyRing.of([key])
    wrong = f"smedx_{key.id}_{'A' * 43}"
    assert ring.find(text, NOW) is key
    assert ring.find(wrong, NOW) is None
    assert compared == [(key.digest, digest(text)), (key.digest, digest(wrong))]


@pytest.mark.parametrize(
    ("changed", "opens"),
    [
        ({}, True),
        ({"expires_at": NOW + HOUR}, True),
        ({"expires_at": NOW}, False),
        ({"revoked_at": NOW - HOUR}, False),
        ({"revoked_at": NOW - HOUR, "expires_at": NOW + HOUR}, False),
    ],
)
def test_a_key_that_has_ended_opens_nothing(changed, opens):
    key, text = made(**changed)
    ring = KeyRing.of([key])
    assert (ring.find(text, NOW) is key) == opens == ring.any_active(NOW) == key.active(NOW)
    assert ring.exist


def test_no_kind_may_do_more_than_is_written():
    assert GRANTS["publishable"] == {"recommend", "events", "platforms:read"}
    assert GRANTS["secret"] == GRANTS["admin"] - {"admin"}
    assert {"profiles:read", "profiles:write"} <= GRANTS["secret"]


def test_revoked_keys_lend_their_origins_to_nobody():
    one, _ = made("publishable", origins=frozenset({"https://a.vn"}))
    other, _ = made("publishable", origins=frozenset({"https://b.vn"}), revoked_at=NOW)
    assert KeyRing.of([one, other]).origins == {"https://a.vn"}
    assert not KeyRing.of([]).exist
