"""Ranking quality on real data beside the peers: `make bench-quality`.

Both try the same number of configurations on the same validation users. Ours hide each item of each
of these users in turn and choose once for a data set and view, the best few averaged; peers choose
one configuration for each column, by the task that is measured. Each figure is printed and kept in
`benchmarks/quality.jsonl` as it comes, with every configuration tried; `benchmarks/quality.md` is
written at the end.

Ours are measured anew each time. A peer takes up to half an hour a column and does not depend on
our code: with `--resume`, what the file tells of it is taken as it is.
"""

import argparse
import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any, get_args

import msgspec
import numpy as np
from sklearn.base import clone

from benchmarks.machine import machine_and_commit
from benchmarks.peers import NEEDS_HISTORY, PEERS, configurations
from recommender.benchmark import DEFAULT, Asked, measure
from recommender.benchmark.search import BUDGET
from recommender.evaluation import metrics
from recommender.evaluation.dataset import Dataset, View, load_dataset
from recommender.evaluation.intervals import bootstrap_interval
from recommender.evaluation.protocol import TEST, VALIDATION, Protocol, folds, protocol_task
from recommender.evaluation.shift import Shift, shift

LINEAR = "**linear (ours)**"
OURS = {
    "popularity": "popularity",
    "segment popularity": "segment_popularity",
    "logistic one-vs-rest": "logistic",
    LINEAR: DEFAULT,
}
PLAIN = "plain ridge"
"""Stands beside the others where the population shifts only."""

ON_SHIFTS = ("LightFM WARP",)
"""Peers that are measured there too."""

DATASETS = ("kaggle_2017", "cncf_2022")
ROOT = Path(__file__).resolve().parents[1]

Result = dict[str, Any]


def main() -> None:
    """Run every ranker on every column and write the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--datasets", type=Path, default=ROOT.parent / "shared" / "datasets")
    parser.add_argument("--only", nargs="*", default=list(DATASETS), help="names of data sets")
    parser.add_argument("--budget", type=int, default=BUDGET, help="configurations of each peer")
    parser.add_argument("--peers", nargs="*", default=list(PEERS), help="names, or none")
    parser.add_argument("--resume", action="store_true", help="keep what was measured of peers")
    parser.add_argument("--out", type=Path, default=ROOT / "benchmarks" / "quality.md")
    asked = parser.parse_args()
    record = asked.out.with_suffix(".jsonl")
    known = _read(record) if asked.resume and record.exists() else {}
    results: dict[tuple[str, str], Result] = {}
    folders = [asked.datasets / name for name in asked.only]
    for column, ranker, measured in _all(folders, asked.peers, asked.budget):
        kept = known.get((column, ranker)) if ranker in PEERS else None
        found = {"column": column, "ranker": ranker} | (kept or measured())
        if "by_user" not in found:
            found["by_user"] = _peer_by_user(*measured.args[:3], found["parameters"])
        results[column, ranker] = found
        print(json.dumps(_without(found, "tried", "by_user")), flush=True)
        # What is known of other columns stays until these are measured again.
        lines = [json.dumps(_without(each, "by_user")) for each in (known | results).values()]
        record.write_text("\n".join([*lines, ""]), encoding="utf-8")
    asked.out.write_text(_table(list(results.values()), asked.budget), encoding="utf-8")
    print(f"written to {asked.out}")


def _without(found: Result, *names: str) -> Result:
    return {name: value for name, value in found.items() if name not in names}


def _read(record: Path) -> dict[tuple[str, str], Result]:
    rows = [json.loads(line) for line in record.read_text(encoding="utf-8").splitlines()]
    return {(row["column"], row["ranker"]): row for row in rows}


def _all(
    folders: list[Path], peers: list[str], budget: int
) -> Iterator[tuple[str, str, partial[Result]]]:
    """Return each column and ranker, and how to measure it."""
    for folder in folders:
        for view in get_args(View):
            data = load_dataset(folder, view)
            for protocol in (*get_args(Protocol), *get_args(Shift)):
                column = f"{folder.name} {protocol} {view}"
                harder = protocol in get_args(Shift)
                for label in [*OURS, *([PLAIN] if harder else [])]:
                    yield column, label, partial(_our, label, data, protocol)
                seen, asked = (shift(data, protocol), "cold") if harder else (data, protocol)
                for label in peers:
                    without_history = asked == "cold" and label in NEEDS_HISTORY
                    if not without_history and (not harder or label in ON_SHIFTS):
                        yield column, label, partial(_peer, label, seen, asked, budget)


def _our(label: str, data: Dataset, protocol: Asked) -> Result:
    found = measure(data, protocol, "plain_ridge" if label == PLAIN else OURS[label])
    data = found.dataset
    rest = np.flatnonzero(folds(data.users) != TEST)
    started = time.process_time()
    ranker = clone(found.ranker).fit(data.profiles[rest], data.interactions[rest])
    ranker.score(data.profiles[found.task.users], found.task.history)
    seconds = time.process_time() - started
    by_user = metrics.ndcg(found.ranking, found.task.wanted, 10)
    parameters = msgspec.to_builtins(found.ranker.get_params())
    return _figures(by_user, seconds) | {"parameters": parameters, "tried": found.tried}


def _peer(label: str, data: Dataset, protocol: Protocol, budget: int) -> Result:
    """Choose a peer's configuration on validation users, refit, and measure on test users."""
    peer, fold = PEERS[label], folds(data.users)
    learned_from = np.flatnonzero(fold > VALIDATION)
    task = protocol_task(data, np.flatnonzero(fold == VALIDATION), protocol)

    def quality(config: Any) -> float:
        ranking = metrics.rank(peer(data, learned_from, task, config), task.left_out)
        return float(metrics.ndcg(ranking, task.wanted, 10).mean())

    tried = [(config, quality(config)) for config in configurations(label, budget)]
    best = max(tried, key=lambda each: each[1])[0]
    started = time.process_time()
    by_user = _peer_by_user(label, data, protocol, best)
    seconds = time.process_time() - started
    return _figures(by_user, seconds) | {"parameters": best, "tried": tried}


