"""The console command `smedx`: everything that the Makefile calls."""

import json
import signal
import sys
from pathlib import Path
from typing import get_args

import click
import uvicorn
from rich.console import Console
from rich.table import Table
from sqlalchemy.exc import ArgumentError

from recommender.benchmark import DEFAULT, NAMES, Asked, benchmark
from recommender.domain import DataError, Reference, load_reference
from recommender.evaluation.dataset import DatasetError, View
from recommender.evaluation.protocol import Protocol
from recommender.evaluation.shift import Shift
from recommender.training.registry import Registry
from service.doctor_cli import doctor
from service.experiments_cli import experiments
from service.keys_cli import audit, keys, known_keys
from service.models_cli import models
from service.retention_cli import retention
from service.serving import ServingSlot
from service.settings import Settings, SettingsError
from service.store import Store
from service.store.records import now
from service.telemetry.alerts import as_yaml
from service.telemetry.logs import log_config
from service.telemetry.processes import shared_folder
from service.training_cli import BUSINESSES, SEED, run_simulation, run_training, write_snapshot

console = Console(stderr=True)

WORKER_SECONDS = 60
"""How long a process of several may be silent, as while it starts, until another replaces it."""


@click.group()
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
    reference = _reference(folder or settings.data_dir)
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


@main.command(name="simulate")
@click.option("--businesses", default=BUSINESSES, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=SEED, show_default=True)
@click.pass_obj
def simulate_(settings: Settings, businesses: int, seed: int) -> None:
    """Simulate engagement, for as long as there is little of the real one."""
    run_simulation(settings, _reference(settings.data_dir), businesses, seed)


@main.command(name="train")
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path),
    help="What was recorded, as `smedx snapshot` wrote it, instead of the database.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0))
@click.pass_obj
def train_(settings: Settings, snapshot: Path | None, seed: int) -> None:
    """Train on simulated and recorded engagement; serve the model if the gate says so."""
    if snapshot is None:
        _check_database(settings)
    run_training(settings, _reference(settings.data_dir), snapshot, seed)


@main.command(name="snapshot")
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def snapshot_(settings: Settings, folder: Path) -> None:
    """Write what was recorded to FOLDER, as Parquet files that training reads."""
    _check_database(settings)
    write_snapshot(settings, _reference(settings.data_dir), folder)


@main.command(name="benchmark")
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--protocol", default="cold", type=click.Choice([*get_args(Protocol), *get_args(Shift)])
)
@click.option("--view", default="all", type=click.Choice(get_args(View)))
@click.option("--ranker", default=DEFAULT, show_default=True, type=click.Choice(NAMES))
@click.option("--lists", type=click.Path(path_type=Path), help="Parquet file for all rankings.")
def benchmark_(folder: Path, protocol: Asked, view: View, ranker: str, lists: Path | None) -> None:
    """Measure a ranker on a folder of real data; the last line is JSON."""
    try:
        click.echo(json.dumps(benchmark(folder, protocol, view, ranker, lists)))
    except (DatasetError, OSError) as error:
        raise click.ClickException(str(error)) from error


@main.command(name="alerts")
def alerts_() -> None:
    """Print the alerting rules of Prometheus: `smedx alerts > rules.yml`."""
    click.echo(as_yaml(), nl=False)


@main.command()
@click.option("--prepare", is_flag=True, help="Train first if there is no model that can serve.")
@click.pass_obj
def serve(settings: Settings, prepare: bool) -> None:
    """Serve the API and the pages."""
    reference = _reference(settings.data_dir)
    _check_database(settings)
    _check_keys(settings)
    if prepare and (problem := ServingSlot(Registry(settings.models_dir), reference).problem):
        click.echo(f"Training a model first, as {problem}")
        try:
            run_training(settings, reference)
        except click.ClickException as error:
            click.echo(f"No model: {error.message}. Serving by popularity meanwhile.", err=True)
    click.echo(f"SMEdx recommender on http://{settings.host}:{settings.port} (stop with Ctrl+C)")
    # Uvicorn answers what is under way, then raises the signal again: that is a good end.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with shared_folder(settings.workers):
        uvicorn.run(
            "service.app:create_app",
            factory=True,
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


def _check_database(settings: Settings) -> None:
    """Refuse an address that can never be used; a database that does not answer yet may."""
    try:
        Store(settings.database_url)
    except (ValueError, ArgumentError, OSError) as error:
        raise click.ClickException(f"DATABASE_URL cannot be used: {error}") from error


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


def _reference(folder: Path) -> Reference:
    try:
        return load_reference(folder)
    except DataError as error:
        for each in error.problems:
            click.echo(f"FAIL: {each}", err=True)
        sys.exit(1)


for command in (models, experiments, keys, audit, retention, doctor):
    main.add_command(command)

if __name__ == "__main__":
    main()
