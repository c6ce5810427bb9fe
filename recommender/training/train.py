"""Fit every candidate, measure each on businesses it has not seen, and keep the best."""

import zlib
from collections.abc import Callable

import msgspec
import numpy as np
from scipy import sparse
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from recommender.calibration import Calibration, Curve
from recommender.domain import Reference
from recommender.engagement import build_engagement
from recommender.evaluation.protocol import Task
from recommender.features import OneHotProfiles, profile_encoder
from recommender.model import Model
from recommender.rankers import PopularityRanker, Ranker, SegmentPopularityRanker, Sums
from recommender.training.holdout import Part, askable, calibration_of, flat_pairs, measure
from recommender.training.registry import Manifest, Registry
from recommender.training.search import MOST_ROWS, Tasks, choose_linear
from recommender.training.snapshot import Snapshot

SEGMENT = ("sector", "size")
"""Fields whose combinations are the segments of the popularity baseline."""

STAGES = (
    "Encoding profiles and engagement",
    "Choosing the parameters of the linear ranker",
    "Fitting it and the baselines",
    "Calibrating",
    "Measuring on held-out businesses",
    "Fitting the winner on everything",
    "Saving",
)
"""What `train` does, in order; its `progress` is told each as it begins."""

Progress = Callable[[str], None]


def baselines(encoder: OneHotProfiles) -> dict[str, Ranker]:
    """Return the rankers that stay in every report, unfitted, by their names in it."""
    groups = [
        [number for number, (field, _) in enumerate(encoder.columns) if field == name]
        for name in SEGMENT
    ]
    return {
        "popularity": PopularityRanker(),
        "segment_popularity": SegmentPopularityRanker(groups),
    }


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

    Three fifths of the businesses are learned from; one fifth (by a hash of the id) chooses
    parameters and ranker and calibrates; one fifth measures. What is saved is the winner, fitted
    again on all of them, with the calibration of the held-out fifth.

    Args:
        snapshot: Profiles and events.
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
    profiles = encoder.transform(snapshot.profiles)
    engagement = build_engagement(snapshot.profiles, snapshot.events, platforms)
    fold = np.array([zlib.crc32(id_.encode()) % 5 for id_ in snapshot.profiles["business_id"]])
    counts = engagement.weights > 0
    fit_on = Part(profiles, engagement, np.flatnonzero((fold > 1) & counts))
    choose_on = Part(profiles, engagement, np.flatnonzero((fold == 1) & counts))
    test_on = Part(profiles, engagement, np.flatnonzero((fold == 0) & counts))
    if min(len(part.rows) for part in (fit_on, choose_on, test_on)) == 0:
        fit_on = choose_on = test_on = Part(profiles, engagement, np.flatnonzero(counts))

    progress(STAGES[1])
    sums = Sums(profiles.shape[1], len(platforms))
    sums.update(fit_on.features, fit_on["interactions"], fit_on.weights)
    linear, tried = choose_linear(
        sums, choose_on.features, _tasks(choose_on, seed), seed, choose_on.weights
    )
    progress(STAGES[2])
    rankers: dict[str, Ranker] = {**baselines(encoder), "linear": linear}
    fitted = {name: _fit(clone(ranker), fit_on) for name, ranker in rankers.items()}
    report = {name: measure(ranker, choose_on) for name, ranker in fitted.items()}
    best = max(report, key=lambda name: report[name]["cold_ndcg5"] + report[name]["warm_ndcg5"])

    progress(STAGES[3])
    without, after = (
        flat_pairs(fitted[best], askable(choose_on, with_history)) for with_history in (False, True)
    )
    calibration = Calibration(
        Curve.fit(*without), Curve.fit(*(after if len(after[0]) else without))
    )
    progress(STAGES[4])
    measured = {name: measure(ranker, test_on) for name, ranker in fitted.items()}
    for kind, curve in (("cold", calibration.without_history), ("warm", calibration.with_history)):
        measured[best] |= calibration_of(fitted[best], curve, test_on, kind)
    progress(STAGES[5])
    winner = _fit(rankers[best], Part(profiles, engagement, np.flatnonzero(counts)))
    progress(STAGES[6])
    manifest = registry.save(
        Model(encoder, platforms, winner, calibration),
        {
            "parameters": msgspec.to_builtins(rankers[best].get_params()),
            "data_sha256": snapshot.sha256,
            "reference_version": reference.version,
            "seed": seed,
            "businesses": int(counts.sum()),
            "simulated_share": round(engagement.simulated_share, 4),
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
    rows = np.sort(np.random.default_rng(seed).permutation(len(part.rows))[:MOST_ROWS])
    used = np.diff(part["declared"].indptr)[rows]
    few, many = rows[(used > 0) & (used <= 3)], rows[used > 3]
    everything = (part["interactions"] >= 1.0).astype(float)
    nothing = sparse.csr_array((len(rows), everything.shape[1]))
    declared, chosen = part["declared"], part["chosen"]
    return Tasks(
        Task(rows, nothing, nothing, everything[rows]),
        Task(few, declared[few], declared[few], chosen[few]),
        Task(many, declared[many], declared[many], chosen[many]),
    )


def _fit(ranker: Ranker, part: Part) -> Ranker:
    return ranker.fit(part.features, part["interactions"], part.weights)
