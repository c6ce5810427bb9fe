"""How much of what could be known the model reaches, where the truth is known: `make bench-oracle`.

In the simulator, each business's probability of adopting each platform is known. The oracle ranks
what is made for a business by it; a ranker's share of the oracle is its expected DCG@5 over the
oracle's, for 6,000 other businesses, by how many tools they use. Worlds of 1, 10 and 100 thousand
simulated businesses are learned from, three of each. The table goes to `benchmarks/oracle.md`, the
chart beside it; the last line is JSON.
"""

import json
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from matplotlib.ticker import PercentFormatter
from numpy.typing import NDArray
from scipy import sparse
from threadpoolctl import threadpool_limits

from benchmarks.machine import machine_and_commit
from recommender.domain import load_reference
from recommender.evaluation import metrics
from recommender.features import history_matrix
from recommender.rankers import LinearRanker, PopularityRanker, Ranker
from recommender.simulation import SimulationSettings, simulate
from recommender.simulation.behaviour import Behaviour
from recommender.training.layout import layout_of, made_for_of
from recommender.training.learning import learn
from recommender.training.registry import Registry
from recommender.training.search import choose_segments
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

ROOT = Path(__file__).resolve().parents[1]
SIZES = (1_000, 10_000, 100_000)
WORLDS = (1, 2, 3)
ASKED, ASKED_SEED = 6_000, 99
LENGTHS = {"none": (0, 0), "1 to 3": (1, 3), "more": (4, 94)}
RANKERS = ("response (ours)", "use alone", "popularity by segment", "popularity")

Shares = dict[tuple[int, str, str], list[float]]


@dataclass(frozen=True)
class Asked:
    """Businesses that were not learned from, and the truth about them.

    `left_out` is what they use already, and what is not made for them.
    """

    profiles: sparse.csr_array
    history: sparse.csr_array
    left_out: sparse.csr_array
    adoption: NDArray[np.float64]

    @classmethod
    def draw(cls, folder: Path) -> "Asked":
        """Simulate them, with the probability of adopting what they do not use yet."""
        reference = load_reference(ROOT / "data")
        simulate(SimulationSettings(businesses=ASKED, seed=ASKED_SEED), reference, folder)
        profiles = pd.read_parquet(folder / "profiles.parquet")
        truth = pd.read_parquet(folder / "truth.parquet", columns=["business_id", "lodging"])
        hidden = truth.drop_duplicates().set_index("business_id")["lodging"]
        lodging = hidden.reindex(profiles["business_id"], fill_value=False).to_numpy(bool)
        behaviour, layout = Behaviour(reference), layout_of(reference)
        history = history_matrix(profiles["platforms_in_use"], layout.platforms)
        encoded = layout.encoder.transform(profiles)
        left_out = (history.toarray() > 0) | ~made_for_of(layout, reference)(encoded)
        columns = [behaviour.platforms.index(id_) for id_ in layout.platforms]
        adoption = behaviour.adoption_probability(profiles, lodging)[:, columns].astype(float)
        adoption[left_out] = 0
        return cls(encoded, history, sparse.csr_array(left_out.astype(float)), adoption)

    def share(self, ranker: Ranker) -> dict[str, float]:
        """Return the share of the oracle's expected DCG@5 for each length of history."""
        reached, best = (
            self._expected_dcg(scores)
            for scores in (ranker.score(self.profiles, self.history), self.adoption)
        )
        used = np.diff(self.history.indptr)
        members = {name: (used >= low) & (used <= high) for name, (low, high) in LENGTHS.items()}
        return {name: reached[rows].sum() / best[rows].sum() for name, rows in members.items()}

    def _expected_dcg(self, scores: NDArray[np.float64]) -> NDArray[np.float64]:
        first = metrics.rank(scores, self.left_out)[:, :5]
        gains = np.take_along_axis(self.adoption, first, axis=1)
        return gains @ (1 / np.log2(np.arange(2, 7)))


