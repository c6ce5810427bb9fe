"""Businesses that a model is most and least sure about, with what it would tell them."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from recommender.domain import Reference
from recommender.features import CROSS
from recommender.model import Model, Scored
from recommender.policy.explanation import Explainer, field_name, name_of
from recommender.rankers.base import Floats
from recommender.training.holdout import MadeFor, Part

EACH = 3
"""How many of the surest, and of the least sure."""


class Example(NamedTuple):
    """A business, the first platform of its list, and why.

    `chosen` tells whether it adopted that platform; None where it was not shown.
    """

    answers: str
    platform: str
    probability: float
    reasons: tuple[str, ...]
    chosen: bool | None


def examples(
    model: Model, part: Part, made_for: MadeFor, reference: Reference
) -> tuple[Sequence[Example], Sequence[Example]]:
    """Return the surest and the least sure suggestions of a calibrated model.

    Sure is a first platform with a high probability. Least sure is one of which the business is
    told about what anybody would be told: of the same platform, at the mean of all scores. All are
    of simulated businesses: what a recorded one told does not go into a file that its erasure does
    not reach.

    Args:
        model: With a calibration.
        part: States that it has not seen; where none is simulated there are no examples.
        made_for: Which platforms could be suggested to whom.
        reference: Names and texts.
    """
    calibration = model.calibration
    assert calibration is not None
    part = part[part.simulated]
    scores = model.ranker.score(part.profiles, part.used)
    open_ = (part.used.toarray() == 0) & made_for(part.profiles)
    first = np.where(open_, scores, -np.inf).argmax(axis=1)
    with_history = np.diff(part.used.indptr) > 0
    best = scores[np.arange(len(part)), first]
    anybody = scores.mean(axis=0)[first] if len(part) else best

    def told(of: Floats) -> Floats:
        return np.where(with_history, calibration(of, True), calibration(of, False))

    chances = told(best)
    surest = np.lexsort((-best, -chances))[:EACH]
    least = np.lexsort((np.abs(best - anybody), np.abs(chances - told(anybody))))[:EACH]
    explainer = Explainer(model, reference)

    def example(row: int) -> Example:
        profile = part.profiles.indices[part.profiles.indptr[row] : part.profiles.indptr[row + 1]]
        history = part.used.indices[part.used.indptr[row] : part.used.indptr[row + 1]]
        scored = Scored(
            scores[row], None, profile.astype(np.intp), np.sort(history.astype(np.intp))
        )
        id_ = model.platforms[first[row]]
        ((_, reasons, _),) = explainer.explain(scored, first[[row]], [()], "en")
        shown = part.examined[[row], [first[row]]].sum() > 0
        return Example(
            _answers(model, profile, history, reference),
            reference.platforms[id_].name,
            float(chances[row]),
            tuple(reason.text for reason in reasons),
            bool(part.chosen[[row], [first[row]]].sum() > 0) if shown else None,
        )

    return [example(row) for row in surest.tolist()], [example(row) for row in least.tolist()]


def _answers(model: Model, profile: np.ndarray, history: np.ndarray, reference: Reference) -> str:
    """Return what a business told, in words."""
    told: dict[str, list[str]] = {}
    for column in np.sort(profile).tolist():
        field, value = model.encoder.columns[column]
        if CROSS not in field:
            told.setdefault(field, []).append(name_of(field, value, reference, "en"))
    ids = [model.platforms[number] for number in np.sort(history).tolist()]
    used = [reference.platforms[id_].name for id_ in ids]
    parts = [f"{field_name(field, reference)}: {', '.join(names)}" for field, names in told.items()]
    return ". ".join([*parts, f"Uses: {', '.join(used) or 'nothing'}"])
