"""The means of the eight functions by line and size, from a snapshot, as owners are shown them."""

from collections.abc import Iterable

import pandas as pd

from recommender.domain import Reference
from recommender.domain.peers import LEAST_PEERS, Peers, PeerTable
from recommender.profiles import FUNCTION_COLUMNS
from recommender.training.snapshot import Chunk, Snapshot

GROUP = ["sector", "size"]
COLUMNS = ("business_id", "state_id", *GROUP, *FUNCTION_COLUMNS.values())


def peers_of(snapshot: Snapshot, reference: Reference) -> PeerTable:
    """Read the functions of all businesses as they were seen last, chunk by chunk.

    Args:
        snapshot: What to read.
        reference: The score of each answer.

    Returns:
        The groups of at least `LEAST_PEERS` businesses; simulated and recorded ones apart.

    Raises:
        SnapshotError: If a chunk cannot be read any more.
    """
    simulated, recorded = (
        _peers(_summed(chunk, reference) for chunk in snapshot.chunks if chunk.simulated == kind)
        for kind in (True, False)
    )
    return PeerTable(simulated, recorded)


def _summed(chunk: Chunk, reference: Reference) -> pd.DataFrame:
    """Return how many businesses there are by sector and size, and what they told of functions.

    The columns are pairs of a name and "number" (of those that told) or "sum" (of their scores).
    """
    states = chunk.read_profiles(COLUMNS)
    number = states["state_id"].str.rpartition(".")[2].astype(int)
    last = (
        states.assign(number=number)
        .sort_values("number")
        .drop_duplicates("business_id", keep="last")
    )
    scores = reference.scores["function_state"]
    told = last[list(FUNCTION_COLUMNS.values())].apply(
        lambda column: column.map(scores).astype(float)
    )
    groups = told.groupby([last[name] for name in GROUP])
    sums = {(name, "sum"): column for name, column in groups.sum().items()}
    numbers = {(name, "number"): column for name, column in groups.count().items()}
    return pd.DataFrame({("businesses", "number"): groups.size(), **sums, **numbers})


def _peers(parts: Iterable[pd.DataFrame]) -> tuple[Peers, ...]:
    """Add up what chunks came to and keep the groups and functions that enough are known of."""
    tables = list(parts)
    if not tables:
        return ()
    total = pd.concat(tables).groupby(level=[0, 1]).sum().sort_index()
    known = total[total["businesses", "number"] >= LEAST_PEERS]
    return tuple(
        Peers(
            sector=sector,
            size=size,
            businesses=int(row["businesses", "number"]),
            functions={
                code: float(round(row[column, "sum"] / row[column, "number"]))
                for code, column in FUNCTION_COLUMNS.items()
                if row[column, "number"] >= LEAST_PEERS
            },
        )
        for (sector, size), row in known.iterrows()
    )
