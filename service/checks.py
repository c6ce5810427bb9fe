"""What commands see to before they begin: settings and data that they cannot work with."""

import sys
from pathlib import Path

import click
from sqlalchemy.exc import ArgumentError

from recommender.domain import DataError, Reference, load_reference
from service.settings import Settings
from service.store import Store


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
    except (ValueError, ArgumentError, OSError) as error:
        raise click.ClickException(f"DATABASE_URL cannot be used: {error}") from error
