"""The commands `smedx models`: look at the registry, and decide which model is in service."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import click
import msgspec
from rich.table import Table

from recommender.domain import DataError, load_reference
from recommender.training.registry import Manifest, Registry, RegistryError
from recommender.training.registry_history import Promotion
from service.serving import load_for
from service.settings import Settings
from service.terminal import as_json, new_console, new_table, print_json, who_, why_

KINDS = {"cold": "new", "warm": "known"}
"""Businesses with no tools in use yet, and with some, as the manifest and the reader call them."""

NAMED = 5
"""How many versions an error names."""

MB = 1_000_000


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A version as `list` shows it."""

    version: str
    created_at: str
    ranker: str
    businesses: int
    simulated_share: float
    ndcg5_new: float | None
    ndcg5_known: float | None
    in_service: bool
    in_service_before: bool


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
    rows = []
    with _told():
        current, before = registry.current, registry.before
        for version in reversed(_versions(registry)):
            try:
                rows.append(_row(registry.manifest(version), current, before))
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
        "NDCG@5\nnew",
        "NDCG@5\nknown",
        "in\nservice",
        caption="new: no tools in use yet; known: some in use; held out, each of its own data",
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
            _text(row.ndcg5_new),
            _text(row.ndcg5_known),
            "now" if row.in_service else "before" if row.in_service_before else "",
        )
    new_console().print(table)


@models.command()
@click.argument("version", required=False)
@as_json
@click.pass_obj
def show(registry: Registry, version: str | None, as_json: bool) -> None:
    """Show all that is known of a model; of the one in service unless another is named."""
    with _told():
        manifest = registry.manifest(_known(registry, version or registry.current))
    if as_json:
        print_json(manifest)
        return
    console = new_console()
    console.print(_facts(registry, manifest))
    console.print(_measured(manifest))
    console.print(_told_and_true(manifest))
    lists = manifest.metrics.get("variety", {})
    table = new_table(
        "variety of first fives", "", caption="moved by: share that another answer moves"
    )
    for name, value in lists.items():
        if name != "below_floor":
            table.add_row(name.replace("_", " "), _text(value))
    console.print(table)
    if below := lists.get("below_floor"):
        console.print(f"FAIL: too much the same list for everyone: {', '.join(below)}")


@models.command()
@click.argument("a")
@click.argument("b")
@click.pass_obj
def compare(registry: Registry, a: str, b: str) -> None:
    """Show the figures of two models side by side."""
    with _told():
        one, other = (registry.manifest(_known(registry, version)) for version in (a, b))
    table = new_table("", one.version, other.version, "difference")
    table.add_row("ranker", one.ranker, other.ranker)
    table.add_row("data", one.data_sha256[:12], other.data_sha256[:12])
    table.add_row("seed", str(one.seed), str(other.seed))
    before, after = _figures(one), _figures(other)
    for name, value in before.items():
        table.add_row(name, _text(value), _text(after[name]), _difference(value, after[name]))
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
        click.echo("Comparable: the same data and seed, so the held-out businesses are the same.")
        if one.reference_version != other.reference_version:
            click.echo("But the data tables have changed between them.")
    else:
        click.echo(
            f"NOT comparable: not the same {' and '.join(differ)}, so not the same held-out "
            "businesses; a difference may be theirs rather than the models'."
        )


@models.command()
@click.argument("version")
@why_
@who_
@click.pass_context
def promote(context: click.Context, version: str, why: str, who: str | None) -> None:
    """Put a model into service, once it is sure that it can serve."""
    registry = context.obj
    with _told():
        done = registry.promote(_known(registry, version), why, who, _check(context))
    if done:
        _report(done)
    else:
        click.echo(f"Model {version} is in service already: nothing to do")


@models.command()
@why_
@who_
@click.pass_context
def rollback(context: click.Context, why: str, who: str | None) -> None:
    """Put the model back that was in service before the present one; a second time undoes it."""
    registry = context.obj
    with _told():
        _versions(registry)
        _report(registry.rollback(why, who, _check(context)))


@models.command()
@click.option("--keep", default=5, show_default=True, type=click.IntRange(0))
@click.option("--dry-run", is_flag=True, help="Only tell what would be removed.")
@click.pass_obj
def prune(registry: Registry, keep: int, dry_run: bool) -> None:
    """Remove all but the newest models, the one in service and the one before it."""
    with _told():
        _versions(registry)
        sizes = registry.prune(keep, dry_run)
    for version, size in sizes.items():
        click.echo(f"{version}  {size / MB:.1f} MB")
    done = "Would remove" if dry_run else "Removed"
    count = f"{len(sizes)} model{'s' if len(sizes) != 1 else ''}"
    click.echo(f"{done} {count}, {sum(sizes.values()) / MB:.1f} MB")


@contextmanager
def _told() -> Iterator[None]:
    """Tell what the registry or the system refuses in one line."""
    try:
        yield
    except (RegistryError, OSError) as error:
        raise click.ClickException(str(error)) from error


def _versions(registry: Registry) -> list[str]:
    """Return all versions, of which there must be one."""
    versions = registry.versions()
    if not versions:
        raise RegistryError(f"there is no model in {registry.folder} yet: run `make train`")
    return versions


def _known(registry: Registry, version: str | None) -> str:
    """Return the version if it exists; name those that do otherwise."""
    versions = _versions(registry)
    if version in versions:
        return version
    newest = ", ".join(versions[: -NAMED - 1 : -1])
    more = f" and {len(versions) - NAMED} older ones" if len(versions) > NAMED else ""
    wrong = f"there is no model {version!r}" if version else "no model is in service"
    raise RegistryError(f"{wrong}; there are {newest}{more}")


