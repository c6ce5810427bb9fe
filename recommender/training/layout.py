"""What the columns of rankers are, and what is made for whom."""

from dataclasses import dataclass
from typing import cast

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from recommender.domain import Reference
from recommender.domain.business import SizeCode
from recommender.features import SEGMENT, OneHotProfiles, profile_encoder
from recommender.policy.eligibility import Eligibility
from recommender.rankers import Sums
from recommender.rankers.sums import Groups
from recommender.training.holdout import MadeFor


@dataclass(frozen=True)
class Layout:
    """What the columns of rankers are.

    Attributes:
        encoder: The feature columns.
        platforms: Ids of the platforms, sorted.
        kinds: The category of each, numbered from 0.
        groups: Feature columns that make the segments.
    """

    encoder: OneHotProfiles
    platforms: tuple[str, ...]
    kinds: tuple[int, ...]
    groups: Groups

    @property
    def pairs(self) -> int:
        """How many feature columns, the last ones, stand for pairs of answers."""
        return len(self.encoder.parents)

    def sums(self) -> Sums:
        """Return sums over nobody."""
        sizes = len(self.encoder.columns), len(self.platforms)
        return Sums(*sizes, self.groups, self.pairs, self.kinds)


def layout_of(reference: Reference) -> Layout:
    """Return the columns that rankers of this catalogue have."""
    encoder = profile_encoder(reference)
    platforms = tuple(sorted(reference.platforms))
    categories = list(reference.categories)
    kinds = tuple(categories.index(reference.platforms[id_].category) for id_ in platforms)
    groups = [
        [number for number, (field, _) in enumerate(encoder.columns) if field == name]
        for name in SEGMENT
    ]
    return Layout(encoder, platforms, kinds, groups)


def made_for_of(layout: Layout, reference: Reference) -> MadeFor:
    """Return the hard rules of the policy, read from the pairs of sector and size."""
    rules = Eligibility([reference.platforms[id_] for id_ in layout.platforms])
    encoder = layout.encoder
    pairs = [
        (encoder.columns[sector][1], cast(SizeCode, encoder.columns[size][1]))
        for sector, size in encoder.parents
    ]
    fits = np.array([rules.made_for(*pair) for pair in pairs])

    def made_for(profiles: sparse.csr_array) -> NDArray[np.bool_]:
        of_pairs = profiles[:, profiles.shape[1] - len(pairs) :]
        untold = np.asarray(of_pairs.sum(axis=1)) == 0
        found: NDArray[np.bool_] = np.asarray(of_pairs @ fits > 0) | untold[:, None]
        return found

    return made_for
