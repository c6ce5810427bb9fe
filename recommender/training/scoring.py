"""Whether a model scores a business alone as it does in a batch, how fast, and how large it is."""

import io
import time
from typing import Any

import joblib
import numpy as np

from recommender.model import Model
from recommender.training.holdout import Part

ASKED = 200
"""States that are scored."""


def scoring(model: Model, part: Part) -> dict[str, Any]:
    """Score some states in both ways.

    Args:
        model: The model as it is to be saved.
        part: States, in the columns of the model.

    Returns:
        `parity`: the largest difference between a score alone and in a batch; `milliseconds`: the
        median time of a score alone, on this machine; `megabytes`: the size of the artefact.
    """
    some = part[np.arange(min(len(part), ASKED))]
    batch = model.ranker.score(some.profiles, some.used)
    largest, seconds = 0.0, []
    for row in range(len(some)):
        profile, history = (
            matrix.indices[matrix.indptr[row] : matrix.indptr[row + 1]].astype(np.intp)
            for matrix in (some.profiles, some.used)
        )
        started = time.perf_counter()
        alone = model.ranker.score_one(profile, history)
        seconds.append(time.perf_counter() - started)
        largest = max(largest, float(np.abs(alone - batch[row]).max()))
    buffer = io.BytesIO()
    joblib.dump(model, buffer)
    return {
        "parity": largest,
        "milliseconds": round(1_000 * float(np.median(seconds)), 4),
        "megabytes": round(len(buffer.getvalue()) / 1e6, 3),
    }
