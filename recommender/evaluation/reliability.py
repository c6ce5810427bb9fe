"""Do probabilities come true as often as they say?"""

import io
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

BINS = 15

SMALLEST = float(np.finfo(float).tiny)
"""Keeps nothing at all from being divided by."""


@dataclass(frozen=True)
class Reliability:
    """What was told and what came true, in bins of as many pairs each, from low to high.

    Attributes:
        told: Mean probability of each bin, shape (n_bins,).
        true: Share of outcomes of each bin, shape (n_bins,).
        weights: Total weight of each bin, shape (n_bins,).
        spread: Standard error of the share of outcomes of each bin, shape (n_bins,).
    """

    told: Floats
    true: Floats
    weights: Floats
    spread: Floats

    @classmethod
    def measure(
        cls,
        probabilities: Floats,
        outcomes: Floats,
        weights: Floats | None = None,
        bins: int = BINS,
    ) -> Self:
        """Compare probabilities with outcomes.

        Args:
            probabilities: Predicted, shape (n,).
            outcomes: What happened, zeros and ones, or shares, shape (n,).
            weights: How much each pair counts, at least 0; 1 where left out.
            bins: Number of bins; fewer where there are fewer pairs that count.
        """
        weights = np.ones(len(probabilities)) if weights is None else weights
        order = np.argsort(probabilities, kind="stable")
        order = order[weights[order] > 0]
        begins = np.arange(min(bins, len(order))) * len(order) // max(1, min(bins, len(order)))
        squares = (weights * (outcomes - probabilities)) ** 2
        total, told, true, squared = (
            np.add.reduceat(values[order], begins) if len(order) else np.zeros(0)
            for values in (weights, weights * probabilities, weights * outcomes, squares)
        )
        return cls(told / total, true / total, total, np.sqrt(squared) / total)

    @property
    def mean_told(self) -> float:
        """Mean probability; 0 where there is no pair."""
        return float(self.weights @ self.told / max(self.weights.sum(), SMALLEST))

    @property
    def mean_true(self) -> float:
        """Share of outcomes; 0 where there is no pair."""
        return float(self.weights @ self.true / max(self.weights.sum(), SMALLEST))

    @property
    def error(self) -> float:
        """Expected calibration error: the mean of |told - true| over bins, by their weight.

        Naeini et al. (AAAI 2015), with bins of as many pairs each; 0 where there is no pair.
        """
        gaps = np.abs(self.told - self.true)
        return float(self.weights @ gaps / max(self.weights.sum(), SMALLEST))

    @property
    def chance(self) -> float:
        """The error that chance alone would give: what is told comes true on average, no more."""
        by_chance = np.sqrt(2 / np.pi) * self.spread  # the mean of |normal|
        return float(self.weights @ by_chance / max(self.weights.sum(), SMALLEST))


def reliability_plot(measured: Mapping[str, Reliability], title: str) -> bytes:
    """Draw what was told against what came true, one line for each name; return a PNG."""
    # Only training draws: the service starts without it.
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator, PercentFormatter

    figure = Figure(figsize=(5.2, 5.0), layout="constrained")
    axes = figure.add_subplot()
    highest = [np.max([each.told, each.true], initial=0.0) for each in measured.values()]
    top = 1.05 * float(max(highest, default=0.0)) or 1.0
    axes.plot([0, top], [0, top], color="0.6", linewidth=1, label="as told")
    for marker, (name, each) in zip("os^D", measured.items(), strict=False):
        label = f"{name} (error {each.error:.4f})"
        axes.errorbar(
            each.told,
            each.true,
            yerr=1.96 * each.spread,
            marker=marker,
            markersize=4,
            linewidth=1.2,
            elinewidth=0.7,
            label=label,
        )
    axes.set(xlim=(0, top), ylim=(0, top), aspect="equal", title=title)
    axes.set(xlabel="probability told", ylabel="share of those who looked that chose it")
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_major_formatter(PercentFormatter(1.0))
        axis.set_major_locator(MaxNLocator(6))
    axes.grid(color="0.92")
    axes.legend(frameon=False, loc="upper left")
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()