def _check(context: click.Context) -> Callable[[str], None]:
    """Return what makes sure that the service would take a model over."""
    registry, settings = context.obj, context.find_root().obj
    try:
        reference = load_reference(settings.data_dir)
    except DataError as error:
        raise RegistryError(
            f"the data tables have {len(error.problems)} faults, see `smedx data validate`: "
            f"{error.problems[0]}"
        ) from error

    def check(version: str) -> None:
        try:
            load_for(registry, version, reference)
        except RegistryError:
            raise
        except Exception as error:  # whatever is wrong with it, the one in service stays
            raise RegistryError(f"model {version} cannot be used: {error!r}") from error

    return check


def _report(done: Promotion) -> None:
    instead = f" instead of {done.previous}" if done.previous else ""
    click.echo(f"Model {done.version} is in service{instead} ({done.who}: {done.why})")


def _row(manifest: Manifest, current: str | None, before: str | None) -> Row:
    return Row(
        version=manifest.version,
        created_at=manifest.created_at.isoformat(),
        ranker=manifest.ranker,
        businesses=manifest.businesses,
        simulated_share=manifest.simulated_share,
        ndcg5_new=_figure(manifest, "test", manifest.metrics.get("best"), "cold_ndcg5"),
        ndcg5_known=_figure(manifest, "test", manifest.metrics.get("best"), "warm_ndcg5"),
        in_service=manifest.version == current,
        in_service_before=manifest.version == before,
    )


def _facts(registry: Registry, manifest: Manifest) -> Table:
    """Return what is no figure: where the model comes from, and when it was in service."""
    service = {registry.before: "the one before", registry.current: "now"}
    kept = sorted((registry.folder / manifest.version).glob("*.png"))
    facts = {
        "version": manifest.version,
        "in service": service.get(manifest.version, "no"),
        "created": f"{manifest.created_at:%Y-%m-%d %H:%M:%S} UTC",
        "ranker": manifest.ranker,
        "parameters": ", ".join(
            f"{name} {f'({len(value)})' if isinstance(value, list | dict) else value}"
            for name, value in manifest.parameters.items()
        ),
        "businesses": f"{manifest.businesses:,}, {manifest.simulated_share:.2%} simulated",
        "platforms": str(manifest.platforms),
        "data": manifest.data_sha256,
        "data tables": manifest.reference_version,
        "seed": str(manifest.seed),
        "features": manifest.schema,
        "checksum": manifest.sha256,
        "libraries": ", ".join(f"{name} {found}" for name, found in manifest.libraries.items()),
        "pictures": "\n".join(map(str, kept)) or "none",
        "put into service": "\n".join(
            f"{line.at:%Y-%m-%d %H:%M:%S} UTC, {line.who}: {line.why}"
            for line in registry.history.read()
            if line.version == manifest.version
        ),
    }
    table = new_table("", "")
    table.show_header = False
    for name, text in facts.items():
        if text:
            table.add_row(name, text)
    return table


def _measured(manifest: Manifest) -> Table:
    """Return the metrics of the ranker beside the baselines, on businesses held out."""
    names = ("ndcg5", "ndcg10", "recall5")
    heads = [f"{called}: {name}" for called in KINDS.values() for name in names]
    table = new_table("held out", *heads, caption="new: no tools in use yet; known: some in use")
    for ranker in manifest.metrics.get("test", {}):
        values = (_figure(manifest, "test", ranker, f"{k}_{name}") for k in KINDS for name in names)
        best = " (this one)" if ranker == manifest.metrics.get("best") else ""
        table.add_row(f"{ranker}{best}", *map(_text, values))
    return table


def _told_and_true(manifest: Manifest) -> Table:
    """Return the calibration, overall and by size class."""
    table = new_table(
        "calibration", "", "businesses", "first 5 told", "true", "error", "error, all"
    )
    names = ("businesses", "first5_told", "first5_true", "first5_error", "error")
    for kind, called in KINDS.items():
        found = manifest.metrics.get("calibration", {}).get(kind, {})
        for part, figures in {"all": found, **found.get("by_size", {})}.items():
            table.add_row(called, part, *(_text(figures.get(name)) for name in names))
    return table


def _figures(manifest: Manifest) -> dict[str, float | None]:
    """Return the figures by which two models are compared."""
    best = manifest.metrics.get("best")
    found: dict[str, float | None] = {
        "businesses": manifest.businesses,
        "simulated share": manifest.simulated_share,
    }
    for kind, called in KINDS.items():
        for name in ("ndcg5", "ndcg10", "recall5"):
            found[f"{called}: {name}"] = _figure(manifest, "test", best, f"{kind}_{name}")
        popular = _figure(manifest, "test", "popularity", f"{kind}_ndcg5")
        found[f"{called}: ndcg5 of popularity"] = popular
        for name, said in {"first5_error": "first 5", "error": "all"}.items():
            error = _figure(manifest, "calibration", kind, name)
            found[f"{called}: calibration error, {said}"] = error
    for name in ("distinct_lists", "difference"):
        found[f"variety: {name.replace('_', ' ')}"] = _figure(manifest, "variety", name)
    return found


def _figure(manifest: Manifest, *path: Any) -> float | None:
    """Return a number of the metrics, or None where that model has none."""
    found: Any = manifest.metrics
    for name in path:
        found = found.get(name) if isinstance(found, dict) else None
    return found if isinstance(found, int | float) else None


def _text(value: float | None) -> str:
    if value is None:
        return "–"
    return f"{value:,}" if isinstance(value, int) else f"{value:.4f}"


def _difference(before: float | None, after: float | None) -> str:
    if before is None or after is None:
        return "–"
    return f"{after - before:+,}" if isinstance(after - before, int) else f"{after - before:+.4f}"
