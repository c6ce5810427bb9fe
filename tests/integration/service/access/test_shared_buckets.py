"""The buckets in the database are shared by all processes, and missed by none while it is gone."""

import asyncio
import time

import pytest
from sqlalchemy import select, update

from service.access.bucket import SECOND, Limit
from service.access.key_store import create_key
from service.access.limiter import Limiter, slice_of
from service.access.shared_buckets import PAUSE, SharedBuckets
from service.store.engine import make_engine
from service.store.tables import api_keys

pytestmark = pytest.mark.anyio

LIMIT = Limit(rate=0.001, burst=40)
"""So slow that nothing comes back during a test."""


@pytest.fixture
def engine(database):
    engine = make_engine(database, writes=True)
    yield engine
    engine.dispose()


@pytest.fixture
def key_id(engine) -> str:
    with engine.begin() as connection:
        key, _ = create_key(connection, kind="secret", name="test", limit=LIMIT, who="tester")
    return key.id


@pytest.fixture
def process(database):
    """Start what each process has of the shared buckets."""
    started: list[SharedBuckets] = []

    def start(**options) -> SharedBuckets:
        started.append(SharedBuckets(database, **options))
        return started[-1]

    yield start
    for buckets in started:
        buckets.close()


async def test_processes_share_a_bucket(process, key_id):
    one, other = process(), process()
    found = [await buckets.lease(key_id, LIMIT, 15) for buckets in (one, other, one, other)]
    assert [taken.tokens for taken in found] == [15, 15, 10, 0]
    assert [taken.left for taken in found] == [25, 10, 0, 0]
    assert 0 < found[-1].wait <= 1_000 * SECOND


async def test_processes_at_once_never_take_a_token_twice(process, key_id):
    limiters = [Limiter(process()) for _ in range(4)]
    asked = [limiter.take(key_id, LIMIT) for limiter in limiters for _ in range(20)]
    standings = await asyncio.gather(*asked)
    passed = sum(standing.wait == 0 for standing in standings)
    assert LIMIT.burst - len(limiters) * slice_of(LIMIT) < passed <= LIMIT.burst


async def test_a_process_that_starts_anew_begins_where_the_others_are(process, key_id):
    assert (await process().lease(key_id, LIMIT, 40)).tokens == 40
    assert (await process().lease(key_id, LIMIT, 1)).tokens == 0


async def test_while_the_database_is_busy_each_process_counts_alone(process, key_id, engine):
    now = SECOND
    buckets = process(clock=lambda: now)
    with engine.begin() as connection:  # on SQLite all is locked, on PostgreSQL the row
        connection.execute(select(api_keys).where(api_keys.c.id == key_id).with_for_update())
        assert (await buckets.lease(key_id, LIMIT, 30)).tokens == 30
        assert (await buckets.lease(key_id, LIMIT, 30)).tokens == 10
        assert (await buckets.lease(key_id, LIMIT, 30)).tokens == 0
    now += PAUSE
    while not (taken := await buckets.lease(key_id, LIMIT, 5)).tokens:
        now += PAUSE  # the thread may still wait for the lock
        await asyncio.sleep(0.01)
    assert taken.tokens == 5


async def test_a_clock_that_is_put_back_empties_a_bucket_and_does_not_lock_it(
    process, key_id, engine
):
    limit = Limit(rate=1_000, burst=40)
    buckets = process()
    with engine.begin() as connection:  # it was filled by a clock that was an hour ahead
        ahead = time.time_ns() + 3_600 * SECOND
        own = api_keys.c.id == key_id
        connection.execute(update(api_keys).where(own).values(full_at=ahead))
    taken = await buckets.lease(key_id, limit, 1)
    assert taken.wait <= limit.pause
    await asyncio.sleep(2 * limit.pause / SECOND)
    assert (await buckets.lease(key_id, limit, 1)).tokens == 1


@pytest.mark.parametrize("url", ["postgresql://postgres@127.0.0.1:1/nothing", "sqlite"])
async def test_without_a_database_each_process_keeps_the_limit_alone(url, tmp_path):
    if url == "sqlite":
        (tmp_path / "folder.db").mkdir()
        url = f"sqlite:///{tmp_path}/folder.db"
    buckets = SharedBuckets(url)
    limiter = Limiter(buckets)
    standings = [await limiter.take("sk_1", LIMIT) for _ in range(50)]
    assert sum(standing.wait == 0 for standing in standings) == 40
    buckets.close()
