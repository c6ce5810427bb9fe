"""The console command `smedx`: everything that the Makefile calls."""

import importlib
import signal
import sys
from pathlib import Path

import click
import uvicorn
from rich.console import Console
from rich.table import Table

from recommender.domain import Reference
from service.checks import check_database, check_port, checked_reference
from service.keys_cli import known_keys
from service.settings import Settings, SettingsError
from service.store.records import now
from service.telemetry.logs import log_config
from service.telemetry.processes import shared_folder

console = Console(stderr=True)

WORKER_SECONDS = 60
"""How long a process of several may be silent, as while it starts, until another replaces it."""

ELSEWHERE = {
    "alerts": "document_cli",
    "audit": "keys_cli",
    "backup": "backup_cli",
    "benchmark": "benchmark_cli",
    "doctor": "doctor_cli",
    "experiments": "experiments_cli",
    "keys": "keys_cli",
    "models": "models_cli",
    "openapi": "document_cli",
    "restore": "backup_cli",
    "retention": "retention_cli",
    "simulate": "training_cli",
    "snapshot": "training_cli",
    "train": "training_cli",
}
"""Commands that a module of their own holds, under their name."""


class Commands(click.Group):
    """Imports a command when it is asked for: training takes longer to import than to serve."""

    def list_commands(self, context: click.Context) -> list[str]:
        """Return all names."""
        return sorted([*super().list_commands(context), *ELSEWHERE])

    def get_command(self, context: click.Context, name: str) -> click.Command | None:
        """Return a command, or None if there is none of this name."""
        if name in ELSEWHERE:
            module = importlib.import_module(f"service.{ELSEWHERE[name]}")
            command: click.Command = getattr(module, name)
            return command
        return super().get_command(context, name)


@click.group(cls=Commands)
@click.version_option(package_name="smedx")
@click.pass_context
def main(context: click.Context) -> None:
    """Match small businesses to digital platforms."""
    try:
        context.obj = Settings.from_environment()
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@main.group()
def data() -> None:
    """The data tables."""


@data.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.pass_obj
def validate(settings: Settings, folder: Path | None) -> None:
    """Check every data table; name the file, row and column of each fault."""
    reference = checked_reference(folder or settings.data_dir)
    table = Table("file", "rows", "dated", "official")
    counts = {
        "platforms": len(reference.platforms),
        "categories": len(reference.categories),
        "functions": len(reference.functions),
        "sectors": len(reference.sectors),
        "provinces": len(reference.provinces),
        "regions": len(reference.regions),
        "needs": len(reference.needs),
        "size_rules": len(reference.size_rules),
        "support_schemes": len(reference.schemes),
        "obligations": len(reference.obligations),
        "maturity_levels": len(reference.levels),
    }
    for name, source in reference.sources.items():
        rows = str(counts.get(name, ""))
        table.add_row(source.file, rows, f"{source.dated}", "yes" if source.official else "no")
    console.print(table)
    click.echo(f"PASS: all tables are sound ({reference.version[:12]})")


@main.command()
@click.option("--prepare", is_flag=True, help="Train first if there is no model that can serve.")
@click.pass_obj
def serve(settings: Settings, prepare: bool) -> None:
    """Serve the API and the pages."""
    check_port(settings)  # first: what else is said sounds as if it were running
    reference = checked_reference(settings.data_dir)
    check_database(settings)
    _check_keys(settings)
    if prepare:
        _prepare(settings, reference)
    click.echo(f"SMEdx recommender on http://{settings.host}:{settings.port} (stop with Ctrl+C)")
    # Uvicorn answers what is under way, then raises the signal again: that is a good end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with shared_folder(settings.workers):
        uvicorn.run(
            "service.app:create_app",
            factory=True,
            http="service.connections:Connection",
            loop="asyncio",  # uvloop takes in one new connection for each round of the others
            host=settings.host,
            port=settings.port,
            workers=settings.workers,
            forwarded_allow_ips=settings.trusted_proxies.listed,
            server_header=False,
            access_log=False,
            log_config=log_config(settings.log_format),
            log_level="warning",
            timeout_graceful_shutdown=10,
            timeout_worker_healthcheck=WORKER_SECONDS,
        )


def _prepare(settings: Settings, reference: Reference) -> None:
    """Train a model if there is none that can serve."""
    # To import these takes longer than all else that a start needs.
    from recommender.training.registry import Registry
    from service.data_folder import DataFolder
    from service.serving import ServingSlot
    from service.training_cli import run_training

    problem = ServingSlot(Registry(settings.models_dir), DataFolder(settings.data_dir)).problem
    if not problem:
        return
    click.echo(f"Training a model first, as {problem}")
    try:
        run_training(settings, reference)
    except click.ClickException as error:
        click.echo(f"No model: {error.message}. Serving by popularity meanwhile.", err=True)


def _check_keys(settings: Settings) -> None:
    """Refuse to serve others without keys; say where none is asked for yet."""
    ring = known_keys(settings)
    if ring is None:  # the service follows the database, and is closed until it has read the keys
        return
    create = "`smedx keys create --kind secret --name NAME` creates one"
    if not settings.loopback and not ring.any_active(now()):
        raise click.ClickException(
            f"HOST={settings.host} can be reached from other machines, but no key opens the API: "
            f"{create}"
        )
    if not ring.exist:
        click.echo(f"No key exists yet, so the API asks for none on {settings.host}; {create}")


if __name__ == "__main__":
    main()
