"""What was drawn, as the rows that are written."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from recommender.profiles import PROFILE_COLUMNS, STATE_COLUMNS
from recommender.simulation.businesses import Codes, Flags, Floats, texts
from recommender.simulation.exposures import Shown
from recommender.simulation.journeys import KINDS, REASONS, Outcome

SOURCE = "simulated"
MOMENT = pa.timestamp("us", tz="UTC")


@dataclass(frozen=True)
class Recorder:
    """Turns positions in a chunk into ids and moments.

    Attributes:
        businesses: Ids of the businesses of the chunk.
        platforms: Ids of the platforms.
        begin: When the window begins, UTC.
    """

    businesses: Sequence[str]
    platforms: Sequence[str]
    begin: dt.datetime

    def states(self, profiles: pa.Table, outcome: Outcome) -> pa.Table:
        """Return the profiles with exactly `STATE_COLUMNS`: each was seen once, with its list."""
        columns = {name: profiles[name] for name in PROFILE_COLUMNS}
        columns["state_id"] = self._states(np.arange(len(self.businesses)))
        columns["at"] = self._moments(outcome.shown_at)
        return pa.table({name: columns[name] for name in STATE_COLUMNS})

    def exposures(self, shown: Shown, outcome: Outcome) -> pa.Table:
        """Return one row per platform shown; no slot was drawn, so there is no table of slots."""
        n = len(shown)
        return pa.table(
            {
                "recommendation_id": self._recommendations(shown.business),
                "business_id": texts(self.businesses, shown.business),
                "state_id": self._states(shown.business),
                "at": self._moments(outcome.shown_at[shown.business]),
                "platform_id": texts(self.platforms, shown.platform),
                "rank": pa.array(shown.rank),
                "score": pa.array(shown.score),
                "propensity": pa.array(shown.propensity),
                "inclusion": pa.array(shown.inclusion),
                "slot": _constant("ranked", n),
                "explored_first": pa.nulls(n, pa.int64()),
                "explored_last": pa.nulls(n, pa.int64()),
                "model_version": _constant(SOURCE, n),
                "policy_version": _constant(SOURCE, n),
                "arm": pa.nulls(n, pa.string()),
                "source": _constant(SOURCE, n),
            }
        )

    def events(self, outcome: Outcome) -> pa.Table:
        """Return one row per event; an id is made of business, rank and kind."""
        events = outcome.events
        n = len(events.kind)
        business = texts(self.businesses, events.business)
        kind = texts(KINDS, events.kind)
        rank = pa.array(events.rank).cast(pa.string())
        return pa.table(
            {
                "event_id": pc.binary_join_element_wise(business, rank, kind, "-"),
                "business_id": business,
                "recommendation_id": self._recommendations(
                    np.where(events.rank > 0, events.business, -1)
                ),
                "platform_id": texts(self.platforms, events.platform),
                "kind": kind,
                "rating": pa.array(events.rating, mask=events.rating < 0),
                "reason": texts(REASONS, events.reason),
                "at": self._moments(events.at),
                "source": _constant(SOURCE, n),
            }
        )

    def truth(self, shown: Shown, outcome: Outcome, lodging: Flags) -> pa.Table:
        """Return what lies behind each platform shown, in the order of `exposures`."""
        return pa.table(
            {
                "recommendation_id": self._recommendations(shown.business),
                "business_id": texts(self.businesses, shown.business),
                "platform_id": texts(self.platforms, shown.platform),
                "rank": pa.array(shown.rank),
                "examined": pa.array(outcome.examined),
                "utility": pa.array(outcome.utility),
                "adoption_probability": pa.array(outcome.adoption, pa.float32()),
                "lodging": pa.array(lodging[shown.business]),
            }
        )

    def _recommendations(self, business: Codes) -> pa.Array:
        return texts([id_.replace("sim-", "sim-r-") for id_ in self.businesses], business)

    def _states(self, business: Codes) -> pa.Array:
        return texts([f"{id_}.1" for id_ in self.businesses], business)

    def _moments(self, seconds: Floats) -> pa.Array:
        begin = int(self.begin.timestamp()) * 1_000_000
        return pa.array(begin + (seconds * 1e6).astype(np.int64)).cast(MOMENT)


def _constant(text: str, n: int) -> pa.Array:
    return texts([text], np.zeros(n, dtype=np.int64))
