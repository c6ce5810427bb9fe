"""The command `smedx retention`: delete now what was kept long enough."""

import asyncio

import click
from sqlalchemy.exc import SQLAlchemyError

from service.access.audit import record_in
from service.retention import forget_expired, terms
from service.settings import Settings
from service.store import Store, StoreError, migrate
from service.store.expiry import Kept
from service.store.records import now
from service.terminal import new_console, new_table

NAMES: dict[Kept, str] = {
    "drafts": "questionnaires not finished",
    "refused": "businesses that do not let us keep them",
    "businesses": "businesses that did not come back",
    "lists": "lists of businesses that are not stored",
}


@click.group()
def retention() -> None:
    """How long what businesses tell is kept."""


@retention.command()
@click.option("--dry-run", is_flag=True, help="Only tell what would be deleted.")
@click.pass_obj
def run(settings: Settings, dry_run: bool) -> None:
    """Delete what was kept long enough; a running service does so every hour."""
    try:
        migrate(settings.database_url)
        counts = asyncio.run(_run(settings, dry_run))
        gone = {NAMES[kind]: number for kind, number in counts.items() if number}
        if gone and not dry_run:
            told = ", ".join(f"{number} {name}" for name, number in gone.items())
            record_in(settings.database_url, "retention run", "what was due", told)
    except (StoreError, SQLAlchemyError, OSError) as error:
        raise click.ClickException(str(error)) from error
    table = new_table("what", "kept for days", "would go" if dry_run else "deleted")
    for kind, days in terms(settings).items():
        table.add_row(NAMES[kind], str(days.days), f"{counts[kind]:,}")
    new_console().print(table)


async def _run(settings: Settings, dry_run: bool) -> dict[Kept, int]:
    store = Store(settings.database_url)
    store.start()
    try:
        return await forget_expired(store, settings, now(), dry_run=dry_run)
    finally:
        await store.close()
