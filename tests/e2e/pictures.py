"""Take the pictures of the documents: `make pictures`.

Trains the first model of an installation, serves it, fills the questionnaire in as some businesses,
and photographs the main pages on a phone and on a desk; likewise the widget on another website.
"""

import shutil
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from clients.widget.server import another_website
from tests.e2e.conftest import BROWSER_OPTIONS, Installation, chromium, installed
from tests.e2e.pages import STATES, private_links
from tests.e2e.widget.conftest import free_port

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {360: 1080, 1280: 860}
"""Width and height of each picture, in pixels."""

KEYS_SECONDS = 3
"""A running service knows a new key by then."""

MAIN = {
    "start": "start",
    "question": "step sales",
    "check": "answers to check",
    "later": "for later",
    "result": "result of a household",
    "comparison": "result of an enterprise, compared",
    "volunteer": "round of a volunteer",
    "hand-over": "to hand over",
    "catalogue": "catalogue, filtered",
    "platform": "platform with duties",
    "about": "how it works",
    "privacy": "privacy",
}
"""The main pages: the name of the picture, and that of the state in `pages.py`."""


def main() -> None:
    """Photograph the main pages and the widget, and copy the chart of the model."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    with (
        tempfile.TemporaryDirectory() as place,
        installed(Path(place)) as service,
        sync_playwright() as playwright,
    ):
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_OPTIONS))
        links = private_links(browser.new_page(java_script_enabled=False), service.address)
        for name, state in MAIN.items():
            (shown,) = (each for each in STATES if each.name == state)
            opened = partial(shown.open, address=service.address, locale="vi", links=links)
            photograph(browser, name, opened)
        with another_origin(service) as origin:
            photograph(browser, "widget", partial(embedded, origin=origin))
        browser.close()
        models = Path(place) / "models"
        current = (models / "current").read_text("utf-8").strip()
        shutil.copy(models / current / "reliability.png", PICTURES)


def photograph(browser: Browser, name: str, show: Callable[[Page], object]) -> None:
    """Take the pictures of a page.

    Args:
        browser: Runs.
        name: Of the pictures.
        show: Opens it.
    """
    for width, height in SIZES.items():
        page = browser.new_page(viewport={"width": width, "height": height})
        show(page)
        page.screenshot(path=PICTURES / f"{name}-vi-{width}.png")
        page.close()


@contextmanager
def another_origin(service: Installation) -> Iterator[str]:
    """Serve another website that embeds the widget, and return its origin."""
    port = free_port()
    origin = f"http://127.0.0.1:{port}"
    create = ("keys", "create", "--kind", "publishable", "--name", "Pictures", "--origin", origin)
    website = another_website(port, service.address, service.smedx(*create).strip())
    time.sleep(KEYS_SECONDS)
    threading.Thread(target=website.serve_forever, daemon=True).start()
    yield origin
    website.shutdown()
    website.server_close()


def embedded(page: Page, origin: str) -> None:
    """Open the page of the other website, and wait for its list."""
    page.goto(origin)
    page.locator("smedx-recommendations ol > li").first.wait_for()


if __name__ == "__main__":
    main()
