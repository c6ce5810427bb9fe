"""The commands `smedx models`: look at the registry, and decide which model is in service."""

from pathlib import Path

import click

from recommender.features import profile_encoder
from recommender.training.head_to_head import NEW, Saved, head_to_head
from recommender.training.registry import Manifest, Registry, RegistryError
from recommender.training.snapshot import SnapshotError, open_snapshot
from service.model_tables import (
    Row,
    calibration_table,
    difference,
    facts_table,
    figures,
    gate_table,
    rankers_table,
    row_of,
    text_of,
)
from service.registry_commands import can_serve, known, report, tables, told, versions_of
from service.settings import Settings
from service.terminal import as_json, new_console, new_table, print_json, who_, why_

MB = 1_000_000


@click.group()
@click.pass_context
def models(context: click.Context) -> None:
    """The trained models, and which of them is in service."""
    settings = context.find_object(Settings)
    assert settings is not None
    context.obj = Registry(settings.models_dir)


@models.command(name="list")
@as_json
@click.pass_obj
def list_(registry: Registry, as_json: bool) -> None:
    """List the models, the newest first."""
    rows: list[Row] = []
    with told():
        current, before = registry.current, registry.before
        for version in reversed(versions_of(registry)):
            try:
                rows.append(row_of(registry.manifest(version), current, before))
            except RegistryError as error:
                click.echo(f"Left out: {error}", err=True)
    if as_json:
        print_json(rows)
        return
    table = new_table(
        "version",
        "created\n(UTC)",
        "ranker",
        "busi-\nnesses",
        "simu-\nlated",
        "reached",
        "gate",
        "in\nservice",
        caption="reached: of the most that the first five could reach, each of its own later data",
    )
    table.box, table.padding = None, (0, 1, 0, 0)  # fits into 80 columns
    table.columns[0].no_wrap = True
    for row in rows:
        table.add_row(
            row.version,
            row.created_at[:16].replace("T", " "),
            row.ranker.removesuffix("Ranker"),
            f"{row.businesses:,}",
            f"{row.simulated_share:.1%}",
            text_of(row.reached),
            row.gate or "–",
            "now" if row.in_service else "before" if row.in_service_before else "",
        )
    new_console().print(table)


@models.command()
@click.argument("version", required=False)
@as_json
@click.pass_obj
def show(registry: Registry, version: str | None, as_json: bool) -> None:
    """Show all that is known of a model; of the one in service unless another is named."""
    with told():
        manifest = registry.manifest(known(registry, version or registry.current))
    if as_json:
        print_json(manifest)
        return
    out = new_console()
    out.print(facts_table(registry, manifest))
    out.print(rankers_table(manifest))
    out.print(calibration_table(manifest))
    out.print(gate_table(manifest))


@models.command()
@click.argument("a")
@click.argument("b")
@click.option(
    "--snapshot",
    type=click.Path(path_type=Path),
    help="Measure both on the states of this folder, as `smedx snapshot` writes it.",
)
@click.pass_context
def compare(context: click.Context, a: str, b: str, snapshot: Path | None) -> None:
    """Show the figures of two models side by side."""
    registry = context.obj
    with told():
        one, other = (registry.manifest(known(registry, version)) for version in (a, b))
    table = new_table("", one.version, other.version, "difference")
    table.add_row("ranker", one.ranker, other.ranker)
    table.add_row("data", one.data_sha256[:12], other.data_sha256[:12])
    table.add_row("seed", str(one.seed), str(other.seed))
    before, after = figures(one), figures(other)
    for name, value in before.items():
        table.add_row(name, text_of(value), text_of(after[name]), difference(value, after[name]))
    new_console().print(table)
    differ = [
        name
        for name, same in {
            "data": one.data_sha256 == other.data_sha256,
            "seed": one.seed == other.seed,
        }.items()
        if not same
    ]
    if not differ:
        click.echo("Comparable: the same data and seed, so the same later businesses.")
        if one.reference_version != other.reference_version:
            click.echo("But the data tables have changed between them.")
    else:
        click.echo(
            f"NOT comparable: not the same {' and '.join(differ)}, so not the same later "
            "businesses; a difference may be theirs rather than the models'."
        )
    if snapshot:
        with told():
            _measure_both(registry, one, other, snapshot, context.find_root().obj)
    elif differ:
        click.echo("To measure both on the same ones: --snapshot FOLDER.")


def _measure_both(
    registry: Registry, one: Manifest, other: Manifest, folder: Path, settings: Settings
) -> None:
    """Print what two models reach on the states of a folder.

    Raises:
        RegistryError: If a model cannot be loaded, or the data tables have faults.
        click.ClickException: If the folder cannot be read.
    """
    reference = tables(settings)
    schema = profile_encoder(reference).schema
    first, second = (Saved(*registry.load(each.version, schema)) for each in (one, other))
    simulated = (folder / "manifest.json").exists()  # what is recorded has none
    try:
        found = head_to_head(first, second, open_snapshot({folder: simulated}), reference)
    except (SnapshotError, ValueError) as error:
        raise click.ClickException(str(error)) from error
    table = new_table(
        "reached of what was shown",
        "states",
        one.version,
        other.version,
        "difference",
        caption=f"both on {folder}, {'simulated' if simulated else 'recorded'}; 95 % interval",
    )
    for name, each in found.items():
        interval = f"{each.value:+.4f} ({each.low:+.4f} to {each.high:+.4f})"
        table.add_row(name, f"{each.states:,}", text_of(each.first), text_of(each.second), interval)
    new_console().print(table)
    if NEW not in found:
        click.echo(
            "No state is sure to be new to both: a model looks better on what it has learned from."
        )


@models.command()
@click.argument("version")
@why_
@who_
@click.pass_context
def promote(context: click.Context, version: str, why: str, who: str | None) -> None:
    """Put a model into service, once it is sure that it can serve."""
    registry = context.obj
    with told():
        done = registry.promote(
            known(registry, version), why, who, can_serve(registry, context.find_root().obj)
        )
    if done:
        report(done)
    else:
        click.echo(f"Model {version} is in service already: nothing to do")


@models.command()
@why_
@who_
@click.pass_context
def rollback(context: click.Context, why: str, who: str | None) -> None:
    """Put the model back that was in service before the present one; a second time undoes it."""
    registry = context.obj
    with told():
        versions_of(registry)
        report(registry.rollback(why, who, can_serve(registry, context.find_root().obj)))


@models.command()
@click.option("--keep", default=5, show_default=True, type=click.IntRange(0))
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@click.pass_obj
def prune(registry: Registry, keep: int, dry_run: bool) -> None:
    """Remove all but the newest models, the one in service and the one before it."""
    with told():
        versions_of(registry)
        sizes = registry.prune(keep, dry_run)
    for version, size in sizes.items():
        click.echo(f"{version}  {size / MB:.1f} MB")
    done = "Would remove" if dry_run else "Removed"
    count = f"{len(sizes)} model{'s' if len(sizes) != 1 else ''}"
    click.echo(f"{done} {count}, {sum(sizes.values()) / MB:.1f} MB")
