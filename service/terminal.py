"""What commands print: tables for people, JSON for programs; and the options that many take."""

import sys
from typing import Any

import click
import msgspec
from rich.console import Console
from rich.table import Table

as_json = click.option("--json", "as_json", is_flag=True, help="Print JSON instead.")
why_ = click.option("--why", required=True, help="The reason, for the record.")
who_ = click.option("--who", help="Who decided, for the record; the login name where left out.")


def new_table(*heads: str, caption: str | None = None) -> Table:
    """Return a table that loses no letter where the terminal is narrow."""
    table = Table(caption=caption)
    for head in heads:
        table.add_column(head, overflow="fold")
    return table


def print_json(value: Any) -> None:
    """Print a value as JSON, in lines."""
    click.echo(msgspec.json.format(msgspec.json.encode(value), indent=2))


def new_console() -> Console:
    """Return a console for tables; what goes into a file or a pipe is not broken into lines."""
    width = None if sys.stdout.isatty() else 200
    return Console(markup=False, highlight=False, width=width)
