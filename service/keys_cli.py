"""The commands `smedx keys` and `smedx audit`: who may call the API, and what was done by whom."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager

import click
import msgspec
from sqlalchemy import Connection
from sqlalchemy.exc import SQLAlchemyError

from recommender.training.registry_history import History
from recommender.training.registry_record import login_name
from service.access.audit import Entry, experiment_entries, promotion_entry, read_audit
from service.access.bucket import Limit
from service.access.key_store import (
    KeysError,
    create_key,
    describe,
    read_keys,
    read_ring,
    revoke_key,
    rotate_key,
)
from service.access.keys import Key, KeyRing
from service.access.origins import parse_origin
from service.access.scopes import KINDS, SCOPES, Kind, Scope
from service.settings import Settings
from service.store import migrate
from service.store.engine import make_engine
from service.store.journal import reason_of
from service.store.records import now
from service.terminal import as_json, new_console, new_table, print_json, who_, why_

LIMITS = {
    "publishable": Limit(rate=50, burst=200),
    "secret": Limit(rate=100, burst=200),
    "admin": Limit(rate=10, burst=50),
}
"""How often a key may be used unless it is said."""

GRACE_HOURS = 24.0

days_ = click.option("--days", type=click.FloatRange(0, 36_500, min_open=True), help="How long.")


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A key as `list` shows it."""

    id: str
    kind: Kind
    name: str
    state: str
    scopes: list[str]
    origins: list[str]
    rate: float
    burst: int
    created_at: dt.datetime
    expires_at: dt.datetime | None
    last_used: dt.datetime | None


def _origins(_: click.Context, option: click.Parameter, told: tuple[str, ...]) -> list[str]:
    """Return websites as browsers name them."""
    try:
        return [parse_origin(each) for each in told]
    except ValueError as error:
        raise click.BadParameter(str(error), param=option) from error


@click.group()
def keys() -> None:
    """The keys of the API: publishable (a browser), secret (a server) and admin."""


@keys.command()
@click.option("--kind", required=True, type=click.Choice(KINDS))
@click.option("--name", required=True, help="Who holds it.")
@click.option(
    "--origin", "origins", multiple=True, callback=_origins, help="A website that may use it."
)
@click.option("--scope", "scopes", multiple=True, type=click.Choice(SCOPES), help="Less than all.")
@click.option("--rate", type=click.FloatRange(0.01, 100_000), help="Requests a second.")
@click.option("--burst", type=click.IntRange(1, 1_000_000), help="Requests at once.")
@days_
@who_
@click.pass_obj
def create(
    settings: Settings,
    kind: Kind,
    name: str,
    origins: list[str],
    scopes: tuple[Scope, ...],
    rate: float | None,
    burst: int | None,
    days: float | None,
    who: str | None,
) -> None:
    """Create a key and print it, this once."""
    limit = Limit(rate or LIMITS[kind].rate, burst or LIMITS[kind].burst)
    with _database(settings) as connection:
        key, text = create_key(
            connection,
            kind=kind,
            name=name,
            limit=limit,
            who=who or login_name(),
            origins=origins,
            scopes=scopes,
            expires_at=_in(days),
        )
    _show(key, text)


@keys.command(name="list")
@as_json
@click.pass_obj
def list_(settings: Settings, as_json: bool) -> None:
    """List the keys, the oldest first; none can be shown again."""
    with _database(settings) as connection:
        rows = [_row(key) for key in read_keys(connection)]
    if as_json:
        print_json(rows)
        return
    table = new_table(
        "id", "name", "state", "may", "from", "limit", "created\n(UTC)", "last used\n(UTC)"
    )
    for row in rows:
        table.add_row(
            row.id,
            row.name,
            row.state,
            "\n".join(row.scopes),
            "\n".join(row.origins),
            f"{row.rate:g}/s, {row.burst} at once",
            _minute(row.created_at),
            _minute(row.last_used),
        )
    new_console().print(table)


