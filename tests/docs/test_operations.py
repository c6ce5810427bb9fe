"""The tables of docs/operations.md are those of the code."""

import re
from pathlib import Path

import prometheus_client

from service.telemetry import metrics
from service.telemetry.alerts import rules
from service.telemetry.objectives import FAST, OBJECTIVES
from service.telemetry.state import State

TEXT = (Path(__file__).parents[2] / "docs" / "operations.md").read_text("utf-8")


def rows(title: str) -> list[list[str]]:
    part = TEXT.partition(f"\n## {title}\n")[2].partition("\n## ")[0]
    cells = [line.strip("|").split("|") for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip().strip("`") for cell in row] for row in cells[2:]]


def test_every_metric_is_in_the_table():
    counted = {
        family.name + ("_total" if family.type == "counter" else "")
        for family in prometheus_client.REGISTRY.collect()
        if family.name.startswith("smedx_")
    }
    source = Path(State.collect.__code__.co_filename).read_text("utf-8")
    assert metrics.REQUESTS
    assert {row[0] for row in rows("Metrics")} == counted | set(
        re.findall(r'"(smedx_\w+)"', source)
    )


def test_the_objectives_are_those_of_the_code():
    assert FAST == 0.99
    assert rows("Objectives") == [
        [each.name, f"{each.availability:.1%}", f"{each.p99_ms:g} ms"] for each in OBJECTIVES
    ]


def test_every_alert_has_a_row():
    alerts = {rule["alert"] for group in rules()["groups"] for rule in group["rules"]}
    assert {row[0] for row in rows("Alerts")} == alerts
