"""From scores to probabilities that come true as often as they say."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

LEAST_WEIGHT = 30.0
"""Pairs that the lowest and the highest probability rest on, at least."""


@dataclass(frozen=True)
class Curve:
    """A rising, piecewise linear map of scores to probabilities."""

    scores: Floats
    probabilities: Floats

    @classmethod
    def fit(cls, scores: Floats, outcomes: Floats, weights: Floats | None = None) -> Self:
        """Fit by centred isotonic regression (Oron and Flournoy, Stat. Biopharm. Res. 2017).

        Isotonic regression finds steps; each is taken at the mean of its scores and the line drawn
        between them, so that two scores of one step do not get the same probability. The first and
        the last step are joined with their neighbours until they rest on `LEAST_WEIGHT`: else what
        a few did would be told as never, or as always.

        Args:
            scores: Scores of pairs that the ranker was not fitted on, shape (n,).
            outcomes: Whether the business took up the platform, zeros and ones, shape (n,).
            weights: How much each pair counts, shape (n,); 1 where left out.

        Raises:
            ValueError: If there is no pair to learn from.
        """
        from sklearn.isotonic import IsotonicRegression  # The service starts without it.

        if len(scores) == 0:
            raise ValueError("expected at least one score to calibrate on")
        model = IsotonicRegression(y_min=0, y_max=1)
        scores = scores.round(9)  # closer ones are the same: the line between them has no slope
        steps = model.fit(scores, outcomes, sample_weight=weights).predict(scores)
        step = np.unique(steps.round(12), return_inverse=True)[1]
        weights = np.ones(len(scores)) if weights is None else weights
        step = _with_steady_ends(np.bincount(step, weights).astype(float))[step]
        total = np.bincount(step, weights)
        centres = np.bincount(step, weights * scores) / total
        return cls(centres, np.bincount(step, weights * steps) / total)

    def __call__(self, scores: Floats) -> Floats:
        """Return the probabilities of scores of any shape."""
        return np.interp(scores, self.scores, self.probabilities)


def _with_steady_ends(weights: Floats) -> NDArray[np.intp]:
    """Return which step each step is part of, once the ends are joined with their neighbours."""
    numbers = np.arange(len(weights))
    first = int(np.searchsorted(np.cumsum(weights), LEAST_WEIGHT))
    last = len(weights) - 1 - int(np.searchsorted(np.cumsum(weights[::-1]), LEAST_WEIGHT))
    if first >= last:
        return np.zeros(len(weights), dtype=np.intp)
    return np.asarray(np.clip(numbers, first, last) - first)


@dataclass(frozen=True)
class Calibration:
    """One curve for businesses without history and one for those with."""

    without_history: Curve
    with_history: Curve

    def __call__(self, scores: Floats, has_history: bool) -> Floats:
        """Return the probabilities of the scores of one business."""
        return (self.with_history if has_history else self.without_history)(scores)
