"""A running store."""

from collections.abc import AsyncIterator

import pytest

from service.store import Store


@pytest.fixture
async def store(database: str) -> AsyncIterator[Store]:
    """A store on a fresh database of each kind."""
    store = Store(database)
    store.start()
    yield store
    await store.close()
