"""The settings as they may be shown to anybody: without passwords."""

from typing import Any

import msgspec

from service.settings import Proxies, Settings
from service.store.address import HIDDEN, SECRET, shown_url


def shown_settings(settings: Settings) -> dict[str, Any]:
    """Return every setting by the name of its variable, secrets hidden."""
    return {
        field.name.upper(): _shown(field.name, getattr(settings, field.name))
        for field in msgspec.structs.fields(settings)
    }


def _shown(name: str, value: Any) -> Any:
    if name == "database_url":
        return shown_url(value)
    if SECRET.search(name):
        return HIDDEN if value else ""
    if isinstance(value, Proxies):
        return ", ".join(value.listed)
    return value if isinstance(value, bool | int | float) else str(value)
