"""What commands see to before they begin: settings and data that they cannot work with."""

import asyncio
import sys
from pathlib import Path

import click
from sqlalchemy.exc import ArgumentError

from recommender.domain import DataError, Reference, load_reference
from service.listening import is_free
from service.settings import Settings
from service.store import Store

ADDRESSES = "sqlite:///folder/file.db or postgresql://user:password@host/database"


def checked_reference(folder: Path) -> Reference:
    """Return the data tables of a folder; name each fault and end if there are any."""
    try:
        return load_reference(folder)
    except DataError as error:
        for each in error.problems:
            click.echo(f"FAIL: {each}", err=True)
        sys.exit(1)


def check_database(settings: Settings) -> None:
    """Refuse an address that can never be used; a database that does not answer yet may.

    Raises:
        click.ClickException: If it is such an address; the message says why.
    """
    try:
        Store(settings.database_url)
    except OSError as error:
        told = f"DATABASE_URL cannot be used: {error}\nExpected a folder that can be written to"
        raise click.ClickException(told) from error
    except (ValueError, ArgumentError) as error:
        told = f"DATABASE_URL cannot be used: {error}\nExpected an address such as {ADDRESSES}"
        raise click.ClickException(told) from error


def check_port(settings: Settings) -> None:
    """Refuse to begin where nothing can listen, before models are trained and loaded.

    Raises:
        click.ClickException: If something else does, or the address is not of this machine.
    """
    where = f"HOST={settings.host} PORT={settings.port}"
    try:
        free = asyncio.run(is_free(settings.host, settings.port))
    except OSError as error:
        told = f"{where}: the service cannot listen there: {error.strerror}"
        raise click.ClickException(
            f"{told}\nExpected an address of this machine, and a port that this user may take"
        ) from error
    if not free:
        raise click.ClickException(
            f"{where}: something listens there already; `smedx doctor` tells whether it is this "
            "service\nEnd that, or choose another PORT"
        )
