"""Profile -> sparse row: the fixed vocabulary by which every model sees a business."""

import hashlib
from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Self

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import BaseEstimator, TransformerMixin

from recommender.domain import Reference
from recommender.profiles import FUNCTION_COLUMNS

Vocabulary = Mapping[str, Sequence[str]]


class OneHotProfiles(TransformerMixin, BaseEstimator):  # type: ignore[misc]  # no stubs
    """Encode the columns of a table as one-hot columns, those with lists as several.

    Nothing is learned from data: the vocabulary is fixed, so that a model, an answer and a report
    mean the same by a column. Values outside of it, and unknown ones, have no column set.

    Args:
        vocabulary: The known values of each column of the table, in order.
    """

    def __init__(self, vocabulary: Vocabulary) -> None:
        self.vocabulary = vocabulary

    @cached_property
    def columns(self) -> list[tuple[str, str]]:
        """The `(field, value)` of each feature column, in order."""
        return [(field, value) for field, values in self.vocabulary.items() for value in values]

    @cached_property
    def schema(self) -> str:
        """A digest that changes when a column is added, removed or moved."""
        return hashlib.sha256(repr(self.columns).encode()).hexdigest()[:16]

    @cached_property
    def _index(self) -> dict[str, dict[str, int]]:
        index: dict[str, dict[str, int]] = {field: {} for field in self.vocabulary}
        for number, (field, value) in enumerate(self.columns):
            index[field][value] = number
        return index

    def fit(self, table: pd.DataFrame, y: object = None) -> Self:
        """Do nothing; here for scikit-learn's pipelines."""
        return self

    def encode(self, row: Mapping[str, Any]) -> NDArray[np.intp]:
        """Return the sorted feature columns that one row of a table sets."""
        found: list[int] = []
        for field, known in self._index.items():
            value = row[field]
            values = value if isinstance(value, list | tuple) else (value,)
            found.extend(known[text] for v in values if (text := _text(v)) in known)
        return np.unique(np.array(found, dtype=np.intp))

    def transform(self, table: pd.DataFrame) -> sparse.csr_array:
        """Encode a table.

        Args:
            table: One row a business, with at least the columns of the vocabulary.

        Returns:
            A matrix of zeros and ones, shape (n_rows, n_columns), float64.
        """
        rows: list[NDArray[np.intp]] = []
        cols: list[NDArray[np.intp]] = []
        for field, known in self._index.items():
            series = table[field].reset_index(drop=True)
            if series.dtype == object:
                series = series.explode()
            numbers, values = pd.factorize(series)
            codes = np.array([*(known.get(_text(value), -1) for value in values), -1])[numbers]
            rows.append(series.index.to_numpy()[codes >= 0])
            cols.append(codes[codes >= 0])
        row, col = np.concatenate(rows), np.concatenate(cols)
        shape = (len(table), len(self.columns))
        matrix = sparse.coo_array((np.ones(len(row)), (row, col)), shape=shape).tocsr()
        matrix.data[:] = 1.0
        return matrix


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
        }
    )


def history_matrix(lists: pd.Series, platforms: Sequence[str]) -> sparse.csr_array:
    """Encode lists of platform ids as a matrix of shape (n_rows, n_platforms)."""
    table = pd.DataFrame({"platforms": lists})
    return OneHotProfiles({"platforms": platforms}).transform(table)


def _text(value: object) -> str:
    return str(value)
