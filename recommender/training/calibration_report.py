"""What a model tells owners, beside what came true: overall, by size class and by sector."""

from dataclasses import dataclass, fields
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from recommender.calibration import Calibration
from recommender.evaluation.reliability import Reliability, reliability_plot
from recommender.features import OneHotProfiles
from recommender.rankers import Ranker
from recommender.training.holdout import MadeFor, Part

Floats = NDArray[np.float64]

SLICES = ("size", "sector")
"""Fields by whose values the figures are stated."""

LEAST_STATES = 100
"""States of which on it is told what came true: of fewer, that may well be above 1."""

KINDS = {"cold": "no tools in use", "warm": "tools in use"}


def calibration_report(
    ranker: Ranker,
    calibration: Calibration,
    part: Part,
    encoder: OneHotProfiles,
    made_for: MadeFor,
    title: str,
) -> tuple[dict[str, Any], bytes]:
    """Measure the probabilities of everything that was shown, and of what of each first five was.

    Only of that is it known whether a business that looks at it adopts it.

    Args:
        ranker: Fitted on other businesses.
        calibration: Fitted on other businesses than those measured, too.
        part: The states to measure on.
        encoder: The feature columns.
        made_for: Which platforms could be suggested to whom.
        title: What the picture is headed with.

    Returns:
        For `cold` (uses nothing yet) and `warm`: the number of states, the calibration error of
        the first five and what chance alone would give, what these were told to be and were, the
        error over all that was shown, and the same for each value of `SLICES` that has
        `LEAST_STATES` or more, without recorded businesses where these are too few; and a picture
        of the first fives.
    """
    report: dict[str, Any] = {}
    drawn: dict[str, Reliability] = {}
    for kind, name in KINDS.items():
        with_history = np.diff(part.used.indptr) > 0
        asked = part[with_history if kind == "warm" else ~with_history]
        told = _Told.of(ranker, calibration, asked, made_for, kind == "warm")
        report[kind] = told.figures() | {
            f"by_{field}": {
                value: some.figures()
                for column, (of, value) in enumerate(encoder.columns)
                if of == field and len((some := told.where(column)).outcomes) >= LEAST_STATES
            }
            for field in SLICES
        }
        drawn[name] = told.compare(told.first5)
    return report, reliability_plot(drawn, title)


def shown_pairs(ranker: Ranker, part: Part) -> tuple[Floats, Floats, Floats]:
    """Return score, outcome and weight of everything that was shown, shape (n_pairs,) each.

    The outcome is whether it was adopted, over the probability that it was looked at; the weight
    that probability: so the weighted mean is the share of those who looked that adopted.
    """
    scores = ranker.score(part.profiles, part.used)
    shown = part.examined.toarray()
    pairs = shown > 0
    weights = shown * part.weights[:, None]
    return scores[pairs], (part.chosen.toarray() / np.where(pairs, shown, 1))[pairs], weights[pairs]


@dataclass(frozen=True)
class _Told:
    """What some states were told, and what they chose; arrays of shape (n, n_platforms)."""

    part: Part
    probabilities: Floats
    outcomes: Floats
    weights: Floats
    shown: NDArray[np.bool_]
    first5: NDArray[np.bool_]

    @classmethod
    def of(
        cls,
        ranker: Ranker,
        calibration: Calibration,
        part: Part,
        made_for: MadeFor,
        has_history: bool,
    ) -> Self:
        scores = ranker.score(part.profiles, part.used)
        open_ = (part.used.toarray() == 0) & made_for(part.profiles)
        first5 = np.zeros(scores.shape, dtype=bool)
        ranking = np.argsort(np.where(open_, -scores, np.inf), axis=1, kind="stable")
        np.put_along_axis(first5, ranking[:, :5], True, axis=1)
        examined = part.examined.toarray()
        shown = examined > 0
        return cls(
            part,
            calibration(scores, has_history),
            part.chosen.toarray() / np.where(shown, examined, 1),
            examined * part.weights[:, None],
            shown,
            first5 & open_ & shown,
        )

    def where(self, column: int) -> Self:
        """Return the states that have set a feature column, if something may be told of them."""
        rows = self.part.crowd(self.part.profiles[:, [column]].toarray().ravel() > 0)
        return type(self)(*(getattr(self, field.name)[rows] for field in fields(self)))

    def compare(self, pairs: NDArray[np.bool_]) -> Reliability:
        return Reliability.measure(
            self.probabilities[pairs], self.outcomes[pairs], self.weights[pairs]
        )

    def figures(self) -> dict[str, float]:
        first = self.compare(self.first5)
        return {
            "states": len(self.outcomes),
            "first5_error": round(first.error, 4),
            "first5_chance": round(first.chance, 4),
            "first5_told": round(first.mean_told, 4),
            "first5_true": round(first.mean_true, 4),
            "error": round(self.compare(self.shown).error, 4),
        }
