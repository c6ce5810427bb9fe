"""What rankers are fitted on and asked."""

import numpy as np
import pytest
from scipy import sparse
from threadpoolctl import threadpool_limits

from recommender.rankers import Responses
from tests.contract.ranker_contract import FEATURES, PLATFORMS, N


def one_hot(random, n):
    """Two fields of which one value is set, and four columns of which any may be."""
    profiles = np.zeros((n, FEATURES))
    profiles[np.arange(n), random.integers(0, 3, n)] = 1
    profiles[np.arange(n), random.integers(3, 7, n)] = 1
    profiles[:, 7:] = random.random((n, 4)) < 0.4
    return profiles


@pytest.fixture(scope="module", autouse=True)
def one_thread():
    """The matrices are small: with more threads, most of the time goes into waiting."""
    with threadpool_limits(limits=1):
        yield


def drawn(random, profiles):
    """Strengths that depend on profiles and on each other."""
    chance = 1 / (1 + np.exp(2 - 2 * profiles @ random.normal(size=(FEATURES, PLATFORMS))))
    strengths = random.choice([0.1, 0.3, 0.5, 1.0, 1.0, 1.0], size=chance.shape)
    return np.where(random.random(chance.shape) < chance, strengths, 0)


@pytest.fixture(scope="module")
def everything():
    """Profiles, what is in use, and what was done with some of the others that were shown."""
    random = np.random.default_rng(5)
    profiles = one_hot(random, N)
    used = drawn(random, profiles)
    examined = random.uniform(0.1, 1, used.shape) * (random.random(used.shape) < 0.7) * (used == 0)
    strength = drawn(random, profiles) * (examined > 0)
    responses = Responses(sparse.csr_array(examined), sparse.csr_array(strength))
    given = {"profiles": sparse.csr_array(profiles), "interactions": sparse.csr_array(used)}
    return given | {"responses": responses}


@pytest.fixture(scope="module", params=["use is known", "what was shown is known"])
def data(request, everything):
    """What a ranker is fitted on: all that holds of rankers holds of both."""
    left_out = {"responses"} if request.param == "use is known" else set()
    return {name: matrix for name, matrix in everything.items() if name not in left_out}


@pytest.fixture(scope="module")
def asked():
    """Other businesses: the last ones with an empty profile, every seventh without history."""
    random = np.random.default_rng(6)
    profiles, history = one_hot(random, 40), random.random((40, PLATFORMS)) < 0.35
    profiles[-5:] = 0
    history[::7] = False
    return sparse.csr_array(profiles), sparse.csr_array(history.astype(float))
