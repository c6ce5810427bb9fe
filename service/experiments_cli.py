"""The commands `smedx experiments`: let two models serve at once, and tell which is better."""

import datetime as dt
from typing import Any, get_args

import click
import msgspec
from rich.table import Table
from sqlalchemy.exc import SQLAlchemyError

from recommender.evaluation.comparison import (
    MOST_DAYS,
    Comparison,
    Estimate,
    Metric,
    Plan,
    compare,
    in_points,
)
from recommender.training.registry import Registry, RegistryError
from recommender.training.registry_experiment import Experiment, Experiments
from service.registry_commands import can_serve, known, report, told
from service.settings import Settings
from service.store.experiment_counts import count_arms
from service.terminal import as_json, new_console, new_table, print_json, who_, why_

PLAN = Plan()
"""What holds unless something else is asked for."""

CALLED: dict[Metric, str] = {"adopt": "adoption rate", "click": "click rate"}

A_SHARE = click.FloatRange(0, 1, min_open=True, max_open=True)


class Status(msgspec.Struct, frozen=True, kw_only=True):
    """What can be told of the experiment that runs."""

    experiment: Experiment
    days: float
    comparison: Comparison


@click.group()
@click.pass_context
def experiments(context: click.Context) -> None:
    """Two models at once: some businesses are answered by another one than that in service."""
    settings = context.find_object(Settings)
    assert settings is not None
    context.obj = Registry(settings.models_dir)


@experiments.command(context_settings={"show_default": True})
@click.argument("version")
@click.option("--share", default=PLAN.share, type=A_SHARE, help="Of businesses in treatment.")
@click.option(
    "--metric",
    default=PLAN.metric,
    type=click.Choice(get_args(Metric)),
    help="What the verdict is about.",
)
@click.option(
    "--least-difference",
    default=PLAN.least_difference,
    type=A_SHARE,
    help="Between the two rates, that matters.",
)
@click.option(
    "--least-businesses",
    default=PLAN.least_businesses,
    type=click.IntRange(1),
    help="In each arm, that count, before any verdict; with less than some hundred, none is sound.",
)
@click.option(
    "--follow-days",
    default=PLAN.follow_days,
    type=click.FloatRange(0, MOST_DAYS, min_open=True),
    help="Of each business, from its first list on; then it counts, by what it did within them.",
)
@click.option(
    "--most-days",
    default=PLAN.most_days,
    type=click.FloatRange(0, MOST_DAYS, min_open=True),
    help="After which to stop, whatever it tells.",
)
@why_
@who_
@click.pass_context
def start(
    context: click.Context, /, version: str, why: str, who: str | None, **planned: Any
) -> None:
    """Compare a model with the one in service, once it is sure that it can serve."""
    registry = context.obj
    with told():
        version = known(registry, version)
        check = can_serve(registry, context.find_root().obj)
        begun = Experiments(registry).start(version, Plan(**planned), why, who, check)
    click.echo(
        f"Experiment {begun.id} is running: {version} answers {begun.share:.1%} of businesses, "
        f"{begun.arms.control} the others ({begun.who}: {begun.why})"
    )


@experiments.command()
@as_json
@click.pass_context
def status(context: click.Context, as_json: bool) -> None:
    """Show what the experiment tells so far; look as often as you like."""
    with told():
        found = _look(context)
    print_json(found) if as_json else _show(found)


@experiments.command()
@click.option("--promote", is_flag=True, help="Put treatment into service if it is better.")
@why_
@who_
@click.pass_context
def stop(context: click.Context, promote: bool, why: str, who: str | None) -> None:
    """End the experiment with a verdict; one model answers everybody again."""
    registry = context.obj
    with told():
        found = _look(context)
        arms, verdict = found.experiment.arms, found.comparison.verdict
        check = can_serve(registry, context.find_root().obj)
        promote_it = promote and verdict == "treatment better"
        if promote_it:
            check(arms.treatment)  # before anything is ended
        ended = Experiments(registry).end(found.experiment, found.comparison, why, who)
        _show(found)
        click.echo(f"It is over ({ended.who}: {ended.why})")
        if promote_it:
            because = f"experiment {found.experiment.id}: {verdict}; {ended.why}"
            if done := registry.promote(arms.treatment, because, who, check):
                report(done)
        else:
            reason = ", as treatment is not known to be better" if promote else ""
            click.echo(f"Model {arms.control} stays in service{reason}")


