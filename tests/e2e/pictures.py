"""Take the pictures of the README from a running service: `make pictures`."""

import os
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.e2e.conftest import BROWSER_OPTIONS, chromium
from tests.e2e.owner import fill_in
from tests.owners import RESTAURANT

PICTURES = Path(__file__).parents[2] / "docs" / "pictures"
SIZES = {360: 1080, 1280: 860}
"""Width and height of each picture, in pixels."""


def main() -> None:
    """Fill the questionnaire in as a family restaurant and photograph the pages."""
    address = os.environ.get("ADDRESS", "http://127.0.0.1:8000")
    PICTURES.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium(), args=list(BROWSER_OPTIONS))
        for width, height in SIZES.items():
            page = browser.new_page(viewport={"width": width, "height": height})
            fill_in(page, address, RESTAURANT)
            page.screenshot(path=PICTURES / f"result-vi-{width}.png")
        browser.close()


if __name__ == "__main__":
    main()
