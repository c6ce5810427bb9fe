"""What the gate, the time limit and the headers cost a request, in microseconds.

They are called as the application does, with the answer left out. `make bench-serving` tells it.
"""

import asyncio
import tempfile
import time
from typing import Any

from service.access.access import Access
from service.access.bucket import Limit
from service.access.headers import add_headers
from service.access.keys import Key, KeyRing, digest, generate
from service.access.scopes import GATED, GRANTS
from service.access.time_limit import TimeLimit
from service.settings import Settings
from service.store import Store
from service.store.records import now

REQUESTS, ROUNDS = 20_000, 5


class Handler:
    """A handler as the middleware sees it."""

    def __init__(self, **opt: Any) -> None:
        self.opt = opt


def measure() -> dict[str, float]:
    """Return the microseconds of each part, the best of some rounds."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(folder))


async def _measure(folder: str) -> dict[str, float]:
    settings = Settings(database_url=f"sqlite:///{folder}/never-opened.sqlite3")
    access = Access(settings, Store(settings.database_url))
    id_, text = generate("secret")
    key = Key(
        id=id_,
        kind="secret",
        name="benchmark",
        digest=digest(text),
        origins=frozenset(),
        scopes=GRANTS["secret"],
        limit=Limit(rate=1e9, burst=1_000_000_000),
        created_at=now(),
    )
    access.keys.ring = KeyRing.of([key])
    noise = [(f"header-{i}".encode(), b"value") for i in range(8)]
    headers = [*noise, (b"authorization", f"Bearer {text}".encode())]

    async def answer(scope: Any, receive: Any, send: Any) -> None:
        pass

    def scope(**opt: Any) -> Any:
        return {
            "type": "http",
            "method": "POST",
            "path": "/v1/recommendations",
            "scheme": "http",
            "headers": headers,
            "client": ("127.0.0.1", 1),
            "state": {},
            "route_handler": Handler(scope="recommend", **opt),
        }

    async def hook(scope: Any, receive: Any, send: Any) -> None:
        message = {"type": "http.response.start", "status": 200, "headers": [(b"a", b"b")] * 2}
        await add_headers(message, scope)

    parts = {
        "gate: the key and its limit": access.gate(answer),
        "time limit": TimeLimit()(answer),
        "headers": hook,
        "all": TimeLimit()(access.gate(hook)),
    }
    found = {}
    for name, part in parts.items():
        best = float("inf")
        for _ in range(ROUNDS):
            scopes = [scope(**{GATED: True}) for _ in range(REQUESTS)]
            started = time.perf_counter()
            for each in scopes:
                await part(each, None, None)
            best = min(best, time.perf_counter() - started)
        found[name] = 1e6 * best / REQUESTS
    return found
