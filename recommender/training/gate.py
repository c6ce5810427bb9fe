"""Whether a new model may be put into service: ship, hold or reject, and why."""

from collections.abc import Iterator, Mapping
from typing import Any, Literal

from msgspec import Struct

from recommender.domain.gate_rules import (
    Amount,
    Better,
    CalibrationLimits,
    GateRules,
    OffPolicy,
    Served,
    Slices,
)

Verdict = Literal["pass", "hold", "fail", "not looked at"]
Decision = Literal["ship", "hold", "reject"]

MARKS: Mapping[Verdict, str] = {
    "pass": "PASS",
    "hold": "HOLD",
    "fail": "FAIL",
    "not looked at": "NOT LOOKED AT",
}
"""The verdicts as people read them."""

AGAINST: Mapping[Verdict, Decision] = {"fail": "reject", "hold": "hold"}
"""What decides, the worst first; what could not be looked at speaks neither for nor against."""


class GateCheck(Struct, frozen=True):
    """One thing that is asked for.

    `told` says what was found and what is asked for, or why it could not be looked at.
    """

    name: str
    verdict: Verdict
    told: str


class GateResult(Struct, frozen=True):
    """What the gate says."""

    decision: Decision
    checks: tuple[GateCheck, ...]

    @property
    def against(self) -> tuple[GateCheck, ...]:
        """What speaks against shipping."""
        return tuple(check for check in self.checks if check.verdict in AGAINST)


def judge(metrics: Mapping[str, Any], rules: GateRules) -> GateResult:
    """Decide about a model from what was measured of it.

    Args:
        metrics: As `train` collects them for the manifest.
        rules: What is asked for.
    """
    checks = (
        *_data(metrics),
        _amount(metrics, rules.amount),
        _served(metrics["served"], rules.served),
        *_better(metrics, rules.better, rules.baselines),
        *_slices(metrics, rules.slices),
        *_calibration(metrics, rules.calibration),
        *_lists(metrics, rules),
        *_off_policy(metrics, rules.off_policy),
        *_scoring(metrics, rules),
    )
    found = {check.verdict for check in checks}
    worst = (decision for verdict, decision in AGAINST.items() if verdict in found)
    return GateResult(next(worst, "ship"), checks)


def _data(metrics: Mapping[str, Any]) -> Iterator[GateCheck]:
    failed = [check["name"] for check in metrics["checks"] if not check["passed"]]
    told = f"failed: {', '.join(failed)}" if failed else f"{len(metrics['checks'])} checks passed"
    yield GateCheck("data", "fail" if failed else "pass", told)
    if not metrics["held_out"]:
        told = "too few states, or all of one moment: measured on what was learned from"
        yield GateCheck("states held out", "hold", told)


def _amount(metrics: Mapping[str, Any], asked: Amount) -> GateCheck:
    name = "as many businesses as in service"
    before, now = metrics["in_service"]["learned_from"], metrics["learned_from"]
    if before is None:
        told = "no model is in service, or it does not tell how many it learned from"
        return GateCheck(name, "not looked at", told)
    recorded, simulated = before["recorded"], before["simulated"]
    recorded_now, simulated_now = now["recorded"], now["simulated"]
    told = (
        f"{recorded_now:,.0f} recorded and {simulated_now:,.0f} simulated ones by weight, "
        f"{recorded:,.0f} and {simulated:,.0f} then"
    )
    weight = before["simulated_weight"]
    if _fewer(recorded, recorded_now, asked):
        told += ": see whether the log lost something, or DATABASE_URL names another database"
    elif _fewer(recorded + weight * simulated, recorded_now + weight * simulated_now, asked):
        told += ": see whether SIMULATED_DIR is another folder, or fewer were simulated"
    else:
        return GateCheck(name, "pass", told)
    return GateCheck(name, "hold", told)


def _fewer(before: float, now: float, asked: Amount) -> bool:
    return now < asked.least_share * before and before - now >= asked.least_fewer


def _served(found: Mapping[str, Any], asked: Served) -> GateCheck:
    name = "as good as in service, as it is"
    if found["why_not"] is not None:
        return GateCheck(name, "not looked at", found["why_not"])
    value, low, high = (found[each] for each in ("difference", "low", "high"))
    on = f" on {found['states']} states"
    return GateCheck(name, *_sure(value, low, high, asked.tolerance, on))


def _better(metrics: Mapping[str, Any], service: Better, baselines: Better) -> Iterator[GateCheck]:
    name = "as good as in service, fitted anew"
    if "in_service" not in metrics["differences"]:
        yield GateCheck(name, "not looked at", metrics["in_service"]["compared"])
    for other, found in metrics["differences"].items():
        value, low, high = (found["reranked"][each] for each in ("value", "low", "high"))
        if other == "in_service":
            yield GateCheck(name, *_sure(value, low, high, service.tolerance))
            continue
        least = 0 - baselines.tolerance
        verdict: Verdict = "pass" if value > least else "fail" if high < least else "hold"
        told = f"{value:+.4f} ({low:+.4f} to {high:+.4f}), it to lie above {least:g}"
        yield GateCheck(f"as good as {other.replace('_', ' ')}", verdict, told)


