"""Profile -> sparse row: the fixed vocabulary by which every model sees a business."""

import hashlib
import itertools
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.domain import Reference
from recommender.estimator import Estimator
from recommender.profiles import FUNCTION_COLUMNS

if TYPE_CHECKING:
    import pandas as pd

Vocabulary = Mapping[str, Sequence[str]]

SEVERAL = (list, tuple)
"""What holds several values of a field."""

SEGMENT = ("sector", "size")
"""Fields whose combinations are the segments of businesses."""

CROSS = " x "
"""Between the names and the values of columns that are crossed."""


class OneHotProfiles(Estimator):
    """Encode the columns of a table as one-hot columns, those with lists as several.

    Nothing is learned from data: the vocabulary is fixed, so that a model, an answer and a report
    mean the same by a column. Values outside of it, and unknown ones, have no column set.

    Args:
        vocabulary: The known values of each column of the table, in order.
        crossed: Two columns of the table whose pairs of values have columns of their own as well,
            which come last: what holds of small shops need not hold of shops and of the small.
    """

    def __init__(self, vocabulary: Vocabulary, crossed: tuple[str, str] | None = None) -> None:
        self.vocabulary = vocabulary
        self.crossed = crossed

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """The `(field, value)` of each feature column, in order."""
        told = [(field, value) for field, values in self.vocabulary.items() for value in values]
        return [*told, *((CROSS.join(self.crossed or ()), CROSS.join(p)) for p in self._pairs)]

    @cached_property
    def parents(self) -> NDArray[np.intp]:
        """The two columns that each crossed column stands for, shape (n_crossed, 2)."""
        first, second = self.crossed or ("", "")
        pairs = [(self._index[first][a], self._index[second][b]) for a, b in self._pairs]
        return np.array(pairs, dtype=np.intp).reshape(-1, 2)

    @cached_property
    def _pairs(self) -> list[tuple[str, str]]:
        if self.crossed is None:
            return []
        first, second = (self.vocabulary[field] for field in self.crossed)
        return list(itertools.product(first, second))

    @cached_property
    def schema(self) -> str:
        """A digest that changes when a column is added, removed or moved."""
        return hashlib.sha256(repr(self.columns).encode()).hexdigest()[:16]

    @cached_property
    def _index(self) -> dict[str, dict[str, int]]:
        index: dict[str, dict[str, int]] = {}
        begin = 0
        for field, values in self.vocabulary.items():
            index[field] = {value: begin + place for place, value in enumerate(values)}
            begin += len(values)
        return index

    @cached_property
    def _crossings(self) -> dict[int, dict[int, int]]:
        """The crossed column of each two columns, by the one and then the other."""
        crossings: dict[int, dict[int, int]] = {}
        begin = len(self.columns) - len(self.parents)
        for column, (first, second) in enumerate(self.parents.tolist(), begin):
            crossings.setdefault(first, {})[second] = column
        return crossings

    def __getstate__(self) -> dict[str, Any]:
        """Return the parameters alone: what was derived so far must not change a saved model."""
        return {"vocabulary": self.vocabulary, "crossed": self.crossed}

    def fit(self, table: "pd.DataFrame", y: object = None) -> Self:
        """Do nothing; here for scikit-learn's pipelines."""
        return self

    def encode(self, row: Mapping[str, Any]) -> NDArray[np.intp]:
        """Return the sorted feature columns that one row of a table sets."""
        told: list[int] = []
        for field, known in self._index.items():
            value = row[field]
            if isinstance(value, SEVERAL):
                told += {known[text] for text in map(str, value) if text in known}
            elif (text := str(value)) in known:
                told.append(known[text])
        told.sort()
        pairs = [self._crossings[first] for first in told if first in self._crossings]
        told += [pair[second] for pair in pairs for second in told if second in pair]
        return np.array(told, dtype=np.intp)

    def transform(self, table: "pd.DataFrame") -> sparse.csr_array:
        """Encode a table.

        Args:
            table: One row a business, with at least the columns of the vocabulary.

        Returns:
            A matrix of zeros and ones, shape (n_rows, n_columns), float64.
        """
        import pandas as pd  # The service starts without it.

        rows: list[NDArray[np.intp]] = []
        cols: list[NDArray[np.intp]] = []
        for field, known in self._index.items():
            series = table[field].reset_index(drop=True)
            if series.dtype == object:
                series = series.explode()
            numbers, values = pd.factorize(series)
            codes = np.array([*(known.get(str(value), -1) for value in values), -1])[numbers]
            rows.append(series.index.to_numpy()[codes >= 0])
            cols.append(codes[codes >= 0])
        row, col = np.concatenate(rows), np.concatenate(cols)
        shape = (len(table), len(self.columns) - len(self._pairs))
        matrix = sparse.coo_array((np.ones(len(row)), (row, col)), shape=shape).tocsr()
        matrix.data[:] = 1.0
        return self._with_pairs(matrix)

    def exchange(
        self, rows: sparse.csr_array, others: sparse.csr_array, field: str
    ) -> sparse.csr_array:
        """Return encoded rows with what other ones tell in one field."""
        own = np.zeros(rows.shape[1] - len(self._pairs))
        own[list(self._index[field].values())] = 1.0
        told = rows[:, : len(own)].multiply(1 - own) + others[:, : len(own)].multiply(own)
        return self._with_pairs(sparse.csr_array(told))

    def _with_pairs(self, matrix: sparse.csr_array) -> sparse.csr_array:
        """Return the columns told with the crossed ones behind them."""
        if self.crossed is None:
            return matrix
        first, second = (matrix[:, list(self._index[field].values())] for field in self.crossed)
        pairs = (second.multiply(first[:, [value]]) for value in range(first.shape[1]))
        return sparse.hstack([matrix, *pairs], format="csr")


def profile_encoder(reference: Reference) -> OneHotProfiles:
    """Return the encoder of profile tables for the codes of `data/`."""
    lists = {name: list(choices) for name, choices in reference.choices.items()}
    sectors = dict.fromkeys(code for _, code in reference.sectors)
    return OneHotProfiles(
        {
            "sector": list(sectors),
            "size": lists["size"],
            "legal_form": lists["legal_form"],
            "province": list(reference.current_provinces),
            "sells_to_consumers": ["True", "False"],
            **dict.fromkeys(FUNCTION_COLUMNS.values(), lists["function_state"]),
            "strategy": lists["strategy"],
            "data_use": lists["data_use"],
            "security": lists["security"],
            "needs": list(reference.needs),
            "budget": lists["budget"],
            "maturity_level": [str(level.level) for level in reference.levels],
        },
        crossed=SEGMENT,
    )


def history_matrix(lists: "pd.Series", platforms: Sequence[str]) -> sparse.csr_array:
    """Encode lists of platform ids as a matrix of shape (n_rows, n_platforms)."""
    return OneHotProfiles({"platforms": platforms}).transform(lists.to_frame("platforms"))


def entries(
    matrix: sparse.csr_array, rows: NDArray[np.integer], columns: NDArray[np.integer]
) -> NDArray[np.float64]:
    """Return what stands at some places of a matrix, 0 where nothing is stored, shape (n,)."""
    if not len(rows):
        return np.zeros(0)
    return np.asarray(matrix[rows, columns], dtype=np.float64)
