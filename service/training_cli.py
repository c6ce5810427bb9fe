"""The commands `simulate`, `train` and `snapshot`: from data to a model that was judged."""

import json
import tempfile
import time
from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from sqlalchemy.exc import SQLAlchemyError

from recommender.domain import Reference
from recommender.policy import Exploration
from recommender.simulation import FORMAT, SimulationSettings
from recommender.simulation import simulate as simulate_businesses
from recommender.training.calibration_report import KINDS, LEAST_STATES
from recommender.training.gate import AGAINST, MARKS
from recommender.training.registry import Manifest, Registry, RegistryError
from recommender.training.resources import cores, estimate
from recommender.training.snapshot import SnapshotError, open_snapshot
from recommender.training.train import STAGES
from recommender.training.train import train as train_model
from service.checks import check_database, check_folder, checked_reference, unwritable
from service.interruption import interruptible
from service.model_tables import rankers_table
from service.settings import Settings
from service.store import migrate
from service.store.snapshot import export_snapshot

console = Console(stderr=True, markup=False, highlight=False)

INTERRUPTED = 130
"""Exit code after Ctrl+C, as shells have it."""

BUSINESSES, SEED = 50_000, 1
"""What is simulated unless another number is asked for."""


@click.command()
@click.option("--businesses", default=BUSINESSES, show_default=True, type=click.IntRange(1))
@click.option("--seed", default=SEED, show_default=True)
@click.pass_obj
def simulate(settings: Settings, businesses: int, seed: int) -> None:
    """Simulate engagement, for as long as there is little of the real one."""
    run_simulation(settings, checked_reference(settings.data_dir), businesses, seed)


@click.command()
@click.option(
    "--snapshot",
    "recorded",
    type=click.Path(path_type=Path),
    help="What was recorded, as `smedx snapshot` wrote it, instead of the database.",
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(0))
@click.pass_obj
def train(settings: Settings, recorded: Path | None, seed: int) -> None:
    """Train on simulated and recorded engagement; serve the model if the gate says so."""
    if recorded is None:
        check_database(settings)
    run_training(settings, checked_reference(settings.data_dir), recorded, seed)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.pass_obj
def snapshot(settings: Settings, folder: Path) -> None:
    """Write what was recorded to FOLDER, as Parquet files that training reads."""
    check_database(settings)
    write_snapshot(settings, checked_reference(settings.data_dir), folder)


def run_simulation(settings: Settings, reference: Reference, businesses: int, seed: int) -> None:
    """Simulate engagement into the folder of the settings.

    Raises:
        click.ClickException: If nothing can be written there, or something else is there.
    """
    asked = f"SIMULATED_DIR={settings.simulated_dir}"
    with _progress() as bar:
        task = bar.add_task("Simulating businesses", total=businesses)
        try:
            simulate_businesses(
                SimulationSettings(businesses=businesses, seed=seed),
                reference,
                settings.simulated_dir,
                lambda done: bar.update(task, completed=done),
            )
        except FileExistsError as error:
            expected = "Expected a folder that is new or empty, or that was simulated before"
            raise click.ClickException(f"{asked}: {error}\n{expected}") from error
        except OSError as error:
            raise unwritable(asked, error) from error
    click.echo(f"{businesses:,} simulated businesses are in {settings.simulated_dir}")


def run_training(
    settings: Settings, reference: Reference, recorded: Path | None = None, seed: int = 0
) -> Manifest:
    """Train on what is simulated and recorded, and print what came of it.

    Args:
        settings: Where everything is.
        reference: The data tables.
        recorded: A folder with what was recorded; the database is asked where left out.
        seed: Of the search for parameters and of all resampling.

    Raises:
        click.ClickException: If nothing can be learned, saved or read; the message says why.
        click.exceptions.Exit: If it is interrupted, once it is said what was done until then.
    """
    started = time.perf_counter()
    check_folder(f"MODELS_DIR={settings.models_dir}", settings.models_dir)
    registry = Registry(settings.models_dir)
    before = registry.versions()
    try:
        with interruptible() as check:
            _simulate_if_outdated(settings, reference)
            manifest = _train(settings, reference, registry, recorded, seed, check)
    except (SnapshotError, RegistryError, SQLAlchemyError, OSError, ValueError) as error:
        raise click.ClickException(f"{error}; the model in service stays") from error
    except KeyboardInterrupt:
        _tell_interruption(registry, before)
        raise click.exceptions.Exit(INTERRUPTED) from None
    if manifest.version in before:
        click.echo(f"Nothing new: the same as {manifest.version}, which is in service and stays")
        return manifest
    _report(manifest)
    took = manifest.metrics["resources"]
    click.echo(
        f"Trained on {manifest.businesses:,} businesses, {100 * manifest.simulated_share:.6g} % of "
        f"their weight simulated, in {time.perf_counter() - started:.1f} s with at most "
        f"{took['peak_megabytes']:,} MB"
    )
    folder = settings.models_dir / manifest.version
    click.echo(f"Report: {folder / 'report.html'}")
    _tell_decision(manifest, registry)
    return manifest


