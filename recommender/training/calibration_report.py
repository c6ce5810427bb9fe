"""What a model tells owners, beside what came true: overall, by size class and by sector."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.calibration import Calibration
from recommender.evaluation.reliability import Reliability, reliability_plot
from recommender.features import OneHotProfiles
from recommender.rankers import Ranker
from recommender.training.holdout import Askable, MadeFor, Part, askable

SLICES = ("size", "sector")
"""Fields by whose values the figures are stated."""

KINDS = {"cold": "no tools in use", "warm": "tools in use"}


def calibration_report(
    ranker: Ranker,
    calibration: Calibration,
    part: Part,
    encoder: OneHotProfiles,
    made_for: MadeFor,
    title: str,
) -> tuple[dict[str, Any], bytes]:
    """Measure the probabilities of everything that could be suggested, and of each first five.

    Args:
        ranker: Fitted on other businesses.
        calibration: Fitted on other businesses than those measured, too.
        part: The businesses to measure on.
        encoder: The feature columns.
        made_for: Which platforms could be suggested to whom.
        title: What the picture is headed with.

    Returns:
        For `cold` (uses nothing yet) and `warm`: the number of businesses, the calibration error
        of the first five, what these were told to be and were, the error over all that could be
        suggested (small in any case, as most of it is hardly ever chosen), and the same for each
        value of `SLICES`; and a picture of the first fives.
    """
    report: dict[str, Any] = {}
    drawn: dict[str, Reliability] = {}
    for kind, name in KINDS.items():
        asked = askable(part, with_history=kind == "warm", made_for=made_for)
        told = _Told.of(ranker, calibration, asked)
        report[kind] = told.figures() | {
            f"by_{field}": {
                value: told.where(column).figures()
                for column, (of, value) in enumerate(encoder.columns)
                if of == field and told.profiles[:, [column]].nnz
            }
            for field in SLICES
        }
        drawn[name] = told.compare(told.first5)
    return report, reliability_plot(drawn, title)


@dataclass(frozen=True)
class _Told:
    """What businesses were told, and what they chose; but for profiles, (n, n_platforms)."""

    profiles: sparse.csc_array
    probabilities: NDArray[np.float64]
    chosen: NDArray[np.float64]
    weights: NDArray[np.float64]
    open: NDArray[np.bool_]
    first5: NDArray[np.bool_]

    @classmethod
    def of(cls, ranker: Ranker, calibration: Calibration, asked: Askable) -> Self:
        scores = ranker.score(asked.profiles, asked.history)
        first5 = np.zeros(scores.shape, dtype=bool)
        ranking = np.argsort(np.where(asked.open, -scores, np.inf), axis=1, kind="stable")
        np.put_along_axis(first5, ranking[:, :5], True, axis=1)
        return cls(
            asked.profiles.tocsc(),
            calibration(scores, asked.history.nnz > 0),
            asked.chosen.toarray(),
            np.broadcast_to(asked.weights[:, None], scores.shape),
            asked.open,
            first5 & asked.open,
        )

    def where(self, column: int) -> Self:
        """Return the businesses that have set a feature column."""
        rows = self.profiles[:, [column]].toarray().ravel() > 0
        profiles = self.profiles.tocsr()[rows].tocsc()
        arrays = (self.probabilities, self.chosen, self.weights, self.open, self.first5)
        return type(self)(profiles, *(array[rows] for array in arrays))

    def compare(self, pairs: NDArray[np.bool_]) -> Reliability:
        return Reliability.measure(
            self.probabilities[pairs], self.chosen[pairs], self.weights[pairs]
        )

    def figures(self) -> dict[str, float]:
        shown = self.compare(self.first5)
        return {
            "businesses": len(self.chosen),
            "first5_error": round(shown.error, 4),
            "first5_told": round(shown.mean_told, 4),
            "first5_true": round(shown.mean_true, 4),
            "error": round(self.compare(self.open).error, 4),
        }
