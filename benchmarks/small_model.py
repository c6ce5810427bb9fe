"""A model to serve with: as wide as any, of few businesses."""

from pathlib import Path

from recommender.domain import load_reference
from recommender.simulation import SimulationSettings, simulate
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train
from service.settings import packaged_data

BUSINESSES, SEED = 2_000, 1


def train_small(folder: Path) -> Path:
    """Train a model on simulated businesses and put it into service.

    Args:
        folder: Where what it learns from is written.

    Returns:
        The registry.
    """
    reference = load_reference(packaged_data())
    simulate(SimulationSettings(businesses=BUSINESSES, seed=SEED), reference, folder / "simulated")
    registry = Registry(folder / "models")
    manifest = train(open_snapshot({folder / "simulated": True}), reference, registry)
    registry.promote(manifest.version, "to be measured")
    return registry.folder
