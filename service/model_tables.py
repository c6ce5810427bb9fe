"""What is known of trained models, as the commands show it."""

from typing import Any

import msgspec
from rich.table import Table

from recommender.training.calibration_report import KINDS, LEAST_STATES
from recommender.training.gate import MARKS
from recommender.training.registry import Manifest, Registry
from service.terminal import new_table


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A version as `list` shows it."""

    version: str
    created_at: str
    ranker: str
    businesses: int
    simulated_share: float
    reached: float | None
    gate: str | None
    in_service: bool
    in_service_before: bool


def row_of(manifest: Manifest, current: str | None, before: str | None) -> Row:
    """Return the row of a version."""
    return Row(
        version=manifest.version,
        created_at=manifest.created_at.isoformat(),
        ranker=manifest.ranker,
        businesses=manifest.businesses,
        simulated_share=manifest.simulated_share,
        reached=_figure(manifest, "rankers", "response", "reranked", "value"),
        gate=manifest.metrics.get("gate", {}).get("decision"),
        in_service=manifest.version == current,
        in_service_before=manifest.version == before,
    )


def facts_table(registry: Registry, manifest: Manifest) -> Table:
    """Return what is no figure: where the model comes from, and when it was in service."""
    service = {registry.before: "the one before", registry.current: "now"}
    report = registry.folder / manifest.version / "report.html"
    facts = {
        "version": manifest.version,
        "in service": service.get(manifest.version, "no"),
        "created": f"{manifest.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "report": str(report) if report.exists() else "none",
        "ranker": manifest.ranker,
        "parameters": ", ".join(
            f"{name} {f'({len(value)})' if isinstance(value, list | dict) else value}"
            for name, value in manifest.parameters.items()
        ),
        "businesses": f"{manifest.businesses:,}, {manifest.simulated_share:.2%} simulated",
        "platforms": str(manifest.platforms),
        "data": manifest.data_sha256,
        "data tables": manifest.reference_version,
        "seed": str(manifest.seed),
        "features": manifest.schema,
        "checksum": manifest.sha256,
        "libraries": ", ".join(f"{name} {found}" for name, found in manifest.libraries.items()),
        "put into service": "\n".join(
            f"{line.at:%Y-%m-%d %H:%M:%S} UTC, {line.who}: {line.why}"
            for line in registry.history.read()
            if line.version == manifest.version
        ),
    }
    table = new_table("", "")
    table.show_header = False
    for name, text in facts.items():
        if text:
            table.add_row(name, text)
    return table


def rankers_table(manifest: Manifest) -> Table:
    """Return what the ranker reaches beside the others, with intervals."""
    table = new_table(
        "later businesses",
        "reached of what was shown",
        "this one minus it",
        "full ranking",
        caption="of the most that the first five could reach; 95 % intervals",
    )
    for name, found in manifest.metrics.get("rankers", {}).items():
        beside = manifest.metrics["differences"].get(name)
        table.add_row(
            name.replace("_", " "),
            _interval(found["reranked"]),
            _interval(beside["reranked"], "+") if beside else "",
            _interval(found["full"]),
        )
    return table


def calibration_table(manifest: Manifest) -> Table:
    """Return what was told beside what came true, overall and by size class, of enough states."""
    table = new_table(
        "probabilities", "", "states", "first 5 told", "true", "error", "of it by chance"
    )
    names = ("first5_told", "first5_true", "first5_error", "first5_chance")
    for kind, called in KINDS.items():
        found = manifest.metrics.get("calibration", {}).get(kind, {})
        for part, each in {"all": found, **found.get("by_size", {})}.items():
            states = each.get("states", 0)
            told = each if states >= LEAST_STATES else {}
            figures = (text_of(told.get(name)) for name in names)
            table.add_row(called, part, text_of(states), *figures)
    return table


def gate_table(manifest: Manifest) -> Table:
    """Return what the gate looked at."""
    gate = manifest.metrics.get("gate", {})
    table = new_table(f"the gate: {gate.get('decision', 'not asked')}", "", "found")
    for check in gate.get("checks", ()):
        table.add_row(check["name"], MARKS[check["verdict"]], check["told"])
    return table


def figures(manifest: Manifest) -> dict[str, float | None]:
    """Return the figures by which two models are compared."""
    found: dict[str, float | None] = {
        "businesses": manifest.businesses,
        "simulated share": manifest.simulated_share,
    }
    measures = {
        "reranked": "reached of what was shown",
        "adoptions": "adoptions reached",
        "full": "full ranking",
    }
    for measure, called in measures.items():
        for ranker in ("response", "popularity"):
            path = ("rankers", ranker, measure, "value")
            found[f"{called}, {ranker}"] = _figure(manifest, *path)
    for kind, called in KINDS.items():
        error = _figure(manifest, "calibration", kind, "first5_error")
        found[f"calibration error, {called}"] = error
    for part, name in (
        ("variety", "distinct_lists"),
        ("variety", "difference"),
        ("exposure", "coverage"),
        ("exposure", "gini"),
        ("attention", "exponent"),
    ):
        found[f"{part}: {name.replace('_', ' ')}"] = _figure(manifest, part, name)
    return found


def text_of(value: float | None) -> str:
    """Return a figure as text; a dash for none."""
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def difference(before: float | None, after: float | None) -> str:
    """Return the second figure minus the first as text."""
    if before is None or after is None:
        return "–"
    return f"{after - before:+,}" if isinstance(after - before, int) else f"{after - before:+.4f}"


def _figure(manifest: Manifest, *path: str) -> float | None:
    """Return a number of the metrics, or None where that model has none."""
    found: Any = manifest.metrics
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, int | float) else None


def _interval(found: dict[str, float], sign: str = "") -> str:
    return f"{found['value']:{sign}.4f} ({found['low']:{sign}.4f} to {found['high']:{sign}.4f})"
