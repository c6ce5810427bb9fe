"""The model in service, as a new one is compared with it."""

from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.base import clone

from recommender.model import Model
from recommender.rankers import Ranker, Sums
from recommender.rankers.base import Floats
from recommender.training.holdout import Part
from recommender.training.layout import Layout
from recommender.training.measure import Scorer
from recommender.training.registry import Manifest, Registry, RegistryError

LEAST_FRESH = 300
"""States later than all that a model learned from, from which on it is measured as it is."""


@dataclass(frozen=True)
class Incumbent:
    """The model in service, or why there is none to compare with.

    Attributes:
        version: Of the model; None where none is in service, or it cannot be loaded.
        told: How it is compared, or why not.
        ranker: What is measured.
        part: The states that it is measured on.
    """

    version: str | None
    told: str
    ranker: Scorer | None = None
    part: Part | None = None

    @classmethod
    def of(cls, registry: Registry, layout: Layout, rest: Sums, test: Part) -> Self:
        """Find the model in service and how it can be compared fairly.

        Where enough states are later than all that it learned from, it is measured on these as it
        is. Else it would know the answers: its parameters are fitted anew on what the new model
        is fitted on, too.

        Args:
            registry: Where it is.
            layout: The columns of the new model.
            rest: What the new model is fitted on.
            test: What both are measured on.
        """
        version = registry.current
        if version is None:
            return cls(None, "no model is in service")
        try:
            model, manifest = registry.load(version, layout.encoder.schema)
        except RegistryError as error:
            return cls(None, f"the one in service cannot be loaded: {error}")
        fresh = test[_fresh(test, manifest)]
        if len(fresh) >= LEAST_FRESH:
            told = f"as it is, on {len(fresh):,} states later than all that it learned from"
            return cls(version, told, _Aligned(model, layout), fresh)
        told = "its parameters, fitted on the same states: it has learned from those that measure"
        try:
            ranker = _refitted(model, layout, rest)
        except (AttributeError, TypeError, ValueError) as error:
            return cls(None, f"the one in service cannot be fitted anew: {error}")
        return cls(version, told, ranker, test)


def _fresh(test: Part, manifest: Manifest) -> Any:
    until = manifest.metrics.get("until")
    last = np.datetime64("NaT") if until is None else pd.Timestamp(until).to_datetime64()
    return ~test.simulated & (np.isnat(last) | (test.at > last))


def _refitted(model: Model, layout: Layout, rest: Sums) -> Ranker:
    ranker = clone(model.ranker)
    if "kinds" in ranker.get_params():
        ranker.set_params(kinds=layout.kinds)
    fitted: Ranker = ranker.solve(rest)
    return fitted


class _Aligned:
    """A model as a scorer of other platforms: those that it does not know come last."""

    def __init__(self, model: Model, layout: Layout) -> None:
        self._ranker = model.ranker
        index = {id_: number for number, id_ in enumerate(layout.platforms)}
        self._theirs = np.array([index.get(id_, -1) for id_ in model.platforms])
        self._ours = np.array([model.column_of.get(id_, -1) for id_ in layout.platforms])

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return the scores that the model gives."""
        known = history.tocsc()[:, np.maximum(self._theirs, 0)].multiply(self._theirs >= 0)
        scores = self._ranker.score(profiles, sparse.csr_array(known))
        last = scores.min(axis=1, keepdims=True) - 1
        found: Floats = np.where(self._ours >= 0, scores[:, self._ours], last)
        return found
