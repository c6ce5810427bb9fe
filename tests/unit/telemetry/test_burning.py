"""Which alerts fire, and how urgently, where a share of the requests goes on to fail or be slow."""

import re
from collections.abc import Iterator
from typing import Any

import promql_parser as promql
import pytest

from service.telemetry.alerts import rules

ROUTE = "/v1/profiles/{profile_id}"
OPERATIONS = {
    "-": lambda left, right: left - right,
    "/": lambda left, right: left / right if right else 0.0,
    ">": lambda left, right: left > right,
    ">=": lambda left, right: left >= right,
    "and": lambda left, right: left and right,
}


class Traffic:
    """Requests for one route that go on for ever.

    Args:
        rate: How many there are a second.
        failed: Share that is answered 503.
        slow: Share that takes longer than a second.
    """

    def __init__(self, rate: float, failed: float = 0.0, slow: float = 0.0) -> None:
        self.rates = {
            ("smedx_requests_total", ROUTE, "200", ""): rate * (1 - failed),
            ("smedx_requests_total", ROUTE, "503", ""): rate * failed,
            ("smedx_requests_total", "/v1/platforms", "200", ""): 100.0,
            ("smedx_request_seconds_count", ROUTE, "", ""): rate,
            ("smedx_request_seconds_bucket", ROUTE, "", "0.25"): rate * (1 - slow),
            ("smedx_request_seconds_bucket", ROUTE, "", "0.1"): 0.0,
        }

    def fires(self, expression: str) -> bool:
        """Return whether an expression of sums of rates and increases holds."""
        return bool(self._value(promql.parse(expression)))

    def _value(self, node: Any) -> Any:
        if isinstance(node, promql.NumberLiteral):
            return node.val
        if isinstance(node, promql.Call):
            seconds = node.args[0].range.total_seconds()
            each = sum(self._matching(node.args[0].vector_selector))
            return each * {"rate": 1.0, "increase": seconds}[node.func.name]
        if isinstance(node, promql.BinaryExpr):
            return OPERATIONS[str(node.op)](self._value(node.lhs), self._value(node.rhs))
        return self._value(node.expr)

    def _matching(self, selector: promql.VectorSelector) -> Iterator[float]:
        matchers = {each.name: each.value for each in selector.matchers.matchers}
        for (name, *values), rate in self.rates.items():
            labels = dict(zip(("route", "status", "le"), values, strict=True))
            if name == selector.name and all(
                re.fullmatch(matcher, labels[label]) for label, matcher in matchers.items()
            ):
                yield rate


def firing(traffic: Traffic) -> set[tuple[str, str, str]]:
    (objectives, _) = rules()["groups"]
    found = [rule for rule in objectives["rules"] if traffic.fires(rule["expr"])]
    assert {rule["labels"]["objective"] for rule in found} <= {"profiles"}
    return {(rule["alert"], rule["labels"]["window"], rule["labels"]["severity"]) for rule in found}


WINDOWS = (("1h", "page"), ("6h", "page"), ("3d", "ticket"))


@pytest.mark.parametrize(
    ("failed", "fires"), [(0.02, 3), (0.0145, 3), (0.008, 2), (0.002, 1), (0.0009, 0), (0.0, 0)]
)
def test_the_more_fail_the_more_urgent_it_is(failed, fires):
    """The budget is one in a thousand."""
    expected = {("SmedxErrorsBurnBudget", *window) for window in WINDOWS[3 - fires :]}
    assert firing(Traffic(10, failed=failed)) == expected


@pytest.mark.parametrize(
    ("slow", "fires"), [(0.2, 3), (0.145, 3), (0.1, 2), (0.03, 1), (0.009, 0), (0.0, 0)]
)
def test_the_more_are_slow_the_more_urgent_it_is(slow, fires):
    """The budget is one in a hundred."""
    expected = {("SmedxSlownessBurnsBudget", *window) for window in WINDOWS[3 - fires :]}
    assert firing(Traffic(10, slow=slow)) == expected


def test_few_failures_wake_nobody_until_they_go_on():
    an_hour = 1 / 3600
    assert firing(Traffic(2 * an_hour, failed=0.1)) == {("SmedxErrorsBurnBudget", "3d", "ticket")}
    assert firing(Traffic(10 * an_hour, failed=0.1)) == {
        ("SmedxErrorsBurnBudget", window, severity) for window, severity in WINDOWS[1:]
    }
    assert len(firing(Traffic(60 * an_hour, failed=0.1))) == 3


def test_without_requests_there_is_no_alert():
    assert firing(Traffic(0.0)) == set()
