"""Durable storage: profiles, drafts, exposures and events, on SQLite or PostgreSQL."""

from service.store.migrations import migrate
from service.store.records import (
    Draft,
    ExposedItem,
    Exposure,
    History,
    StoredProfile,
    StoreError,
    StoreUnavailable,
    UnknownReference,
)
from service.store.store import Store

__all__ = [
    "Draft",
    "ExposedItem",
    "Exposure",
    "History",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "StoredProfile",
    "UnknownReference",
    "migrate",
]
