"""What can be set from outside, by environment variables of the same names."""

import ipaddress
import os
import typing
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Self

import msgspec
from msgspec import Meta, Struct

import recommender
from recommender.domain.tables import describe
from service.telemetry.logs import Format


class SettingsError(Exception):
    """A setting is wrong; the message names it and says what would be right."""


def packaged_data() -> Path:
    """Return the folder of the data tables: inside an installed package, else in the checkout."""
    package = Path(recommender.__file__).parent
    inside = package / "data"
    return inside if inside.is_dir() else package.parent / "data"


class Proxies:
    """Addresses and networks, separated by commas.

    Raises:
        ValueError: If one is neither.
    """

    EXPECTED = "addresses and networks, separated by commas, such as 127.0.0.1, 10.0.0.0/8"

    def __init__(self, text: str = "") -> None:
        self.listed = [part.strip() for part in text.split(",") if part.strip()]
        for each in self.listed:
            ipaddress.ip_network(each)


Days = Annotated[int, Meta(ge=1, le=36_500)]


class Settings(Struct, frozen=True, kw_only=True):
    """Settings of the service and of training."""

    host: str = "127.0.0.1"
    port: Annotated[int, Meta(ge=0, le=65535)] = 8000
    workers: Annotated[int, Meta(ge=1, le=64)] = 1
    database_url: str = "sqlite:///var/smedx.sqlite3"
    models_dir: Path = Path("models")
    data_dir: Path = msgspec.field(default_factory=packaged_data)
    simulated_dir: Path = Path("var/simulated")
    model_poll_seconds: Annotated[float, Meta(gt=0)] = 1.0
    """How often the service looks for a new model."""
    exploration_share: Annotated[float, Meta(ge=0, le=1)] = 1.0
    """Share of the lists in which one platform is drawn by chance, to learn of it; 0 for none."""
    exploration_temperature: Annotated[float, Meta(gt=0, le=100)] = 0.1
    """How evenly it is drawn: small for those just below the list, large for all alike."""
    trusted_proxies: Proxies = msgspec.field(default_factory=Proxies)
    """Whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed."""
    key_poll_seconds: Annotated[float, Meta(gt=0, le=2)] = 1.0
    """How often the service looks for changed keys."""

    forms_a_minute: Annotated[int, Meta(ge=1)] = 1_200
    """How many forms the pages take from one address, in each process."""
    log_format: Format = "auto"
    """Lines of JSON, or text for people; `auto` means text on a terminal alone."""
    access_log: bool = False
    """Whether each answer gets a line in the log."""

    operator: str = ""
    """Who answers for the data on the pages: a name, and how to reach it."""
    passers_by_improve: bool = False
    """Whether businesses that are not stored let us learn from them where a request does not say:
    only where the website asks each of them before it calls."""
    retention_days: Days = 730
    """How long a business is kept that does not come back."""
    retention_days_drafts: Days = 30
    """How long a questionnaire is kept that is not finished."""
    retention_days_lists: Days = 365
    """How long a list is kept that was served to a business that is not stored."""
    retention_days_refused: Days = 1
    """How long a business is kept that does not let us keep it."""

    @property
    def loopback(self) -> bool:
        """Whether only this machine can reach the service: then it needs no keys."""
        try:
            return ipaddress.ip_address(self.host).is_loopback
        except ValueError:
            return self.host == "localhost"

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] = os.environ) -> Self:
        """Read the settings; those that are not set or empty have their default.

        Raises:
            SettingsError: If one cannot be used.
        """
        names = {field.name.upper(): field.name for field in msgspec.structs.fields(cls)}
        values = {names[key]: text for key, text in environment.items() if key in names and text}
        try:
            return msgspec.convert(values, cls, strict=False, dec_hook=lambda kind, v: kind(v))
        except msgspec.ValidationError as error:
            name = str(error).rpartition(" - at ")[2].strip("`$.")
            kind = typing.get_type_hints(cls, include_extras=True)[name]
            expected = Proxies.EXPECTED if kind is Proxies else describe(kind)
            told = f"{name.upper()}={values[name]!r}: expected {expected}"
            raise SettingsError(told) from error