@keys.command()
@click.argument("id_", metavar="ID")
@click.option("--grace-hours", default=GRACE_HOURS, show_default=True, type=click.FloatRange(0))
@days_
@who_
@click.pass_obj
def rotate(
    settings: Settings, id_: str, grace_hours: float, days: float | None, who: str | None
) -> None:
    """Create a key in the place of another one, which works on for a while."""
    grace = dt.timedelta(hours=min(grace_hours, 24 * 365))
    with _database(settings) as connection:
        key, text, old = rotate_key(
            connection, id_, grace=grace, who=who or login_name(), expires_at=_in(days)
        )
    _show(key, text)
    click.echo(f"{old.id} ends {_minute(old.expires_at)} UTC", err=True)


@keys.command()
@click.argument("id_", metavar="ID")
@why_
@who_
@click.pass_obj
def revoke(settings: Settings, id_: str, why: str, who: str | None) -> None:
    """End a key for good; the service refuses it within two seconds."""
    with _database(settings) as connection:
        revoke_key(connection, id_, why, who or login_name())
    click.echo(f"{id_} is revoked")


@click.command()
@click.option("--last", default=50, show_default=True, type=click.IntRange(1), help="Lines.")
@as_json
@click.pass_obj
def audit(settings: Settings, last: int, as_json: bool) -> None:
    """Show what was done to keys, models and the database, and by whom; the newest last."""
    # To import these takes a start of the service longer, which needs the keys.
    from recommender.training.registry import Registry, RegistryError
    from recommender.training.registry_experiment import Experiments

    with _database(settings) as connection:
        entries = read_audit(connection)
    try:
        entries += map(promotion_entry, History(settings.models_dir).read())
        entries += experiment_entries(Experiments(Registry(settings.models_dir)))
    except (OSError, RegistryError) as error:
        raise click.ClickException(f"the record of the models cannot be read: {error}") from error
    entries = sorted(entries, key=lambda entry: entry.at)[-last:]
    if as_json:
        print_json(entries)
        return
    table = new_table("when (UTC)", *Entry.__struct_fields__[1:])
    for entry in entries:
        table.add_row(
            f"{entry.at:%Y-%m-%d %H:%M:%S}", entry.who, entry.action, entry.subject, entry.detail
        )
    new_console().print(table)


def known_keys(settings: Settings) -> KeyRing | None:
    """Return the keys that there are, or None while the database does not answer."""
    try:
        with _database(settings) as connection:
            return read_ring(connection)
    except click.ClickException:
        return None


@contextmanager
def _database(settings: Settings) -> Iterator[Connection]:
    """Give a transaction on the migrated database; tell what is wrong in one line."""
    try:
        migrate(settings.database_url)
        engine = make_engine(settings.database_url, writes=True)
    except (SQLAlchemyError, ValueError, OSError) as error:
        raise click.ClickException(f"the database cannot be used: {reason_of(error)}") from error
    try:
        with engine.begin() as connection:
            yield connection
    except KeysError as error:
        raise click.ClickException(str(error)) from error
    except SQLAlchemyError as error:
        raise click.ClickException(f"the database cannot be used: {reason_of(error)}") from error
    finally:
        engine.dispose()


def _show(key: Key, text: str) -> None:
    """Print the key alone, for scripts to take; what is to be known of it for people."""
    click.echo(f"{describe(key)}. Keep it now, it is not shown again:", err=True)
    click.echo(text)


def _in(days: float | None) -> dt.datetime | None:
    return None if days is None else now() + dt.timedelta(days=days)


def _row(key: Key) -> Row:
    ended = "revoked" if key.revoked_at else "ended"
    ends = f"until {_minute(key.expires_at)}" if key.expires_at else "active"
    return Row(
        id=key.id,
        kind=key.kind,
        name=key.name,
        state=ends if key.active(now()) else ended,
        scopes=sorted(key.scopes),
        origins=sorted(key.origins),
        rate=key.limit.rate,
        burst=key.limit.burst,
        created_at=key.created_at,
        expires_at=key.expires_at,
        last_used=key.last_used,
    )


def _minute(time: dt.datetime | None) -> str:
    return f"{time:%Y-%m-%d %H:%M}" if time else "–"
