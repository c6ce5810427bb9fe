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
        """Fit by isotonic regression (Zadrozny and Elkan, KDD 2002).

        Args:
            scores: Scores of pairs that the ranker was not fitted on, shape (n,).
            outcomes: Whether the business took up the platform, zeros and ones, shape (n,).
            weights: How much each pair counts, shape (n,); 1 where left out.

        Raises:
            ValueError: If there is no pair to learn from.
        """
        if len(scores) == 0:
            raise ValueError("expected at least one score to calibrate on")
        model = IsotonicRegression(y_min=0, y_max=1, out_of_bounds="clip")
        model.fit(scores, outcomes, sample_weight=weights)
        return cls(model.X_thresholds_.astype(float), model.y_thresholds_.astype(float))

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
