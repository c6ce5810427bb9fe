"""The rules are ones that Prometheus takes, on metrics and routes that there are."""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser as promql
import pytest
import yaml
from click.testing import CliRunner

from service.app import create_app
from service.cli import main
from service.settings import Settings
from service.telemetry.alerts import BURNS, CONDITIONS, as_yaml
from service.telemetry.metrics import SECONDS
from service.telemetry.objectives import OBJECTIVES, Objective
from service.telemetry.processes import counted
from service.telemetry.state import State

DURATION = r"\d+[mhd]"


@pytest.fixture(scope="module")
def rules() -> list[dict[str, Any]]:
    result = CliRunner().invoke(main, ["alerts"])
    assert result.exit_code == 0, result.output
    assert result.stdout == as_yaml()
    (groups,) = yaml.safe_load(result.stdout).values()
    assert [group["name"] for group in groups] == ["smedx-objectives", "smedx-conditions"]
    return [rule for group in groups for rule in group["rules"]]


def parts(node: Any) -> Iterator[Any]:
    """Yield an expression and all that it is made of."""
    yield node
    for name in ("lhs", "rhs", "expr", "vector_selector"):
        if hasattr(node, name) and getattr(node, name) is not None:
            yield from parts(getattr(node, name))
    for argument in getattr(node, "args", ()):
        yield from parts(argument)


def selectors(expression: str) -> list[promql.VectorSelector]:
    found = parts(promql.parse(expression))
    return [part for part in found if isinstance(part, promql.VectorSelector)]


def test_each_rule_is_one_that_prometheus_takes(rules):
    assert len(rules) == 2 * len(BURNS) * len(OBJECTIVES) + len(CONDITIONS)
    for rule in rules:
        assert set(rule) == {"alert", "expr", "for", "labels", "annotations"}
        assert re.fullmatch(r"Smedx[A-Za-z]+", rule["alert"])
        assert re.fullmatch(DURATION, rule["for"])
        assert rule["labels"]["severity"] in ("page", "ticket")
        assert set(rule["annotations"]) == {"summary", "runbook"}
        assert len(rule["annotations"]["summary"]) > 30
        promql.parse(rule["expr"])
    told = [(rule["alert"], tuple(sorted(rule["labels"].items()))) for rule in rules]
    assert len(set(told)) == len(told)


def test_every_metric_and_label_that_a_rule_names_is_exported(rules, tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    app = create_app(Settings(database_url=url, models_dir=tmp_path / "models"))
    telemetry = app.dependencies["telemetry"].dependency()
    state: State = telemetry._state
    exported = {metric.name for metric in [*counted(), *state.collect()]}
    suffixes = ("", "_total", "_bucket", "_count", "_sum")
    names = {name + suffix for name in exported for suffix in suffixes}
    used = {selector.name for rule in rules for selector in selectors(rule["expr"])}
    assert len(used) > 8
    assert used <= names


def test_every_route_that_an_objective_names_is_one(tmp_path):
    url = f"sqlite:///{tmp_path}/store.db"
    app = create_app(Settings(database_url=url, models_dir=tmp_path / "models"))
    routes = {re.sub(r":\w+}", "}", route.path) for route in app.routes}
    named = [route for objective in OBJECTIVES for route in objective.routes]
    assert set(named) <= routes
    assert len(set(named)) == len(named)
    assert all(objective.p99_ms / 1000 in SECONDS for objective in OBJECTIVES)
    with pytest.raises(ValueError, match="is not the bound of a bucket"):
        _ = Objective("x", ("/x",), 42, 0.999).seconds


def test_each_condition_says_what_to_do_and_none_pages_for_what_can_wait():
    for condition in CONDITIONS:
        assert len(condition.told) > 40
    urgent = {each.alert for each in CONDITIONS if each.severity == "page"}
    assert urgent == {"SmedxDown", "SmedxJournalBehind"}
