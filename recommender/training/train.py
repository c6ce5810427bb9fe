"""From a snapshot to a model in the registry: checked, chosen, measured, judged, and told of."""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import msgspec
import numpy as np
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from recommender.calibration import Calibration, Curve
from recommender.domain import Reference
from recommender.engagement import estimate_attention
from recommender.model import Model
from recommender.policy.exploration import GREEDY, Exploration
from recommender.rankers import PopularityRanker, Ranker
from recommender.training.calibration_report import calibration_report, shown_pairs
from recommender.training.checks import check_data
from recommender.training.drift import describe, drift
from recommender.training.exposure import exposure
from recommender.training.gate import judge
from recommender.training.holdout import MadeFor, Part
from recommender.training.incumbent import Incumbent
from recommender.training.layout import layout_of, made_for_of
from recommender.training.learning import Learned, learn
from recommender.training.learning_curve import learning_curve
from recommender.training.measure import Gains, by_slice, measured, slices_of
from recommender.training.peers import peers_of
from recommender.training.registry import PEERS, Manifest, Registry
from recommender.training.report import examples, render_report
from recommender.training.resources import peak_megabytes
from recommender.training.scoring import scoring
from recommender.training.search import (
    choose_logistic,
    choose_response,
    choose_segments,
    fitted_on,
)
from recommender.training.served import (
    Served,
    beside_served,
    learned_from,
    simulations_of,
    unseen,
)
from recommender.training.slots import DrawnSlots, reactions
from recommender.training.snapshot import Snapshot
from recommender.training.variety import variety

STAGES = (
    "Checking the data",
    "Reading and adding up",
    "Choosing the parameters",
    "Fitting the baselines",
    "Calibrating",
    "Measuring on later businesses",
    "Fitting on everything",
    "Judging, reporting and saving",
)
"""What `train` does, in order; its `progress` is told each as it begins."""

OURS, IN_SERVICE = "response", "in_service"

Progress = Callable[[str], None]


@threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]  # no stubs
def train(
    snapshot: Snapshot,
    reference: Reference,
    registry: Registry,
    seed: int = 0,
    progress: Progress = lambda stage: None,
    exploration: Exploration = GREEDY,
) -> Manifest:
    """Train on a snapshot, save the model, and put it into service if the gate says so.

    While an experiment runs, the model is saved alone. Where it is the one in service, bit for bit,
    there is nothing new: nothing is saved.

    States of businesses are split by time: what came first is learned from, then some choose
    parameters, later ones calibrate, and the last ones measure. What is saved is fitted again on
    all of them. The same snapshot, data tables and seed give the same model bit for bit.

    Args:
        snapshot: What to learn from; it is read once, in chunks.
        reference: The catalogue, the vocabularies and the rules of the gate.
        registry: Where the model goes, and where the one in service is.
        seed: Seed of the search for parameters and of all resampling.
        progress: Called with the name of each stage as it begins.
        exploration: How the service draws platforms for slots, where it does.

    Returns:
        The manifest of what was saved; that of the model in service where it is the same.

    Raises:
        SnapshotError, ValueError: If there is nothing to learn from.
        RegistryError: If another training is under way.
    """
    with registry.training():
        return _Training(snapshot, reference, registry, seed, progress, exploration).run()


