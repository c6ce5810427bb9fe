"""Fit every candidate, measure each on businesses it has not seen, and keep the best."""

from collections.abc import Callable

import msgspec
import numpy as np
from scipy import sparse
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from recommender.calibration import Calibration, Curve
from recommender.domain import Reference
from recommender.evaluation.protocol import Task
from recommender.features import OneHotProfiles, profile_encoder
from recommender.model import Model
from recommender.rankers import ClosedForm, PopularityRanker, SegmentPopularityRanker
from recommender.training.holdout import Part, askable, calibration_of, flat_pairs, measure
from recommender.training.learning import learn
from recommender.training.registry import Manifest, Registry
from recommender.training.search import MOST_ROWS, Tasks, choose_linear
from recommender.training.snapshot import Snapshot

SEGMENT = ("sector", "size")
"""Fields whose combinations are the segments of the popularity baseline."""

STAGES = (
    "Reading and adding up",
    "Choosing the parameters of the linear ranker",
    "Fitting it and the baselines",
    "Calibrating",
    "Measuring on held-out businesses",
    "Fitting the winner on everything",
    "Saving",
)
"""What `train` does, in order; its `progress` is told each as it begins."""

Progress = Callable[[str], None]


def segment_groups(encoder: OneHotProfiles) -> list[list[int]]:
    """Return the feature columns of each field that makes a segment."""
    return [
        [number for number, (field, _) in enumerate(encoder.columns) if field == name]
        for name in SEGMENT
    ]


# The matrices are small: with more threads, most of the time goes into waiting.
@threadpool_limits.wrap(limits=1, user_api="blas")  # type: ignore[untyped-decorator]  # no stubs
def train(
    snapshot: Snapshot,
    reference: Reference,
    registry: Registry,
    seed: int = 0,
    progress: Progress = lambda stage: None,
) -> Manifest:
    """Train on a snapshot, save the best model and put it into service.

    One fifth of the businesses (by a hash of the id, 20,000 at most) chooses parameters and ranker
    and calibrates, another measures, the rest is learned from. What is saved is the winner, fitted
    again on all of them, with the calibration of those that chose.

    Args:
        snapshot: What to learn from; it is read once, in chunks.
        reference: The catalogue and the vocabularies.
        registry: Where the model goes.
        seed: Seed of the search for parameters.
        progress: Called with the name of each stage as it begins.

    Raises:
        SnapshotError, ValueError: If there is nothing to learn from.
    """
    progress(STAGES[0])
    encoder = profile_encoder(reference)
    platforms = tuple(sorted(reference.platforms))
    found, simulated_share = learn(snapshot, encoder, platforms, segment_groups(encoder))
    choose, rest = found.choose, found.rest()

    progress(STAGES[1])
    linear, tried = choose_linear(rest, choose.profiles, _tasks(choose, seed), seed, choose.weights)
    progress(STAGES[2])
    rankers: dict[str, ClosedForm] = {
        "popularity": PopularityRanker(),
        "segment_popularity": SegmentPopularityRanker(rest.groups),
        "linear": linear,
    }
    fitted = {name: clone(ranker).solve(rest) for name, ranker in rankers.items()}
    report = {name: measure(ranker, choose) for name, ranker in fitted.items()}
    best = max(report, key=lambda name: report[name]["cold_ndcg5"] + report[name]["warm_ndcg5"])

    progress(STAGES[3])
    without, after = (
        flat_pairs(fitted[best], askable(choose, with_history)) for with_history in (False, True)
    )
    calibration = Calibration(
        Curve.fit(*without), Curve.fit(*(after if len(after[0]) else without))
    )
    progress(STAGES[4])
    measured = {name: measure(ranker, found.test) for name, ranker in fitted.items()}
    for kind, curve in (("cold", calibration.without_history), ("warm", calibration.with_history)):
        measured[best] |= calibration_of(fitted[best], curve, found.test, kind)
    progress(STAGES[5])
    winner = rankers[best].solve(found.sums)
    progress(STAGES[6])
    manifest = registry.save(
        Model(encoder, platforms, winner, calibration),
        {
            "parameters": msgspec.to_builtins(winner.get_params()),
            "data_sha256": snapshot.sha256,
            "reference_version": reference.version,
            "seed": seed,
            "businesses": found.businesses,
            "simulated_share": round(simulated_share, 4),
            "metrics": {
                "best": best,
                "tried": msgspec.to_builtins(tried),
                "validation": report,
                "test": measured,
            },
        },
    )
    registry.promote(manifest.version)
    return manifest


def _tasks(part: Part, seed: int) -> Tasks:
    """Return what the service is asked: all from the profile, and what is chosen next."""
    rows = np.sort(np.random.default_rng(seed).permutation(len(part))[:MOST_ROWS])
    used = np.diff(part.declared.indptr)[rows]
    few, many = rows[(used > 0) & (used <= 3)], rows[used > 3]
    everything = (part.interactions >= 1.0).astype(float)
    nothing = sparse.csr_array((len(rows), everything.shape[1]))
    declared, chosen = part.declared, part.chosen
    return Tasks(
        Task(rows, nothing, nothing, everything[rows]),
        Task(few, declared[few], declared[few], chosen[few]),
        Task(many, declared[many], declared[many], chosen[many]),
    )
