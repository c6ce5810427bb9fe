"""What axe-core finds on a page, by all its rules for WCAG 2.2 A and AA and its good practices."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

OPTIONS = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
"""The size of targets, new in WCAG 2.2, is not looked at unless it is asked for."""


def violations(page: Page) -> list[str]:
    """Return a line for each part of the page that breaks a rule."""
    found = Axe().run(page, options=OPTIONS).response["violations"]
    return [
        f"{each['id']}: {node['html'][:200]} ({node['failureSummary'].splitlines()[-1].strip()})"
        for each in found
        for node in each["nodes"]
    ]
