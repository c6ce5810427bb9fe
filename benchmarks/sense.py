"""Whether the lists of forty realistic businesses make sense to a consultant: `make bench-sense`.

`benchmarks/sense.toml` tells the businesses, the kinds of platform expected among the first five
of each, and those that would be absurd. A model is trained as `make run` trains the first one, in
three simulated worlds; each business is asked for its best list and for those of thirty days, in
which one place is drawn by chance as in service. The table goes to `benchmarks/sense.md`; the last
line is JSON.
"""

import json
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import machine_and_commit
from recommender.domain import Reference, load_reference
from recommender.evaluation.sense import Case, Verdict, judge, read_cases, share_met
from recommender.policy import GREEDY, Exploration, ModelInfo, Recommender
from recommender.simulation import SimulationSettings, simulate
from recommender.training.layout import layout_of
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

ROOT = Path(__file__).resolve().parents[1]
BUSINESSES = 50_000
WORLDS = (1, 2, 3)
DAYS = 30
EXPLORING = Exploration(share=1.0)
"""As the service explores by default."""


def main() -> None:
    """Train in each world, ask for the lists, and write the table."""
    reference = load_reference(ROOT / "data")
    cases = read_cases(ROOT / "benchmarks" / "sense.toml", reference)
    best, drawn = [], []
    with tempfile.TemporaryDirectory() as work:
        for seed in WORLDS:
            greedy, exploring = recommenders(Path(work) / str(seed), seed, reference)
            best.append([judge(greedy, case) for case in cases])
            drawn.append([judge(exploring, case, DAYS) for case in cases])
            print(json.dumps({"world": seed, "share_met": round(share_met(best[-1]), 3)}))
    (ROOT / "benchmarks" / "sense.md").write_text(table(cases, best, drawn), encoding="utf-8")
    print(json.dumps(summary(best, drawn)))


def recommenders(work: Path, seed: int, reference: Reference) -> tuple[Recommender, Recommender]:
    """Train in one world; return what answers without chance, and as in service."""
    simulate(SimulationSettings(businesses=BUSINESSES, seed=seed), reference, work / "world")
    registry = Registry(work / "models")
    manifest = train(open_snapshot({work / "world": True}), reference, registry)
    model, _ = registry.load(manifest.version, layout_of(reference).encoder.schema)
    info = ModelInfo(manifest.version, manifest.ranker, manifest.simulated_share)
    greedy, exploring = (
        Recommender(model, info, reference, exploration) for exploration in (GREEDY, EXPLORING)
    )
    return greedy, exploring


def summary(best: Sequence[list[Verdict]], drawn: Sequence[list[Verdict]]) -> dict[str, float]:
    """Return the figures: shares are means over the worlds, absurd ones are added up."""
    everything = [verdict for world in (*best, *drawn) for verdict in world]
    return {
        "businesses": len(best[0]),
        "share_met": round(sum(map(share_met, best)) / len(best), 3),
        "share_met_least": round(min(map(share_met, best)), 3),
        "share_met_drawn": round(sum(map(share_met, drawn)) / len(drawn), 3),
        "absurd_in_first_five": sum(verdict.absurd for verdict in everything),
        "absurd_possible": sum(len(verdict.possible) for verdict in best[0]),
    }


def table(
    cases: Sequence[Case], best: Sequence[list[Verdict]], drawn: Sequence[list[Verdict]]
) -> str:
    """Return the document."""
    found = summary(best, drawn)
    lines = [
        "# Do the lists make sense?",
        "",
        f"{len(cases)} realistic businesses ([sense.toml](sense.toml)), each with kinds of "
        "platform that a consultant would expect among the first five and kinds that would be "
        f"absurd. The model learned from {BUSINESSES:,} simulated businesses, as the first one of "
        f"an installation does, in {len(WORLDS)} worlds. Made by `make bench-sense` on "
        f"{machine_and_commit()}.",
        "",
        f"- Expected kinds among the first five: **{found['share_met']:.1%}** "
        f"({found['share_met_least']:.1%} in the worst world).",
        f"- Where one place is drawn by chance, as in service, over {DAYS} days: "
        f"{found['share_met_drawn']:.1%}.",
        f"- Absurd kinds among the first five of any list: **{found['absurd_in_first_five']}**. "
        f"Absurd kinds that could be shown at all: {found['absurd_possible']}, as the catalogue "
        "says by category and platform whom it is for.",
        "",
        "What the simulated businesses like was assumed by the people who wrote the expectations "
        "down. The share met therefore says that nothing goes wrong between what is learned from "
        "and what is shown; whether real businesses like it, only their reactions can say.",
        "",
        "| business | first five of world 1 | expected, not met (worlds) |",
        "|---|---|---|",
    ]
    for number, case in enumerate(cases):
        missed = {
            kind: sum(kind not in world[number].firsts[0] for world in best)
            for kind in case.expected
        }
        told = ", ".join(f"{kind} ({worlds})" for kind, worlds in missed.items() if worlds)
        lines.append(f"| {case.name} | {', '.join(best[0][number].firsts[0])} | {told} |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
