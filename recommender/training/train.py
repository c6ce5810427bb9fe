"""Fit every candidate, measure each on businesses it has not seen, and keep the best."""

from collections.abc import Callable, Sequence
from typing import cast

import msgspec
import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from sklearn.base import clone
from threadpoolctl import threadpool_limits

from recommender.calibration import Calibration, Curve
from recommender.domain import Reference
from recommender.domain.business import SizeCode
from recommender.domain.catalogue import Platform
from recommender.evaluation.protocol import Task
from recommender.features import SEGMENT, OneHotProfiles, profile_encoder
from recommender.model import Model
from recommender.policy.eligibility import Eligibility
from recommender.rankers import ClosedForm, PopularityRanker, SegmentPopularityRanker, Sums
from recommender.training.calibration_report import calibration_report
from recommender.training.holdout import MadeFor, Part, askable, flat_pairs, measure
from recommender.training.learning import learn
from recommender.training.registry import Manifest, Registry
from recommender.training.search import MOST_ROWS, Tasks, choose_linear, leave_one_out_tasks
from recommender.training.snapshot import Snapshot
from recommender.training.variety import variety

SHRINKAGES = (1.0, 5.0, 20.0, 80.0)
"""Tried for popularity by segment."""

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
    """Train on a snapshot, save the best model and put it into service unless an experiment runs.

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
    made_for = _made_for(encoder, [reference.platforms[id_] for id_ in platforms])

    progress(STAGES[1])
    linear, tried = choose_linear(
        rest,
        choose.profiles,
        _tasks(choose, seed),
        seed,
        choose.weights,
        len(encoder.parents),
    )
    progress(STAGES[2])
    rankers: dict[str, ClosedForm] = {
        "linear": linear,
        "segment_popularity": choose_segments(rest, choose),
        "popularity": PopularityRanker(),
    }
    fitted = {name: clone(ranker).solve(rest) for name, ranker in rankers.items()}
    report = {name: measure(ranker, choose) for name, ranker in fitted.items()}
    best = max(report, key=lambda name: report[name]["cold_ndcg5"] + report[name]["warm_ndcg5"])

    progress(STAGES[3])
    without, after = (
        flat_pairs(fitted[best], askable(choose, with_history, made_for))
        for with_history in (False, True)
    )
    calibration = Calibration(
        Curve.fit(*without), Curve.fit(*(after if len(after[0]) else without))
    )
    progress(STAGES[4])
    measured = {name: measure(ranker, found.test) for name, ranker in fitted.items()}
    told, picture = calibration_report(
        fitted[best],
        calibration,
        found.test,
        encoder,
        made_for,
        f"First five of held-out businesses, {simulated_share:.0%} simulated",
    )
    progress(STAGES[5])
    winner = rankers[best].solve(found.sums)
    progress(STAGES[6])
    manifest = registry.save(
        Model(encoder, platforms, winner, calibration, found.sums.means[found.sums.used]),
        {
            "parameters": msgspec.to_builtins(winner.get_params()),
            "data_sha256": snapshot.sha256,
            "reference_version": reference.version,
            "seed": seed,
            "businesses": found.businesses,
            "simulated_share": round(simulated_share, 8),
            "metrics": {
                "best": best,
                "tried": msgspec.to_builtins(tried),
                "validation": report,
                "test": measured,
                "calibration": told,
                "variety": variety(fitted[best], found.test, encoder, made_for, seed),
            },
        },
        {"reliability.png": picture},
    )
    if not registry.is_experimenting:
        registry.promote(manifest.version)
    return manifest


def choose_segments(rest: Sums, choose: Part) -> SegmentPopularityRanker:
    """Return popularity by segment with the shrinkage that does best, unfitted."""
    found = {}
    for shrinkage in SHRINKAGES:
        ranker = SegmentPopularityRanker(rest.groups, shrinkage)
        measured = measure(clone(ranker).solve(rest), choose)
        found[measured["cold_ndcg5"] + measured["warm_ndcg5"]] = ranker
    return found[max(found)]


def _made_for(encoder: OneHotProfiles, platforms: Sequence[Platform]) -> MadeFor:
    """Return the hard rules of the policy, read from the pairs of sector and size."""
    rules = Eligibility(platforms)
    pairs = [
        (encoder.columns[sector][1], cast(SizeCode, encoder.columns[size][1]))
        for sector, size in encoder.parents
    ]
    fits = np.array([rules.made_for(*pair) for pair in pairs])

    def made_for(profiles: sparse.csr_array) -> NDArray[np.bool_]:
        of_pairs = profiles[:, profiles.shape[1] - len(pairs) :]
        untold = np.asarray(of_pairs.sum(axis=1)) == 0
        found: NDArray[np.bool_] = np.asarray(of_pairs @ fits > 0) | untold[:, None]
        return found

    return made_for


def _tasks(part: Part, seed: int) -> Tasks:
    """Return what the service is asked: what will a business choose next?"""
    if not part.chosen.nnz:  # Nothing was ever shown: what is in use must tell.
        return leave_one_out_tasks(part.declared, seed)
    used = np.diff(part.declared.indptr)
    chose = np.diff(part.chosen.indptr) > 0
    hidden = not (chose & (used == 0)).any()
    random = np.random.default_rng(seed)

    def task(rows: NDArray[np.bool_], told: bool = True) -> Task:
        some = np.sort(random.permutation(np.flatnonzero(rows & chose))[:MOST_ROWS])
        declared = part.declared[some]
        history = declared if told else sparse.csr_array(declared.shape)
        return Task(some, history, declared, part.chosen[some])

    return Tasks(
        task(used >= 0, told=False) if hidden else task(used == 0),
        task((used > 0) & (used <= 3)),
        task(used > 3),
        hidden,
    )
