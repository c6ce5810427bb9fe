"""The model in service: an immutable object, replaced whole while requests go on."""

import asyncio
import logging
from dataclasses import dataclass

from recommender.domain import Reference
from recommender.fallback import popularity_model
from recommender.features import profile_encoder
from recommender.policy import GREEDY, Exploration, ModelInfo, Recommender
from recommender.training.registry import Registry, RegistryError
from recommender.training.registry_experiment import Experiment, Experiments

logger = logging.getLogger(__name__)

FALLBACK_VERSION = "none"

LEAST_KNOWN = 0.5
"""Share of the catalogue that a model must know to be of use."""


@dataclass(frozen=True)
class Trial:
    """An experiment under way.

    Attributes:
        experiment: Says which businesses are in treatment.
        recommender: Answers those.
    """

    experiment: Experiment
    recommender: Recommender


@dataclass(frozen=True)
class Serving:
    """Everything that an answer is made from. A request reads it once and keeps to it.

    Attributes:
        reference: The catalogue and the rules.
        recommender: Answers with the model in service.
        trial: Answers some businesses with another one, or None.
    """

    reference: Reference
    recommender: Recommender
    trial: Trial | None = None

    @property
    def version(self) -> str:
        """The version of the model in service."""
        return self.recommender.info.version

    def recommender_for(self, business: str) -> tuple[Recommender, str | None]:
        """Return what answers a business, and its arm as recorded; None without an experiment.

        Args:
            business: What it is known by: the same gets the same arm as long as it lasts.
        """
        if self.trial is None:
            return self.recommender, None
        experiment = self.trial.experiment
        arm = experiment.arm_of(business)
        recommender = self.trial.recommender if arm == "treatment" else self.recommender
        return recommender, experiment.recorded_as(arm)


def load_recommender(
    registry: Registry, version: str, reference: Reference, exploration: Exploration = GREEDY
) -> Recommender:
    """Return what answers with a model of the registry.

    Raises:
        RegistryError: Whatever is wrong with it, and if it knows too little of the catalogue.
    """
    try:
        model, manifest = registry.load(version, profile_encoder(reference).schema)
        known = sum(platform in reference.platforms for platform in model.platforms)
        if known < LEAST_KNOWN * len(reference.platforms):
            raise RegistryError(
                f"model {version} knows {known} of the {len(reference.platforms)} platforms in "
                "the catalogue: train again"
            )
        info = ModelInfo(
            version, manifest.ranker, manifest.simulated_share, peers=registry.peers(version)
        )
        return Recommender(model, info, reference, exploration)
    except RegistryError:
        raise
    except Exception as error:
        raise RegistryError(f"model {version} cannot be used: {error!r}") from error


class ServingSlot:
    """Holds what is in service and puts another in its place when the registry says so.

    A model that cannot be loaded leaves the one in service where it is. Before the first one the
    popularity list is served. An experiment whose other model cannot be loaded is not under way:
    the one in service answers everybody.

    Attributes:
        serving: What is in service now.
        problem: Why the registry's current model is not in service, or None.
        trial_problem: Why the registry's experiment is not under way, or None.
    """

    def __init__(
        self, registry: Registry, reference: Reference, exploration: Exploration = GREEDY
    ) -> None:
        self._exploration = exploration
        self._registry = registry
        self._experiments = Experiments(registry)
        info = ModelInfo(FALLBACK_VERSION, "popularity", 0.0, is_fallback=True)
        self.serving = Serving(
            reference, Recommender(popularity_model(reference, {}, 0), info, reference)
        )
        self.problem: str | None = "no model has been trained yet"
        self.trial_problem: str | None = None
        self.refresh()

    def refresh(self) -> None:
        """Take over what the registry says: its current model, and its experiment."""
        recommender = self._current()
        trial = self._trial(recommender)
        before = self.serving
        if (recommender, trial) == (before.recommender, before.trial):
            return
        self.serving = Serving(before.reference, recommender, trial)
        if recommender is not before.recommender:
            logger.info("model %s is in service", self.serving.version)
        if trial:
            logger.info("experiment %s is under way", trial.experiment.id)
        elif before.trial:
            logger.info("experiment %s is over", before.trial.experiment.id)

    def _current(self) -> Recommender:
        """Return what answers with the registry's current model, or what is in service."""
        in_service = self.serving.recommender
        try:
            version = self._registry.current
        except (OSError, UnicodeDecodeError) as error:
            self.problem = f"the registry cannot be read: {error}"
            return in_service
        if version is None:
            return in_service
        recommender, found = in_service, None
        if version != in_service.info.version:
            try:
                recommender = self._load(version)
            except RegistryError as error:
                found = str(error)
        if found and self.problem != found:
            logger.error("model %s is not taken into service: %s", version, found)
        self.problem = found
        return recommender

    def _trial(self, control: Recommender) -> Trial | None:
        """Return the registry's experiment with what answers its treatment, or None."""
        trial, found = None, None
        try:
            if experiment := self._experiments.running:
                trial = self._begin(experiment, control)
        except RegistryError as error:
            found = str(error)
        if found and self.trial_problem != found:
            logger.error("no experiment is under way: %s", found)
        self.trial_problem = found
        return trial

    def _begin(self, experiment: Experiment, control: Recommender) -> Trial:
        """Make an experiment ready, unless it is.

        Raises:
            RegistryError: If it compares with another model than control, or the other one cannot
                be loaded.
        """
        if experiment.arms.control != control.info.version:
            raise RegistryError(
                f"experiment {experiment.id} compares with {experiment.arms.control}, but "
                f"{control.info.version} is in service"
            )
        before = self.serving.trial
        if before and before.experiment.arms == experiment.arms:
            return Trial(experiment, before.recommender)
        return Trial(experiment, self._load(experiment.arms.treatment))

    def _load(self, version: str) -> Recommender:
        return load_recommender(self._registry, version, self.serving.reference, self._exploration)

    async def watch(self, seconds: float) -> None:
        """Look for a new model every so many seconds, for ever."""
        while True:
            await asyncio.sleep(seconds)
            try:
                await asyncio.to_thread(self.refresh)
            except Exception:
                logger.exception("looking for a new model failed")
