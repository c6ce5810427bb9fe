"""The service as a process of its own with a small model, and a real browser."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Request, Route, sync_playwright

from tests.e2e.pages import private_links

ROOT = Path(__file__).parents[2]
COMMAND = (sys.executable, "-m", "service.cli")
STARTS_WITHIN_SECONDS = 60
BROWSER_OPTIONS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


class Installation(NamedTuple):
    """A running service: where it answers, and the environment that its commands need."""

    address: str
    environment: dict[str, str]
    database: Path

    def smedx(self, *arguments: str) -> str:
        """Run a command beside the service, as `make` does, and return what it prints."""
        command = [*COMMAND, *arguments]
        told = subprocess.run(
            command, cwd=ROOT, env=self.environment, check=True, capture_output=True, text=True
        )
        return told.stdout


@pytest.fixture(scope="session")
def address(installation: Installation) -> str:
    """Return where the service answers."""
    return installation.address


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """Serve the model that a new installation starts with."""
    with installed(tmp_path_factory.mktemp("e2e")) as installation:
        yield installation


@contextmanager
def installed(folder: Path) -> Iterator[Installation]:
    """Train the first model below a folder and serve it, as `make run` does."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    environment = {
        **os.environ,
        "DATABASE_URL": f"sqlite:///{folder / 'smedx.sqlite3'}",
        "MODELS_DIR": str(folder / "models"),
        "SIMULATED_DIR": str(folder / "simulated"),
        "PORT": str(port),
        "EXPLORATION_SHARE": "0",  # lists are compared
    }
    address = f"http://127.0.0.1:{port}"
    installed = Installation(address, environment, folder / "smedx.sqlite3")
    installed.smedx("train")
    with (folder / "log").open("w") as log:
        server = subprocess.Popen(
            [*COMMAND, "serve"], cwd=ROOT, env=environment, stdout=log, stderr=log
        )
        try:
            wait_for(f"{address}/vi/", server, folder / "log")
            yield installed
        finally:
            server.terminate()
            server.wait(timeout=30)


def wait_for(url: str, server: subprocess.Popen[bytes], log: Path) -> None:
    """Wait until a page is there.

    Raises:
        RuntimeError: It does not come, or the server has ended; with its log.
    """
    until = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < until:
        if server.poll() is not None:
            break
        try:
            if httpx.get(url).status_code == 200:
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise RuntimeError(f"the service does not start:\n{log.read_text()}")


def chromium() -> str | None:
    """Return the path of the browser that is installed, or None for Playwright's own.

    The shell is Chromium without windows of its own: pages open in a third of the time.
    """
    names = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
    return os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, names)), None)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Start Chromium: `CHROMIUM`, the one that is installed, or the one of Playwright."""
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_OPTIONS))
        yield started
        started.close()


@pytest.fixture(scope="session")
def links(browser: Browser, address: str) -> dict[str, str]:
    """Fill in the questionnaire as several businesses; return the tokens of their links."""
    context = browser.new_context(java_script_enabled=False)
    found = private_links(context.new_page(), address)
    context.close()
    return found


@pytest.fixture
def phone(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Return a function that opens a page in a browser of its own, as on another phone.

    Nothing but the service is ever loaded: other websites are answered by a stand-in.
    """
    opened: list[BrowserContext] = []

    def open_page(width: int = 360, *, scripts: bool = False, **options: Any) -> Page:
        context = browser.new_context(
            viewport={"width": width, "height": 780}, java_script_enabled=scripts, **options
        )
        context.set_default_timeout(15_000)
        context.route(_is_elsewhere, _stand_in)
        opened.append(context)
        return context.new_page()

    yield open_page
    for context in opened:
        context.close()


def _is_elsewhere(url: str) -> bool:
    return not url.startswith("http://127.0.0.1")


def _stand_in(route: Route, request: Request) -> None:
    route.fulfill(content_type="text/html", body=f"<title>elsewhere</title>{request.url}")
