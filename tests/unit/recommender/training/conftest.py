"""States and scores worked out by hand, and recorded folders with drawn slots."""

import shutil
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from recommender.domain import Reference
from recommender.training.holdout import Part
from recommender.training.registry import Manifest, Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train

from .small_models import FACTS, make_model
from .small_models import files as files_of

SLOT_COLUMNS = ("recommendation_id", "state_id", "platform_id", "chance", "drawn")

MakePart = Callable[..., Part]


class Fixed:
    """Scores that are given; the same for everybody where there is one row."""

    def __init__(self, scores: Any) -> None:
        self.scores = np.atleast_2d(np.asarray(scores, dtype=float))

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Any:
        shape = (profiles.shape[0], self.scores.shape[1])
        return np.array(np.broadcast_to(self.scores, shape))


@pytest.fixture(scope="session")
def fixed() -> type[Fixed]:
    return Fixed


@pytest.fixture(scope="session")
def make_part() -> MakePart:
    """Make states from dense matrices; each is a business of its own, with all that it saw at 1."""

    def make(
        profiles: Any,
        used: Any,
        examined: Any,
        *,
        strength: Any = None,
        chosen: Any = None,
        inclusion: Any = None,
        weights: Any = None,
        businesses: Sequence[str] | None = None,
        at: Any = None,
        simulated: Any = True,
    ) -> Part:
        examined = np.asarray(examined, dtype=float)
        n = len(examined)
        names = [f"business-{number:04}" for number in range(n)]
        nothing = np.zeros_like(examined)
        dense = {
            "profiles": profiles,
            "used": used,
            "examined": examined,
            "inclusion": (examined > 0).astype(float) if inclusion is None else inclusion,
            "strength": nothing if strength is None else strength,
            "chosen": nothing if chosen is None else chosen,
        }
        return Part(
            businesses=np.array(names if businesses is None else businesses, dtype=object),
            states=np.array([f"{name}.1" for name in names], dtype=object),
            at=np.full(n, np.datetime64("NaT", "us")) if at is None else at,
            simulated=np.full(n, simulated),
            weights=np.ones(n) if weights is None else np.asarray(weights, dtype=float),
            **{name: sparse.csr_array(np.asarray(m, dtype=float)) for name, m in dense.items()},
        )

    return make


@pytest.fixture(scope="session")
def write_recorded(write_snapshot: Callable[..., Path]) -> Callable[..., Path]:
    """Write a folder as it is exported: `explored` tells `(state, rank): (first, last)`."""

    def write(
        folder: Path, pairs: Any, journeys: Any, explored: Any = None, slots: Any = ()
    ) -> Path:
        ranges = explored or {}
        places = zip(journeys.exposures["state_id"], journeys.exposures["rank"], strict=True)
        found = [ranges.get(place, (None, None)) for place in places]
        columns = zip(*found, strict=True) if found else ((), ())
        first, last = (pd.array(list(column), dtype="Int64") for column in columns)
        shown = journeys.exposures.assign(explored_first=first, explored_last=last)
        write_snapshot(folder, pairs, journeys._replace(exposures=shown))
        table = pd.DataFrame(list(slots), columns=list(SLOT_COLUMNS))
        table.to_parquet(folder / "slots.parquet")
        return folder

    return write


@pytest.fixture(scope="session")
def retrained(
    tmp_path_factory: pytest.TempPathFactory,
    trained: tuple[Registry, Manifest],
    snapshot_dir: Path,
    businesses: Any,
    journeys_of: Any,
    write_recorded: Callable[..., Path],
    reference: Reference,
) -> tuple[Registry, Manifest]:
    """A second model, of the same simulated and of 80 recorded businesses, beside the first one.

    The fifth place of each recorded list was drawn from what stands in it.
    """
    folder = tmp_path_factory.mktemp("retrained")
    registry = Registry(shutil.copytree(trained[0].folder, folder / "models"))
    pairs = [(f"recorded-{number:04}", each) for number, (_, each) in enumerate(businesses[:80])]
    journeys = journeys_of(pairs)
    lists = journeys.exposures.groupby(["recommendation_id", "state_id"])
    explored = {(state, 5): (3, 8) for _, state in lists.groups}
    slots = [
        (name, state, platform, 1 / 8, rank == 5)
        for (name, state), shown in lists
        for platform, rank in zip(shown["platform_id"], shown["rank"], strict=True)
    ]
    recorded = write_recorded(folder / "recorded", pairs, journeys, explored, slots)
    manifest = train(open_snapshot({snapshot_dir: True, recorded: False}), reference, registry)
    return registry, manifest


@pytest.fixture
def registry(tmp_path: Path) -> Registry:
    return Registry(tmp_path / "models")


@pytest.fixture
def in_service(registry: Registry, trained: tuple[Registry, Manifest]) -> Registry:
    """A registry of this test's own with a model in service."""
    shutil.copytree(trained[0].folder, registry.folder)
    return registry


@pytest.fixture(scope="session")
def files() -> Callable[[Registry], dict[Path, bytes]]:
    return files_of


@pytest.fixture
def small(
    tmp_path: Path, write_snapshot: Callable[..., Path], businesses: Any, journeys_of: Any
) -> Callable[..., Path]:
    """Write a snapshot of some businesses; `change` changes what they saw and did."""

    def make(n: int, change: Any = lambda journeys: journeys, name: str = "small") -> Path:
        pairs = businesses[:n]
        folder = write_snapshot(tmp_path / name, pairs, journeys_of(pairs))
        changed = change(journeys_of(pairs))
        changed.exposures.to_parquet(folder / "exposures.parquet")
        changed.events.to_parquet(folder / "events.parquet")
        return folder

    return make


@pytest.fixture
def saved(registry):
    """The registry with one model in service, and that model's manifest."""
    manifest = registry.save(make_model(0.1, 0.7), FACTS)
    registry.promote(manifest.version)
    return registry, manifest


@pytest.fixture
def three(saved):
    """The registry, and its three versions by age; they went into service in that order."""
    registry, first = saved
    versions = [first.version]
    for number in (1, 2):
        place = f"20990101T00000{number}Z-00000000"
        shutil.copytree(registry.folder / first.version, registry.folder / place)
        manifest = registry.folder / place / "manifest.json"
        manifest.write_text(manifest.read_text().replace(first.version, place))
        registry.promote(place)
        versions.append(place)
    return registry, versions
