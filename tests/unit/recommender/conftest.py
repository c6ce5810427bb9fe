"""What the tests of the model share: the shipped data, profiles, and a small snapshot."""

import datetime as dt
import zlib
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple, get_args

import msgspec
import numpy as np
import pandas as pd
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from threadpoolctl import threadpool_limits

from recommender.domain import BusinessProfile, Reference, business, load_reference
from recommender.domain.catalogue import Platform
from recommender.model import Model
from recommender.profiles import STATE_COLUMNS, profile_table
from recommender.training.registry import Manifest, Registry
from recommender.training.snapshot import EVENT_COLUMNS, EXPOSURE_COLUMNS, open_snapshot
from recommender.training.train import train

settings.register_profile("steady", derandomize=True, deadline=None, max_examples=60)
settings.load_profile("steady")

START = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
MOMENT = "datetime64[us, UTC]"
LISTED = 8
RESTAURANT = {
    "legal_form": "household",
    "sector": "I",
    "employees": 4,
    "province": "48",
    "sells_to_consumers": True,
}

MANY = 12
"""Lines of business from which on a platform does not go by the line in the small snapshot."""

MakeProfile = Callable[..., BusinessProfile]
WriteSnapshot = Callable[..., Path]


def goes_by(sector: str, platform: Platform) -> bool:
    """Whether a platform is made for a line of business, and not for nearly all."""
    return sector in platform.sectors and len(platform.sectors) < MANY


@pytest.fixture(scope="session", autouse=True)
def one_thread() -> Iterator[None]:
    """The matrices are small: with more threads, most of the time goes into waiting."""
    with threadpool_limits(limits=1):
        yield


@pytest.fixture(scope="session")
def data_dir() -> Path:
    return Path(__file__).parents[3] / "data"


@pytest.fixture(scope="session")
def reference(data_dir: Path) -> Reference:
    return load_reference(data_dir)


@pytest.fixture(scope="session")
def make_profile() -> MakeProfile:
    """Make a checked profile: a household restaurant in Da Nang, but for the fields given."""

    def make(**fields: Any) -> BusinessProfile:
        return msgspec.convert(RESTAURANT | fields, BusinessProfile)

    return make


