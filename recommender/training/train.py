"""Fit every candidate, measure each on businesses it has not seen, and keep the best."""

import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.calibration import Calibration, Curve
from recommender.domain import Reference
from recommender.engagement import Engagement, build_engagement
from recommender.evaluation import metrics
from recommender.features import OneHotProfiles, profile_encoder
from recommender.model import Model
from recommender.rankers import LinearRanker, PopularityRanker, Ranker, SegmentPopularityRanker
from recommender.training.registry import Manifest, Registry
from recommender.training.snapshot import Snapshot

SEGMENT = ("sector", "size")
"""Fields whose combinations are the segments of the popularity baseline."""

BASELINES = ("popularity", "segment_popularity")
"""Candidates that stay in every report."""

PENALTIES = (10.0, 30.0, 100.0, 300.0)
"""Profile penalties of the linear ranker that are tried."""

STAGES = (
    "Encoding profiles and engagement",
    "Fitting the candidates",
    "Calibrating",
    "Measuring on held-out businesses",
    "Fitting the winner on everything",
    "Saving",
)
"""What `train` does, in order; its `progress` is told each as it begins."""

Progress = Callable[[str], None]


@dataclass(frozen=True)
class Part:
    """Some of the businesses: their profiles and what they did."""

    profiles: sparse.csr_array
    engagement: Engagement
    rows: NDArray[np.intp]

    def __getitem__(self, name: str) -> sparse.csr_array:
        """Return the rows of one of the engagement's matrices."""
        matrix: sparse.csr_array = getattr(self.engagement, name)[self.rows]
        return matrix

    @property
    def features(self) -> sparse.csr_array:
        """One-hot profiles of these businesses."""
        return self.profiles[self.rows]


def candidates(encoder: OneHotProfiles) -> dict[str, Ranker]:
    """Return every ranker that takes part, unfitted, by the name it has in the report."""
    groups = [
        [number for number, (field, _) in enumerate(encoder.columns) if field == name]
        for name in SEGMENT
    ]
    return {
        BASELINES[0]: PopularityRanker(),
        BASELINES[1]: SegmentPopularityRanker(groups),
        **{f"linear_{penalty:g}": LinearRanker(profile_penalty=penalty) for penalty in PENALTIES},
    }


def train(
    snapshot: Snapshot,
    reference: Reference,
    registry: Registry,
    seed: int = 0,
    progress: Progress = lambda stage: None,
) -> Manifest:
    """Train on a snapshot, save the best model and put it into service.

    Three fifths of the businesses are learned from; one fifth (by a hash of the id) chooses among
    the candidates and calibrates; one fifth measures. What is saved is the winner, fitted again on
    all of them, with the calibration of the held-out fifth.

    Args:
        snapshot: Profiles and events.
        reference: The catalogue and the vocabularies.
        registry: Where the model goes.
        seed: Kept in the manifest; nothing here is random.
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

    report: dict[str, Any] = {}
    fitted: dict[str, Ranker] = {}
    progress(STAGES[1])
    for name, ranker in candidates(encoder).items():
        fitted[name] = _fit(ranker, fit_on)
        report[name] = _measure(fitted[name], choose_on)
    best = max(report, key=lambda name: report[name]["cold_ndcg5"] + report[name]["warm_ndcg5"])

    progress(STAGES[2])
    without = Curve.fit(*_pairs(fitted[best], choose_on, with_history=False))
    with_history = _pairs(fitted[best], choose_on, with_history=True)
    after = Curve.fit(*with_history) if len(with_history[0]) else without
    calibration = Calibration(without, after)
    progress(STAGES[3])
    reported = dict.fromkeys([*BASELINES, best])
    measured = {name: _measure(fitted[name], test_on) for name in reported}
    for kind, curve in (("cold", calibration.without_history), ("warm", calibration.with_history)):
        scores, outcomes = _pairs(fitted[best], test_on, with_history=kind == "warm")
        if len(scores):
            error = metrics.calibration_error(curve(scores), outcomes)
            measured[best][f"{kind}_calibration_error"] = round(error, 4)
    progress(STAGES[4])
    winner = candidates(encoder)[best]
    parameters = _plain(winner.get_params())
    _fit(winner, Part(profiles, engagement, np.flatnonzero(counts)))
    progress(STAGES[5])
    manifest = registry.save(
        Model(encoder, platforms, winner, calibration),
        {
            "parameters": parameters,
            "data_sha256": snapshot.sha256,
            "reference_version": reference.version,
            "seed": seed,
            "businesses": int(counts.sum()),
            "simulated_share": round(engagement.simulated_share, 4),
            "metrics": {"best": best, "validation": report, "test": measured},
        },
    )
    registry.promote(manifest.version)
    return manifest


def _fit(ranker: Ranker, part: Part) -> Ranker:
    return ranker.fit(part.features, part["interactions"], part.engagement.weights[part.rows])


def _measure(ranker: Ranker, part: Part) -> dict[str, float | int]:
    """Rank for businesses without their history, and with it for what they chose afterwards."""
    nothing = sparse.csr_array(part["declared"].shape)
    found: dict[str, float | int] = {}
    for kind, history, left_out, wanted in (
        ("cold", nothing, nothing, (part["interactions"] >= 1.0).astype(float)),
        ("warm", part["declared"], part["declared"], part["chosen"]),
    ):
        ranking = metrics.rank(ranker.score(part.features, history), left_out)
        for k in (5, 10):
            found[f"{kind}_ndcg{k}"] = _mean(metrics.ndcg(ranking, wanted, k))
        found[f"{kind}_recall5"] = _mean(metrics.recall(ranking, wanted, 5))
        found[f"{kind}_distinct_lists"] = metrics.distinct_lists(ranking)
    return found


def _pairs(
    ranker: Ranker, part: Part, with_history: bool
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the score of every pair, and whether that business uses or chose that platform.

    As no platform is evidence for itself, the score of a platform in use is the one that a business
    alike in everything else would get.
    """
    rows = np.arange(len(part.rows))
    if with_history:
        rows = np.flatnonzero(np.asarray(part["declared"].sum(axis=1)) > 0)
    declared = part["declared"][rows]
    history = declared if with_history else sparse.csr_array(declared.shape)
    taken_up = (part["interactions"][rows] >= 1.0).astype(float).toarray()
    return ranker.score(part.features[rows], history).ravel(), taken_up.ravel()


def _mean(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return round(float(known.mean()), 4) if len(known) else 0.0


def _plain(parameters: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: value for name, value in parameters.items() if isinstance(value, int | float | str)
    }