def write_snapshot(settings: Settings, reference: Reference, folder: Path) -> None:
    """Export what was recorded, and tell what was written and what left out.

    Raises:
        click.ClickException: If the database does not answer, or the folder cannot be written to
            or holds something.
    """
    try:
        migrate(settings.database_url)
        counts = export_snapshot(settings.database_url, folder, reference)
    except FileExistsError as error:
        raise click.ClickException(f"{error}\nExpected a new or an empty FOLDER") from error
    except OSError as error:
        raise unwritable(f"FOLDER {folder}", error) from error
    except SQLAlchemyError as error:
        raise click.ClickException(str(error)) from error
    for name, number in msgspec.structs.asdict(counts).items():
        click.echo(f"{number:>9,} {name.replace('_', ' ')}")


def is_outdated(manifest: Mapping[str, Any], reference: Reference) -> bool:
    """Return whether simulated data rest on other data tables, or on another version of this.

    Args:
        manifest: That of the simulated data.
        reference: The data tables of today.
    """
    return bool(manifest["reference"] != reference.version or manifest.get("format") != FORMAT)


def _simulate_if_outdated(settings: Settings, reference: Reference) -> None:
    """Simulate if there is nothing yet, or again if what it rests on has changed since."""
    place = settings.simulated_dir / "manifest.json"
    try:
        found = json.loads(place.read_text("utf-8"))
        outdated, asked = is_outdated(found, reference), found["settings"]
        size = asked["businesses"], asked["seed"]
    except (FileNotFoundError, NotADirectoryError):
        run_simulation(settings, reference, BUSINESSES, SEED)
        return
    except (ValueError, LookupError, TypeError) as error:
        told = f"{place} cannot be read: {error}\nDelete {settings.simulated_dir}"
        raise click.ClickException(f"{told}; the next training simulates again") from error
    if outdated:
        click.echo("Simulating again, as the data tables or the format have changed")
        run_simulation(settings, reference, *size)


def _train(
    settings: Settings,
    reference: Reference,
    registry: Registry,
    recorded: Path | None,
    seed: int,
    check: Callable[[], None],
) -> Manifest:
    """Train, with `check` at each step, which raises if it was to end."""
    with tempfile.TemporaryDirectory() as work, _progress() as bar:
        task = bar.add_task("Reading what was recorded", total=len(STAGES) + 1)
        if recorded is None:
            recorded = Path(work) / "recorded"
            migrate(settings.database_url)
            export_snapshot(settings.database_url, recorded, reference)
        data = open_snapshot({settings.simulated_dir: True, recorded: False})
        likely = estimate(data.businesses)
        known = sum(each.businesses for each in data.chunks if not each.simulated)
        bar.console.print(
            f"{data.businesses:,} businesses, {known:,} of them recorded: about "
            f"{likely.seconds:.0f} s and {likely.megabytes:,.0f} MB on 2 cores ({cores()} here)"
        )

        def show(stage: str) -> None:
            check()
            bar.update(task, description=stage, advance=1)

        exploration = Exploration(settings.exploration_share, settings.exploration_temperature)
        manifest: Manifest = train_model(data, reference, registry, seed, show, exploration)
        check()
        bar.update(task, description="Trained", advance=1)
        return manifest


def _report(manifest: Manifest) -> None:
    """Print what the ranker reaches beside the others, what it tells, and what the gate says."""
    metrics = manifest.metrics
    console.print(rankers_table(manifest))
    for kind, name in KINDS.items():
        part = metrics["calibration"][kind]
        if part["states"] < LEAST_STATES:
            console.print(f"First five, {name}: {part['states']} states are too few to tell")
            continue
        console.print(
            f"First five, {name}: told {part['first5_told']:.1%}, true {part['first5_true']:.1%}, "
            f"calibration error {part['first5_error']:.4f} ({part['first5_chance']:.4f} by chance)"
        )
    lists = metrics["variety"]
    console.print(
        f"{lists['distinct_lists']} different first fives among {lists['asked']} businesses; "
        f"two of them share {1 - lists['difference']:.0%}"
    )
    for check in metrics["gate"]["checks"]:
        console.print(f"{MARKS[check['verdict']]} {check['name']}: {check['told']}")


def _tell_interruption(registry: Registry, before: Collection[str]) -> None:
    """Say what is as it was: all, unless the interruption came after the model was saved."""
    current = registry.current
    service = f"model {current} is in service" if current else "no model is in service"
    saved = [version for version in registry.versions() if version not in before]
    done = f"model {saved[0]} had been saved" if saved else "nothing was saved or changed"
    click.echo(f"Interrupted: {done}; {service}", err=True)


def _tell_decision(manifest: Manifest, registry: Registry) -> None:
    decision = manifest.metrics["gate"]["decision"]
    if registry.current == manifest.version:
        click.echo(f"Model {manifest.version} is in service: the gate says {decision}")
        return
    if registry.is_experimenting and decision == "ship":
        click.echo(
            f"Model {manifest.version} is saved: the gate says ship, but an experiment runs. To "
            "put it into service, stop the experiment and promote it"
        )
        return
    against = ", ".join(
        check["name"] for check in manifest.metrics["gate"]["checks"] if check["verdict"] in AGAINST
    )
    click.echo(
        f"Model {manifest.version} is NOT in service: the gate says {decision} ({against}). "
        f"To put it there all the same: smedx models promote {manifest.version} --why TEXT"
    )


def _progress() -> Progress:
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:,.0f}/{task.total:,.0f}"),
        TimeElapsedColumn(),
        console=console,
    )
