"""Does learning pay, and exploring? Serve, observe, retrain in a simulated world: `make simulate`.

A population whose taste drifts is served in twelve rounds; three platforms join half-way. Three
services see the same businesses: one that learns and explores, one that never retrains, one that
never explores. Regret is the adoptions that an oracle would have brought more, on average. Worlds
run side by side, one on each core. The table goes to `benchmarks/closed_loop.md`, the chart beside
it; the last line is JSON.
"""

import argparse
import json
from pathlib import Path
from typing import Any

from joblib import Parallel, cpu_count, delayed

from benchmarks.machine import machine_and_commit
from recommender.closed_loop import ARMS, LoopSettings, draw, run_seed, summary
from recommender.domain import load_reference

ROOT = Path(__file__).resolve().parents[1]


def main() -> None:
    """Run the worlds and write what came of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=LoopSettings.rounds)
    parser.add_argument("--businesses", type=int, default=LoopSettings.businesses)
    asked = parser.parse_args()
    settings = LoopSettings(rounds=asked.rounds, businesses=asked.businesses)
    reference = load_reference(ROOT / "data")
    runs = []
    jobs = Parallel(n_jobs=min(cpu_count(), asked.seeds), return_as="generator_unordered")(
        delayed(run_seed)(reference, settings, seed) for seed in range(1, asked.seeds + 1)
    )
    for run in jobs:
        runs.append(run)
        told = {arm.name: run[arm.name]["promoted"].count(True) for arm in ARMS if arm.retrains}
        print(json.dumps({"world": run["seed"], "promoted": told}), flush=True)
    runs.sort(key=lambda run: run["seed"])
    found = summary(runs, settings)
    (ROOT / "benchmarks" / "closed_loop.md").write_text(
        _table(found, runs, settings), encoding="utf-8"
    )
    (ROOT / "benchmarks" / "closed_loop.png").write_bytes(draw(runs, settings))
    print(json.dumps(found))


def _table(found: dict[str, Any], runs: list[dict[str, Any]], settings: LoopSettings) -> str:
    reference = load_reference(ROOT / "data")
    new = ", ".join(reference.platforms[id_].name for id_ in runs[0]["new"])
    lines = [
        "# The closed loop",
        "",
        f"A SIMULATED population of {settings.businesses:,} businesses a round, {settings.rounds} "
        f"rounds, {len(runs)} worlds. The first model learned from {settings.prior:,} simulated "
        "businesses of another world. Taste by line of business is a random walk; "
        f"{new} join in round {settings.joined}. Regret: adoptions per 1,000 businesses that an "
        "oracle would have brought more, added up over the rounds; mean over worlds and its 95 % "
        "interval (Student's t), the difference paired by world. New platforms are found if in the "
        "last three rounds they stand in a first five at least half as often as with the oracle, "
        f"in every world. Made by `make simulate` on {machine_and_commit()}.",
        "",
        "| service | regret | more than the one that learns | new platforms found |",
        "|---|---|---|---|",
    ]
    for arm in ARMS:
        low, high = found[f"regret_{arm.name}_interval"]
        more = found.get(f"{arm.name}_minus_learning")
        told = f"{more[0]} ({more[1]} to {more[2]})" if more else ""
        name = "" if arm.name == "learning" else f"_with_{arm.name}"
        number = found[f"new_platforms_found{name}"]
        lines.append(
            f"| {arm.name.replace('_', ' ')} | {found[f'regret_{arm.name}']} ({low} to {high}) "
            f"| {told} | {number} of {found['new_platforms']} |"
        )
    first, more = (found[f"no_exploration_minus_learning{part}"] for part in ("_in_round_1", ""))
    worth = first * settings.rounds
    lines += [
        "",
        "What exploring brings has two parts. What is drawn does not count less for standing below "
        f"another one of its kind, as the other places do: that is worth {first} adoptions per "
        "1,000 in the first round, before anything was learned. Were it worth as much in each, it "
        f"would be {worth:.0f} of the {more[0]:.0f}, and what exploring teaches, less what it "
        f"costs, {more[0] - worth:+.0f}. Without exploring, new platforms are scored like others "
        "of their kind until more is known. What is had besides are exact propensities, and how "
        "fast attention falls.",
    ]
    return "\n".join([*lines, "", "![The same by round](closed_loop.png)", ""])


if __name__ == "__main__":
    main()
