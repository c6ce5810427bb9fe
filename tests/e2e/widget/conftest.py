"""A service that asks for keys, and two other websites: one that its key is for, and one not."""

import socket
import sqlite3
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from clients.widget.server import another_website
from tests.e2e.conftest import COMMAND, ROOT, Installation

PATIENCE = 30.0
KEPT = """(() => {
  try { return JSON.parse(localStorage.getItem("smedx-events") ?? "[]").length; }
  catch { return 0; }
})()"""
"""Counts the events that are stored in the browser until they are sent."""


class Website(NamedTuple):
    """A website that embeds the widget, and where what it sends arrives."""

    origin: str
    api: str
    database: Path

    def events(self) -> list[tuple[Any, ...]]:
        """Return the kind, platform and recommendation of each event, the oldest first."""
        query = "SELECT kind, platform_id, recommendation_id FROM events ORDER BY at, id"
        with sqlite3.connect(self.database) as connection:
            return connection.execute(query).fetchall()

    def last_list(self) -> tuple[str, bool]:
        """Return the id of the last list that was logged, and whether it is learned from."""
        query = "SELECT id, improve FROM exposures ORDER BY at DESC LIMIT 1"
        with sqlite3.connect(self.database) as connection:
            id_, improve = connection.execute(query).fetchone()
        return id_, bool(improve)

    def wait_for_events(self, number: int, page: Page) -> list[tuple[Any, ...]]:
        """Return the events once a page has sent as many, and keeps none any more."""
        until = time.monotonic() + PATIENCE
        while len(self.events()) < number or page.evaluate(KEPT):
            assert time.monotonic() < until, (self.events(), page.evaluate(KEPT))
            page.wait_for_timeout(50)  # a sleep would hold up its requests, which are routed here
        found = self.events()
        assert len(found) == number, found
        return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def websites(
    installation: Installation, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[Website, Website]]:
    """Serve the first model on a database of its own; the key is for the first website alone."""
    folder = tmp_path_factory.mktemp("widget")
    ports = [free_port() for _ in range(3)]
    api, first, second = (f"http://127.0.0.1:{port}" for port in ports)
    database = folder / "store.sqlite3"
    environment = installation.environment | {
        "DATABASE_URL": f"sqlite:///{database}",
        "PORT": str(ports[0]),
        "EXPLORATION_SHARE": "0",
    }
    create = ("keys", "create", "--kind", "publishable", "--name", "A website", "--origin", first)
    made = subprocess.run(
        [*COMMAND, *create, "--rate", "1000", "--burst", "1000"],
        cwd=ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    servers = [another_website(port, api, made.stdout.strip()) for port in ports[1:]]
    for server in servers:
        threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    with (folder / "log").open("w") as log:
        service = subprocess.Popen(
            [*COMMAND, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            _wait_until_live(api)
            yield Website(first, api, database), Website(second, api, database)
        finally:
            service.terminate()
            service.wait(timeout=30)
            for server in servers:
                server.shutdown()
                server.server_close()


def _wait_until_live(api: str) -> None:
    until = time.monotonic() + 2 * PATIENCE
    while True:
        try:
            httpx.get(f"{api}/health/live").raise_for_status()
        except httpx.HTTPError:
            assert time.monotonic() < until, "the service does not start"
            time.sleep(0.1)
        else:
            return


@pytest.fixture
def website(websites: tuple[Website, Website]) -> Iterator[Website]:
    """The website of the key, before anybody told anything."""
    with sqlite3.connect(websites[0].database, timeout=PATIENCE) as connection:
        connection.execute("DELETE FROM events")
    return websites[0]


@pytest.fixture
def another(websites: tuple[Website, Website]) -> Website:
    """A website that the key is not for."""
    return websites[1]


Open = Callable[..., Locator]


@pytest.fixture
def open_widget(website: Website, phone: Callable[..., Page]) -> Open:
    """Open the page in a browser of its own and return the widget, once it shows something."""

    def open_now(
        width: int = 360, locale: str = "vi", at: str = "", scheme: str = "light", **told: str
    ) -> Locator:
        page = phone(width, scripts=True, color_scheme=scheme)
        complaints: list[str] = []
        page.on("console", lambda message: complaints.append(message.text))
        page.complaints = complaints  # type: ignore[attr-defined]
        query = httpx.QueryParams({"locale": locale, "n": "3", **told})
        page.goto(f"{at or website.origin}/?{query}")
        widget = page.locator("smedx-recommendations")
        expect(widget.locator("section")).to_have_attribute("aria-busy", "false")
        return widget

    return open_now
