"""The page itself."""

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path

import jinja2

from recommender.domain import Reference
from recommender.policy.explanation import name_of
from recommender.training.calibration_report import LEAST_STATES
from recommender.training.gate import MARKS
from recommender.training.registry import Manifest
from recommender.training.report.examples import Example
from recommender.training.report.figures import (
    drift_figure,
    learning_curve_figure,
    providers_figure,
    rankers_figure,
    slices_figure,
)

_templates = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).parent),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def render_report(
    manifest: Manifest,
    reference: Reference,
    reliability: bytes,
    examples: tuple[Sequence[Example], Sequence[Example]],
) -> bytes:
    """Return the report of a model as one HTML page, in UTF-8, with everything inside.

    Args:
        manifest: Of the model.
        reference: The catalogue, and the rules of the gate.
        reliability: The picture of what was told beside what came true.
        examples: The surest and the least sure suggestions.
    """
    metrics = manifest.metrics
    slices = {
        _slice_name(field, value, reference): found
        for field, values in metrics["slices"].items()
        for value, found in values.items()
    }
    pictures: Mapping[str, bytes] = {
        "rankers": rankers_figure(metrics["rankers"]),
        "slices": slices_figure(slices, reference.gate.slices.least_states),
        "learning_curve": learning_curve_figure(metrics["learning_curve"]),
        "providers": providers_figure(metrics["exposure"]["providers"]),
        "reliability": reliability,
        **({"drift": drift_figure(metrics["drift"])} if metrics["drift"] else {}),
    }
    page = _templates.get_template("report.html").render(
        manifest=manifest,
        metrics=metrics,
        slices=slices,
        reference=reference,
        marks=MARKS,
        least_states=LEAST_STATES,
        surest=examples[0],
        least=examples[1],
        pictures={
            name: "data:image/png;base64," + base64.b64encode(content).decode()
            for name, content in pictures.items()
        },
    )
    return page.encode()


def _slice_name(field: str, value: str, reference: Reference) -> str:
    """Return what a slice is called."""
    match field:
        case "sector":
            value = name_of(field, value, reference, "en")
        case "region":
            value = reference.regions[value].say("name", "en")
        case "size" | "legal_form":
            value = reference.choices[field][value].say("name", "en")
    return f"{field.replace('_', ' ')}: {value}"
