"""The command `smedx doctor`."""

import sys

import click

from service.doctor import examine, shown_settings
from service.settings import Settings
from service.terminal import as_json, new_console, new_table, print_json


@click.command()
@as_json
@click.pass_obj
def doctor(settings: Settings, as_json: bool) -> None:
    """Look whether all is there that the service needs; end with 1 if not."""
    findings = list(examine(settings))
    shown = shown_settings(settings)
    if as_json:
        print_json({"findings": findings, "settings": shown})
    else:
        table = new_table("", "check", "found", "to do")
        for each in findings:
            table.add_row(each.verdict, each.check, each.told, each.todo)
        console = new_console()
        console.print(table)
        listed = new_table("setting", "value")
        for name, value in shown.items():
            listed.add_row(name, str(value))
        console.print(listed)
    sys.exit(any(each.verdict == "FAIL" for each in findings))
