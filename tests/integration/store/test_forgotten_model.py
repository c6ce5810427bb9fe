"""The model after a business was erased, or took its consent back, never knew it: bit for bit."""

import datetime as dt
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recommender.domain import BusinessProfile
from recommender.training.registry import Registry
from recommender.training.snapshot import open_snapshot
from recommender.training.train import train
from service.store.snapshot import export_snapshot

from .samples import (
    DRAW,
    FILES,
    NOON,
    choice,
    event,
    exposure,
    features,
    profile,
    remember,
    run,
)

SHOWN = ("misa-meinvoice", "ipos-fabi", "momo-business", "sapo")
KNOWN = "business-05x"
"""Its id is amid those of the others; what it did is the last that was done."""


@pytest.fixture(scope="module")
def simulated(write_lists: Callable[..., Path], tmp_path_factory) -> Path:
    made = [
        BusinessProfile(
            legal_form="household",
            sector="GI"[i % 2],
            employees=i,
            province="48",
            sells_to_consumers=True,
        )
        for i in range(60)
    ]
    adopted = {i: SHOWN[i % 2 : i % 2 + 1] for i in range(0, 60, 3)}
    return write_lists(tmp_path_factory.mktemp("simulated"), made, SHOWN, adopted)


async def one_business(store, id_, number):
    """Record a business in two states, with a drawn slot, and what it did."""
    await remember(store, id_, profile(employees=3 + number, sector="GI"[number % 2]))
    for state in range(2):
        seen = features(employees=3 + number + 90 * state, sector="GI"[number % 2])
        served = exposure(
            id=f"list-{state}-of-{id_}",
            profile_id=id_,
            at=NOON + dt.timedelta(hours=number, minutes=state),
            features=seen,
            explored=DRAW,
        )
        store.log_exposure(served)
        kind = "adopt" if number % 3 else "click"
        at = served.at + dt.timedelta(minutes=1)
        platform = served.items[(number + state) % 2].platform_id
        told = {"kind": kind, "platform_id": platform, "recommendation_id": served.id, "at": at}
        await store.append_events([event(id=f"{kind}-{state}-of-{id_}", **told)])


async def others(store):
    for number in range(20):
        await one_business(store, f"business-{number:02}", number)
        passing = exposure(id=f"passer-by-{number:02}", at=NOON + dt.timedelta(hours=number))
        store.log_exposure(passing)
    await store.ready()


@pytest.fixture
def exported(sqlite_database, reference, tmp_path):
    """Export the database: the bytes of each file."""

    def export(name):
        export_snapshot(sqlite_database, tmp_path / name, reference)
        return [(tmp_path / name / f"{file}.parquet").read_bytes() for file in FILES]

    return export


@pytest.fixture
def learned(exported, simulated, reference, tmp_path):
    """Export the database and train on it: the files, the model and its manifest."""

    def learn(name):
        files = exported(name)
        registry = Registry(tmp_path / f"models-{name}")
        snapshot = open_snapshot({simulated: True, tmp_path / name: False})
        manifest = train(snapshot, reference, registry)
        return files, registry.load(manifest.version, manifest.schema)[0], manifest

    return learn


def weights(model):
    """Return all numbers that the ranker has learned, shape (n,)."""
    sets = (part for each in model.ranker.sets_ for part in each)
    return np.concatenate([np.ravel(part) for part in (model.ranker.means_, model.use, *sets)])


def test_the_next_model_is_the_one_that_never_knew_the_business(learned, exported, sqlite_database):
    run(sqlite_database, others)
    files, never, expected = learned("never")

    run(sqlite_database, lambda store: one_business(store, KNOWN, 21))
    _, knowing, manifest = learned("knowing")
    assert manifest.businesses == expected.businesses + 1
    assert np.abs(weights(knowing) - weights(never)).max() > 1e-6

    run(sqlite_database, lambda store: store.record_choice(KNOWN, choice("service")))
    assert exported("taken back") == files

    run(sqlite_database, lambda store: store.erase(KNOWN))
    again, after, found = learned("erased")
    assert again == files
    assert np.array_equal(weights(after), weights(never))
    assert found.sha256 == expected.sha256
    told = ("data_sha256", "businesses", "simulated_share")
    assert [getattr(found, name) for name in told] == [getattr(expected, name) for name in told]
    timed = {"resources", "scoring", "checks", "gate"}  # how long it took, and when that was
    for name in expected.metrics.keys() - timed:
        assert found.metrics[name] == expected.metrics[name], name


def test_both_databases_forget_alike(sqlite_database, postgresql_database, reference, tmp_path):
    """What is learned from is what is exported: the same bytes, whichever database forgot."""
    contents = []
    for kind, url in (("sqlite", sqlite_database), ("postgresql", postgresql_database)):

        async def known_and_erased(store):
            await others(store)
            await one_business(store, KNOWN, 21)
            await store.erase(KNOWN)

        run(url, known_and_erased)
        counts = export_snapshot(url, tmp_path / kind, reference)
        assert counts.profiles == 60
        contents.append([(tmp_path / kind / f"{file}.parquet").read_bytes() for file in FILES])
    assert contents[0] == contents[1]
    assert all(KNOWN.encode() not in content for content in contents[0])
