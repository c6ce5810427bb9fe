"""The command `smedx benchmark`: any ranker on real data."""

import json
from pathlib import Path
from typing import get_args

import click

from recommender.benchmark import DEFAULT, NAMES, Asked
from recommender.benchmark import benchmark as run_benchmark
from recommender.evaluation.dataset import DatasetError, View
from recommender.evaluation.protocol import Protocol
from recommender.evaluation.shift import Shift


@click.command()
@click.argument("folder", type=click.Path(path_type=Path))
@click.option(
    "--protocol", default="cold", type=click.Choice([*get_args(Protocol), *get_args(Shift)])
)
@click.option("--view", default="all", type=click.Choice(get_args(View)))
@click.option("--ranker", default=DEFAULT, show_default=True, type=click.Choice(NAMES))
@click.option("--lists", type=click.Path(path_type=Path), help="Parquet file for all rankings.")
def benchmark(folder: Path, protocol: Asked, view: View, ranker: str, lists: Path | None) -> None:
    """Measure a ranker on a folder of real data; the last line is JSON."""
    try:
        click.echo(json.dumps(run_benchmark(folder, protocol, view, ranker, lists)))
    except (DatasetError, OSError) as error:
        raise click.ClickException(str(error)) from error
