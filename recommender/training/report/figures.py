"""The pictures of the report, each a PNG."""

import io
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter

OURS, OTHERS, WORSE = "#0b5cad", "#5f6b76", "#b3261e"


def rankers_figure(rankers: Mapping[str, Any]) -> bytes:
    """Draw what each ranker reaches of what was shown, with its interval."""
    names = list(rankers)[::-1]
    figure = Figure(figsize=(7.2, 0.9 + 0.38 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    for place, name in enumerate(names):
        found = rankers[name]["reranked"]
        colour = OURS if name == next(iter(rankers)) else OTHERS
        _interval(axes, place, found["value"], found["low"], found["high"], colour)
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.set_ylim(-0.6, len(names) - 0.4)
    axes.set_xlabel("share of the most that the first five could reach")
    axes.xaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(axis="x", color="0.92")
    return png(figure)


def slices_figure(slices: Mapping[str, Mapping[str, Any]], least: int) -> bytes:
    """Draw the difference to what the new model is compared with, in each slice by its name."""
    rows = [
        (f"{name} ({found['states']:,})", found)
        for name, found in slices.items()
        if found["states"] >= least
    ][::-1]
    figure = Figure(figsize=(7.2, 1.0 + 0.24 * len(rows)), layout="constrained")
    axes = figure.add_subplot()
    for place, (_, found) in enumerate(rows):
        colour = WORSE if found["high"] < 0 else OURS if found["low"] > 0 else OTHERS
        _interval(axes, place, found["difference"], found["low"], found["high"], colour)
    axes.axvline(0, color="0.6", linewidth=1)
    axes.set_yticks(range(len(rows)), [name for name, _ in rows], fontsize=8, parse_math=False)
    axes.set_ylim(-0.6, len(rows) - 0.4)
    axes.set_xlabel("difference in what is reached (points of the share), 95 % intervals")
    axes.grid(axis="x", color="0.92")
    return png(figure)


def learning_curve_figure(points: Sequence[tuple[float, float, float, float]]) -> bytes:
    """Draw what more states bring, each point with its interval."""
    figure = Figure(figsize=(5.2, 3.4), layout="constrained")
    axes = figure.add_subplot()
    states, reached, low, high = np.array(points).T
    axes.errorbar(states, reached, (reached - low, high - reached), marker="o", color=OURS)
    axes.set_xscale("log")
    axes.set(xlabel="states of businesses learned from", ylabel="share of the most reached")
    axes.yaxis.set_major_formatter(PercentFormatter(1.0, decimals=0))
    axes.grid(color="0.92")
    return png(figure)


def providers_figure(providers: Mapping[str, Mapping[str, float]]) -> bytes:
    """Draw the exposure of the providers with the most, beside their merit."""
    names = list(providers)[::-1]
    figure = Figure(figsize=(7.2, 0.9 + 0.3 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    for shift, kind, colour in ((0.2, "exposure", OURS), (-0.2, "merit", "#c77700")):
        values = [providers[name][kind] for name in names]
        places = [place + shift for place in range(len(names))]
        axes.barh(places, values, height=0.38, color=colour, label=kind)
    axes.set_yticks(range(len(names)), names, fontsize=8, parse_math=False)  # any text
    axes.xaxis.set_major_formatter(PercentFormatter(1.0))
    axes.set_axisbelow(True)
    axes.set_xlabel("share of all exposure (by rank), and of all that was taken up")
    axes.grid(axis="x", color="0.92")
    axes.legend(frameon=False, loc="lower right")
    return png(figure)


def drift_figure(drift: Mapping[str, Mapping[str, float]]) -> bytes:
    """Draw how far each field has moved, beside what chance alone would give."""
    names = sorted(drift, key=lambda name: drift[name]["distance"])
    figure = Figure(figsize=(7.2, 0.9 + 0.24 * len(names)), layout="constrained")
    axes = figure.add_subplot()
    for place, name in enumerate(names):
        moved = drift[name]["distance"] > drift[name]["chance"]
        axes.barh(place, drift[name]["distance"], color=WORSE if moved else OURS, height=0.6)
        axes.plot([drift[name]["chance"]] * 2, [place - 0.4, place + 0.4], color="black")
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names], fontsize=8)
    axes.set_axisbelow(True)
    axes.set_xlabel("total variation distance; black: 95 % of what chance alone gives")
    axes.grid(axis="x", color="0.92")
    return png(figure)


def png(figure: Figure) -> bytes:
    """Return a figure as a PNG that is the same every time."""
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()


def _interval(axes: Axes, place: int, value: float, low: float, high: float, colour: str) -> None:
    axes.plot([low, high], [place, place], color=colour, linewidth=1.6)
    axes.plot([value], [place], marker="o", markersize=5, color=colour)
