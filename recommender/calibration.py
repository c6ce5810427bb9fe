"""From scores to probabilities that come true as often as they say."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray
from sklearn.isotonic import IsotonicRegression

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Curve:
    """A rising, piecewise linear map of scores to probabilities."""

    scores: Floats
    probabilities: Floats

    @classmethod
    def fit(cls, scores: Floats, outcomes: Floats, weights: Floats | None = None) -> Self:
        """Fit by centred isotonic regression (Oron and Flournoy, Stat. Biopharm. Res. 2017).

        Isotonic regression finds steps; each is taken at the mean of its scores and the line drawn
        between them, so that two scores of one step do not get the same probability.

        Args:
            scores: Scores of pairs that the ranker was not fitted on, shape (n,).
            outcomes: Whether the business took up the platform, zeros and ones, shape (n,).
            weights: How much each pair counts, shape (n,); 1 where left out.

        Raises:
            ValueError: If there is no pair to learn from.
        """
        if len(scores) == 0:
            raise ValueError("expected at least one score to calibrate on")
        model = IsotonicRegression(y_min=0, y_max=1)
        scores = scores.round(9)  # closer ones are the same: the line between them has no slope
        steps = model.fit(scores, outcomes, sample_weight=weights).predict(scores)
        probabilities, step = np.unique(steps.round(12), return_inverse=True)
        weights = np.ones(len(scores)) if weights is None else weights
        centres = np.bincount(step, weights * scores) / np.bincount(step, weights)
        return cls(centres, probabilities)

    def __call__(self, scores: Floats) -> Floats:
        """Return the probabilities of scores of any shape."""
        return np.interp(scores, self.scores, self.probabilities)


@dataclass(frozen=True)
class Calibration:
    """One curve for businesses without history and one for those with."""

    without_history: Curve
    with_history: Curve

    def __call__(self, scores: Floats, has_history: bool) -> Floats:
        """Return the probabilities of the scores of one business."""
        return (self.with_history if has_history else self.without_history)(scores)
