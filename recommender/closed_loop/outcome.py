"""What the arms came to: regret against an oracle, and whether new platforms were found."""

import io
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import stats

from recommender.closed_loop.arms import ARMS
from recommender.closed_loop.loop import LoopSettings

LAST = 3
"""Rounds at the end that tell whether a platform was found."""

FOUND = 0.5
"""A platform is found if it is among the first five at least so often as with the oracle."""

Runs = Sequence[dict[str, Any]]


def regret(runs: Runs, arm: str) -> NDArray[np.float64]:
    """Return the adoptions missed per 1,000 businesses so far, (seeds, rounds)."""
    missed = [
        np.array(run["oracle"]["adoptions"]) - np.array(run[arm]["adoptions"]) for run in runs
    ]
    return np.asarray(1_000 * np.cumsum(missed, axis=1))


def found(runs: Runs, arm: str) -> NDArray[np.bool_]:
    """Return whether each new platform was found, (seeds, new)."""
    ours, best = (
        np.array([np.mean(run[each]["shown"][-LAST:], axis=0) for run in runs])
        for each in (arm, "oracle")
    )
    return np.asarray(ours >= FOUND * best)


def interval(values: NDArray[np.float64]) -> tuple[float, float, float]:
    """Return mean, low and high: a 95 % interval of Student's t over seeds, shape (n,)."""
    mean, n = float(values.mean()), len(values)
    if n == 1:
        return mean, -np.inf, np.inf
    reach = float(stats.t.ppf(0.975, n - 1) * values.std(ddof=1) / np.sqrt(n))
    return mean, mean - reach, mean + reach


def summary(runs: Runs, settings: LoopSettings) -> dict[str, Any]:
    """Return the figures as one line of JSON tells them.

    Regrets are adoptions missed per 1,000 businesses of a round, added up over the rounds, on
    average over seeds; `..._interval` are their 95 % intervals, and those of the differences to
    `learning`, paired by seed. `..._in_round_1` is that difference before anything was learned.
    """
    told: dict[str, Any] = {"rounds": settings.rounds, "seeds": len(runs)}
    ours = regret(runs, "learning")[:, -1]
    for arm in ARMS:
        last = regret(runs, arm.name)[:, -1]
        mean, low, high = interval(last)
        told[f"regret_{arm.name}"] = round(mean, 2)
        told[f"regret_{arm.name}_interval"] = [round(low, 2), round(high, 2)]
        if arm.name != "learning":
            told[f"{arm.name}_minus_learning"] = [round(each, 2) for each in interval(last - ours)]
            first = regret(runs, arm.name)[:, 0] - regret(runs, "learning")[:, 0]
            told[f"{arm.name}_minus_learning_in_round_1"] = round(float(first.mean()), 2)
    for arm in ARMS:
        name = "" if arm.name == "learning" else f"_with_{arm.name}"
        told[f"new_platforms_found{name}"] = int(found(runs, arm.name).all(axis=0).sum())
    told["new_platforms"] = settings.new
    return told


def draw(runs: Runs, settings: LoopSettings) -> bytes:
    """Draw the regrets with their intervals, and how often new platforms are shown; a PNG."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(9.5, 4.0), layout="constrained")
    left, right = figure.subplots(1, 2)
    rounds = np.arange(1, settings.rounds + 1)
    for arm, marker in zip(ARMS, "os^", strict=True):
        by_round = regret(runs, arm.name)
        mean, low, high = (
            np.array(each)
            for each in zip(*(interval(column) for column in by_round.T), strict=True)
        )
        name = arm.name.replace("_", " ")
        left.plot(rounds, mean, marker=marker, markersize=4, label=name)
        left.fill_between(rounds, low, high, alpha=0.15)
        shown = np.mean([np.sum(run[arm.name]["shown"], axis=1) for run in runs], axis=0)
        right.plot(rounds, shown, marker=marker, markersize=4, label=name)
    best = np.mean([np.sum(run["oracle"]["shown"], axis=1) for run in runs], axis=0)
    right.plot(rounds, best, color="0.4", linestyle="--", label="oracle")
    left.set(title="regret against an oracle", xlabel="round")
    left.set_ylabel("adoptions missed per 1,000 businesses, added up")
    right.set(title=f"the {settings.new} new platforms", xlabel="round")
    right.set_ylabel("places in a first five")
    for axes in (left, right):
        axes.axvline(settings.joined - 0.5, color="0.7", linewidth=1)
        axes.grid(color="0.92")
        axes.set_ylim(bottom=0)
    left.legend(frameon=False)
    right.legend(frameon=False)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=120, metadata={"Software": None})
    return buffer.getvalue()
