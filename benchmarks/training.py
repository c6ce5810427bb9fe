"""How long training takes, and how much memory, as the programme grows: `make bench-training`.

Simulates 100 thousand, 300 thousand and 1 million businesses, then times whole processes: training,
from Parquet files to a saved artefact, and scoring everyone in a batch, from the files and the
artefact to a file with the ten best platforms of each. Memory is the sum over a process and its
children, what they share counted once, looked at twenty times a second. Beside it, in the same run:
LightGBM one-vs-rest and ALS of implicit on the matrices that ours learns from, which are handed to
them ready-made. The last line is JSON; the table goes to `benchmarks/training.md`.
"""

import argparse
import json
import math
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import psutil
import pyarrow as pa
import pyarrow.parquet as pq
from joblib import Parallel, delayed
from scipy import sparse

from benchmarks.machine import machine_and_commit
from benchmarks.peers import als_seconds, lightgbm_seconds
from recommender.domain import load_reference
from recommender.engagement import SIMULATED_ATTENTION, observe
from recommender.features import profile_encoder
from recommender.model import Model
from recommender.simulation import SimulationSettings, simulate
from recommender.training.layout import layout_of
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

ROOT = Path(__file__).resolve().parents[1]
SIZES = (100_000, 300_000, 1_000_000)
TREES = 8
"""Platforms that LightGBM is timed on; all of them would take the better part of an hour."""

BEST = 10
"""Platforms kept of each business when everyone is scored."""


def main() -> None:
    """Run one step in this process, or all of them in processes of their own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument("--step", choices=STEPS, help="run one step on --work and print its result")
    parser.add_argument("--work", type=Path)
    asked = parser.parse_args()
    if asked.step:
        print(json.dumps(STEPS[asked.step](asked.work)))
        return
    results = []
    for businesses in asked.sizes:
        with tempfile.TemporaryDirectory() as work:
            results.append({"businesses": businesses} | _measure(Path(work), businesses))
            print(json.dumps(results[-1]), flush=True)
    (ROOT / "benchmarks" / "training.md").write_text(_table(results), encoding="utf-8")
    print(json.dumps(_summary(results)))


def _measure(work: Path, businesses: int) -> dict[str, Any]:
    """Run each step in a process of its own."""
    settings = SimulationSettings(businesses=businesses, seed=1)
    simulate(settings, load_reference(ROOT / "data"), work / "simulated")
    found: dict[str, Any] = {}
    for step in STEPS:
        found |= {f"{step}_{name}": value for name, value in _process(step, work).items()}
    return found


def _process(step: str, work: Path) -> dict[str, Any]:
    """Return the seconds and the peak memory in MB of a step, and what it says itself."""
    command = [sys.executable, "-m", "benchmarks.training", "--step", step, "--work", str(work)]
    started, peak = time.perf_counter(), 0
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        while process.poll() is None:
            peak = max(peak, _memory(process.pid))
            time.sleep(0.05)
        seconds = time.perf_counter() - started
        if process.returncode:
            raise SystemExit(f"{step} failed")
        said = json.loads(process.stdout.read()) if process.stdout else {}
    return {"seconds": round(seconds, 1), "mb": round(peak / 1e6)} | said


def _memory(pid: int) -> int:
    """Return the bytes that a process and its children hold, shared pages counted once."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        return sum(member.memory_full_info().pss for member in family)
    except psutil.Error:  # One of them has just ended.
        return 0


def train_step(work: Path) -> dict[str, Any]:
    """Train as `make train` does."""
    snapshot = open_snapshot({work / "simulated": True})
    registry = Registry(work / "models")
    manifest = train(snapshot, load_reference(ROOT / "data"), registry)
    registry.promote(manifest.version, "to be timed")
    return {"reached": manifest.metrics["rankers"]["response"]["reranked"]["value"]}


def score_step(work: Path) -> dict[str, Any]:
    """Score everyone and write the best platforms of each."""
    registry, encoder = Registry(work / "models"), profile_encoder(load_reference(ROOT / "data"))
    model, _ = registry.load(str(registry.current), encoder.schema)
    path = work / "simulated" / "profiles.parquet"
    groups = np.array_split(np.arange(pq.read_metadata(path).num_row_groups), 20)
    parts = Parallel(n_jobs=-1, return_as="generator")(
        delayed(_score)(path, model, some) for some in groups if len(some)
    )
    rows = 0
    with pq.ParquetWriter(work / "lists.parquet", SCHEMA) as writer:
        for part in parts:
            writer.write_table(part)
            rows += len(part)
    return {"businesses": rows}


