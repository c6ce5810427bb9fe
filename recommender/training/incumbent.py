"""The model in service, as a new one is compared with it."""

from dataclasses import dataclass
from typing import Self

from sklearn.base import clone

from recommender.model import Model
from recommender.rankers import Ranker, Sums
from recommender.training.layout import Layout
from recommender.training.registry import Registry, RegistryError


@dataclass(frozen=True)
class Incumbent:
    """The model in service, or why there is none to compare with.

    Attributes:
        version: Of the model; None where none is in service, or it cannot be used.
        told: How it is compared, or why not.
        ranker: What is measured.
    """

    version: str | None
    told: str
    ranker: Ranker | None = None

    @classmethod
    def of(cls, registry: Registry, layout: Layout, sums: Sums) -> Self:
        """Find the model in service, and fit its ranker to what the new one is fitted to.

        As it is, it would know the answers where it has learned from the states that measure, and
        where it has not, it would be older: neither tells whether its way of ranking is better.

        Args:
            registry: Where it is.
            layout: The columns of the new model.
            sums: What the new ranker is fitted to.
        """
        version = registry.current
        if version is None:
            return cls(None, "no model is in service")
        try:
            model, _ = registry.load(version, layout.encoder.schema)
            ranker = _fitted_anew(model, layout, sums)
        except RegistryError as error:
            return cls(None, f"the one in service cannot be loaded: {error}")
        except (AttributeError, TypeError, ValueError) as error:
            return cls(None, f"the one in service cannot be fitted anew: {error}")
        return cls(version, "its ranker and parameters, fitted to the same states", ranker)


def _fitted_anew(model: Model, layout: Layout, sums: Sums) -> Ranker:
    ranker = clone(model.ranker)
    if "kinds" in ranker.get_params():
        ranker.set_params(kinds=layout.kinds)
    fitted: Ranker = ranker.solve(sums)
    return fitted
