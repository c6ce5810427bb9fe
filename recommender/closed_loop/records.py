"""What a service in the loop keeps, in the files that training reads."""

import datetime as dt
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from recommender.closed_loop.world import Round, World
from recommender.policy import Answer
from recommender.simulation.exposures import Shown
from recommender.simulation.journeys import KINDS, live
from recommender.simulation.records import MOMENT

BEGIN = dt.datetime(2025, 11, 1, tzinfo=dt.UTC)
ROUND = dt.timedelta(days=30)

WHOSE = {
    "recommendation_id": pa.string(),
    "business_id": pa.string(),
    "state_id": pa.string(),
    "at": MOMENT,
    "platform_id": pa.string(),
}
EXPOSURES = pa.schema(
    WHOSE
    | {
        "rank": pa.int64(),
        "inclusion": pa.float64(),
        "explored_first": pa.int64(),
        "explored_last": pa.int64(),
    }
)
SLOTS = pa.schema(WHOSE | {"chance": pa.float64(), "drawn": pa.bool_()})
"""What training reads of the files that the store exports under these names."""


class Records:
    """Rows of all rounds so far, written anew after each of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._tables: dict[str, list[pa.Table]] = {}
        folder.mkdir(parents=True)

    def add(self, world: World, drawn: Round, answers: list[Answer], number: int) -> None:
        """Let the businesses of a round act on their lists, and keep all of it."""
        ids = [f"r{number:02}-{place:05}" for place in range(len(answers))]
        begin = BEGIN + (number - 1) * ROUND
        shown = _shown(world, answers)
        outcome = live(
            drawn.businesses,
            drawn.lodging,
            shown,
            world.behaviour,
            ROUND.total_seconds(),
            world.random(number, 2),
        )
        moments = [begin + dt.timedelta(seconds=s) for s in outcome.shown_at.tolist()]
        self._keep("profiles", _states(answers, ids, moments))
        self._keep("exposures", _exposures(answers, ids, moments))
        self._keep("slots", _slots(answers, ids, moments))
        events = outcome.events
        of = events.business.tolist()
        self._keep(
            "events",
            pa.table(
                {
                    "event_id": [f"{ids[b]}-{i}" for i, b in enumerate(of)],
                    "business_id": [ids[b] for b in of],
                    "recommendation_id": [
                        f"list-{ids[b]}" if rank else None
                        for b, rank in zip(of, events.rank.tolist(), strict=True)
                    ],
                    "platform_id": [world.platforms[p] for p in events.platform.tolist()],
                    "kind": [KINDS[kind] for kind in events.kind.tolist()],
                    "rating": pa.array(events.rating, mask=events.rating < 0),
                    "at": pa.array(
                        [begin + dt.timedelta(seconds=s) for s in events.at.tolist()], MOMENT
                    ),
                }
            ),
        )

    def _keep(self, name: str, table: pa.Table) -> None:
        tables = self._tables.setdefault(name, [])
        tables.append(table)
        whole = pa.concat_tables(tables, promote_options="permissive")
        pq.write_table(whole, self.folder / f"{name}.parquet")


def _shown(world: World, answers: list[Answer]) -> Shown:
    """Return the lists as the simulator knows them."""
    index = {id_: number for number, id_ in enumerate(world.platforms)}
    rows = [
        (business, index[item.platform.id], item.rank, item.score, item.propensity, item.inclusion)
        for business, answer in enumerate(answers)
        for item in answer.recommendation.items
    ]
    business, platform, rank, *others = (np.array(column) for column in zip(*rows, strict=True))
    return Shown(business, platform, rank, *others)


def _states(answers: list[Answer], ids: list[str], moments: list[dt.datetime]) -> pa.Table:
    rows = [
        {
            "state_id": f"{id_}.1",
            "business_id": id_,
            **msgspec.json.decode(answer.features),
            "at": at,
        }
        for answer, id_, at in zip(answers, ids, moments, strict=True)
    ]
    return pa.Table.from_pylist(rows)


def _exposures(answers: list[Answer], ids: list[str], moments: list[dt.datetime]) -> pa.Table:
    rows = []
    for answer, id_, at in zip(answers, ids, moments, strict=True):
        draw = answer.explored
        rows += [
            {
                **_whose(id_, at),
                "platform_id": item.platform.id,
                "rank": item.rank,
                "inclusion": item.inclusion,
                "explored_first": draw.ranks[0] if draw and item.slot == "explore" else None,
                "explored_last": draw.ranks[1] if draw and item.slot == "explore" else None,
            }
            for item in answer.recommendation.items
        ]
    return pa.Table.from_pylist(rows, schema=EXPOSURES)


def _slots(answers: list[Answer], ids: list[str], moments: list[dt.datetime]) -> pa.Table:
    rows = []
    for answer, id_, at in zip(answers, ids, moments, strict=True):
        if answer.explored is None:
            continue
        draw = answer.explored
        drawn = answer.recommendation.items[draw.rank - 1].platform.id
        rows += [
            {**_whose(id_, at), "platform_id": each, "chance": chance, "drawn": each == drawn}
            for each, chance in zip(draw.platform_ids, draw.chances, strict=True)
        ]
    return pa.Table.from_pylist(rows, schema=SLOTS)


def _whose(id_: str, at: dt.datetime) -> dict[str, Any]:
    return {
        "recommendation_id": f"list-{id_}",
        "business_id": id_,
        "state_id": f"{id_}.1",
        "at": at,
    }
