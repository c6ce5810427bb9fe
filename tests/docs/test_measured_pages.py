"""The figures of the pages are of all that there are today."""

import re
from pathlib import Path

from tests.e2e.pages import STATES

FIGURES = (Path(__file__).parents[2] / "benchmarks" / "pages.md").read_text("utf-8")


def test_every_page_in_every_state_was_measured():
    rows = re.findall(r"^\| (.+?) \| [\d.]+ \| [\d.]+ \| \d+ \|$", FIGURES, re.MULTILINE)
    assert rows == [state.name for state in STATES], "`make bench-pages` measures them anew"
