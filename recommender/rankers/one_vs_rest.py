"""One classifier for each platform: logistic regression and boosted trees, to compare with."""

from typing import TYPE_CHECKING, Any, Self

import numpy as np
from scipy import sparse

from recommender.rankers.base import (
    Columns,
    Contributions,
    Floats,
    RankerBase,
    Responses,
    one_row,
)

if TYPE_CHECKING:
    from sklearn.base import ClassifierMixin


class OneVsRestRanker(RankerBase):
    """Classify each platform from the profile and the other platforms.

    Every business is learned from twice: with its history and without, so that one classifier
    serves both. Of what was shown, each platform is learned from those that it was shown to, as
    much as they are likely to have looked. Subclasses say which classifier.
    """

    dense = False

    def classifier(self) -> "ClassifierMixin":
        """Return a new, unfitted classifier."""
        raise NotImplementedError

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
        responses: Responses | None = None,
    ) -> Self:
        """Fit a classifier for each platform that some, but not all, businesses take up."""
        weights = self._start_fit(profiles, interactions, weights, responses)
        used = (interactions >= 0.5).astype(float)
        counts, labels = np.broadcast_to(weights[:, None], used.shape), used.toarray()
        if responses is not None and (weights @ responses.examined).any():
            counts = counts * responses.examined.toarray()
            labels = (responses.strength.toarray() >= 0.5).astype(float)
        history = sparse.vstack([sparse.csr_array(used.shape), used], format="csr")
        rows = sparse.hstack([sparse.vstack([profiles, profiles]), history], format="csr")
        totals = counts.sum(axis=0)
        self.share_ = (labels * counts).sum(axis=0) / np.where(totals > 0, totals, 1.0)
        self.classifiers_: list[Any] = [
            self._classifier(rows, counts[:, platform], labels[:, platform], platform)
            for platform in range(used.shape[1])
        ]
        return self

    def _classifier(
        self, rows: sparse.csr_array, counts: Floats, labels: Floats, platform: int
    ) -> Any:
        """Return a fitted classifier of one platform; None where all do the same."""
        some = np.flatnonzero(counts > 0)
        if not len(some) or labels[some].min() == labels[some].max():
            return None
        features = self._without(rows[np.r_[some, some + len(counts)]], platform)
        twice = np.tile(labels[some], 2), np.tile(counts[some], 2)
        return self.classifier().fit(features, twice[0], sample_weight=twice[1])

    def score(self, profiles: sparse.csr_array, history: sparse.csr_array) -> Floats:
        """Return the probability that each classifier gives."""
        rows = sparse.hstack([profiles, history], format="csr")
        scores = np.tile(self.share_, (profiles.shape[0], 1))
        for platform, model in enumerate(self.classifiers_):
            if model is not None and profiles.shape[0]:
                scores[:, platform] = model.predict_proba(self._without(rows, platform))[:, 1]
        return scores

    def contributions(self, profile: Columns, history: Columns, platform: int) -> Contributions:
        """Return what each column adds to the score when the columns are set one after another.

        The base is the score of a business of which nothing is known.
        """
        n_features, n_platforms = self.shape_
        profiles = [one_row(profile[:i], n_features) for i in range(len(profile) + 1)]
        profiles += [profiles[-1]] * len(history)
        histories = [one_row(history[:0], n_platforms)] * (len(profile) + 1)
        histories += [one_row(history[:i], n_platforms) for i in range(1, len(history) + 1)]
        scores = self.score(
            sparse.vstack(profiles, format="csr"), sparse.vstack(histories, format="csr")
        )[:, platform]
        of_profile, of_history = np.zeros(n_features), np.zeros(n_platforms)
        of_profile[profile] = np.diff(scores[: len(profile) + 1])
        of_history[history] = np.diff(scores[len(profile) :])
        return Contributions(float(scores[0]), of_profile, of_history)

    def _without(self, rows: sparse.csr_array, platform: int) -> Any:
        """Return the features with the platform's own column left empty."""
        own = self.shape_[0] + platform
        features = sparse.hstack([rows[:, :own], rows[:, own + 1 :]], format="csr")
        return features.toarray() if self.dense else features


class LogisticRanker(OneVsRestRanker):
    """One logistic regression for each platform.

    Args:
        C: Inverse strength of the ridge penalty.
    """

    def __init__(self, C: float = 0.1) -> None:
        self.C = C

    def classifier(self) -> "ClassifierMixin":
        """Return a logistic regression."""
        from sklearn.linear_model import LogisticRegression  # The service starts without it.

        return LogisticRegression(C=self.C, max_iter=300)


class BoostedTreesRanker(OneVsRestRanker):
    """Gradient boosted trees for each platform (scikit-learn's histogram trees).

    Args:
        learning_rate: Weight of each tree.
        trees: Number of trees.
        leaves: Leaves of a tree at most.
    """

    dense = True

    def __init__(self, learning_rate: float = 0.05, trees: int = 60, leaves: int = 8) -> None:
        self.learning_rate = learning_rate
        self.trees = trees
        self.leaves = leaves

    def classifier(self) -> "ClassifierMixin":
        """Return a classifier of boosted trees."""
        from sklearn.ensemble import HistGradientBoostingClassifier

        return HistGradientBoostingClassifier(
            learning_rate=self.learning_rate,
            max_iter=self.trees,
            max_leaf_nodes=self.leaves,
            early_stopping=False,
            random_state=0,
        )
