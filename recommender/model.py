"""What is trained, saved and served: everything between a profile and its probabilities."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.calibration import Calibration
from recommender.features import OneHotProfiles, history_matrix
from recommender.rankers import Contributions, Ranker

if TYPE_CHECKING:
    import pandas as pd

Columns = NDArray[np.intp]


class Scored(NamedTuple):
    """Scores of one business and, if the model is calibrated, probabilities; (n_platforms,)."""

    scores: NDArray[np.float64]
    probabilities: NDArray[np.float64] | None
    profile: Columns
    history: Columns


@dataclass(frozen=True)
class Model:
    """A fitted ranker with the vocabularies that give its rows and columns their meaning.

    `use` is the share of businesses that use each platform, shape (n_platforms,), if it is known.
    """

    encoder: OneHotProfiles
    platforms: tuple[str, ...]
    ranker: Ranker
    calibration: Calibration | None
    use: NDArray[np.float64] | None = None

    @cached_property
    def column_of(self) -> dict[str, int]:
        """The column of each platform."""
        return {platform: column for column, platform in enumerate(self.platforms)}

    def score(self, row: Mapping[str, Any], in_use: Sequence[str]) -> Scored:
        """Score one business.

        Args:
            row: The row of a profile table.
            in_use: Platforms that it uses; those that the model does not know are left out.
        """
        profile, history = self.encoder.encode(row), self._known(in_use)
        return self._scored(self.ranker.score_one(profile, history), profile, history)

    def score_many(
        self, businesses: Sequence[tuple[Mapping[str, Any], Sequence[str]]]
    ) -> list[Scored]:
        """Score many businesses in one product, each as `score` would alone.

        Args:
            businesses: The row of a profile table and the platforms in use of each.
        """
        if not businesses:
            return []
        profiles = [self.encoder.encode(row) for row, _ in businesses]
        histories = [self._known(in_use) for _, in_use in businesses]
        scores = self.ranker.score(
            _rows(profiles, len(self.encoder.columns)), _rows(histories, len(self.platforms))
        )
        return [self._scored(*each) for each in zip(scores, profiles, histories, strict=True)]

    def score_table(self, profiles: "pd.DataFrame") -> NDArray[np.float64]:
        """Score many businesses at once, each as `score` would alone.

        Args:
            profiles: A profile table.

        Returns:
            Shape (n_businesses, n_platforms).
        """
        history = history_matrix(profiles["platforms_in_use"], self.platforms)
        return self.ranker.score(self.encoder.transform(profiles), history)

    def _known(self, in_use: Sequence[str]) -> Columns:
        known = {self.column_of[id_] for id_ in in_use if id_ in self.column_of}
        return np.array(sorted(known), dtype=np.intp)

    def _scored(self, scores: NDArray[np.float64], profile: Columns, history: Columns) -> Scored:
        calibration = self.calibration
        probabilities = calibration(scores, len(history) > 0) if calibration else None
        return Scored(scores, probabilities, profile, history)

    def explain(self, scored: Scored, platform: str) -> Contributions:
        """Take apart the score of one platform, by columns that stand for one answer each.

        What a crossed column adds is shared evenly by the two answers that it stands for.
        """
        column = self.column_of[platform]
        found = self.ranker.contributions(scored.profile, scored.history, column)
        parents = self.encoder.parents
        if not len(parents):
            return found
        told, crossed = np.split(found.profile, [len(found.profile) - len(parents)])
        told = told.copy()
        np.add.at(told, parents.ravel(), np.repeat(crossed / 2, 2))
        return Contributions(found.base, np.pad(told, (0, len(crossed))), found.history)


def _rows(columns: Sequence[Columns], n_columns: int) -> sparse.csr_array:
    """Return a matrix with ones in the columns of each row, shape (n_rows, n_columns)."""
    ends = np.cumsum([0, *map(len, columns)])
    shape = (len(columns), n_columns)
    return sparse.csr_array((np.ones(ends[-1]), np.concatenate(columns), ends), shape=shape)
