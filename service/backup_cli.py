"""The commands `smedx backup` and `smedx restore`."""

from pathlib import Path

import click
from sqlalchemy.exc import SQLAlchemyError

from service.access.audit import record_in
from service.checks import check_database
from service.settings import Settings
from service.store import backup as store_backup


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_obj
def backup(settings: Settings, file: Path) -> None:
    """Copy the database into FILE, while the service goes on."""
    check_database(settings)
    try:
        store_backup.backup(settings.database_url, file)
    except store_backup.BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file}: {file.stat().st_size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--replace", is_flag=True, help="Even if what the database holds is lost by it.")
@click.pass_obj
def restore(settings: Settings, file: Path, replace: bool) -> None:
    """Put FILE, which `backup` wrote, into the database."""
    check_database(settings)
    try:
        store_backup.restore(settings.database_url, file, replace=replace)
        held = "whatever it held is replaced" if replace else "it held nothing"
        record_in(settings.database_url, "restore", str(file), held)
    except (store_backup.BackupError, SQLAlchemyError) as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{file} is restored")
