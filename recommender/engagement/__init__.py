"""From what was shown and done to what there is to learn: rows, labels, weights.

`observe` turns states, exposures and events into matrices: one row a state of a business, as it was
seen when it was served, one column a platform. Which list an event follows from is told by
`attribution`, what it says by `strength`, how likely a platform was looked at by `attention`.
"""

from recommender.engagement.attention import SIMULATED_ATTENTION, Attention, estimate_attention
from recommender.engagement.attribution import WINDOW
from recommender.engagement.observations import Observations, observe
from recommender.engagement.strength import AGAINST, STRENGTH
from recommender.engagement.weighting import decay, simulated_weight

__all__ = [
    "AGAINST",
    "SIMULATED_ATTENTION",
    "STRENGTH",
    "WINDOW",
    "Attention",
    "Observations",
    "decay",
    "estimate_attention",
    "observe",
    "simulated_weight",
]
