"""The Parquet files of a snapshot: their columns, and how they are written."""

from collections.abc import Iterable
from itertools import islice
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.profiles import STATE_COLUMNS

TIME = pa.timestamp("us", tz="UTC")

PANDAS_TYPES = {
    pa.string(): "str",
    pa.int64(): "int64",
    pa.float64(): "float64",
    pa.bool_(): "bool",
    pa.list_(pa.string()): "object",
    TIME: "datetime64[us, UTC]",
}


def _schema(columns: dict[str, Any], nullable_integers: set[str]) -> Any:
    """Build a schema that pandas reads back with the types it knows, also from an empty file."""
    types = {name: PANDAS_TYPES[kind] for name, kind in columns.items()}
    types |= dict.fromkeys(nullable_integers, "Int64")
    empty = pd.DataFrame(columns=list(columns)).astype(types)
    schema = pa.schema(list(columns.items()))
    return pa.Table.from_pandas(empty, schema=schema, preserve_index=False).schema


PROFILES = _schema(
    dict.fromkeys(STATE_COLUMNS, pa.string())
    | {
        "employees": pa.int64(),
        "revenue_bn_vnd": pa.float64(),
        "capital_bn_vnd": pa.float64(),
        "sells_to_consumers": pa.bool_(),
        "needs": pa.list_(pa.string()),
        "platforms_in_use": pa.list_(pa.string()),
        "maturity_level": pa.int64(),
        "at": TIME,
    },
    {"maturity_level"},
)
"""One row for each state of a business, `recommender.profiles.STATE_COLUMNS`."""

EXPOSURES = _schema(
    {
        "recommendation_id": pa.string(),
        "business_id": pa.string(),
        "state_id": pa.string(),
        "at": TIME,
        "platform_id": pa.string(),
        "rank": pa.int64(),
        "score": pa.float64(),
        "propensity": pa.float64(),
        "inclusion": pa.float64(),
        "slot": pa.string(),
        "explored_first": pa.int64(),
        "explored_last": pa.int64(),
        "model_version": pa.string(),
        "policy_version": pa.string(),
        "arm": pa.string(),
        "source": pa.string(),
    },
    {"explored_first", "explored_last"},
)
"""One row for each platform of each list that was served.

`explored_first` and `explored_last` are the ranks between which the slot was drawn, null for what
does not stand in such a slot.
"""

SLOTS = _schema(
    {
        "recommendation_id": pa.string(),
        "business_id": pa.string(),
        "state_id": pa.string(),
        "at": TIME,
        "platform_id": pa.string(),
        "chance": pa.float64(),
        "drawn": pa.bool_(),
    },
    set(),
)
"""One row for each platform that could have been drawn for a slot, and how likely it was."""

EVENTS = _schema(
    {
        "event_id": pa.string(),
        "business_id": pa.string(),
        "recommendation_id": pa.string(),
        "platform_id": pa.string(),
        "kind": pa.string(),
        "rating": pa.int64(),
        "reason": pa.string(),
        "at": TIME,
        "source": pa.string(),
    },
    {"rating"},
)
"""One row for each event."""


def write_rows(path: Path, schema: Any, rows: Iterable[dict[str, Any]], chunk: int) -> int:
    """Write rows, a row group a chunk, and return how many there were."""
    left, count = iter(rows), 0
    with pq.ParquetWriter(path, schema) as writer:
        while some := list(islice(left, chunk)):
            writer.write_table(pa.Table.from_pylist(some, schema=schema))
            count += len(some)
    return count
