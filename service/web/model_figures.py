"""What was measured of the model in service, as everybody may read it."""

import asyncio
from functools import lru_cache
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from recommender.training.registry import Manifest, Registry, RegistryError

MOST_SHOWN = 8
"""How many providers the page tells of."""


class Interval(Struct, frozen=True):
    """A share with its 95 % interval."""

    value: float
    low: float
    high: float


class Reached(Struct, frozen=True):
    """What the first five of a ranker reach, of the most that they could."""

    reranked: Interval


class Told(Struct, frozen=True):
    """Chances told to businesses beside how many chose, in the first five; both shares."""

    states: int
    first5_told: float
    first5_true: float


class Variety(Struct, frozen=True):
    """How many different first fives so many businesses got."""

    asked: int
    distinct_lists: int


class Share(Struct, frozen=True):
    """A provider's share of the places in lists, and of what businesses chose."""

    exposure: float
    merit: float


class Exposure(Struct, frozen=True):
    """Which share of the catalogue is shown to anybody, and who is shown how much."""

    coverage: float
    providers: dict[str, Share]

    @property
    def most_shown(self) -> list[tuple[str, Share]]:
        """The providers that are shown most, with their shares."""
        most = sorted(self.providers.items(), key=lambda item: item[1].exposure, reverse=True)
        return most[:MOST_SHOWN]


class ModelFigures(Struct, frozen=True):
    """What the manifest of a model tells, of it and of the simpler ones beside it.

    Attributes:
        held_out: Whether it was measured on businesses that it had not learned from.
        rankers: By name; `response` is the model itself.
        calibration: For businesses without (`cold`) and with tools in use (`warm`).
    """

    held_out: bool
    rankers: dict[str, Reached]
    calibration: dict[Literal["cold", "warm"], Told]
    variety: Variety
    exposure: Exposure


class ModelFacts(Struct, frozen=True):
    """A model in service: its manifest and its figures, where both can be read."""

    manifest: Manifest
    figures: ModelFigures | None


async def model_facts(models: Path, version: str) -> ModelFacts | None:
    """Return what is known of a model.

    Args:
        models: The folder of the registry.
        version: Which model; nothing is known of the list before the first one.
    """
    try:
        return await asyncio.to_thread(_read, models, version)
    except RegistryError:
        return None


@lru_cache(maxsize=4)
def _read(models: Path, version: str) -> ModelFacts:
    manifest = Registry(models).manifest(version)
    try:
        return ModelFacts(manifest, msgspec.convert(manifest.metrics, ModelFigures))
    except msgspec.ValidationError:  # measured by another version of this program
        return ModelFacts(manifest, None)
