"""The one protocol of all rankers, in scikit-learn's manners."""

from dataclasses import dataclass
from typing import Any, NamedTuple, Protocol, Self, runtime_checkable

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.estimator import Estimator

Floats = NDArray[np.float64]
Columns = NDArray[np.intp]


@dataclass(frozen=True)
class Contributions:
    """What a score is made of: `base + profile.sum() + history.sum()` is the score.

    `base` is the score of the average business; `profile`, shape (n_features,), and `history`,
    shape (n_platforms,), tell what each column adds for being set or not set.
    """

    base: float
    profile: Floats
    history: Floats

    @property
    def total(self) -> float:
        """The score that the parts add up to."""
        return float(self.base + self.profile.sum() + self.history.sum())


class Responses(NamedTuple):
    """What businesses did with what they were shown; each of shape (n_businesses, n_platforms).

    Attributes:
        examined: Probability that a business has looked at a platform, above 0 and at most 1; not
            stored where it was not shown: whether the business would take it up is not known then.
        strength: How strongly it has taken it up, at most 1, below 0 where it turned it down. Means
            nothing where it was not shown.
    """

    examined: sparse.csr_array
    strength: sparse.csr_array


@runtime_checkable
class Ranker(Protocol):
    """Scores platforms for businesses from their profile and the platforms that they use.

    Parameters are given to `__init__` and never change; what is learned ends in an underscore.
    Fitting is deterministic. A platform never counts as evidence for itself.
    """

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
        responses: Responses | None = None,
    ) -> Self:
        """Learn what businesses take up.

        Args:
            profiles: One-hot profiles, shape (n_businesses, n_features).
            interactions: Strength from 0 to 1 of how each business uses each platform, shape
                (n_businesses, n_platforms).
            weights: How much each business counts, shape (n_businesses,); 1 where left out.
            responses: What they did with what they were shown. Where this is left out, or nothing
                was shown, what is in use tells what is taken up.

        Raises:
            ValueError: If the shapes do not fit, nothing is given, or a value is not finite.
        """
        ...

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Score every platform for every business; higher is better.

        Args:
            profiles: Shape (n_businesses, n_features).
            history: Platforms in use, zeros and ones, shape (n_businesses, n_platforms).

        Returns:
            Scores on the scale of a probability, shape (n_businesses, n_platforms).
        """
        ...

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """Return the parameters given to `__init__`."""
        ...

    def score_one(self, profile: Columns, history: Columns) -> Floats:
        """Score every platform for one business given by the columns that are set.

        Returns:
            What `score` returns for the same business, shape (n_platforms,).
        """
        ...

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Take apart the score of one platform for one business."""
        ...


class RankerBase(Estimator):
    """What rankers share: checked input, and one business as a batch of one."""

    def score_one(self: Ranker, profile: Columns, history: Columns) -> Floats:
        """Score one business through `score`."""
        n_features, n_platforms = self.shape_  # type: ignore[attr-defined]
        scores = self.score(one_row(profile, n_features), one_row(history, n_platforms))
        return np.asarray(scores[0], dtype=np.float64)

    def _start_fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None,
        responses: Responses | None,
    ) -> Floats:
        """Check the input, keep its shape, and return the weights."""
        for name, matrix in zip(Responses._fields, responses or (), strict=False):
            if matrix.shape != interactions.shape:
                raise ValueError(
                    f"{name} has the shape {matrix.shape}: expected {interactions.shape}"
                )
        if profiles.shape[0] != interactions.shape[0]:
            raise ValueError(
                f"profiles tell of {profiles.shape[0]} businesses, "
                f"interactions of {interactions.shape[0]}: expected the same number"
            )
        if profiles.shape[0] == 0 or interactions.shape[1] == 0:
            raise ValueError("expected at least one business and one platform")
        weights = np.ones(profiles.shape[0]) if weights is None else np.asarray(weights, float)
        if weights.shape != (profiles.shape[0],):
            raise ValueError(f"expected one weight a business, found shape {weights.shape}")
        for name, values in (
            ("profiles", profiles.data),
            ("interactions", interactions.data),
            ("weights", weights),
            ("examined", np.empty(0) if responses is None else responses.examined.data),
            ("strength", np.empty(0) if responses is None else responses.strength.data),
        ):
            if not np.isfinite(values).all():
                raise ValueError(f"{name} hold a value that is not a finite number")
        if (weights < 0).any() or weights.sum() == 0:
            raise ValueError("expected weights of at least 0, not all 0")
        if responses is not None and not _probabilities(responses.examined.data):
            raise ValueError("expected values of examined from 0 to 1")
        self.shape_ = (profiles.shape[1], interactions.shape[1])
        checked: Floats = weights
        return checked


def one_row(columns: Columns, n_columns: int) -> sparse.csr_array:
    """Return a row with ones in `columns`, shape (1, n_columns)."""
    ones = np.ones(len(columns))
    return sparse.csr_array((ones, columns, [0, len(columns)]), shape=(1, n_columns))


def _probabilities(values: Floats) -> bool:
    return bool(((values >= 0) & (values <= 1)).all())
