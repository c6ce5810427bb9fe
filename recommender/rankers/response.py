"""What businesses take up once they have looked at it: the ranker that training ships."""

from collections.abc import Sequence
from typing import Self

import numpy as np
from scipy import linalg, sparse

from recommender.rankers.base import Floats, Responses
from recommender.rankers.linear import LinearRanker
from recommender.rankers.response_sums import ResponseSums
from recommender.rankers.sums import Sums
from recommender.rankers.weights import LinearScores, WeightSet, without_own

INTERCEPT_PENALTY = 20.0
"""Businesses that have looked at a platform until its own mean counts as much as its kind's."""


class ResponseRanker(LinearScores):
    """Ridge regression, platform by platform, of the response on answers and kinds in use.

    A platform is learned from the businesses that it was shown to, each counting as much as it is
    likely to have looked: what was not shown is not known, rather than turned down. Each platform's
    weights are shrunk towards those of its kind, and these towards those of all (hierarchical
    ridge; Lindley and Smith, J. R. Stat. Soc. B 1972): what is new, or was hardly ever shown, is
    scored like others of its kind until more is known.

    To this it adds, with a small weight, what `LinearRanker` tells of use. Where nothing was shown
    to anybody, that is all there is.

    Args:
        profile_penalty: Ridge penalty of answers, above 0.
        history_penalty: Ridge penalty of kinds in use, above 0.
        use: How much it counts that such businesses use a platform, at least 0, where taking it up
            counts 1.
        kinds: The kind of each platform, from 0; each is its own kind where left out.
        pairs: How many of the feature columns, the last ones, stand for pairs of answers. Only what
            is told of use counts them.
    """

    def __init__(
        self,
        profile_penalty: float = 300.0,
        history_penalty: float = 300.0,
        use: float = 0.05,
        kinds: Sequence[int] = (),
        pairs: int = 0,
    ) -> None:
        self.profile_penalty = profile_penalty
        self.history_penalty = history_penalty
        self.use = use
        self.kinds = kinds
        self.pairs = pairs

    def fit(
        self,
        profiles: sparse.csr_array,
        interactions: sparse.csr_array,
        weights: Floats | None = None,
        responses: Responses | None = None,
    ) -> Self:
        """Sum up the businesses and solve."""
        weights = self._start_fit(profiles, interactions, weights, responses)
        sums = Sums(*self.shape_, pairs=self.pairs, kinds=self.kinds)
        return self.solve(sums.update(profiles, interactions, weights, responses))

    def solve(self, sums: Sums) -> Self:
        """Learn from sums of the same kinds and pairs.

        Raises:
            ValueError: If no business is in them, or a parameter is out of its bounds.
        """
        if not (0 < self.profile_penalty < np.inf and 0 < self.history_penalty < np.inf):
            raise ValueError("expected finite penalties above 0")
        if not 0 <= self.use < np.inf:
            raise ValueError("expected a finite weight of use of at least 0")
        self.shape_ = (sums.n_features, sums.n_platforms)
        self.means_ = sums.means[1:]
        use = LinearRanker(pairs=sums.pairs).solve(sums).sets_
        if sums.shown:
            response = self._response(sums)
            self.sets_ = tuple(response.plus(each, self.use) for each in use)
        else:
            self.sets_ = use
        return self

    def _response(self, sums: Sums) -> WeightSet:
        known = sums.responses
        n_kinds = known.gram.shape[1] - 1 - known.n_answers
        penalty = np.r_[
            INTERCEPT_PENALTY,
            np.full(known.n_answers, self.profile_penalty),
            np.full(n_kinds, self.history_penalty),
        ]
        weights = _towards_their_kind(known, penalty)
        answers, kinds = np.split(weights[:, 1:], [known.n_answers], axis=1)
        profile = np.zeros((sums.n_features, sums.n_platforms))
        profile[: known.n_answers] = answers.T
        return WeightSet(weights[:, 0], profile, without_own(kinds[:, known.kinds].T.copy()))


def _towards_their_kind(known: ResponseSums, penalty: Floats) -> Floats:
    """Return the weights of each platform, shape (n_platforms, n)."""
    free = np.r_[1e-9, penalty[1:]]  # the mean of all is shrunk towards nothing
    of_all = _ridge(known.gram.sum(axis=0), known.moment.sum(axis=0), 0 * penalty, free)
    weights = np.empty_like(known.moment)
    for kind in np.unique(known.kinds):
        members = np.flatnonzero(known.kinds == kind)
        gram, moment = known.gram[members], known.moment[members]
        of_kind = _ridge(gram.sum(axis=0), moment.sum(axis=0), of_all, penalty)
        for platform, own, did in zip(members, gram, moment, strict=True):
            weights[platform] = _ridge(own, did, of_kind, penalty)
    return weights


def _ridge(gram: Floats, moment: Floats, towards: Floats, penalty: Floats) -> Floats:
    """Solve the ridge regression that is shrunk towards given weights instead of 0."""
    system = gram + np.diag(penalty)
    found: Floats = linalg.solve(system, moment - gram @ towards, assume_a="pos")
    return found + towards
