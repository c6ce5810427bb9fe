"""The Parquet files of a snapshot: their columns, and how they are written."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.profiles import PROFILE_COLUMNS

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
    dict.fromkeys(PROFILE_COLUMNS, pa.string())
    | {
        "employees": pa.int64(),
        "revenue_bn_vnd": pa.float64(),
        "capital_bn_vnd": pa.float64(),
        "sells_to_consumers": pa.bool_(),
        "needs": pa.list_(pa.string()),
        "platforms_in_use": pa.list_(pa.string()),
        "maturity_level": pa.int64(),
    },
    {"maturity_level"},
)
"""Columns of `recommender.profiles.PROFILE_COLUMNS`."""

EXPOSURES = _schema(
    {
        "recommendation_id": pa.string(),
        "business_id": pa.string(),
        "at": TIME,
        "platform_id": pa.string(),
        "rank": pa.int64(),
        "score": pa.float64(),
        "propensity": pa.float64(),
        "slot": pa.string(),
        "source": pa.string(),
    },
    set(),
)
"""One row for each platform of each list that was served."""

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


def write_rows(path: Path, schema: Any, chunks: Iterable[list[dict[str, Any]]]) -> int:
    """Write rows, a row group a chunk, and return how many there were."""
    return _write(path, schema, (pa.Table.from_pylist(rows, schema=schema) for rows in chunks))


def write_frames(path: Path, schema: Any, chunks: Iterable[pd.DataFrame]) -> int:
    """Write tables, a row group a chunk, and return how many rows there were."""
    return _write(
        path,
        schema,
        (pa.Table.from_pandas(frame, schema=schema, preserve_index=False) for frame in chunks),
    )


def _write(path: Path, schema: Any, tables: Iterable[Any]) -> int:
    count = 0
    with pq.ParquetWriter(path, schema) as writer:
        for table in tables:
            if table.num_rows:
                writer.write_table(table.replace_schema_metadata(schema.metadata))
                count += table.num_rows
    return count
