"""What is in service: an immutable object, replaced whole while requests go on."""

import asyncio
import gc
import logging
from dataclasses import dataclass, field
from typing import NamedTuple

from recommender.domain import Reference
from recommender.fallback import popularity_model
from recommender.features import profile_encoder
from recommender.model import Model
from recommender.policy import GREEDY, Exploration, ModelInfo, Recommender
from recommender.training.registry import Registry, RegistryError
from recommender.training.registry_experiment import Experiment, Experiments
from service.data_folder import DataFolder
from service.lists import Lists
from service.settings import Settings
from service.store import Store

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
        lists: What it has answered, for those who ask again.
    """

    reference: Reference
    recommender: Recommender
    trial: Trial | None = None
    lists: Lists = field(default_factory=Lists, repr=False, compare=False)

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


class Backend(NamedTuple):
    """What requests are answered with, for the handlers that are called most.

    Litestar finds several dependencies by a group of tasks, one only by a call: that is 40 µs less.
    """

    serving: Serving
    store: Store
    settings: Settings


def load_recommender(
    registry: Registry, version: str, reference: Reference, exploration: Exploration = GREEDY
) -> Recommender:
    """Return what answers with a model of the registry.

    Raises:
        RegistryError: Whatever is wrong with it, and if it knows too little of the catalogue.
    """
    try:
        model, manifest = registry.load(version, profile_encoder(reference).schema)
        info = ModelInfo(
            version, manifest.ranker, manifest.simulated_share, peers=registry.peers(version)
        )
        return _recommender(model, info, reference, exploration)
    except RegistryError:
        raise
    except Exception as error:
        raise RegistryError(f"model {version} cannot be used: {error!r}") from error


def _recommender(
    model: Model, info: ModelInfo, reference: Reference, exploration: Exploration
) -> Recommender:
    """Return what answers with a model and some tables.

    Raises:
        RegistryError: If the model was made for other ones.
    """
    if model.encoder.schema != profile_encoder(reference).schema:
        raise RegistryError(f"model {info.version} was made for other feature columns: train again")
    known = sum(platform in reference.platforms for platform in model.platforms)
    if known < LEAST_KNOWN * len(reference.platforms):
        raise RegistryError(
            f"model {info.version} knows {known} of the {len(reference.platforms)} platforms in "
            "the catalogue: train again"
        )
    return Recommender(model, info, reference, exploration)


def _by_popularity(reference: Reference) -> Recommender:
    """Return what answers while there is no model."""
    info = ModelInfo(FALLBACK_VERSION, "popularity", 0.0, is_fallback=True)
    return Recommender(popularity_model(reference, {}, 0), info, reference)


class ServingSlot:
    """Holds what is in service and puts another in its place when registry or data say so.

    A model that cannot be loaded leaves the one in service where it is, and so do tables that have
    faults, or that the model cannot serve with. Before the first model the popularity list is
    served. An experiment whose other model cannot be loaded is not under way: the one in service
    answers everybody.

    Attributes:
        serving: What is in service now.
        problem: Why the registry's current model is not in service, or None.
        trial_problem: Why the registry's experiment is not under way, or None.
    """

    def __init__(
        self, registry: Registry, data: DataFolder, exploration: Exploration = GREEDY
    ) -> None:
        self._data = data
        self._exploration = exploration
        self._registry = registry
        self._experiments = Experiments(registry)
        self.serving = Serving(data.newest, _by_popularity(data.newest))
        self.problem: str | None = "no model has been trained yet"
        self.trial_problem: str | None = None
        self._unserved: str | None = None
        self.refresh()

    @property
    def data_problem(self) -> str | None:
        """Why the tables that are in the data folder are not in service, or None."""
        return self._data.problem or self._unserved

    def refresh(self) -> None:
        """Take over what there is: the tables, the registry's current model, its experiment.

        What is amiss is told last: who hears of nothing gets what is new.
        """
        self._data.look()
        recommender, problem, unserved = self._current()
        trial, trial_problem = self._trial(recommender)
        self._serve(recommender, trial)
        self.problem, self._unserved, self.trial_problem = problem, unserved, trial_problem

    def _serve(self, recommender: Recommender, trial: Trial | None) -> None:
        """Put into service what is not yet."""
        before = self.serving
        if (recommender, trial) == (before.recommender, before.trial):
            return
        self.serving = Serving(recommender.reference, recommender, trial)
        if self.serving.version != before.version:
            logger.info("model %s is in service", self.serving.version)
        if self.serving.reference is not before.reference:
            logger.info("data tables %s are in service", self.serving.reference.version[:12])
        if trial:
            logger.info("experiment %s is under way", trial.experiment.id)
        elif before.trial:
            logger.info("experiment %s is over", before.trial.experiment.id)

    def _current(self) -> tuple[Recommender, str | None, str | None]:
        """Return what answers with the registry's current model on the newest tables.

        If these two do not go together, the model comes first; what cannot serve at all leaves
        what is in service where it is.

        Returns:
            What answers, and why the model and why the tables are not in it, or None.
        """
        now, tables = self.serving.recommender, self._data.newest
        try:
            current = self._registry.current
        except (OSError, UnicodeDecodeError) as error:
            return now, f"the registry cannot be read: {error}", self._unserved
        version = current or now.info.version
        pairs = ((version, tables), (version, now.reference), (now.info.version, tables))
        recommender, refused = now, dict[tuple[str, str], str]()
        for (name, digest), on in {(name, on.version): on for name, on in pairs}.items():
            try:
                recommender = self._with(name, on)
                break
            except RegistryError as error:
                refused[name, digest] = str(error)
        problem = refused.get((current, now.reference.version)) if current else self.problem
        if problem and self.problem != problem:
            logger.error("model %s is not taken into service: %s", current, problem)
        unserved = refused.get((recommender.info.version, tables.version))
        if unserved and self._unserved != unserved:
            logger.error("the data tables are not taken into service: %s", unserved)
        return recommender, problem, unserved

    def _with(self, version: str, tables: Reference) -> Recommender:
        """Return what answers with a model on some tables: what is in service if it is these.

        Raises:
            RegistryError: If the model cannot be loaded, or not serve with these tables.
        """
        now = self.serving.recommender
        if version != now.info.version:
            return load_recommender(self._registry, version, tables, self._exploration)
        if tables is now.reference:
            return now
        if now.info.is_fallback:
            return _by_popularity(tables)
        return _recommender(now.model, now.info, tables, self._exploration)

    def _trial(self, control: Recommender) -> tuple[Trial | None, str | None]:
        """Return the registry's experiment with what answers its treatment, and what is amiss."""
        trial, found = None, None
        try:
            if experiment := self._experiments.running:
                trial = self._begin(experiment, control)
        except RegistryError as error:
            found = str(error)
        if found and self.trial_problem != found:
            logger.error("no experiment is under way: %s", found)
        return trial, found

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
        arms, tables, before = experiment.arms, control.reference, self.serving.trial
        if before and before.experiment.arms == arms and before.recommender.reference is tables:
            return Trial(experiment, before.recommender)
        treatment = load_recommender(self._registry, arms.treatment, tables, self._exploration)
        return Trial(experiment, treatment)

    async def watch(self, seconds: float) -> None:
        """Look for what is new every so many seconds, for ever."""
        while True:
            await asyncio.sleep(seconds)
            before = self.serving
            try:
                await asyncio.to_thread(self.refresh)
                if self.serving is not before:
                    gc.freeze()  # it stays, like all that was there at the start
            except Exception:
                logger.exception("looking for a new model or new data failed")
