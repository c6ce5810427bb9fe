"""Each claim of docs/security.md names a test; its figures are those of the code."""

import re
from pathlib import Path

import pytest

from service.access import gate
from service.access.bucket import SECOND, Limit
from service.access.limiter import SLICES
from service.access.scopes import GRANTS, KINDS
from service.access.time_limit import SECONDS
from service.keys_cli import GRACE_HOURS, LIMITS
from service.settings import Settings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")


def test_each_of_the_ten_is_there_in_order_and_names_a_test():
    _, *parts = re.split(r"^\*\*API(?=\d)", TEXT, flags=re.MULTILINE)
    assert [int(part.partition(",")[0]) for part in parts] == list(range(1, 11))
    assert all(re.search(r"^- `tests/\S+::\w+`$", part, re.MULTILINE) for part in parts)


@pytest.mark.parametrize("kind", KINDS)
def test_the_table_of_keys_is_that_of_the_code(kind):
    (row,) = re.findall(rf"^\| {kind} \|.*$", TEXT, re.MULTILINE)
    *_, may, limit, _ = row.split("|")
    own = {"publishable": GRANTS[kind]}.get(kind)
    told = set(re.findall(r"`([a-z:]+)`", may))
    below = {"secret": GRANTS["publishable"], "admin": GRANTS["secret"]}.get(kind, frozenset())
    assert told == (own or GRANTS[kind] - below)
    rate, burst = re.findall(r"\d+", limit)
    assert LIMITS[kind] == Limit(float(rate), int(burst))


def test_the_figures_are_those_of_the_code():
    text = " ".join(TEXT.split())
    assert f"works for {GRACE_HOURS:g} hours more" in text
    assert f"n × burst / {SLICES} requests" in text
    assert f"ends after {SECONDS:g} seconds" in text
    assert f"{gate.VISITORS.burst} requests at once and {gate.VISITORS.rate:g} a second" in text
    assert f"{gate.WRONG_KEYS.burst} wrong keys at once and one in five seconds" in text
    assert gate.WRONG_KEYS.pause == 5 * SECOND
    assert f"`FORMS_A_MINUTE` ({Settings().forms_a_minute})" in text
