"""Real data sets in the folder format of `docs/benchmark.md`: users, items, interactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec
import pandas as pd
from scipy import sparse

from recommender.features import OneHotProfiles, history_matrix

MOST_PAIRS = 1_000
"""Pairs of values up to which the fields of a segment are crossed."""

View = Literal["firm", "all"]


class DatasetError(Exception):
    """A folder cannot be read as a data set; the message names the file and what is wrong."""


class Description(msgspec.Struct, frozen=True, kw_only=True):
    """`dataset.json`: which interactions count, and which columns make which view."""

    positive_threshold: float | None = None
    firm: list[str] = []
    drop: list[str] = []
    lists: list[str] = []
    segment: list[str] = []
    items: list[str | int] | None = None


@dataclass(frozen=True)
class Dataset:
    """Businesses with at least one positive, sorted by id.

    Attributes:
        users: Ids, shape (n_users,).
        items: Ids in ascending order, shape (n_items,).
        encoder: The feature columns.
        profiles: One-hot profiles, shape (n_users, n_features).
        interactions: Positives, zeros and ones, shape (n_users, n_items).
        segment: Feature columns of each field that makes the popularity segments.
    """

    users: tuple[str, ...]
    items: tuple[str, ...]
    encoder: OneHotProfiles
    profiles: sparse.csr_array
    interactions: sparse.csr_array
    segment: list[list[int]]


def load_dataset(folder: Path, view: View) -> Dataset:
    """Read a data set.

    Args:
        folder: With `users.parquet`, `items.parquet`, `interactions.parquet`, `dataset.json`.
        view: `firm` for the columns that any firm could tell, `all` for every one.

    Raises:
        DatasetError: If a file is missing, lacks a column or has a wrong one, or no user has a
            positive.
    """
    description = _description(folder / "dataset.json")
    users = _table(folder / "users.parquet", ["user_id"])
    items = _table(folder / "items.parquet", ["item_id"])
    events = _table(folder / "interactions.parquet", ["user_id", "item_id", "value"])
    for name, table in (("users", users), ("items", items), ("interactions", events)):
        ids = table[[column for column in ("user_id", "item_id") if column in table.columns]]
        if ids.isna().any(axis=None):
            raise DatasetError(f"{folder / name}.parquet has a row without an id")
    users["user_id"] = users["user_id"].astype(str)
    if description.positive_threshold is not None:
        if not pd.api.types.is_numeric_dtype(events["value"]):
            raise DatasetError(f"{folder / 'interactions.parquet'}: value is not a number")
        events = events[events["value"] >= description.positive_threshold]
    known = items["item_id"] if description.items is None else description.items
    catalogue = tuple(sorted({str(item) for item in known}))
    pairs = pd.DataFrame(
        {"user_id": events["user_id"].astype(str), "item_id": events["item_id"].astype(str)}
    )
    used = pairs[pairs["item_id"].isin(catalogue)].groupby("user_id")["item_id"].agg(list)
    users = users[users["user_id"].isin(used.index)].sort_values("user_id", ignore_index=True)
    if users.empty:
        raise DatasetError(f"{folder}: no user has a positive interaction")
    if users["user_id"].duplicated().any():
        raise DatasetError(f"{folder / 'users.parquet'}: a user_id stands there twice")
    columns = _columns(description, view, list(users.columns), folder)
    table = pd.DataFrame({column: _values(users[column], description) for column in columns})
    vocabulary = {column: _known(table[column]) for column in columns}
    encoder = OneHotProfiles(vocabulary, _crossed(vocabulary, description.segment))
    return Dataset(
        tuple(users["user_id"]),
        catalogue,
        encoder,
        encoder.transform(table),
        history_matrix(used[users["user_id"]], catalogue),
        [
            [i for i, (field, _) in enumerate(encoder.columns) if field == name]
            for name in description.segment
            if name in columns
        ],
    )


def _crossed(vocabulary: Mapping[str, list[str]], segment: Sequence[str]) -> tuple[str, str] | None:
    """Return the first two fields of the segment, if both are there with not too many pairs."""
    known = [field for field in segment if field in vocabulary][:2]
    if len(known) < 2 or len(vocabulary[known[0]]) * len(vocabulary[known[1]]) > MOST_PAIRS:
        return None
    return known[0], known[1]


def _description(path: Path) -> Description:
    try:
        return msgspec.json.decode(path.read_bytes(), type=Description)
    except OSError as error:
        raise DatasetError(f"{path} cannot be read: {error.strerror}") from error
    except msgspec.DecodeError as error:
        raise DatasetError(f"{path}: {error}") from error


def _table(path: Path, columns: list[str]) -> pd.DataFrame:
    try:
        table = pd.read_parquet(path)
    except (OSError, ValueError) as error:
        raise DatasetError(f"{path} cannot be read: {error}") from error
    if missing := [column for column in columns if column not in table.columns]:
        raise DatasetError(f"{path} lacks the columns {', '.join(missing)}")
    return table


def _columns(description: Description, view: View, found: list[str], folder: Path) -> list[str]:
    # A column to drop or to split that is not there does no harm.
    named = [*description.segment, *(description.firm if view == "firm" else ())]
    if missing := sorted(set(named) - set(found)):
        raise DatasetError(f"{folder / 'users.parquet'} lacks the columns {', '.join(missing)}")
    everything = [column for column in found if column not in {"user_id", *description.drop}]
    columns = everything if view == "all" else list(description.firm)
    if not columns:
        raise DatasetError(f"{folder / 'dataset.json'}: no column is left for the view {view}")
    return columns


def _values(series: pd.Series, description: Description) -> pd.Series:
    """Return the values as text, as lists of text where the column holds several."""
    text = series.astype("string").fillna("").str.strip()
    if series.name in description.lists:
        return text.map(lambda value: [part.strip() for part in value.split(";")]).astype(object)
    return text.astype(object)


def _known(series: pd.Series) -> list[str]:
    values = series.explode().dropna().unique()
    return sorted(value for value in values if value)
