"""The model in service, as a new one is compared with it."""

from dataclasses import dataclass
from typing import Self

from sklearn.base import clone

from recommender.model import Model
from recommender.rankers import Ranker, Sums
from recommender.training.layout import Layout
from recommender.training.registry import Manifest, Registry, RegistryError


@dataclass(frozen=True)
class Incumbent:
    """The model in service, or why there is none to compare with.

    Attributes:
        version: Of the model; None where none is in service, or its ranker cannot be fitted anew.
        told: How its ranker is compared, or why not.
        ranker: It is measured to tell whether the new way of ranking is better.
        model: The model as it is; None where none is in service, or it cannot be loaded.
        manifest: What is known of it; None where none is in service, or it cannot be read.
    """

    version: str | None
    told: str
    ranker: Ranker | None = None
    model: Model | None = None
    manifest: Manifest | None = None

    @classmethod
    def of(cls, registry: Registry, layout: Layout, sums: Sums) -> Self:
        """Find the model in service, and fit its ranker to what the new one is fitted to.

        As it is, it would know the answers where it has learned from the states that measure, and
        where it has not, it would be older: neither tells whether its way of ranking is better.
        Whether the new model is better all told, data included, `served` tells where it can.

        Args:
            registry: Where it is.
            layout: The columns of the new model.
            sums: What the new ranker is fitted to.
        """
        version = registry.current
        if version is None:
            return cls(None, "no model is in service")
        manifest = None
        try:
            manifest = registry.manifest(version)
            model, _ = registry.load(version, layout.encoder.schema)
        except RegistryError as error:
            told = f"the one in service cannot be loaded: {error}"
            return cls(None, told, manifest=manifest)
        try:
            ranker = _fitted_anew(model, layout, sums)
        except (AttributeError, TypeError, ValueError) as error:
            told = f"the one in service cannot be fitted anew: {error}"
            return cls(None, told, model=model, manifest=manifest)
        told = "its ranker and parameters, fitted to the same states"
        return cls(version, told, ranker, model, manifest)


def _fitted_anew(model: Model, layout: Layout, sums: Sums) -> Ranker:
    ranker = clone(model.ranker)
    if "kinds" in ranker.get_params():
        ranker.set_params(kinds=layout.kinds)
    fitted: Ranker = ranker.solve(sums)
    return fitted
