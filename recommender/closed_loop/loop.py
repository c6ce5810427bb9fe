"""One world: every arm serves the same businesses, round by round."""

import tempfile
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from threadpoolctl import threadpool_limits

from recommender.closed_loop.arms import ARMS, Arm
from recommender.closed_loop.records import Records
from recommender.closed_loop.world import (
    LENGTH,
    World,
    best_lists,
    expected_adoptions,
    newcomers,
    profiles_of,
)
from recommender.domain import Reference
from recommender.policy import Answer, Asked, ModelInfo, Recommender
from recommender.simulation import SimulationSettings, simulate
from recommender.training.layout import layout_of
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train


@dataclass(frozen=True)
class LoopSettings:
    """What is simulated.

    Attributes:
        rounds: How often is served, observed and retrained.
        businesses: Served in each round.
        prior: Simulated businesses that the first model learns from, of another world.
        new: Platforms that join half-way.
    """

    rounds: int = 12
    businesses: int = 2_500
    prior: int = 5_000
    new: int = 3

    @property
    def joined(self) -> int:
        """The first round with the new platforms."""
        return self.rounds // 2 + 1


@dataclass
class _Service:
    """An arm as it runs: its registry and what it recorded."""

    arm: Arm
    registry: Registry
    records: Records
    promoted: list[bool] = field(default_factory=list)


def run_seed(
    reference: Reference,
    settings: LoopSettings,
    seed: int,
    progress: Callable[[int], None] = lambda round_: None,
) -> dict[str, Any]:
    """Run all arms in one world.

    Args:
        reference: The whole catalogue.
        settings: What is simulated.
        seed: Seed of the world.
        progress: Called after each round with its number.

    Returns:
        For each arm `adoptions`: expected adoptions for each business, by round; `shown`: the share
        of first fives that each new platform stands in, by round; and `promoted`: whether the gate
        put the new model into service, by round. The same of the oracle.
    """
    new = newcomers(reference, settings.new)
    before = replace(
        reference,
        platforms={id_: row for id_, row in reference.platforms.items() if id_ not in new},
    )
    with tempfile.TemporaryDirectory() as work, threadpool_limits(1):
        prior = Path(work) / "prior"
        simulate(SimulationSettings(businesses=settings.prior, seed=1_000 + seed), before, prior)
        world = World(reference, new, seed)
        services = []
        for arm in ARMS:
            folder = Path(work) / arm.name
            service = _Service(arm, Registry(folder / "models"), Records(folder / "recorded"))
            manifest = train(open_snapshot({prior: True}), before, service.registry, seed)
            service.registry.promote(manifest.version, "the first one")
            services.append(service)
        names = ("oracle", *(arm.name for arm in ARMS))
        found: dict[str, Any] = {name: {"adoptions": [], "shown": []} for name in names}
        for number in range(1, settings.rounds + 1):
            joined = number >= settings.joined
            catalogue = reference if joined else before
            drawn = world.round(number, settings.businesses, joined)
            profiles = profiles_of(world, drawn.businesses)
            _count(found["oracle"], best_lists(drawn.adoption), drawn.adoption, world, new)
            for service in services:
                recommender = _in_service(service, catalogue)
                answers = [
                    recommender.recommend(
                        profile, Asked(f"{place}", "en", LENGTH, key=f"{seed}:{number}:{place}")
                    )
                    for place, profile in enumerate(profiles)
                ]
                _count(
                    found[service.arm.name], _ranking(answers, world), drawn.adoption, world, new
                )
                if service.arm.retrains and number < settings.rounds:
                    service.records.add(world, drawn, answers, number)
                    folders = {prior: True, service.records.folder: False}
                    manifest = train(open_snapshot(folders), catalogue, service.registry, seed)
                    service.promoted.append(service.registry.current == manifest.version)
            progress(number)
    for service in services:
        found[service.arm.name]["promoted"] = service.promoted
    return found | {"new": list(new), "seed": seed}


def _in_service(service: _Service, catalogue: Reference) -> Recommender:
    version = service.registry.current
    assert version is not None
    model, manifest = service.registry.load(version, layout_of(catalogue).encoder.schema)
    info = ModelInfo(version, manifest.ranker, manifest.simulated_share)
    return Recommender(model, info, catalogue, service.arm.exploration)


def _ranking(answers: list[Answer], world: World) -> NDArray[np.intp]:
    """Return the platforms of each list from its top, -1 past its end."""
    index = {id_: number for number, id_ in enumerate(world.platforms)}
    found = np.full((len(answers), LENGTH), -1, dtype=np.intp)
    for row, answer in enumerate(answers):
        numbers = [index[item.platform.id] for item in answer.recommendation.items]
        found[row, : len(numbers)] = numbers
    return found


def _count(
    into: dict[str, Any],
    ranking: NDArray[np.intp],
    adoption: NDArray[np.float64],
    world: World,
    new: tuple[str, ...],
) -> None:
    into["adoptions"].append(float(expected_adoptions(adoption, ranking).mean()))
    first = ranking[:, :5]
    numbers = [world.platforms.index(id_) for id_ in new]
    into["shown"].append([float((first == number).any(axis=1).mean()) for number in numbers])
