"""Durable storage: profiles, drafts, exposures and events, on SQLite or PostgreSQL."""

from service.store.migrations import migrate
from service.store.records import (
    ConflictingEvent,
    Draft,
    ExposedItem,
    Exposure,
    History,
    Lending,
    StoredProfile,
    StoreError,
    StoreUnavailable,
    UnknownReference,
    Unreadable,
)
from service.store.store import Store

__all__ = [
    "ConflictingEvent",
    "Draft",
    "ExposedItem",
    "Exposure",
    "History",
    "Lending",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "StoredProfile",
    "UnknownReference",
    "Unreadable",
    "migrate",
]