@dataclass(frozen=True)
class _Training:
    """One run."""

    snapshot: Snapshot
    reference: Reference
    registry: Registry
    seed: int
    progress: Progress
    exploration: Exploration

    def run(self) -> Manifest:
        started = time.perf_counter()
        self.progress(STAGES[0])
        checks = check_data(self.snapshot, self.reference)
        self.progress(STAGES[1])
        layout = layout_of(self.reference)
        attention = estimate_attention(*reactions(self.snapshot))
        found, simulated_share = learn(self.snapshot, layout, attention.attention)
        test, made_for = found.test, made_for_of(layout, self.reference)
        rest = found.without(found.choose, found.calibrate, test)

        self.progress(STAGES[2])
        ours, tried = choose_response(rest, found.choose, self.seed)
        before = found.without(test)  # what measures is the latest; the rest is learned from
        fitted = clone(ours).solve(before)

        self.progress(STAGES[3])
        rankers: dict[str, Ranker] = {
            OURS: fitted,
            "segment_popularity": choose_segments(rest, found.choose).solve(before),
            "popularity": PopularityRanker().solve(before),
            "logistic": fitted_on(
                found.sample_before_test, choose_logistic(found.sample, found.choose)
            ),
        }
        self.progress(STAGES[4])
        earlier = clone(ours).solve(found.without(found.calibrate, test))
        calibration = _calibration(earlier, found.calibrate)

        self.progress(STAGES[5])
        incumbent = Incumbent.of(self.registry, layout, before)
        slots = None
        if incumbent.ranker is not None:
            rankers[IN_SERVICE] = incumbent.ranker
            if drawn := DrawnSlots.of(self.snapshot, test, layout.platforms):
                slots = drawn.compare(fitted, incumbent.ranker, test, self.exploration, self.seed)
        gains = {name: Gains.of(ranker, test, made_for) for name, ranker in rankers.items()}
        values, differences = measured(gains, test, self.seed)
        beside = gains.get(IN_SERVICE, gains["segment_popularity"])
        told, picture = calibration_report(
            fitted,
            calibration,
            test,
            layout.encoder,
            made_for,
            f"First five of later businesses, {simulated_share:.0%} simulated",
        )
        self.progress(STAGES[6])
        winner = ours.solve(found.sums)
        model = Model(
            layout.encoder,
            layout.platforms,
            winner,
            calibration,
            found.sums.means[found.sums.used],
        )
        if same := self.registry.in_service_already(model):
            return same
        self.progress(STAGES[7])
        providers = [self.reference.platforms[id_].provider for id_ in layout.platforms]
        summary = describe(found, layout)
        metrics: dict[str, Any] = {
            "checks": msgspec.to_builtins(checks),
            "shown": {
                "simulated" if simulated else "recorded": [each.isoformat() for each in ends]
                for simulated, ends in self.snapshot.shown.items()
            },
            "held_out": found.held_out,
            "states": {
                "learn": round(rest.weight, 1),
                "choose": len(found.choose),
                "calibrate": len(found.calibrate),
                "test": len(test),
            },
            "attention": {
                "exponent": round(attention.attention.exponent, 4),
                "low": round(attention.low, 4),
                "high": round(attention.high, 4),
                "reactions": attention.reactions,
            },
            "tried": msgspec.to_builtins(tried),
            "rankers": values,
            "differences": differences,
            "in_service": {
                "version": incumbent.version,
                "compared": incumbent.told,
                "learned_from": incumbent.manifest
                and incumbent.manifest.metrics.get("learned_from"),
            },
            "learned_from": learned_from(found, simulated_share, self.snapshot),
            "served": self._served(incumbent, gains[OURS], found, layout.platforms, made_for),
            "slices": by_slice(
                gains[OURS],
                beside,
                test,
                slices_of(test, layout.encoder, self.reference),
                self.seed,
            ),
            "calibration": told,
            "variety": variety(fitted, test, layout.encoder, made_for, self.seed),
            "exposure": exposure(fitted, test, providers, made_for),
            "off_policy": slots,
            "learning_curve": msgspec.to_builtins(
                learning_curve(ours, found.sample, before, test, self.seed)
            ),
            "data": summary,
            "drift": self._drift(summary, incumbent),
            "scoring": scoring(model, test),
        }
        tried_on = replace(model, ranker=fitted)
        told_of = examples(tried_on, test, made_for, self.reference)
        gate = judge(metrics, self.reference.gate)
        metrics["gate"] = msgspec.to_builtins(gate)
        metrics["resources"] = {
            "seconds": round(time.perf_counter() - started, 1),
            "peak_megabytes": round(peak_megabytes()),
        }
        manifest = self.registry.save(
            model,
            {
                "parameters": msgspec.to_builtins(winner.get_params()),
                "data_sha256": self.snapshot.sha256,
                "reference_version": self.reference.version,
                "seed": self.seed,
                "businesses": found.businesses,
                "simulated_share": round(simulated_share, 8),
                "metrics": metrics,
            },
            lambda manifest: {
                PEERS: msgspec.json.encode(peers_of(self.snapshot, self.reference)),
                "reliability.png": picture,
                "report.html": render_report(manifest, self.reference, picture, told_of),
            },
        )
        if gate.decision == "ship" and not self.registry.is_experimenting:
            self.registry.promote(manifest.version, "trained: the gate says ship")
        return manifest

    def _served(
        self,
        incumbent: Incumbent,
        ours: Gains,
        found: Learned,
        platforms: tuple[str, ...],
        made_for: MadeFor,
    ) -> dict[str, Any]:
        """Compare with the model in service as it is, or tell why not."""
        if incumbent.model is None or incumbent.manifest is None:
            return {"why_not": incumbent.told}
        version = incumbent.manifest.version
        test, least = found.test, self.reference.gate.served.least_states
        new = unseen(incumbent.manifest, simulations_of(self.snapshot), test)
        rows = test.crowd(new & found.held_out)
        if rows.sum() < least:
            why = (
                f"{rows.sum()} of the {len(test)} states that measure are sure to be new to both; "
                f"at least {least} are needed"
            )
            return {"version": version, "why_not": why}
        served = Served(incumbent.model, platforms)
        compared = beside_served(ours, served, test, rows, made_for, self.seed)
        return {"version": version, "why_not": None, **compared}

    def _drift(self, summary: dict[str, Any], incumbent: Incumbent) -> dict[str, Any] | None:
        """Compare with what the model in service learned from, if it tells."""
        if incumbent.version is None or incumbent.manifest is None:
            return None
        before = incumbent.manifest.metrics.get("data")
        return None if before is None else drift(before, summary, self.seed)


def _calibration(fitted: Ranker, part: Part) -> Calibration:
    """Return the curves from scores to the share of those who looked that adopted."""
    with_history = np.diff(part.used.indptr) > 0
    without, after = (shown_pairs(fitted, part[rows]) for rows in (~with_history, with_history))
    everybody = shown_pairs(fitted, part)
    return Calibration(
        *(Curve.fit(*(pairs if len(pairs[0]) else everybody)) for pairs in (without, after))
    )
