"""Draw a world chunk by chunk, and write it whole or not at all."""

import hashlib
import json
import os
import shutil
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.domain import Reference
from recommender.simulation.exposures import show
from recommender.simulation.journeys import live
from recommender.simulation.population import Population, business_ids
from recommender.simulation.records import Recorder
from recommender.simulation.settings import SimulationSettings

MANIFEST = "manifest.json"

FORMAT = 2
"""Of the files; one more whenever their columns change."""


def simulate(
    settings: SimulationSettings,
    reference: Reference,
    folder: Path,
    progress: Callable[[int], None] | None = None,
) -> dict[str, Any]:
    """Write a simulated world to `folder`.

    Files: `profiles.parquet`, `exposures.parquet`, `events.parquet`, `truth.parquet` and, naming
    their checksums, `manifest.json`. The first three are those of a snapshot of what was recorded,
    but for the table of slots: in simulated lists no single slot is drawn. The truth is what no
    real log holds: whether a platform was examined, its utility, its probability of adoption once
    examined, and the hidden trait `lodging`; from it and the profiles, `Behaviour` computes the
    whole matrix again.

    The files are written beside the folder and moved there whole. An earlier simulation is
    replaced, anything else is not.

    Args:
        settings: What to draw.
        reference: Shares, catalogue and rules.
        folder: Where to; its parents are made.
        progress: Called after each chunk with the number of businesses written so far.

    Returns:
        The manifest.

    Raises:
        FileExistsError: `folder` holds something that is not a simulation.
    """
    if not _may_be_replaced(folder):
        raise FileExistsError(f"{folder} holds something else than a simulation")
    partial = folder.with_name(f".{folder.name}.{os.getpid()}.partial")
    partial.mkdir(parents=True)
    try:
        rows = _write(chunks(settings, reference), partial, progress)
        files = {
            name: {"rows": count, "sha256": _sha256(partial / name)} for name, count in rows.items()
        }
        manifest: dict[str, Any] = {
            "simulated": True,
            "format": FORMAT,
            "settings": asdict(settings) | {"until": settings.until.isoformat()},
            "reference": reference.version,
            "files": files,
        }
        (partial / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n", "utf-8")
        _replace(folder, partial)
    finally:
        shutil.rmtree(partial, ignore_errors=True)
    return manifest


def chunks(settings: SimulationSettings, reference: Reference) -> Iterator[dict[str, pa.Table]]:
    """Draw the world, one chunk of businesses at a time.

    Chunk k has its own seeds, children of the settings' seed: it does not depend on how many
    chunks there are.

    Yields:
        The rows of each file, by its name.
    """
    population = Population(reference, settings.household_share)
    behaviour = population.behaviour
    begin, end = settings.window
    for k, first in enumerate(range(1, settings.businesses + 1, settings.chunk)):
        n = min(settings.chunk, settings.businesses + 1 - first)
        seeds = np.random.SeedSequence(settings.seed, spawn_key=(k,)).spawn(3)
        drawing, showing, living = map(np.random.default_rng, seeds)
        cohort = population.draw(n, drawing)
        told, lodging = cohort.told, cohort.firms.lodging
        shown = show(told, behaviour.utility, settings.shown, showing)
        outcome = live(told, lodging, shown, behaviour, (end - begin).total_seconds(), living)
        record = Recorder(business_ids(first, n), behaviour.platforms, begin)
        yield {
            "profiles.parquet": record.states(
                population.codebook.decode(told, record.businesses), outcome
            ),
            "exposures.parquet": record.exposures(shown, outcome),
            "events.parquet": record.events(outcome),
            "truth.parquet": record.truth(shown, outcome, lodging),
        }


def _write(
    parts: Iterator[dict[str, pa.Table]], folder: Path, progress: Callable[[int], None] | None
) -> dict[str, int]:
    """Append each chunk to the files as a row group and return the number of rows of each."""
    rows: Counter[str] = Counter()
    writers: dict[str, pq.ParquetWriter] = {}
    with ExitStack() as stack:
        for tables in parts:
            for name, table in tables.items():
                if name not in writers:
                    writer = pq.ParquetWriter(folder / name, table.schema, compression="zstd")
                    writers[name] = stack.enter_context(writer)
                writers[name].write_table(table)
                rows[name] += table.num_rows
            if progress:
                progress(rows["profiles.parquet"])
    return dict(rows)


def _replace(folder: Path, by: Path) -> None:
    """Put a folder in the place of another one, which need not exist."""
    old = folder.with_name(f"{by.name}.old")
    if folder.exists():
        folder.rename(old)
    by.rename(folder)
    shutil.rmtree(old, ignore_errors=True)


def _may_be_replaced(folder: Path) -> bool:
    """Say whether nothing is lost that was not simulated."""
    if not folder.exists():
        return True
    try:
        manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    except (OSError, ValueError):
        return folder.is_dir() and not any(folder.iterdir())
    return isinstance(manifest, dict) and manifest.get("simulated") is True


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
