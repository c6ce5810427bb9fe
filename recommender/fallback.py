"""What is served while there is no model: foundations first, then what is adopted most."""

from collections.abc import Mapping

import numpy as np

from recommender.domain import Reference
from recommender.features import profile_encoder
from recommender.model import Model
from recommender.rankers import PopularityRanker

STAGE_PRIOR = {"foundation": 0.3, "growth": 0.2, "optimisation": 0.1}
"""Assumed popularity of a platform by how early its category is needed."""

PRIOR_BUSINESSES = 100.0
"""Number of businesses that the assumption counts as."""


def popularity_model(reference: Reference, adoptions: Mapping[str, int], businesses: int) -> Model:
    """Return a model that goes by popularity alone and gives no probabilities.

    Args:
        reference: The catalogue.
        adoptions: How many businesses adopted each platform.
        businesses: How many businesses those are out of.
    """
    encoder = profile_encoder(reference)
    platforms = tuple(sorted(reference.platforms))
    stages = [reference.categories[reference.platforms[id_].category].stage for id_ in platforms]
    prior = np.array([STAGE_PRIOR[stage] for stage in stages])
    counts = np.array([float(adoptions.get(id_, 0)) for id_ in platforms])
    popularity = (PRIOR_BUSINESSES * prior + counts) / (PRIOR_BUSINESSES + businesses)
    ranker = PopularityRanker.known(popularity, len(encoder.columns))
    return Model(encoder, platforms, ranker, None)
