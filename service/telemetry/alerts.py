"""The alerting rules of Prometheus, generated from the objectives.

An alert fires while the budget of an objective burns too fast, in a long window and, so that it
ends soon once all is well, in a short one too: "Multiwindow, Multi-Burn-Rate Alerts", in chapter 5
of The Site Reliability Workbook (Google, 2018), https://sre.google/workbook/alerting-on-slos/. Few
failures wake nobody, whatever their share: at night, one of ten requests would.
"""

from collections.abc import Iterator
from typing import Any, Literal, NamedTuple

import msgspec

from service.telemetry.objectives import FAST, OBJECTIVES, Objective

MANUAL = "docs/operations.md"
FEWEST = 5
"""Bad requests in the long window, below which nobody is told."""

Severity = Literal["page", "ticket"]


class Burn(NamedTuple):
    """How fast a budget may burn: at rate 1 it lasts 30 days."""

    rate: float
    long: str
    short: str
    severity: Severity


BURNS = (
    Burn(14.4, "1h", "5m", "page"),  # 2 % of the budget in an hour
    Burn(6, "6h", "30m", "page"),  # 5 % in six hours
    Burn(1, "3d", "6h", "ticket"),  # 10 % in three days
)


class Condition(NamedTuple):
    """A state that is no promise broken yet, but will be.

    Attributes:
        alert: Its name.
        expression: Holds while it lasts.
        lasts: How long it must.
        severity: Whether somebody is woken.
        told: What it means, and what to do.
    """

    alert: str
    expression: str
    lasts: str
    severity: Severity
    told: str


CONDITIONS = (
    Condition(
        "SmedxDown",
        "absent(smedx_model_info)",
        "5m",
        "page",
        "No process answers /metrics. Run `smedx doctor` on the machine.",
    ),
    Condition(
        "SmedxServesByPopularity",
        'sum(rate(smedx_answers_total{version="none"}[10m])) > 0',
        "10m",
        "ticket",
        "No model is in service, so lists go by popularity. `/health/ready` says why.",
    ),
    Condition(
        "SmedxExposuresLost",
        "sum(increase(smedx_journal_dropped_exposures_total[15m])) > 0",
        "0m",
        "ticket",
        "Lists were served but not kept: nothing is learned from them. Look at the database.",
    ),
    Condition(
        "SmedxJournalBehind",
        "sum(smedx_journal_depth) > 5000",
        "5m",
        "page",
        "Writes wait for the database; it refuses new ones at 50,000 rows in each process.",
    ),
    Condition(
        "SmedxProfilesDrift",
        "smedx_profile_drift > smedx_profile_drift_chance and smedx_profile_drift > 0.1",
        "6h",
        "ticket",
        "Those who ask are no longer those whom the model learned from, one in ten at least in"
        " {{ $labels.field }}: look whose website sends them, and train again.",
    ),
)


def rules() -> dict[str, Any]:
    """Return the content of a rule file."""
    burning = [rule for objective in OBJECTIVES for rule in _burning(objective)]
    return {
        "groups": [
            {"name": "smedx-objectives", "rules": burning},
            {"name": "smedx-conditions", "rules": [_rule(*each) for each in CONDITIONS]},
        ]
    }


def as_yaml() -> str:
    """Return the rule file."""
    return msgspec.yaml.encode(rules()).decode()


def _burning(objective: Objective) -> Iterator[dict[str, Any]]:
    routes = "|".join(route.replace("{", r"\\{").replace("}", r"\\}") for route in objective.routes)
    own = f'route=~"{routes}"'
    all_, failed = (f"smedx_requests_total{{{own}{more}}}" for more in ("", ',status=~"5.."'))
    timed = f"smedx_request_seconds_count{{{own}}}"
    fast = f'smedx_request_seconds_bucket{{{own},le="{objective.seconds}"}}'

    def sum_(function: str, series: str, window: str) -> str:
        return f"sum({function}({series}[{window}]))"

    def bad(function: str, window: str) -> str:
        return sum_(function, failed, window)

    def slow(function: str, window: str) -> str:
        return f"({sum_(function, timed, window)} - {sum_(function, fast, window)})"

    for alert, count, of, left, told in (
        (
            "SmedxErrorsBurnBudget",
            bad,
            all_,
            1 - objective.availability,
            f"of {objective.name}, {objective.availability:.1%} are to be answered",
        ),
        (
            "SmedxSlownessBurnsBudget",
            slow,
            timed,
            1 - FAST,
            f"of {objective.name}, {FAST:.0%} are to be answered within {objective.p99_ms:g} ms",
        ),
    ):
        for burn in BURNS:
            most = f"{burn.rate * left:.6g}"
            shares = [
                f"{count('rate', window)} / {sum_('rate', of, window)} > {most}"
                for window in (burn.long, burn.short)
            ]
            enough = f"{count('increase', burn.long)} >= {FEWEST}"
            lasts = f"the budget of 30 days lasts less than {30 / burn.rate:.2g} days"
            summary = f"{told}; if it goes on as in the last {burn.long}, {lasts}"
            rule = _rule(alert, " and ".join([*shares, enough]), "0m", burn.severity, summary)
            rule["labels"] |= {"objective": objective.name, "window": burn.long}
            yield rule


def _rule(alert: str, expression: str, lasts: str, severity: Severity, told: str) -> dict[str, Any]:
    return {
        "alert": alert,
        "expr": expression,
        "for": lasts,
        "labels": {"severity": severity},
        "annotations": {"summary": told, "runbook": f"{MANUAL}#alerts"},
    }