def _peer_by_user(label: str, data: Dataset, protocol: Protocol, config: Any) -> np.ndarray:
    """Return the NDCG@10 of each test user."""
    fold = folds(data.users)
    test = protocol_task(data, np.flatnonzero(fold == TEST), protocol)
    scores = PEERS[label](data, np.flatnonzero(fold != TEST), test, config)
    return metrics.ndcg(metrics.rank(scores, test.left_out), test.wanted, 10)


def _figures(by_user: np.ndarray, seconds: float) -> Result:
    low, high = bootstrap_interval(by_user)
    return {
        "by_user": by_user,
        "ndcg10": round(float(by_user.mean()), 4),
        "ci": [round(low, 4), round(high, 4)],
        "train_seconds": round(seconds, 2),
    }


def _table(results: list[Result], budget: int) -> str:
    columns = list(dict.fromkeys(result["column"] for result in results))
    rankers = list(dict.fromkeys(result["ranker"] for result in results))
    cell = {(result["ranker"], result["column"]): result for result in results}
    lines = [
        "# Ranking quality on real data",
        "",
        "NDCG@10 on test users with 95 % bootstrap intervals, and processor seconds to fit once "
        f"and score them, on one thread. Each ranker tried {budget} configurations on validation "
        "users (each, with what it reached there, is in `quality.jsonl`); popularity has none. "
        "Ours hide each item of each validation user in turn and choose once for `cold`, `warm`, "
        "`thinned` and `incomplete` of a data set and view, averaging the best few; peers choose "
        "one for each column, by the task that is measured. Plain ridge has no history, no dropout "
        "and one penalty. `shifted` and `incomplete` ask users who are not like those learned "
        "from: see `docs/benchmark.md`. The interval of a difference is that of the same users "
        "under both. Made by `make bench-quality` on "
        f"{machine_and_commit()}.",
        "",
        *_overview(columns, cell),
    ]
    for column in columns:
        best = max(r["ndcg10"] for r in results if r["column"] == column)
        lines += [
            "",
            f"## {column}",
            "",
            "| ranker | NDCG@10 | interval | seconds |",
            "|---|---|---|---|",
        ]
        for ranker in rankers:
            if found := cell.get((ranker, column)):
                value = f"{found['ndcg10']:.4f}"
                shown = f"**{value}**" if found["ndcg10"] == best else value
                low, high = found["ci"]
                lines.append(
                    f"| {ranker} | {shown} | {low:.4f} to {high:.4f} | {found['train_seconds']:g} |"
                )
    return "\n".join([*lines, "", *_where_behind(columns, cell), ""])


def _overview(columns: list[str], cell: dict[tuple[str, str], Result]) -> list[str]:
    """Return one line a column: ours, the best of the others, and the difference."""
    lines = ["| column | ours | best of the others | | ours is |", "|---|---|---|---|---|"]
    for column in columns:
        own, (name, best) = cell[LINEAR, column], _best_other(column, cell)
        low, high = bootstrap_interval(own["by_user"] - cell[name, column]["by_user"])
        lines.append(
            f"| {column} | {own['ndcg10']:.4f} | {best:.4f} | {name} "
            f"| {own['ndcg10'] - best:+.4f} ({low:+.4f} to {high:+.4f}) |"
        )
    return lines


def _where_behind(columns: list[str], cell: dict[tuple[str, str], Result]) -> list[str]:
    """Say in which columns another ranker has the higher figure."""
    lines = ["## Where we are behind", ""]
    for column in columns:
        name, best = _best_other(column, cell)
        if (gap := best - cell[LINEAR, column]["ndcg10"]) > 0:
            lines.append(f"- {column}: {name} is {gap:.4f} above.")
    return lines if len(lines) > 2 else [*lines, "In no column."]


def _best_other(column: str, cell: dict[tuple[str, str], Result]) -> tuple[str, float]:
    others = {r: found["ndcg10"] for (r, c), found in cell.items() if c == column and r != LINEAR}
    return max(others.items(), key=lambda each: each[1])


if __name__ == "__main__":
    main()
