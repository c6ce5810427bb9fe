"""Worlds whose truth is known: three kinds of businesses, five items; and lists of three."""

from dataclasses import dataclass
from itertools import product

import numpy as np
import pytest
from scipy.special import softmax

from recommender.evaluation.off_policy.log import Log
from recommender.evaluation.off_policy.target import Target


def drawn(draw, probabilities):
    """One column of each row."""
    beyond = draw.random((len(probabilities), 1)) > probabilities.cumsum(axis=1)
    return np.minimum(beyond.sum(axis=1), probabilities.shape[1] - 1)


class World:
    """Rewards depend on business and item; the logging policy likes what the target does not."""

    n_actions = 5
    rewards = np.array([[0.1, 0.2, 0.3, 0.5, 0.7], [0.6, 0.1, 0.4, 0.2, 0.3], [0.2] * 4 + [0.8]])
    logging = softmax(-2.5 * rewards, axis=1)
    wanted = softmax(2.5 * rewards, axis=1)
    truth = float((wanted * rewards).sum(axis=1).mean())
    logged_truth = float((logging * rewards).sum(axis=1).mean())

    def log(self, seed, n=400):
        draw = np.random.default_rng(seed)
        kinds = draw.integers(3, size=n)
        actions = drawn(draw, self.logging[kinds])
        rewards = (draw.random(n) < self.rewards[kinds, actions]).astype(float)
        return Log(actions, rewards, self.logging[kinds, actions], contexts=np.eye(3)[kinds])

    def kinds(self, log):
        return log.contexts.argmax(axis=1)

    def target(self, log):
        return Target.of(self.wanted[self.kinds(log)], log)

    def predicted(self, log):
        """A reward model that is right."""
        return self.rewards[self.kinds(log)]


@dataclass
class ListWorld:
    """Lists of three out of four items, each position drawn by itself.

    In a cascade an item is worth less below item 0, and more below item 3.
    """

    cascade: bool
    places = 3
    items = 4

    def __post_init__(self):
        draw = np.random.default_rng(5)
        self.base = draw.uniform(0.2, 0.6, size=(self.places, self.items))
        self.logging = softmax(0.7 * draw.normal(size=(self.places, self.items)), axis=1)
        self.wanted = softmax(0.7 * draw.normal(size=(self.places, self.items)), axis=1)

    def means(self, lists):
        """Expected reward at each position, shape (n, places)."""
        means = self.base[np.arange(self.places), lists]
        if self.cascade:
            above = lists[:, :-1]
            means[:, 1:] *= np.where(above == 0, 0.2, np.where(above == 3, 1.6, 1.0))
        return means

    @property
    def truth(self):
        lists = np.array(list(product(range(self.items), repeat=self.places)))
        shares = self.wanted[np.arange(self.places), lists].prod(axis=1)
        return float(shares @ self.means(lists).sum(axis=1))

    def log(self, seed, n=400):
        """Return a log, its records in no order, and the target."""
        draw = np.random.default_rng(seed)
        lists = np.column_stack([drawn(draw, np.tile(p, (n, 1))) for p in self.logging])
        rewards = (draw.random(lists.shape) < self.means(lists)).astype(float)
        place = np.tile(np.arange(self.places), n)
        mixed = draw.permutation(n * self.places)
        actions = lists.ravel()
        log = Log(
            actions=actions[mixed],
            rewards=rewards.ravel()[mixed],
            propensities=self.logging[place, actions][mixed],
            positions=1 + place[mixed],
            slates=np.repeat([f"r{i}" for i in range(n)], self.places)[mixed],
        )
        return log, Target(self.wanted[place, actions][mixed])


@pytest.fixture(scope="session")
def world():
    return World()


@pytest.fixture(scope="session")
def list_world():
    return ListWorld


@pytest.fixture(scope="session")
def assert_unbiased():
    """The mean over many logs is within four standard errors of the truth."""

    def check(values, truth):
        error = np.std(values) / np.sqrt(len(values))
        assert abs(np.mean(values) - truth) < 4 * error, f"{np.mean(values)}, not {truth}"

    return check


@pytest.fixture(scope="session")
def assert_biased():
    """The mean over many logs is more than ten standard errors off."""

    def check(values, truth):
        error = np.std(values) / np.sqrt(len(values))
        assert abs(np.mean(values) - truth) > 10 * error, f"{np.mean(values)} is near {truth}"

    return check
