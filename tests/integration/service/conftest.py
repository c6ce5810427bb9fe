"""A small model, the API in this process, and the service in a process of its own."""

import os
import secrets
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from litestar.testing import TestClient
from sqlalchemy import Engine, Table, func, make_url, select

from benchmarks.server import Server, start_server
from recommender.domain import BusinessProfile, Reference
from recommender.training.registry import Manifest, Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train
from service.app import create_app
from service.settings import Settings
from service.store.engine import make_engine
from service.store.tables import drafts, events, exposures, profiles

TABLES = (profiles, drafts, exposures, events)

GROUPS = (
    ("household", "I56", True, ("misa-cukcuk", "momo-business")),
    ("household", "G", True, ("pos365", "vietqr-casso")),
    ("enterprise", "C", False, ("misa-amis", "asiasoft-erp")),
    ("cooperative", "A", False, ("icheck-trace", "postmart")),
)
"""Four kinds of business, and what they use."""


WriteLists = Callable[..., Path]


@pytest.fixture
def restaurant() -> dict[str, Any]:
    """A family restaurant in Da Nang, as it is sent."""
    return {
        "legal_form": "household",
        "sector": "I56",
        "employees": 4,
        "revenue_bn_vnd": 1.5,
        "province": "48",
        "sells_to_consumers": True,
    }


@pytest.fixture(scope="session")
def train_on(
    reference: Reference, write_lists: WriteLists, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., Manifest]:
    """Train on so many hand-made businesses and put the model into service, whatever the gate says.

    They were shown what their likes use, and adopt the next of it; every fifth an e-invoice, too.
    """

    def train_now(registry: Registry, businesses: int, tables: Reference = reference) -> Manifest:
        made, adopted = [], {}
        for i in range(businesses):
            legal_form, sector, to_consumers, uses = GROUPS[i % len(GROUPS)]
            profile = BusinessProfile(
                legal_form=legal_form,
                sector=sector,
                employees=3 + i,
                province="48",
                sells_to_consumers=to_consumers,
                platforms_in_use=uses[: i // 4 % 3],
            )
            made.append(profile)
            adopted[i] = [*uses[i // 4 % 3 :][:1], *(["misa-meinvoice"] if i % 5 == 0 else [])]
        shown = ["misa-meinvoice", *(platform for *_, uses in GROUPS for platform in uses)]
        folder = tmp_path_factory.mktemp("simulated")
        write_lists(folder, made, shown, adopted)
        manifest = train(open_snapshot({folder: True}), tables, registry)
        if not registry.is_experimenting:
            registry.promote(manifest.version, "for the tests")
        return manifest

    return train_now


@pytest.fixture(scope="session")
def trained(
    train_on: Callable[..., Manifest], tmp_path_factory: pytest.TempPathFactory
) -> tuple[Registry, tuple[str, ...]]:
    """A registry, to be copied, of three models; the first is in service."""
    registry = Registry(tmp_path_factory.mktemp("trained"))
    versions = tuple(train_on(registry, businesses).version for businesses in (60, 64, 68))
    registry.promote(versions[0], "for the tests")
    return registry, versions


@pytest.fixture
def models(trained: tuple[Registry, tuple[str, ...]], tmp_path: Path) -> Registry:
    """The test's own copy of the registry."""
    shutil.copytree(trained[0].folder, tmp_path / "models")
    return Registry(tmp_path / "models")


@pytest.fixture
def versions(trained: tuple[Registry, tuple[str, ...]]) -> tuple[str, ...]:
    """The versions in that registry."""
    return trained[1]


@dataclass(frozen=True)
class Api:
    """The application in this process, and its database."""

    client: TestClient[Any]
    engine: Engine

    def post(self, path: str, body: Any) -> httpx.Response:
        return self.client.post(path, json=body)

    def recommend(self, **request: Any) -> dict[str, Any]:
        response = self.post("/v1/recommendations", request)
        assert response.status_code == 200, response.text
        return response.json()

    def store(self, profile: Mapping[str, Any]) -> str:
        """Store a profile and return its id."""
        response = self.post("/v1/profiles", profile)
        assert response.status_code == 201, response.text
        return response.json()["id"]

    def tell(self, *told: dict[str, Any]) -> None:
        """Send events, each with a new id unless it has one."""
        sent = [{"id": secrets.token_hex(8), **event} for event in told]
        response = self.post("/v1/events", {"events": sent})
        assert response.status_code == 200, response.text

    def rows(self, table: Table) -> list[dict[str, Any]]:
        """Return what is stored, after all that was queued before."""
        self.client.get("/health/ready")  # waits its turn behind it
        with self.engine.connect() as connection:
            return [dict(row) for row in connection.execute(select(table)).mappings()]

    def counts(self) -> dict[str, int]:
        """Return the number of rows of every table, likewise."""
        self.client.get("/health/ready")
        numbers = [
            select(func.count()).select_from(table).scalar_subquery().label(table.name)
            for table in TABLES
        ]
        with self.engine.connect() as connection:
            return dict(connection.execute(select(*numbers)).mappings().one())


def greedy(url: str, registry: Registry) -> Settings:
    """Return settings under which nothing is drawn by chance, so that lists can be compared."""
    return Settings(database_url=url, models_dir=registry.folder, exploration_share=0.0)


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def api(
    request: pytest.FixtureRequest,
    trained: tuple[Registry, tuple[str, ...]],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Api]:
    """The application with a model, on a fresh database of each kind for each test module."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path_factory.mktemp('database')}/store.db"
    else:
        server = make_url(request.getfixturevalue("postgres").get_uri())
        name = f"api_{secrets.token_hex(6)}"
        uri = server.render_as_string(hide_password=False)
        with psycopg.connect(uri, autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name}")
        url = server.set(database=name).render_as_string(hide_password=False)
    settings = greedy(url, trained[0])
    engine = make_engine(url)
    with TestClient(create_app(settings)) as client:
        yield Api(client, engine)
    engine.dispose()


@pytest.fixture
def api_on(tmp_path: Path) -> Callable[[Registry], TestClient[Any]]:
    """Make the application on these models and an SQLite database of its own."""

    def make(registry: Registry) -> TestClient[Any]:
        url = f"sqlite:///{tmp_path}/store.db"
        return TestClient(create_app(greedy(url, registry)))

    return make


StartServer = Callable[..., Server]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[StartServer]:
    """Start `smedx serve` with these settings, on SQLite below the test's folder by default."""
    started: list[Server] = []

    def start_now(**settings: Any) -> Server:
        chosen = {
            "DATABASE_URL": f"sqlite:///{tmp_path}/store.db",
            "MODELS_DIR": tmp_path / "models",
            "MODEL_POLL_SECONDS": 0.1,
            "EXPLORATION_SHARE": 0,
        } | settings
        log = tmp_path / f"server-{len(started)}.log"
        started.append(start_server(log, chosen, tmp_path))
        return started[-1]

    yield start_now
    for server in started:
        server.close()


@pytest.fixture
def smedx(models: Registry, tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run a command on the registry and the database of the test, in a process of its own."""
    settings = {"MODELS_DIR": str(models.folder), "DATABASE_URL": f"sqlite:///{tmp_path}/store.db"}

    def run(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "service.cli", *words],
            env=os.environ | settings,
            capture_output=True,
            text=True,
            timeout=60,
        )

    return run