SCHEMA = pa.schema(
    {
        "business_id": pa.string(),
        "platforms": pa.list_(pa.int16(), BEST),
        "scores": pa.list_(pa.float32(), BEST),
    }
)


def _score(path: Path, model: Model, row_groups: np.ndarray) -> pa.Table:
    profiles = pq.ParquetFile(path).read_row_groups(row_groups.tolist()).to_pandas()
    scores = model.score_table(profiles)
    best = np.argpartition(-scores, BEST, axis=1)[:, :BEST]
    found = np.take_along_axis(scores, best, axis=1)
    order = np.argsort(-found, axis=1, kind="stable")
    flat = (np.take_along_axis(values, order, axis=1).ravel() for values in (best, found))
    kinds = (pa.int16(), pa.float32())
    lists = [
        pa.FixedSizeListArray.from_arrays(pa.array(values).cast(kind, safe=False), BEST)
        for values, kind in zip(flat, kinds, strict=True)
    ]
    return pa.table([pa.array(profiles["business_id"]), *lists], schema=SCHEMA)


def peers_step(work: Path) -> dict[str, Any]:
    """Time the peers on the matrices that ours learns from; reading does not count."""
    layout = layout_of(load_reference(ROOT / "data"))
    profiles, used = [], []
    for chunk in open_snapshot({work / "simulated": True}).chunks:
        tables = chunk.read()
        found = observe(*tables, layout.platforms, SIMULATED_ATTENTION)
        profiles.append(layout.encoder.transform(tables.states))
        used.append(found.used + found.strength.maximum(0))
    profiles, used = (sparse.vstack(parts, format="csr") for parts in (profiles, used))
    columns = np.linspace(0, len(layout.platforms) - 1, TREES).astype(int)
    seconds = lightgbm_seconds(profiles, used, columns)
    return {
        "lightgbm_seconds": round(seconds * len(layout.platforms) / TREES, 1),
        "als_seconds": round(als_seconds(used), 1),
    }


STEPS = {"train": train_step, "score": score_step, "peers": peers_step}


def _summary(results: list[dict[str, Any]]) -> dict[str, Any]:
    first, last = results[0], results[-1]
    sizes = math.log(last["businesses"] / first["businesses"]) if len(results) > 1 else math.nan
    growth = math.log(last["train_seconds"] / first["train_seconds"]) / sizes
    return {
        **{f"seconds_{_short(found['businesses'])}": found["train_seconds"] for found in results},
        f"peak_mb_{_short(last['businesses'])}": last["train_mb"],
        f"score_{_short(last['businesses'])}_seconds": last["score_seconds"],
        "growth": round(growth, 2),
    }


def _short(businesses: int) -> str:
    return f"{businesses // 1000}k" if businesses < 1_000_000 else f"{businesses // 1_000_000}m"


def _table(results: list[dict[str, Any]]) -> str:
    lines = [
        "# Training as the programme grows",
        "",
        "Simulated businesses, 94 platforms. Whole processes: training from Parquet files to a "
        "saved artefact with its report, choice of parameters, calibration, measuring beside the "
        "baselines and judging included; scoring from "
        f"files to a file with the {BEST} best platforms of each. The peers only fit, once, with "
        "given parameters, on matrices in memory: LightGBM one-vs-rest (60 trees of 8 leaves, from "
        f"the profile, timed on {TREES} platforms and scaled to all), ALS of implicit (32 factors, "
        "15 rounds, which knows nothing of profiles). Made by `make bench-training` on "
        f"{machine_and_commit()}.",
        "",
        "| businesses | training | peak memory | scoring everyone | LightGBM | ALS | ours : "
        "LightGBM |",
        "|---|---|---|---|---|---|---|",
    ]
    for found in results:
        ratio = found["peers_lightgbm_seconds"] / found["train_seconds"]
        lines.append(
            f"| {found['businesses']:,} | {found['train_seconds']} s | {found['train_mb']:,} MB "
            f"| {found['score_seconds']} s | {found['peers_lightgbm_seconds']} s "
            f"| {found['peers_als_seconds']} s | 1 : {ratio:.0f} |"
        )
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