@pytest.fixture(scope="session")
def any_profile(reference: Reference) -> st.SearchStrategy[BusinessProfile]:
    """Every profile that passes the checks, as it comes in: not normalised."""

    def or_none(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
        return st.none() | strategy

    def one_of(kind: Any) -> st.SearchStrategy[Any]:
        return st.sampled_from(get_args(kind))

    money = st.floats(0, 1_000_000, allow_subnormal=False)
    return st.fixed_dictionaries(
        {
            "legal_form": one_of(business.LegalForm),
            "sector": st.sampled_from([code for _, code in reference.sectors]),
            "employees": st.integers(0, 400),
            "revenue_bn_vnd": or_none(money),
            "capital_bn_vnd": or_none(money),
            "province": st.sampled_from(sorted(reference.provinces)),
            "sells_to_consumers": st.booleans(),
            "functions": st.dictionaries(
                one_of(business.FunctionCode), one_of(business.FunctionState)
            ),
            "strategy": or_none(one_of(business.StrategyAnswer)),
            "data_use": or_none(one_of(business.DataAnswer)),
            "security": or_none(one_of(business.SecurityAnswer)),
            "needs": st.lists(st.sampled_from(sorted(reference.needs)), max_size=5),
            "budget": or_none(one_of(business.Budget)),
            "platforms_in_use": st.lists(st.sampled_from(sorted(reference.platforms)), max_size=6),
        }
    ).map(lambda fields: msgspec.convert(fields, BusinessProfile))


@pytest.fixture(scope="session")
def clean_profile(
    any_profile: st.SearchStrategy[BusinessProfile], reference: Reference
) -> st.SearchStrategy[BusinessProfile]:
    """Every profile as the model sees it: normalised."""
    return any_profile.map(reference.normalise)


@pytest.fixture(scope="session")
def businesses(reference: Reference) -> list[tuple[str, BusinessProfile]]:
    """600 businesses that mostly use platforms made for their sector."""
    random = np.random.default_rng(7)

    def pick(values: Sequence[str]) -> str:
        return str(random.choice(list(values)))

    def maybe(value: Any, share: float = 0.7) -> Any:
        return value if random.random() < share else None

    def platforms(sector: str) -> list[str]:
        return [
            platform.id
            for number, platform in enumerate(reference.platforms.values())
            if random.random()
            < (0.35 if goes_by(sector, platform) else 0.02 + 0.1 * (number % 9 == 0))
        ]

    pairs = []
    for number in range(600):
        sector = pick(["A", "C", "G", "I", "J"])
        fields = {
            "legal_form": pick(get_args(business.LegalForm)),
            "sector": sector,
            "employees": int(random.integers(1, 120)),
            "revenue_bn_vnd": maybe(float(random.integers(0, 120)) / 4),
            "province": pick(list(reference.current_provinces)),
            "sells_to_consumers": bool(random.random() < 0.6),
            "functions": {
                code: pick(get_args(business.FunctionState))
                for code in get_args(business.FunctionCode)
                if random.random() < 0.8
            },
            "strategy": maybe(pick(get_args(business.StrategyAnswer))),
            "needs": [code for code in reference.needs if random.random() < 0.15],
            "budget": maybe(pick(get_args(business.Budget))),
            "platforms_in_use": platforms(sector) if random.random() < 0.8 else [],
        }
        pairs.append((f"business-{number:04}", msgspec.convert(fields, BusinessProfile)))
    return pairs


class Journeys(NamedTuple):
    """What businesses were shown, and what they did."""

    exposures: pd.DataFrame
    events: pd.DataFrame


@pytest.fixture(scope="session")
def journeys_of(reference: Reference) -> Callable[..., Journeys]:
    """Show each business a list, an hour after the last one; what is made for its sector appeals.

    Businesses keep their list and their time whoever else is there.
    """
    platforms = list(reference.platforms.values())

    def make(pairs: Sequence[tuple[str, BusinessProfile]], seed: int = 11) -> Journeys:
        shown: list[tuple[Any, ...]] = []
        events: list[tuple[Any, ...]] = []
        for id_, profile in pairs:
            random = np.random.default_rng([seed, zlib.crc32(id_.encode())])
            open_ = [p for p in platforms if p.id not in profile.platforms_in_use]
            fits = [goes_by(profile.sector, p) for p in open_]
            chance = 1 + 4 * np.array(fits)
            some = random.choice(len(open_), LISTED, replace=False, p=chance / chance.sum())
            at = START + dt.timedelta(hours=int(id_.rpartition("-")[2]))
            for rank, number in enumerate(some.tolist(), start=1):
                platform = open_[number].id
                shown.append((f"list-{id_}", id_, f"{id_}.1", at, platform, rank, 0.5))
                if random.random() > rank**-0.7:
                    continue
                appeal = [0.2, 0.3, 0.3, 0.1, 0.1] if fits[number] else [0.5, 0.1, 0.02, 0, 0.38]
                kind = str(random.choice(["view", "click", "adopt", "rate", "dismiss"], p=appeal))
                rating = int(random.integers(1, 6)) if kind == "rate" else None
                event = f"{id_}-{rank}", id_, f"list-{id_}", platform, kind, rating
                events.append((*event, at + dt.timedelta(minutes=rank)))
        tables = (
            pd.DataFrame(rows, columns=list(columns))
            for rows, columns in ((shown, EXPOSURE_COLUMNS), (events, EVENT_COLUMNS))
        )
        exposures, happened = tables
        return Journeys(
            exposures.astype({"rank": "int64", "inclusion": float, "at": MOMENT}),
            happened.astype({"rating": "Int64", "at": MOMENT}),
        )

    return make


@pytest.fixture(scope="session")
def write_snapshot(reference: Reference) -> WriteSnapshot:
    """Write a snapshot folder: one state a business, seen when it was shown its list."""

    def write(
        folder: Path, pairs: Sequence[tuple[str, BusinessProfile]], journeys: Journeys
    ) -> Path:
        folder.mkdir(parents=True)
        first = journeys.exposures.groupby("business_id")["at"].min()
        table = profile_table(pairs, reference)
        ids = table["business_id"]
        states = table.assign(state_id=ids + ".1", at=first.reindex(ids).array)
        states[list(STATE_COLUMNS)].to_parquet(folder / "profiles.parquet")
        journeys.exposures.to_parquet(folder / "exposures.parquet")
        journeys.events.to_parquet(folder / "events.parquet")
        return folder

    return write


@pytest.fixture(scope="session")
def snapshot_dir(
    tmp_path_factory: pytest.TempPathFactory,
    write_snapshot: WriteSnapshot,
    businesses: list[tuple[str, BusinessProfile]],
    journeys_of: Callable[..., Journeys],
) -> Path:
    folder = tmp_path_factory.mktemp("snapshot") / "simulated"
    return write_snapshot(folder, businesses, journeys_of(businesses))


@pytest.fixture(scope="session")
def trained(
    tmp_path_factory: pytest.TempPathFactory, snapshot_dir: Path, reference: Reference
) -> tuple[Registry, Manifest]:
    """A registry with one model in service; not to be changed."""
    registry = Registry(tmp_path_factory.mktemp("models"))
    manifest = train(open_snapshot({snapshot_dir: True}), reference, registry)
    registry.promote(manifest.version, "for the tests")
    return registry, manifest


@pytest.fixture(scope="session")
def model(trained: tuple[Registry, Manifest]) -> Model:
    registry, manifest = trained
    return registry.load(manifest.version, manifest.schema)[0]
