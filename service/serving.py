"""The model in service: an immutable object, replaced whole while requests go on."""

import asyncio
import logging
from dataclasses import dataclass

from recommender.domain import Reference
from recommender.fallback import popularity_model
from recommender.features import profile_encoder
from recommender.model import Model
from recommender.policy import GREEDY, Exploration, ModelInfo, Recommender
from recommender.training.registry import Manifest, Registry, RegistryError

logger = logging.getLogger(__name__)

FALLBACK_VERSION = "none"

LEAST_KNOWN = 0.5
"""Share of the catalogue that a model must know to be of use."""


@dataclass(frozen=True)
class Serving:
    """Everything that an answer is made from. A request reads it once and keeps to it.

    Attributes:
        reference: The catalogue and the rules.
        recommender: Answers with one model.
    """

    reference: Reference
    recommender: Recommender

    @property
    def version(self) -> str:
        """The version of the model."""
        return self.recommender.info.version


def load_for(registry: Registry, version: str, reference: Reference) -> tuple[Model, Manifest]:
    """Load a model that can serve this catalogue.

    Raises:
        RegistryError: If it cannot be loaded, or knows too little of the catalogue.
    """
    model, manifest = registry.load(version, profile_encoder(reference).schema)
    known = sum(platform in reference.platforms for platform in model.platforms)
    if known < LEAST_KNOWN * len(reference.platforms):
        raise RegistryError(
            f"model {version} knows {known} of the {len(reference.platforms)} platforms in the "
            "catalogue: train again"
        )
    return model, manifest


class ServingSlot:
    """Holds what is in service and puts another in its place when the registry says so.

    A model that cannot be loaded leaves the one in service where it is. Before the first one the
    popularity list is served.

    Attributes:
        serving: What is in service now.
        problem: Why the registry's current model is not in service, or None.
    """

    def __init__(
        self, registry: Registry, reference: Reference, exploration: Exploration = GREEDY
    ) -> None:
        self._exploration = exploration
        self._registry = registry
        info = ModelInfo(FALLBACK_VERSION, "popularity", 0.0, is_fallback=True)
        self.serving = Serving(
            reference, Recommender(popularity_model(reference, {}, 0), info, reference)
        )
        self.problem: str | None = "no model has been trained yet"
        self.refresh()

    def refresh(self) -> None:
        """Take over the registry's current model if it is another than the one in service."""
        try:
            version = self._registry.current
        except (OSError, UnicodeDecodeError) as error:
            self.problem = f"the registry cannot be read: {error}"
            return
        if version is None:
            return
        if version == self.serving.version:
            self.problem = None
            return
        try:
            reference = self.serving.reference
            model, manifest = load_for(self._registry, version, reference)
            info = ModelInfo(version, manifest.ranker, manifest.simulated_share)
            recommender = Recommender(model, info, reference, self._exploration)
            serving = Serving(reference, recommender)
        except Exception as error:  # whatever is wrong with it, the one in service stays
            known = isinstance(error, RegistryError)
            found = str(error) if known else f"model {version} cannot be used: {error!r}"
            if self.problem != found:
                logger.error("model %s is not taken into service: %s", version, found)
            self.problem = found
            return
        self.serving = serving
        self.problem = None
        logger.info("model %s is in service", version)

    async def watch(self, seconds: float) -> None:
        """Look for a new model every so many seconds, for ever."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await asyncio.to_thread(self.refresh)
            except Exception:
                logger.exception("looking for a new model failed")
