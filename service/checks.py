"""What commands see to before they begin: settings and data that they cannot work with."""

import asyncio
import sys
import tempfile
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


def check_folder(asked: str, folder: Path) -> None:
    """Refuse a folder that nothing can be written to, before what takes long begins.

    Args:
        asked: How it was asked for, such as "MODELS_DIR=models".
        folder: The folder; it is made if it is not there.

    Raises:
        click.ClickException: If it is such a folder; the message says why.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise unwritable(asked, error) from error


def unwritable(asked: str, error: OSError) -> click.ClickException:
    """Return what is said where a folder cannot be written to.

    Args:
        asked: How it was asked for, such as "MODELS_DIR=models".
        error: What went wrong there.
    """
    why = "it is no folder" if isinstance(error, FileExistsError) else error.strerror or error
    return click.ClickException(
        f"{asked}: nothing can be written there: {why}\n"
        "Expected a folder that this user may write to, or make, with room on its disk"
    )


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