@threadpool_limits.wrap(limits=1, user_api="blas")
def main() -> None:
    """Learn from each world, measure, and write table and chart."""
    shares: Shares = {}
    with tempfile.TemporaryDirectory() as work:
        asked = Asked.draw(Path(work) / "asked")
        for businesses in SIZES:
            for seed in WORLDS:
                for name, ranker in _rankers(Path(work), businesses, seed).items():
                    for length, share in asked.share(ranker).items():
                        shares.setdefault((businesses, name, length), []).append(share)
                print(json.dumps({"businesses": businesses, "world": seed}), flush=True)
    (ROOT / "benchmarks" / "oracle.md").write_text(_table(shares), encoding="utf-8")
    _draw(shares).savefig(ROOT / "benchmarks" / "oracle.png", dpi=120, metadata={"Software": None})
    print(json.dumps(_summary(shares)))


def _rankers(work: Path, businesses: int, seed: int) -> dict[str, Ranker]:
    """Simulate a world and return what is learned from it."""
    reference, world = load_reference(ROOT / "data"), work / f"{businesses}-{seed}"
    simulate(SimulationSettings(businesses=businesses, seed=seed), reference, world)
    snapshot, layout = open_snapshot({world: True}), layout_of(reference)
    registry = Registry(work / "models")
    manifest = train(snapshot, reference, registry)
    model, _ = registry.load(manifest.version, layout.encoder.schema)
    found, _ = learn(snapshot, layout)
    rest = found.without(found.choose, found.calibrate, found.test)
    rankers = (
        model.ranker,
        LinearRanker(pairs=layout.pairs).solve(found.sums),
        choose_segments(rest, found.choose).solve(found.sums),
        PopularityRanker().solve(found.sums),
    )
    return dict(zip(RANKERS, rankers, strict=True))


def _summary(shares: Shares) -> dict[str, Any]:
    return {
        name: {
            f"{businesses}": {
                length: round(float(np.mean(shares[businesses, name, length])), 3)
                for length in LENGTHS
            }
            for businesses in SIZES
        }
        for name in RANKERS
    }


def _table(shares: Shares) -> str:
    lines = [
        "# The share of what could be known",
        "",
        f"Expected DCG@5 of {ASKED:,} simulated businesses that were not learned from, over that "
        "of an oracle which knows the probability of each adoption; what is not made for a "
        "business is left out, as in service. Mean of three simulated "
        "worlds of each size and, behind it, the largest distance from the mean. Made by "
        f"`make bench-oracle` on {machine_and_commit()}.",
        "",
        "| learned from | ranker | no tools in use | 1 to 3 | more |",
        "|---|---|---|---|---|",
    ]
    for businesses in SIZES:
        for name in RANKERS:
            cells = []
            for length in LENGTHS:
                values = np.array(shares[businesses, name, length])
                spread = np.abs(values - values.mean()).max()
                cells.append(f"{values.mean():.3f} ± {spread:.3f}")
            lines.append(f"| {businesses:,} | {name} | {' | '.join(cells)} |")
    return "\n".join([*lines, "", "![The same as a chart](oracle.png)", ""])


def _draw(shares: Shares) -> Figure:
    figure = Figure(figsize=(9.5, 3.4), layout="constrained")
    panels = figure.subplots(1, len(LENGTHS), sharey=True)
    for axes, length in zip(panels, LENGTHS, strict=True):
        for name, marker in zip(RANKERS, "oDs^", strict=True):
            means = [np.mean(shares[businesses, name, length]) for businesses in SIZES]
            axes.plot(SIZES, means, marker=marker, label=name)
        axes.set(xscale="log", ylim=(0, 1), title=f"tools in use: {length}")
        axes.set_xlabel("simulated businesses learned from")
        axes.yaxis.set_major_formatter(PercentFormatter(1.0))
        axes.grid(color="0.92")
    panels[0].set_ylabel("share of the oracle's DCG@5")
    panels[-1].legend(frameon=False, loc="lower right")
    return figure


if __name__ == "__main__":
    main()
