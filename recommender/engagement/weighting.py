"""How much a row counts: by its age, and whether it was simulated."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

HALF_LIFE = pd.Timedelta(days=180)
"""Age at which what was recorded counts half: tastes and platforms change."""

SIMULATED_PRIOR = 1_000.0
"""Number of recorded businesses at which a simulated one counts half as much as a recorded one."""


def simulated_weight(recorded: float) -> float:
    """Return how much a simulated business counts beside so many recorded ones, 0 to 1."""
    return SIMULATED_PRIOR / (SIMULATED_PRIOR + recorded)


def decay(at: pd.Series, until: pd.Timestamp) -> NDArray[np.float64]:
    """Return 1 for what is of the last moment, half of it for each `HALF_LIFE` before; (n,).

    What has no time counts as of the last moment.
    """
    age = ((until - at) / HALF_LIFE).to_numpy(dtype=float, na_value=0.0)
    found: NDArray[np.float64] = 0.5 ** np.maximum(age, 0.0)
    return found
