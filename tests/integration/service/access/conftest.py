"""The application in this process, where the API asks for keys."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine

from service.access.bucket import Limit
from service.access.key_store import create_key, revoke_key
from service.access.key_watch import KeyWatch
from service.access.scopes import Kind
from service.app import create_app
from service.settings import Settings
from service.store.engine import make_engine

SITE = "https://www.example.vn"


@dataclass
class Gated:
    """The application, and whoever may create keys for it."""

    client: TestClient[Any]
    engine: Engine

    @property
    def keys(self) -> KeyWatch:
        return self.client.app.dependencies["keys"].dependency()

    def refresh(self) -> None:
        """Let the application read the keys now, not within a second."""
        with self.client.portal() as portal:
            portal.call(self.keys.refresh)

    def create(self, kind: Kind, **terms: Any) -> str:
        """Create a key that the application knows at once."""
        terms = {"name": "test", "limit": Limit(1_000, 1_000), "who": "tester"} | terms
        if kind == "publishable":
            terms.setdefault("origins", [SITE])
        with self.engine.begin() as connection:
            _, text = create_key(connection, kind=kind, **terms)
        self.refresh()
        return text

    def revoke(self, text: str) -> None:
        with self.engine.begin() as connection:
            revoke_key(connection, id_of(text), "a test", "tester")
        self.refresh()

    def call(
        self, method: str, path: str, key: str = "", *, origin: str = "", **options: Any
    ) -> httpx.Response:
        """Call with a key, from a page of a website where one is named."""
        headers = dict(options.pop("headers", {}))
        if key:
            headers["Authorization"] = f"Bearer {key}"
        if origin:
            headers["Origin"] = origin
        return self.client.request(method, path, headers=headers, **options)


def id_of(text: str) -> str:
    """Return the id of a key, which is the part of it that is no secret."""
    _, mark, number, _ = text.split("_", 3)
    return f"{mark}_{number}"


@pytest.fixture
def key_id() -> Callable[[str], str]:
    return id_of


@pytest.fixture
def site() -> str:
    """The website that publishable keys are made for."""
    return SITE


@pytest.fixture
def gated_on(tmp_path: Path) -> Iterator[Callable[..., Gated]]:
    """Start the application on a database, as if others could reach it."""
    ends: list[Callable[[], object]] = []

    def start(database: str, **settings: Any) -> Gated:
        chosen = {"host": "0.0.0.0", "models_dir": tmp_path / "models"} | settings
        engine = make_engine(database, writes=True)
        client = TestClient(create_app(Settings(database_url=database, **chosen)))
        client.__enter__()
        ends.extend([engine.dispose, lambda: client.__exit__(None, None, None)])
        return Gated(client, engine)

    yield start
    for end in reversed(ends):
        end()


@pytest.fixture
def gated(gated_on: Callable[..., Gated], database: str) -> Gated:
    """The application on a fresh database of each kind, with no key yet."""
    return gated_on(database)
