"""Durable storage: profiles, consents, exposures, events; on SQLite or PostgreSQL."""

from service.store.held import Held
from service.store.migrations import migrate
from service.store.records import (
    Choice,
    ConflictingEvent,
    Consent,
    Draft,
    ExposedItem,
    Exposure,
    History,
    How,
    Lending,
    Purpose,
    Receipt,
    StoredProfile,
    StoreError,
    StoreUnavailable,
    UnknownReference,
    Unreadable,
    in_force,
)
from service.store.store import Store

__all__ = [
    "Choice",
    "ConflictingEvent",
    "Consent",
    "Draft",
    "ExposedItem",
    "Exposure",
    "Held",
    "History",
    "How",
    "Lending",
    "Purpose",
    "Receipt",
    "Store",
    "StoreError",
    "StoreUnavailable",
    "StoredProfile",
    "UnknownReference",
    "Unreadable",
    "in_force",
    "migrate",
]
