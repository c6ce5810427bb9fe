"""Models of two platforms, for tests of the registry."""

import numpy as np
from scipy import sparse

from recommender.features import OneHotProfiles
from recommender.model import Model
from recommender.rankers import PopularityRanker

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
