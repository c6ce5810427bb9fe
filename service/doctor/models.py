"""The registry: the model in service, the others, the experiment; and the simulated data."""

import json
from collections.abc import Iterator

from recommender.domain import Reference
from recommender.features import profile_encoder
from recommender.training.registry import Registry, RegistryError
from recommender.training.registry_experiment import Experiments
from service.doctor.finding import Finding, failed, passed, warned
from service.serving import load_recommender
from service.settings import Settings
from service.training_cli import is_outdated

TRAIN = "`make train`; until then lists go by popularity"


def check_models(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Load the model in service as the service does, and look whether the others could follow."""
    if reference is None:
        return
    registry = Registry(settings.models_dir)
    current = registry.current
    if current is None:
        yield warned("model", f"none is in service in {settings.models_dir}", TRAIN)
    else:
        try:
            info = load_recommender(registry, current, reference).info
        except RegistryError as error:
            todo = f"`smedx models rollback`, or {TRAIN}"
            yield failed("model", str(error), todo)
        else:
            told = f"{current}, {info.ranker}, {info.simulated_share:.0%} simulated"
            yield passed("model", told)
    broken = []
    others = [version for version in registry.versions() if version != current]
    for version in others:
        try:
            registry.load(version, profile_encoder(reference).schema)
        except RegistryError as error:
            broken.append(str(error))
    if broken:
        told = f"{len(broken)} of {len(others)} cannot be loaded: {broken[0]}"
        yield warned("other models", told, "`smedx models prune`; nobody can roll back to them")
    elif others:
        yield passed("other models", f"{len(others)}, all of which can be loaded")


def check_experiment(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Look whether an experiment is as the service needs it."""
    registry = Registry(settings.models_dir)
    stop = "`smedx experiments stop`"
    try:
        running = Experiments(registry).running
        if running is None:
            yield passed("experiment", "none is under way")
            return
        if running.arms.control != registry.current:
            told = (
                f"{running.id} compares with {running.arms.control}, not with the model in service"
            )
            yield failed("experiment", told, stop)
            return
        if reference is not None:
            load_recommender(registry, running.arms.treatment, reference)
    except RegistryError as error:
        yield failed("experiment", str(error), stop)
    else:
        yield passed(
            "experiment", f"{running.id}: {running.arms.treatment} for {running.share:.0%}"
        )


def check_simulated(settings: Settings, reference: Reference | None) -> Iterator[Finding]:
    """Look whether the simulated data are those that training expects."""
    place = settings.simulated_dir / "manifest.json"
    again = "nothing: the next `make train` simulates again"
    try:
        found = json.loads(place.read_text("utf-8"))
        outdated = reference is not None and is_outdated(found, reference)
    except FileNotFoundError:
        yield passed("simulated data", "there are none yet; the first training simulates")
    except (ValueError, LookupError, TypeError, OSError) as error:
        told = f"{place} cannot be read: {error}"
        yield failed("simulated data", told, "delete the folder; the next training simulates again")
    else:
        if outdated:
            yield warned("simulated data", "made by other data tables or another version", again)
        else:
            yield passed("simulated data", f"in {settings.simulated_dir}, of this version")
