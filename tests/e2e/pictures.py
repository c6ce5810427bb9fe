"""Take the pictures of the documents: `make pictures` from a running service, and of the widget.

`python -m tests.e2e.pictures widget` takes those of the widget from what `make demo-widget` shows.
"""

import os
import sys
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from tests.e2e.conftest import BROWSER_OPTIONS, chromium
from tests.e2e.owner import fill_in
from tests.owners import RESTAURANT

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {360: 1080, 1280: 860}
"""Width and height of each picture, in pixels."""


def result(page: Page) -> None:
    """Fill the questionnaire in as a family restaurant."""
    fill_in(page, os.environ.get("ADDRESS", "http://127.0.0.1:8000"), RESTAURANT)


def widget(page: Page) -> None:
    """Open the page of another website."""
    page.goto(os.environ.get("ADDRESS", "http://127.0.0.1:8011"))
    page.locator("smedx-recommendations ol > li").first.wait_for()


def main(name: str = "result") -> None:
    """Photograph a page on a phone and on a desk."""
    show = {"result": result, "widget": widget}[name]
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_OPTIONS))
        for width, height in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            show(page)
            page.screenshot(path=PICTURES / f"{name}-vi-{width}.png")
        browser.close()


if __name__ == "__main__":
    main(*sys.argv[1:])
