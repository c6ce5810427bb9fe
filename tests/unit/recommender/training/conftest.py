"""A registry of small models."""

import shutil

import numpy as np
import pytest
from scipy import sparse

from recommender.features import OneHotProfiles
from recommender.model import Model
from recommender.rankers import PopularityRanker
from recommender.training.registry import Registry

FACTS = {
    "parameters": {},
    "data_sha256": "0" * 64,
    "reference_version": "1",
    "seed": 0,
    "businesses": 2,
    "simulated_share": 1.0,
    "metrics": {"best": "popularity"},
}


def make_model(*popularity):
    ranker = PopularityRanker()
    ranker.fit(sparse.csr_array((1, 1)), sparse.csr_array(np.array([popularity])))
    platforms = tuple(f"platform-{number}" for number in range(len(popularity)))
    return Model(OneHotProfiles({"colour": ["red"]}), platforms, ranker, None)


def files(registry):
    """Return every file of the registry with its content."""
    return {path: path.read_bytes() for path in registry.folder.rglob("*") if path.is_file()}


def raiser(error):
    def fail(*_):
        raise error

    return fail


@pytest.fixture
def registry(tmp_path):
    return Registry(tmp_path / "models")


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