def _sure(
    value: float, low: float, high: float, tolerance: float, on: str = ""
) -> tuple[Verdict, str]:
    """Return whether a difference lies above minus a tolerance for sure, and the words."""
    least = 0 - tolerance
    verdict: Verdict = "pass" if low > least else "fail" if high < least else "hold"
    told = f"{value:+.4f} ({low:+.4f} to {high:+.4f}){on}, the interval to lie above {least:g}"
    return verdict, told


def _slices(metrics: Mapping[str, Any], asked: Slices) -> Iterator[GateCheck]:
    large = {
        f"{field} {value}": found
        for field, values in metrics["slices"].items()
        for value, found in values.items()
        if found["states"] >= asked.least_states
    }
    worse = [
        f"{name} ({found['difference']:+.4f}, at most {found['high']:+.4f})"
        for name, found in large.items()
        if found["high"] < -asked.tolerance
    ]
    told = f"{len(large)} slices of {asked.least_states} states or more"
    if worse:
        yield GateCheck("no slice worse", "fail", f"worse: {'; '.join(worse)}; of {told}")
    elif large:
        yield GateCheck("no slice worse", "pass", f"none of {told} is worse")
    else:
        told = f"there is no slice of {asked.least_states} states or more"
        yield GateCheck("no slice worse", "not looked at", told)


def _calibration(metrics: Mapping[str, Any], asked: CalibrationLimits) -> Iterator[GateCheck]:
    for kind, name in (("cold", "no tools in use"), ("warm", "tools in use")):
        found = metrics["calibration"][kind]
        verdict: Verdict = "not looked at"
        told = f"{found['states']} states, at least {asked.least_states} are needed"
        if found["states"] >= asked.least_states:
            beyond = found["first5_error"] - found["first5_chance"]
            verdict = "pass" if beyond <= asked.most_error else "fail"
            told = (
                f"error {found['first5_error']:.4f}, {found['first5_chance']:.4f} of it by chance; "
                f"the rest to be at most {asked.most_error:g}"
            )
        yield GateCheck(f"probabilities, {name}", verdict, told)


def _lists(metrics: Mapping[str, Any], asked: GateRules) -> Iterator[GateCheck]:
    lists, shown = metrics["variety"], metrics["exposure"]
    few = lists["asked"] < asked.lists.asked
    why = f"{lists['asked']} states, at least {asked.lists.asked} are needed"
    for name, value, least in (
        ("different lists", lists["distinct_lists"], asked.lists.least_distinct),
        ("difference of lists", lists["difference"], asked.lists.least_difference),
        ("moved by sector", lists["moved_by_sector"], asked.lists.least_moved_by_sector),
        ("moved by size", lists["moved_by_size"], asked.lists.least_moved_by_size),
        ("coverage of the catalogue", shown["coverage"], asked.exposure.least_coverage),
    ):
        verdict: Verdict = "not looked at" if few else "pass" if value >= least else "fail"
        yield GateCheck(name, verdict, why if few else f"{value:g}, to be at least {least:g}")
    gini, most = shown["gini"], asked.exposure.most_gini
    verdict = "not looked at" if few else "pass" if gini <= most else "fail"
    told = why if few else f"Gini {gini:.3f}, to be at most {most:g}"
    yield GateCheck("exposure by provider", verdict, told)


def _off_policy(metrics: Mapping[str, Any], asked: OffPolicy) -> Iterator[GateCheck]:
    found = metrics["off_policy"]
    if found is None:
        told = (
            "none is recorded among the states that measured, or there is no model to compare with"
        )
        yield GateCheck("drawn slots", "not looked at", told)
        return
    if not found["believable"]:
        told = f"not to be believed: {found['warnings'][0]}"
        yield GateCheck("drawn slots", "not looked at", told)
        return
    least = -asked.tolerance * found["in_service"]
    harmful = found["high"] < least
    told = (
        f"{found['difference']:+.4f} ({found['low']:+.4f} to {found['high']:+.4f}), not to lie "
        f"below {least:.4f}"
    )
    yield GateCheck("drawn slots", "fail" if harmful else "pass", told)


def _scoring(metrics: Mapping[str, Any], asked: GateRules) -> Iterator[GateCheck]:
    found = metrics["scoring"]
    for name, value, most, unit in (
        ("alone as in a batch", found["parity"], asked.parity.most_difference, ""),
        ("size of the artefact", found["megabytes"], asked.artefact.most_mb, " MB"),
        ("time to score", found["milliseconds"], asked.artefact.most_scoring_ms, " ms"),
    ):
        verdict: Verdict = "pass" if value <= most else "fail"
        yield GateCheck(name, verdict, f"{value:.3g}{unit}, to be at most {most:g}{unit}")