@experiments.command(name="list")
@as_json
@click.pass_obj
def list_(registry: Registry, as_json: bool) -> None:
    """List the experiments that are over, the newest first."""
    with told():
        ended = Experiments(registry).ended()[::-1]
    if as_json:
        print_json(ended)
        return
    table = new_table("ended (UTC)", "control\ntreatment", "difference\n(95 %)", "verdict, why")
    table.box, table.padding = None, (0, 1, 0, 0)  # fits into 80 columns
    table.columns[1].no_wrap = True
    for each in ended:
        experiment, found = each.experiment, each.comparison
        arms = (
            (experiment.arms.control, found.control),
            (experiment.arms.treatment, found.treatment),
        )
        table.add_row(
            f"{each.ended_at:%Y-%m-%d %H:%M}\nafter {experiment.days(each.ended_at):.1f} days",
            "\n".join(f"{version} ({rates.businesses:,})" for version, rates in arms),
            f"{CALLED[experiment.metric]}\n{_difference(found.difference)}",
            f"{found.verdict}\n{each.who}: {each.why}",
        )
    new_console().print(table)


def _look(context: click.Context) -> Status:
    """Count and compare.

    Raises:
        RegistryError: If no experiment runs.
        click.ClickException: If the database cannot be read; the experiment goes on.
    """
    running = Experiments(context.obj).running
    if running is None:
        raise RegistryError("no experiment is running")
    now = dt.datetime.now(dt.UTC)
    try:
        tallies = count_arms(context.find_root().obj.database_url, running, now)
    except (SQLAlchemyError, ValueError) as error:
        first = str(error).partition("\n")[0]
        raise click.ClickException(
            f"the database cannot be read, so experiment {running.id} goes on: {first}"
        ) from error
    days = running.days(now)
    return Status(experiment=running, days=days, comparison=compare(running, tallies, days))


def _show(found: Status) -> None:
    experiment, comparison = found.experiment, found.comparison
    click.echo(
        f"Experiment {experiment.id}, {found.days:.1f} of at most {experiment.most_days:g} days "
        f"({experiment.who}: {experiment.why})"
    )
    new_console().print(_rates(experiment, comparison))
    control, treatment = comparison.control.following, comparison.treatment.following
    click.echo(
        f"Each counts {experiment.follow_days:g} days after its first list; still followed: "
        f"{control:,} in control, {treatment:,} in treatment"
    )
    click.echo(
        f"Difference in {CALLED[experiment.metric]}, treatment minus control: "
        f"{_difference(comparison.difference)}"
    )
    click.echo(f"Verdict: {comparison.verdict}: {comparison.because}")
    for warning in comparison.warnings:
        click.echo(f"Warning: {warning}", err=True)


def _rates(experiment: Experiment, comparison: Comparison) -> Table:
    table = new_table(
        "arm",
        "model",
        "businesses",
        "clicked",
        "adopted",
        caption=f"did so within {experiment.follow_days:g} days; in brackets what the true rate "
        "may be, 95 %, however often one looks",
    )
    for arm, version, rates in (
        ("control", experiment.arms.control, comparison.control),
        ("treatment", experiment.arms.treatment, comparison.treatment),
    ):
        table.add_row(arm, version, f"{rates.businesses:,}", _rate(rates.click), _rate(rates.adopt))
    return table


def _rate(found: Estimate | None) -> str:
    return f"{found.value:.2%} ({found.low:.2%} to {found.high:.2%})" if found else "–"


def _difference(found: Estimate | None) -> str:
    if found is None:
        return "–"
    low, high = in_points(found.low), in_points(found.high)
    return f"{in_points(found.value)} points ({low} to {high})"
